//! What the probe has the launcher try, from inside.

use std::fs;
use std::io::Write;
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use std::{env, io};

use anyhow::{Context, bail};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::temporary::Folder;
use crate::Confinement;
use crate::confinement::landlock_abi;
use crate::launcher::Order;

/// `Ok`, or what went wrong in words.
pub(crate) type Trial = Result<(), String>;

/// What held where the launcher was started.
#[derive(Serialize, Deserialize, Debug)]
pub(crate) struct Findings {
    /// Connecting to a loopback address of one's own.
    pub(crate) ipv4: Trial,
    /// Connecting to `::1`.
    pub(crate) ipv6: Trial,
    /// Whether a program under Landlock was denied a file; the ABI.
    pub(crate) landlock: Result<u32, String>,
    /// Whether a program under seccomp was refused a process.
    pub(crate) seccomp: Trial,
}

impl Findings {
    /// Tries it all.
    pub(crate) fn gather() -> Self {
        Self {
            ipv4: connect([127, 93, 1, 2].into()),
            ipv6: connect(std::net::Ipv6Addr::LOCALHOST.into()),
            landlock: try_landlock().map_err(|error| format!("{error:#}")),
            seccomp: try_seccomp().map_err(|error| format!("{error:#}")),
        }
    }

    /// Has a launcher try it; `command` starts the launcher wherever this is to happen,
    /// and still lacks the order.
    pub(crate) fn from(command: &mut Command) -> anyhow::Result<Self> {
        answer(command.arg(Order::Probe.text()))
    }
}

/// A file that is readable, unless something denies it.
#[derive(Serialize, Deserialize, Debug)]
pub(crate) struct Canary {
    path: PathBuf,
}

/// How a confined program's attempts ended.
#[derive(Serialize, Deserialize, Debug)]
pub(crate) struct Attempted {
    /// Reading the canary.
    pub(crate) read: Trial,
    /// Starting another process.
    pub(crate) spawn: Trial,
}

impl Canary {
    /// The file at `path`, as the launcher sees it.
    pub(crate) fn at(path: &Path) -> Self {
        Self {
            path: path.to_path_buf(),
        }
    }

    /// Has a launcher try it; `command` starts the launcher wherever this is to happen,
    /// and still lacks the order.
    pub(crate) fn ask(self, command: &mut Command) -> anyhow::Result<Attempted> {
        answer(command.arg(Order::Attempt(self).text()))
    }

    /// Tries what a confined program must not do.
    pub(crate) fn attempt(&self) -> Attempted {
        let spawned =
            env::current_exe().and_then(|own| Command::new(own).stderr(Stdio::null()).status());
        Attempted {
            read: told(fs::read(&self.path)),
            spawn: told(spawned),
        }
    }
}

/// Prints what was found.
pub(crate) fn report(found: &impl Serialize) -> anyhow::Result<ExitCode> {
    let mut out = io::stdout().lock();
    serde_json::to_writer(&mut out, found)?;
    out.write_all(b"\n")?;
    Ok(ExitCode::SUCCESS)
}

/// What the launcher that `command` starts has printed.
fn answer<T: DeserializeOwned>(command: &mut Command) -> anyhow::Result<T> {
    let said = command
        .stdin(Stdio::null())
        .output()
        .with_context(|| format!("cannot start {}", command.get_program().display()))?;
    let words = String::from_utf8_lossy(&said.stderr);
    match (serde_json::from_slice(&said.stdout), words.trim()) {
        (Ok(answer), _) => Ok(answer),
        (Err(_), "") => bail!("it ended with {} and said nothing", said.status),
        (Err(_), words) => bail!("{words}"),
    }
}

fn connect(host: std::net::IpAddr) -> Trial {
    let connected = TcpListener::bind(SocketAddr::new(host, 0))
        .and_then(|listener| TcpStream::connect(listener.local_addr()?));
    told(connected)
}

fn try_landlock() -> anyhow::Result<u32> {
    let abi = landlock_abi()?;
    let folder = Folder::new()?;
    let path = folder.path().join("canary");
    fs::write(&path, "canary")?;
    fs::read(&path)?;
    let landlock = Confinement {
        landlock: true,
        ..Confinement::default()
    };
    let attempted = attempt_confined(&landlock, &path)?;
    anyhow::ensure!(
        attempted.read.is_err(),
        "a program under Landlock could read {}",
        path.display()
    );
    Ok(abi)
}

fn try_seccomp() -> anyhow::Result<()> {
    let seccomp = Confinement {
        seccomp: true,
        ..Confinement::default()
    };
    let attempted = attempt_confined(&seccomp, &env::current_exe()?)?;
    anyhow::ensure!(
        attempted.spawn.is_err(),
        "a program under seccomp could start another"
    );
    Ok(())
}

fn attempt_confined(confinement: &Confinement, canary: &Path) -> anyhow::Result<Attempted> {
    let mut confinement = confinement.clone();
    // Outside a box this limit would refuse processes to a busy user, whatever seccomp does.
    confinement.limits.processes = None;
    let own = env::current_exe()?;
    Canary::at(canary).ask(&mut confinement.command(&own, &own))
}

fn told<T>(result: io::Result<T>) -> Trial {
    result.map(drop).map_err(|error| error.to_string())
}
