//! Who the check itself is, for programs that ask the kernel about their peer.

/// Credentials of a process, as SO_PEERCRED tells them: unix(7).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Credentials {
    /// The effective user.
    pub uid: u32,
    /// The effective group.
    pub gid: u32,
    /// The process.
    pub pid: i32,
}

impl Credentials {
    /// Those of the check, and so of all its peers.
    pub fn own() -> Self {
        Self {
            uid: rustix::process::geteuid().as_raw(),
            gid: rustix::process::getegid().as_raw(),
            pid: rustix::process::getpid().as_raw_nonzero().get(),
        }
    }
}
