//! The command that starts the program: plainly, or through the launcher that confines it.

use std::env;
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};

use sandbox::Confinement;
use serde::de::DeserializeOwned;

use crate::allowance::{self, Allowances};
use crate::failure::{Failure, Outcome};
use crate::scene::Scene;
use crate::settings;

/// The program as `stage`, in the first of the folders that the check has made for it.
///
/// Raw sockets need a network of the check's own besides: elsewhere they would reach others.
pub(super) fn command(stage: &str, scene: &Scene) -> Outcome<Command> {
    let folders = &scene.folders();
    let program = path()?;
    if let Some(strace) = env::var_os(settings::STRACE) {
        return Ok(traced(&strace, &program, folders));
    }
    let Some(launcher) = env::var_os(settings::LAUNCHER) else {
        let mut command = Command::new(program);
        if let Some(folder) = folders.first() {
            command.current_dir(folder);
        }
        return Ok(command);
    };
    let mut confinement: Confinement = told(settings::CONFINEMENT)?;
    let allowed: Allowances = match env::var_os(settings::ALLOWED) {
        Some(_) => told(settings::ALLOWED)?,
        None => Allowances::new(),
    };
    let allowed = allowed.get(stage).map_or(&[][..], Vec::as_slice);
    allowance::grant(stage, allowed, folders, &mut confinement)?;
    let own_network = env::var_os(settings::NETWORK).is_some();
    if !scene.ping_sockets() && !confinement.seccomp {
        return Err(Failure::lack(
            "this machine cannot deny a program ping sockets: it has no seccomp",
        ));
    }
    confinement.allow.raw_sockets &= own_network && scene.raw_sockets();
    confinement.allow.ping_sockets &= own_network && scene.ping_sockets();
    Ok(confinement.command(Path::new(&launcher), &program))
}

/// The program under strace, which is a grandchild (`-D`): the program keeps its process id, its
/// signals and its exit code.
fn traced(strace: &OsStr, program: &Path, folders: &[PathBuf]) -> Command {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    let calls = PathBuf::from(env::var_os(settings::CALLS).unwrap_or_default());
    let mut command = Command::new(strace);
    command
        .args(["-D", "-f", "-q", "-q", "-ttt", "-T", "-y", "-s", "64"])
        .args(["-e", TRACED, "-o"])
        .arg(calls.join(number.to_string()))
        .arg(program);
    if let Some(folder) = folders.first() {
        command.current_dir(folder);
    }
    command
}

/// The calls that a learner of sockets wants to see.
const TRACED: &str = "trace=%network,read,write,readv,writev,close,poll,ppoll,select,pselect6,\
epoll_create1,epoll_ctl,epoll_wait,epoll_pwait,fcntl,ioctl,sendfile,splice,?unlink,unlinkat,\
?chmod,fchmodat,exit_group";

/// What the runner told by the environment variable `name`.
fn told<T: DeserializeOwned>(name: &str) -> Outcome<T> {
    serde_json::from_str(&env::var(name).unwrap_or_default())
        .map_err(|error| Failure::grader(&format!("read {name}"), error))
}

fn path() -> Outcome<PathBuf> {
    let beside = || -> Option<OsString> {
        // Cargo sets both for a test that it runs, at run time too.
        let package = env::var("CARGO_PKG_NAME").ok()?;
        env::var_os(format!("CARGO_BIN_EXE_{package}"))
    };
    env::var_os(settings::PROGRAM)
        .or_else(beside)
        .map(PathBuf::from)
        .ok_or_else(|| {
            Failure::grader(
                "find the program",
                format!("set {} to its path", settings::PROGRAM),
            )
        })
}
