//! What is put on each student's program before it starts.

mod capabilities;
mod files;
mod system_calls;

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Context;
use rustix::fs::Mode;
use serde::{Deserialize, Serialize};

use crate::Limits;
use crate::launcher::Order;

pub(crate) use capabilities::{Capability, keep};
pub(crate) use files::{close_proc, landlock_abi};

/// What the launcher puts on a program.
#[derive(Serialize, Deserialize, Clone, Debug, Default, PartialEq, Eq)]
#[serde(default, deny_unknown_fields)]
pub struct Confinement {
    /// Whether files are restricted with Landlock.
    pub landlock: bool,
    /// Whether system calls are filtered with seccomp.
    pub seccomp: bool,
    /// What the process may use.
    pub limits: Limits,
    /// What this program may do that the others may not.
    pub allow: Allow,
    /// The folder it starts in; without, `/`.
    pub work_dir: Option<PathBuf>,
}

/// What a rubric may allow a stage that the others are denied. More descriptors are
/// [`Limits::descriptors`]. Paths are as the launcher sees them; each must exist.
#[derive(Serialize, Deserialize, Clone, Debug, Default, PartialEq, Eq)]
#[serde(default, deny_unknown_fields)]
#[allow(
    clippy::struct_excessive_bools,
    reason = "each is a permission of its own, by its name"
)]
pub struct Allow {
    /// Files that may be read, and folders whose files may be listed and read.
    pub read: Vec<PathBuf>,
    /// Files that may be read, written and truncated, and folders whose files may; none can be
    /// made.
    pub write: Vec<PathBuf>,
    /// Folders in which path sockets may be made and removed, and modes changed; implies
    /// `unix_sockets`. No other file can be made there.
    pub sockets: Vec<PathBuf>,
    /// `socket(AF_UNIX)`. Without a box it reaches the user's own services, so it is for
    /// stages about it; `socketpair` always works.
    pub unix_sockets: bool,
    /// `sendmsg`, and with it descriptors on their way through sockets. The kernel counts those for
    /// the user on the whole machine: one program may keep the others from passing any.
    pub pass_descriptors: bool,
    /// `SOCK_RAW`: `CAP_NET_RAW` is kept, where the check process has it.
    pub raw_sockets: bool,
    /// ICMP over `SOCK_DGRAM`, where the kernel lets the process's group have it; icmp(7),
    /// `ping_group_range`.
    pub ping_sockets: bool,
}

impl Confinement {
    /// The command that starts `program` confined, to which the caller appends the
    /// program's arguments. Its environment is empty but for `RUST_MIN_STACK`, its
    /// folder is `work_dir`, and it inherits stdin, stdout and stderr.
    ///
    /// The process is the launcher until it becomes the program: same process id.
    pub fn command(&self, launcher: &Path, program: &Path) -> Command {
        Order::Confine(self.clone()).command(launcher, program)
    }

    /// Puts all of it on this process; what is left to do is to become `program`.
    ///
    /// An error leaves the process half confined, fit only to exit.
    pub fn apply(&self, program: &Path) -> anyhow::Result<()> {
        close_fds::set_fds_cloexec(3, &[]);
        // Fails only for the leader of a process group, which kill(0) cannot leave either.
        let _ = rustix::process::setsid();
        rustix::process::umask(Mode::from_raw_mode(0o022));
        let folder = self.work_dir.as_deref().unwrap_or(Path::new("/"));
        std::env::set_current_dir(folder)
            .with_context(|| format!("cannot enter {}", folder.display()))?;
        self.limits.apply().context("cannot set resource limits")?;
        capabilities::keep(if self.allow.raw_sockets {
            &[Capability::NetRaw]
        } else {
            &[]
        })
        .context("cannot drop capabilities")?;
        if self.landlock {
            files::restrict(program, &self.allow).context("cannot restrict files with Landlock")?;
        }
        // Last: it refuses what the steps before need.
        if self.seccomp {
            system_calls::refuse(&self.allow).context("cannot filter system calls with seccomp")?;
        }
        Ok(())
    }
}
