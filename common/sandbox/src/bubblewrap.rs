//! The `bwrap` that is installed here, and what all boxes made with it share.

use std::ffi::OsStr;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

/// The user and group id that root's boxes run as: `nobody`.
pub const NOBODY: u32 = 65534;

/// User and group id inside a box that has its own; any but 0 would do.
const USER_INSIDE: &str = "1000";

/// Size of each temporary folder, bytes.
const TMP_BYTES: &str = "33554432";

/// bubblewrap, as found on `PATH`. What it can do is for [`crate::probe`] to try.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bubblewrap {
    path: PathBuf,
    version: String,
}

impl Bubblewrap {
    /// Looks for `bwrap` on `PATH` and asks it for its version.
    pub fn find() -> Option<Self> {
        env::split_paths(&env::var_os("PATH")?)
            .map(|folder| folder.join("bwrap"))
            .find_map(|path| {
                let said = Command::new(&path).arg("--version").output().ok()?;
                let version = String::from_utf8(said.stdout).ok()?.trim().to_owned();
                said.status.success().then_some(Self { path, version })
            })
    }

    /// Path of the program.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// What it says of itself, `bubblewrap 0.8.0`.
    pub fn version(&self) -> &str {
        &self.version
    }

    /// A box without a root of its own yet: nothing of the caller's environment, terminal
    /// and folder, and no process outlives the thread that starts it.
    ///
    /// The box's first process is the program, not bubblewrap, whose arguments would else
    /// be read at `/proc/1/cmdline`.
    pub(crate) fn start(&self) -> Arguments {
        let mut command = Command::new(&self.path);
        command.env_clear().current_dir("/");
        Arguments { command }.all(["--die-with-parent", "--new-session", "--as-pid-1"])
    }
}

/// Whether this process is root, who makes boxes in another way.
pub(crate) fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}

/// The arguments of bubblewrap, which are carried out in their order.
pub(crate) struct Arguments {
    command: Command,
}

impl Arguments {
    /// Appends words as they are.
    pub(crate) fn all<S: AsRef<OsStr>>(mut self, words: impl IntoIterator<Item = S>) -> Self {
        self.command.args(words);
        self
    }

    /// Runs the box as `nobody` when this process is root; the supplementary groups are
    /// cleared with it. Not only the program inside: bubblewrap too, so that even the
    /// way into the box is that of an ordinary user.
    pub(crate) fn made_by_nobody(mut self) -> Self {
        if is_root() {
            self.command.uid(NOBODY).gid(NOBODY);
        }
        self
    }

    /// A user namespace in which the program is an ordinary user.
    pub(crate) fn own_user(self) -> Self {
        self.all(["--unshare-user", "--uid", USER_INSIDE, "--gid", USER_INSIDE])
    }

    /// The other namespaces.
    pub(crate) fn own_system(self) -> Self {
        self.all(["--unshare-net", "--unshare-pid", "--unshare-ipc"])
            .all(["--unshare-uts", "--unshare-cgroup-try"])
    }

    /// The program starts without capabilities but those named.
    pub(crate) fn capabilities(self, kept: &[&str]) -> Self {
        kept.iter()
            .fold(self.all(["--cap-drop", "ALL"]), |arguments, capability| {
                arguments.all(["--cap-add", capability])
            })
    }

    /// A folder of the system at its own place, read-only: as the link that it is on
    /// systems where `/lib` is `usr/lib`, and left out where there is none.
    pub(crate) fn system(self, path: &str) -> Self {
        match fs::read_link(path) {
            Ok(target) => self.all([OsStr::new("--symlink"), target.as_os_str(), path.as_ref()]),
            Err(_) => self.all(["--ro-bind-try", path, path]),
        }
    }

    /// A file or folder of the host, read-only.
    pub(crate) fn read_only(self, host: &Path, inside: &Path) -> Self {
        self.folders_above(inside)
            .all(["--ro-bind".as_ref(), host.as_os_str(), inside.as_os_str()])
    }

    /// A file or folder of the system at its own place, read-only, if there is one.
    pub(crate) fn read_only_if_there(self, path: &str) -> Self {
        self.folders_above(Path::new(path))
            .all(["--ro-bind-try", path, path])
    }

    /// The folders in which something is to be bound. Those that bubblewrap makes unasked
    /// are closed to all but their owner, who in root's box is not its user.
    fn folders_above(self, inside: &Path) -> Self {
        let mut above: Vec<_> = inside.ancestors().skip(1).collect();
        // The root is there.
        above.pop();
        above.into_iter().rev().fold(self, |arguments, folder| {
            arguments.all(["--dir".as_ref(), folder.as_os_str()])
        })
    }

    /// An own process table and an empty temporary folder.
    pub(crate) fn own_folders(self) -> Self {
        self.all(["--proc", "/proc", "--perms", "1777"])
            .all(["--size", TMP_BYTES, "--tmpfs", "/tmp"])
    }

    /// The root can no longer be changed; what follows is the program, started in `work_dir`.
    pub(crate) fn sealed(self, work_dir: &Path) -> Command {
        self.all(["--remount-ro", "/"])
            .all(["--chdir".as_ref(), work_dir.as_os_str(), "--".as_ref()])
            .command
    }
}
