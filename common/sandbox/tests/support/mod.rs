//! What the sandbox's tests share: a stage of programs, and what they say.
#![allow(dead_code, reason = "each test binary uses its part of it")]

use std::fs::{self, Permissions};
use std::net::{Ipv6Addr, TcpListener};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};

use sandbox::{Level, Probed, probe};
use tempfile::TempDir;

/// A folder that everybody can reach, for root's boxes run as nobody, with the launcher
/// and the programs that the tests start.
pub(crate) struct Stage {
    folder: TempDir,
}

impl Stage {
    pub(crate) fn new() -> Self {
        let folder = TempDir::with_prefix("sandbox-").unwrap();
        let stage = Self { folder };
        Self::open(stage.folder.path(), 0o755);
        copy(Path::new(env!("CARGO_BIN_EXE_launcher")), &stage.launcher());
        copy(&example("hostile"), &stage.hostile());
        copy(&example("stand_in"), &stage.stand_in());
        stage
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn launcher(&self) -> PathBuf {
        self.folder.path().join("launcher")
    }

    pub(crate) fn hostile(&self) -> PathBuf {
        self.folder.path().join("hostile")
    }

    pub(crate) fn stand_in(&self) -> PathBuf {
        self.folder.path().join("stand_in")
    }

    /// Makes a folder on it that everybody may read.
    pub(crate) fn subfolder(&self, name: &str) -> PathBuf {
        let path = self.folder.path().join(name);
        fs::create_dir(&path).unwrap();
        Self::open(&path, 0o755);
        path
    }

    /// Makes a file on it that everybody may read.
    pub(crate) fn file(&self, name: &str, text: &str) -> PathBuf {
        let path = self.folder.path().join(name);
        fs::write(&path, text).unwrap();
        Self::open(&path, 0o644);
        path
    }

    fn open(path: &Path, mode: u32) {
        fs::set_permissions(path, Permissions::from_mode(mode)).unwrap();
    }

    /// What isolation there is, or nothing when it is less than wanted: then the test
    /// says why, and is over. Where the variable CI is set, it fails.
    pub(crate) fn isolation(&self, wanted: Level) -> Option<Probed> {
        match probe(Some(wanted), &self.launcher()) {
            Ok(probed) => Some(probed),
            Err(error) => {
                assert!(std::env::var_os("CI").is_none(), "{error:#}");
                println!("skipped: {error:#}");
                None
            }
        }
    }
}

/// An example of this package, which cargo builds before it runs the tests.
fn example(name: &str) -> PathBuf {
    let tests = std::env::current_exe().unwrap();
    let built = tests.ancestors().nth(2).unwrap();
    built.join("examples").join(name)
}

fn copy(from: &Path, to: &Path) {
    // A link will do, and is what a filesystem full of debug information likes best.
    if fs::hard_link(from, to).is_err() {
        fs::copy(from, to).unwrap_or_else(|error| {
            panic!(
                "{}: {error}; run `cargo build --package sandbox --examples`",
                from.display()
            )
        });
    }
}

/// A program that has ended.
pub(crate) struct Ended {
    pub(crate) status: ExitStatus,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Ended {
    pub(crate) fn of(command: &mut Command) -> Self {
        let output = command.stdin(Stdio::null()).output().unwrap();
        Self {
            status: output.status,
            out: String::from_utf8_lossy(&output.stdout).into_owned(),
            err: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }

    /// What `hostile` said of each attempt.
    pub(crate) fn attempts(&self) -> Vec<(&str, &str)> {
        let lines = self.out.lines();
        lines.filter_map(|line| line.split_once('\t')).collect()
    }

    /// What stands behind `name: ` in the output.
    pub(crate) fn told(&self, name: &str) -> &str {
        let prefix = format!("{name}: ");
        let found = self.out.lines().find_map(|line| line.strip_prefix(&prefix));
        found.unwrap_or_else(|| panic!("no {name} in:\n{}\n{}", self.out, self.err))
    }
}

/// Appends the words of a command to another, as the box's program.
pub(crate) fn inside(mut command: Command, program: &Command) -> Command {
    command.arg(program.get_program()).args(program.get_args());
    command
}

/// Attempts of `hostile` that are refused to every confined program.
pub(crate) const REFUSED: &[&str] = &[
    "fork",
    "fork with a namespace",
    "clone3",
    "spawn",
    "become another program",
    "read passwd",
    "read a library's neighbour",
    "read the first process's environment",
    "read the parent's arguments",
    "read its own environment",
    "read the parent's memory map",
    "open a device",
    "list the root",
    "list processes",
    "make a file",
    "make a folder",
    "make a link",
    "make a path socket",
    "read its file",
    "write its file",
    "change its program's mode",
    "change its program's times",
    "signal the parent",
    "signal the group",
    "kill the group",
    "signal everybody",
    "signal the parent's thread",
    "signal any thread",
    "open the parent",
    "trace the parent",
    "read the parent's memory",
    "limit the parent",
    "slow the parent",
    "send the parent SIGIO",
    "lock a file",
    "lock a part of a file",
    "lock a part of a file for others to see",
    "hide from the parent",
    "open netlink",
    "open vsock",
    "open packets",
    "open cryptography",
    "open a raw socket",
    "open a ping socket",
    "pass a descriptor",
    "pass many messages",
    "grow a socket's buffer",
    "make a memory file",
    "map shared memory",
    "map growing memory",
    "make System V memory",
    "make a message queue",
    "make semaphores",
    "make a large pipe",
    "use a gigabyte",
    "make a namespace",
    "enter a namespace",
    "mount",
    "load bpf",
    "set up io_uring",
    "find a keyring",
    "handle page faults",
    "count events",
    "watch files",
    "change personality",
];

/// What every confined program can do, as far as the machine can.
pub(crate) fn usual() -> Vec<&'static str> {
    let ipv6 = TcpListener::bind((Ipv6Addr::LOCALHOST, 0)).is_ok();
    let lacking = |name: &&str| *name == "talk over IPv6" && !ipv6;
    USUAL
        .iter()
        .copied()
        .filter(|name| !lacking(name))
        .collect()
}

const USUAL: &[&str] = &[
    "talk over IPv4",
    "talk over IPv6",
    "send datagrams",
    "talk in a pair",
    "start threads",
    "panic in a thread",
    "signal itself",
    "limit itself",
    "use a hundred megabytes",
];

/// Asserts that each attempt ended in an error that only a refusal has.
#[track_caller]
pub(crate) fn assert_refused(ended: &Ended, names: &[&str]) {
    let refusals = [libc::EPERM, libc::EACCES, libc::ENOSYS].map(|number| number.to_string());
    let attempts = ended.attempts();
    assert_eq!(attempts.len(), names.len(), "{}{}", ended.out, ended.err);
    for (name, outcome) in attempts {
        let refused = refusals.iter().any(|number| number == outcome) || outcome == "out of memory";
        assert!(refused, "{name}: {outcome}");
    }
}

/// Asserts that each attempt worked.
#[track_caller]
pub(crate) fn assert_done(ended: &Ended, names: &[&str]) {
    let done: Vec<_> = names.iter().map(|name| (*name, "done")).collect();
    assert_eq!(ended.attempts(), done, "{}", ended.err);
}

/// The command with which `stand_in` watches a confined `hostile`.
pub(crate) fn watch(stand_in: &Path, confined: &Command) -> Command {
    let mut command = Command::new(stand_in);
    command.arg("watch");
    command = inside(command, confined);
    command.args(["wait for a client", "/"]);
    command
}

/// What `stand_in` prints when it could do all that checks need.
pub(crate) const WATCHED: &str = "\
sees the system call it waits in
sees the system call of each thread
reads status and stat
finds its socket among its descriptors
finds the address of its socket
limits it
stops it
continues it
ends it
";
