//! The box around one run of a lab's checks.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::entry::Entry;
use crate::launcher::Order;
use crate::{Bubblewrap, LAUNCHER_INSIDE, Limits, ensure_reachable};

/// A box for one check process and the programs it starts: a network of its own with
/// loopback up, its own processes, an empty `/tmp`, and nothing of the host but the
/// loader's libraries and what is bound here.
#[derive(Clone, Debug)]
pub struct CheckBox {
    bubblewrap: Bubblewrap,
    launcher: PathBuf,
    binds: Vec<(PathBuf, PathBuf)>,
    env: Vec<(OsString, OsString)>,
    hostname: String,
    raw_sockets: bool,
    network_settings: bool,
}

impl CheckBox {
    /// An otherwise empty box; `launcher` is bound at [`crate::LAUNCHER_INSIDE`].
    pub fn new(bubblewrap: &Bubblewrap, launcher: &Path) -> Self {
        Self {
            bubblewrap: bubblewrap.clone(),
            launcher: launcher.to_path_buf(),
            binds: Vec::new(),
            env: Vec::new(),
            hostname: "lab".to_owned(),
            raw_sockets: false,
            network_settings: false,
        }
    }

    /// Shows a file or folder of the host at `inside`, read-only.
    #[must_use]
    pub fn read_only(mut self, host: impl Into<PathBuf>, inside: impl Into<PathBuf>) -> Self {
        self.binds.push((host.into(), inside.into()));
        self
    }

    /// Sets an environment variable; there are no others.
    #[must_use]
    pub fn env(mut self, name: impl Into<OsString>, value: impl Into<OsString>) -> Self {
        self.env.push((name.into(), value.into()));
        self
    }

    /// The host name inside; `lab` unless told.
    #[must_use]
    pub fn hostname(mut self, name: impl Into<String>) -> Self {
        self.hostname = name.into();
        self
    }

    /// Leaves the check process `CAP_NET_RAW` and `CAP_NET_ADMIN` over the box's network,
    /// and opens ping sockets to its group.
    #[must_use]
    pub fn raw_sockets(mut self, raw_sockets: bool) -> Self {
        self.raw_sockets = raw_sockets;
        self
    }

    /// Leaves the check process `CAP_NET_ADMIN` over the box's network, with which it can write
    /// the settings under `/proc/sys/net`; programs that it confines do not have it.
    #[must_use]
    pub fn network_settings(mut self, network_settings: bool) -> Self {
        self.network_settings = network_settings;
        self
    }

    /// The command to which the caller appends the check binary's path inside and its
    /// arguments. Its exit code is that of the check process, 128 and the signal when one
    /// has killed it; when bubblewrap itself is killed, everything inside is.
    ///
    /// The box lives no longer than the *thread* that spawns it: prctl(2),
    /// `PR_SET_PDEATHSIG`.
    ///
    /// As root, the box is made by and runs as [`crate::NOBODY`]: the launcher and all
    /// that is bound must be reachable by others, see [`crate::ensure_reachable`].
    pub fn command(&self) -> anyhow::Result<Command> {
        let launcher = (self.launcher.clone(), PathBuf::from(LAUNCHER_INSIDE));
        let shown = || std::iter::once(&launcher).chain(&self.binds);
        for (host, _) in shown() {
            ensure_reachable(host)?;
        }
        // No --dev: with it bubblewrap puts the program into a second user namespace,
        // which does not own the network.
        let arguments = self
            .bubblewrap
            .start()
            .made_by_nobody()
            .own_user()
            .own_system()
            .all(["--hostname", &self.hostname])
            // The launcher drops them before the checks start.
            .capabilities(&["CAP_NET_ADMIN", "CAP_NET_RAW", "CAP_SYS_ADMIN"])
            .system("/usr/lib")
            .system("/usr/lib64")
            .system("/lib")
            .system("/lib64")
            .read_only_if_there("/etc/ld.so.cache")
            .all(["--dev-bind", "/dev/null", "/dev/null"])
            .own_folders();
        let entry = Entry {
            bounded: true,
            raw_sockets: self.raw_sockets,
            network_settings: self.network_settings,
            limits: Limits::none(),
            ..Entry::default()
        };
        let mut command = shown()
            .fold(arguments, |arguments, (host, inside)| {
                arguments.read_only(host, inside)
            })
            .sealed(Path::new("/"));
        command
            .envs(self.env.iter().map(|(name, value)| (name, value)))
            .arg(LAUNCHER_INSIDE)
            .arg(Order::Enter(entry).text());
        Ok(command)
    }
}
