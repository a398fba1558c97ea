//! The capabilities a process keeps, capabilities(7).

use std::io;

/// A capability over the network of a box.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Capability {
    /// `CAP_NET_RAW`.
    NetRaw,
    /// `CAP_NET_ADMIN`.
    NetAdmin,
}

/// Drops all capabilities but those named, which are kept across exec, as far as the
/// process has them; and forbids itself to gain any by exec.
#[cfg(target_os = "linux")]
pub(crate) fn keep(kept: &[Capability]) -> io::Result<()> {
    use rustix::thread::{self, CapabilitySet, CapabilitySets};

    thread::set_no_new_privs(true)?;
    thread::clear_ambient_capability_set()?;
    let wanted = kept
        .iter()
        .map(|capability| match capability {
            Capability::NetRaw => CapabilitySet::NET_RAW,
            Capability::NetAdmin => CapabilitySet::NET_ADMIN,
        })
        .fold(CapabilitySet::empty(), CapabilitySet::union);
    let set = wanted & thread::capabilities(None)?.permitted;
    thread::set_capabilities(
        None,
        CapabilitySets {
            effective: set,
            permitted: set,
            inheritable: set,
        },
    )?;
    for capability in set {
        thread::configure_capability_in_ambient_set(capability, true)?;
    }
    Ok(())
}

/// Other systems have none.
#[cfg(not(target_os = "linux"))]
#[allow(clippy::unnecessary_wraps, reason = "elsewhere it can fail")]
pub(crate) fn keep(_kept: &[Capability]) -> io::Result<()> {
    Ok(())
}
