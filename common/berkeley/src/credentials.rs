//! Who a process is: `struct ucred`; and messages that say who has sent them.

#[cfg(target_os = "linux")]
use std::io::IoSliceMut;
#[cfg(target_os = "linux")]
use std::os::fd::AsRawFd;
use std::os::fd::BorrowedFd;

use nix::sys::socket::{getsockopt, sockopt};
use rustix::io::{Errno, Result};

/// The credentials of a process, in C `struct ucred`: the value of
/// [`SO_PEERCRED`](crate::SO_PEERCRED), and what comes beside messages where
/// `SO_PASSCRED` is set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Ucred {
    /// The process; 0 for one that cannot be seen from here.
    pub pid: i32,
    /// Its user: the effective one, `credentials(7)`.
    pub uid: u32,
    /// Its group: the effective one.
    pub gid: u32,
}

// Not by rustix: its type for this holds a process number that is never 0, and the kernel does
// say 0, which would be undefined behaviour.

#[cfg(not(target_vendor = "apple"))]
pub(crate) fn of_peer(fd: BorrowedFd<'_>) -> Result<Ucred> {
    let told = getsockopt(&fd, sockopt::PeerCredentials).map_err(errno)?;
    Ok(Ucred {
        pid: told.pid(),
        uid: told.uid(),
        gid: told.gid(),
    })
}

#[cfg(target_vendor = "apple")]
pub(crate) fn of_peer(fd: BorrowedFd<'_>) -> Result<Ucred> {
    let told = getsockopt(&fd, sockopt::LocalPeerCred).map_err(errno)?;
    Ok(Ucred {
        pid: getsockopt(&fd, sockopt::LocalPeerPid).map_err(errno)?,
        uid: told.uid(),
        // The first of them is the effective one.
        gid: told.groups()[0],
    })
}

fn errno(errno: nix::Error) -> Errno {
    Errno::from_raw_os_error(errno as i32)
}

/// Receives a message and who has sent it, from a socket with `SO_PASSCRED`.
///
/// By nix for the same reason. It gives descriptors as bare numbers, which nobody would close, so
/// there is room for the credentials alone: descriptors that come too are closed by the kernel, and
/// with them nix takes the credentials for lost. Who has sent such a message is nobody, as
/// `SO_PEERCRED` says it; that a message came is certain.
#[cfg(target_os = "linux")]
pub(crate) fn receive(
    fd: BorrowedFd<'_>,
    buf: &mut [u8],
    flags: crate::MsgFlags,
) -> Result<crate::Message> {
    use nix::sys::socket::{ControlMessageOwned, MsgFlags, UnixAddr, recvmsg};

    const NOBODY: Ucred = Ucred {
        pid: 0,
        uid: u32::MAX,
        gid: u32::MAX,
    };
    let flags = MsgFlags::from_bits_retain(flags.for_recv().bits().cast_signed());
    let mut space = nix::cmsg_space!(nix::libc::ucred);
    let mut slices = [IoSliceMut::new(buf)];
    let told =
        recvmsg::<UnixAddr>(fd.as_raw_fd(), &mut slices, Some(&mut space), flags).map_err(errno)?;
    let credentials = match told.cmsgs() {
        Ok(beside) => beside.into_iter().find_map(|message| match message {
            ControlMessageOwned::ScmCredentials(sender) => Some(Ucred {
                pid: sender.pid(),
                uid: sender.uid(),
                gid: sender.gid(),
            }),
            _ => None,
        }),
        Err(_) => Some(NOBODY),
    };
    Ok(crate::Message {
        len: told.bytes,
        rights: Vec::new(),
        credentials,
        flags: crate::MsgFlags::from_bits(told.flags.bits().cast_unsigned()),
        from: told
            .address
            .map_or(crate::Addr::Unnamed, |from| name(&from)),
    })
}

/// A sender's name. Of one that told none, not even a family, or more than fits an address, nix
/// must not be asked.
#[cfg(target_os = "linux")]
fn name(from: &nix::sys::socket::UnixAddr) -> crate::Addr {
    let family = size_of::<nix::libc::sa_family_t>();
    let whole = size_of::<nix::libc::sockaddr_un>();
    let told = nix::sys::socket::SockaddrLike::len(from) as usize;
    if !(family..=whole).contains(&told) {
        return crate::Addr::Unnamed;
    }
    match (from.path(), from.as_abstract()) {
        (Some(path), _) => crate::Addr::Path(path.to_owned()),
        (None, Some(name)) => crate::Addr::Abstract(name.to_vec()),
        (None, None) => crate::Addr::Unnamed,
    }
}
