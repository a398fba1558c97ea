//! What happens in a box before the program it is for.

use std::fs;
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::process::{Command, ExitCode};

use anyhow::Context;
use serde::{Deserialize, Serialize};

use crate::Limits;
use crate::confinement::{self, Capability, keep};

/// What the first process of a box does. It stays, as the parent of all others, so that
/// bubblewrap's own arguments, with paths of the host, are nowhere in the box's `/proc`.
#[derive(Serialize, Deserialize, Debug, Default)]
#[serde(default, deny_unknown_fields)]
#[allow(
    clippy::struct_excessive_bools,
    reason = "each is a switch of its own, and they are told by name"
)]
pub(crate) struct Entry {
    /// Whether the box's network and temporary folder are to be limited; takes `CAP_NET_ADMIN` and
    /// `CAP_SYS_ADMIN`.
    pub(crate) bounded: bool,
    /// Whether the program keeps its capabilities over the network.
    pub(crate) raw_sockets: bool,
    /// Whether the program may write the network's settings, under `/proc/sys/net`.
    pub(crate) network_settings: bool,
    /// What the program may use.
    pub(crate) limits: Limits,
    /// Whether the program cannot look into `/proc`.
    pub(crate) close_proc: bool,
    /// The user and group to become, which takes `CAP_SETUID` and `CAP_SETGID`.
    pub(crate) user: Option<u32>,
}

/// Buffers of TCP, bytes: least, at first, most. Kernel memory is outside every limit of
/// a process, and with the usual 4 to 6 MiB a thousand connections hold gigabytes.
const TCP_BUFFERS: &str = "4096 65536 262144";

/// How many files, folders and sockets the temporary folder holds. Each costs a kilobyte of kernel
/// memory, which its size does not count, and the usual number is half as many as the machine has
/// pages.
#[cfg(target_os = "linux")]
const FILES: &std::ffi::CStr = c"nr_inodes=16384";

impl Entry {
    /// Prepares the box, runs the program and gives its exit code, 128 and the signal
    /// when one has killed it.
    pub(crate) fn run(&self, program: &mut Command) -> anyhow::Result<ExitCode> {
        close_fds::set_fds_cloexec(3, &[]);
        if self.bounded {
            write_setting("/proc/sys/net/ipv4/tcp_rmem", TCP_BUFFERS)?;
            write_setting("/proc/sys/net/ipv4/tcp_wmem", TCP_BUFFERS)?;
        }
        #[cfg(target_os = "linux")]
        if self.bounded {
            use rustix::mount::{MountFlags, mount_remount};
            let flags = MountFlags::NOSUID | MountFlags::NODEV;
            mount_remount("/tmp", flags, FILES).context("cannot limit the files in /tmp")?;
        }
        if self.raw_sockets {
            let group = rustix::process::getgid().as_raw();
            write_setting(
                "/proc/sys/net/ipv4/ping_group_range",
                &format!("{group} {group}"),
            )?;
        }
        self.limits.apply().context("cannot set resource limits")?;
        if self.close_proc {
            confinement::close_proc().context("cannot close /proc with Landlock")?;
        }
        if let Some(user) = self.user {
            // With root's user id go its capabilities and its supplementary groups.
            program.uid(user).gid(user);
        } else {
            keep(if self.raw_sockets {
                &[Capability::NetRaw, Capability::NetAdmin]
            } else if self.network_settings {
                &[Capability::NetAdmin]
            } else {
                &[]
            })
            .context("cannot drop capabilities")?;
        }
        let status = program
            .status()
            .with_context(|| format!("cannot start {}", program.get_program().display()))?;
        let code = status
            .code()
            .or_else(|| status.signal().map(|signal| 128 + signal));
        Ok(ExitCode::from(
            code.and_then(|code| u8::try_from(code).ok())
                .unwrap_or(u8::MAX),
        ))
    }
}

fn write_setting(path: &str, value: &str) -> anyhow::Result<()> {
    fs::write(path, value).with_context(|| format!("cannot set {path}"))
}
