//! The box around one run of the compiler.

use std::ffi::OsString;
use std::os::unix::fs::chown;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Context;

use crate::bubblewrap::is_root;
use crate::entry::Entry;
use crate::launcher::Order;
use crate::reach::ensure_readable;
use crate::{Bubblewrap, LAUNCHER_INSIDE, Limits, NOBODY};

/// A box for one `rustc`: the toolchain, the sources that are bound, one folder to write
/// to, no network, limits.
#[derive(Clone, Debug)]
pub struct CompileBox {
    bubblewrap: Bubblewrap,
    launcher: PathBuf,
    toolchain: PathBuf,
    output: PathBuf,
    binds: Vec<(PathBuf, PathBuf)>,
    env: Vec<(OsString, OsString)>,
    work_dir: PathBuf,
    limits: Limits,
}

impl CompileBox {
    /// Where the box holds the toolchain.
    pub const TOOLCHAIN: &str = "/toolchain";
    /// Where the box holds the folder that may be written to.
    pub const OUTPUT: &str = "/output";

    /// A box with a toolchain (`rustc --print sysroot`) and a folder to write to; as
    /// root the folder is given to [`crate::NOBODY`].
    pub fn new(bubblewrap: &Bubblewrap, launcher: &Path, toolchain: &Path, output: &Path) -> Self {
        Self {
            bubblewrap: bubblewrap.clone(),
            launcher: launcher.to_path_buf(),
            toolchain: toolchain.to_path_buf(),
            output: output.to_path_buf(),
            binds: Vec::new(),
            env: Vec::new(),
            work_dir: PathBuf::from(Self::OUTPUT),
            limits: Limits::compiler(),
        }
    }

    /// Shows a file or folder of the host at `inside`, read-only.
    #[must_use]
    pub fn read_only(mut self, host: impl Into<PathBuf>, inside: impl Into<PathBuf>) -> Self {
        self.binds.push((host.into(), inside.into()));
        self
    }

    /// Sets an environment variable; `PATH` is set anyway.
    #[must_use]
    pub fn env(mut self, name: impl Into<OsString>, value: impl Into<OsString>) -> Self {
        self.env.push((name.into(), value.into()));
        self
    }

    /// The folder inside that the compiler is started in.
    #[must_use]
    pub fn work_dir(mut self, inside: impl Into<PathBuf>) -> Self {
        self.work_dir = inside.into();
        self
    }

    /// What the compiler may use; [`Limits::compiler`] unless told.
    #[must_use]
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// The command to which the caller appends `rustc`'s arguments, with paths as they
    /// are inside; in its environment `PATH` leads to `cc`. Exit code and life are those of
    /// [`crate::CheckBox::command`].
    ///
    /// As root, the compiler runs as [`crate::NOBODY`], to whom the output folder is
    /// given. Folders above what is bound need not be open to others, for root binds
    /// them; but what is bound, and what is in it, must be readable by others.
    pub fn command(&self) -> anyhow::Result<Command> {
        let compiler = Path::new(Self::TOOLCHAIN).join("bin/rustc");
        self.around(&compiler)
    }

    /// The command to which the arguments of `program` are appended.
    pub(crate) fn around(&self, program: &Path) -> anyhow::Result<Command> {
        let root = is_root();
        let arguments = self.bubblewrap.start();
        let arguments = if root {
            // The toolchain may lie where only root can reach it (rustup in root's home),
            // so root makes this box, and the launcher becomes nobody in it.
            chown(&self.output, Some(NOBODY), Some(NOBODY))
                .with_context(|| format!("cannot give away {}", self.output.display()))?;
            arguments.capabilities(&["CAP_SETUID", "CAP_SETGID"])
        } else {
            arguments
                .own_user()
                .all(["--disable-userns"])
                .capabilities(&[])
        };
        let mut arguments = arguments
            .own_system()
            .all(["--hostname", "compiler"])
            .all(["--ro-bind", "/usr", "/usr"])
            .system("/bin")
            .system("/lib")
            .system("/lib64")
            // `cc` is a link into it on Debian. The linker is to be found on PATH: one
            // that is named loses rustc's own choice, rust-lld.
            .read_only_if_there("/etc/alternatives")
            .read_only_if_there("/etc/ld.so.cache")
            .own_folders()
            .all(["--dev", "/dev", "--remount-ro", "/dev"])
            .read_only(&self.launcher, Path::new(LAUNCHER_INSIDE))
            .read_only(&self.toolchain, Path::new(Self::TOOLCHAIN));
        for (host, inside) in &self.binds {
            ensure_readable(host)?;
            arguments = arguments.read_only(host, inside);
        }
        let output = [
            "--bind".as_ref(),
            self.output.as_os_str(),
            Self::OUTPUT.as_ref(),
        ];
        let entry = Entry {
            limits: self.limits.clone(),
            close_proc: true,
            user: root.then_some(NOBODY),
            ..Entry::default()
        };
        let mut command = arguments.all(output).sealed(&self.work_dir);
        command
            .env("PATH", "/usr/bin:/bin")
            .envs(self.env.iter().map(|(name, value)| (name, value)))
            .arg(LAUNCHER_INSIDE)
            .arg(Order::Enter(entry).text())
            .arg(program);
        Ok(command)
    }
}
