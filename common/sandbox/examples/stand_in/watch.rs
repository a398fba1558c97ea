//! What can be seen of a confined program, and done to it, from outside.

use std::fs;
use std::io::{self, BufRead, BufReader, Error, Read};
use std::net::SocketAddr;
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Resource, Rlimit, Signal, kill_process, prlimit};

/// Starts a program that prints its address and waits for a client, and prints a line for
/// each thing that works on it.
pub(crate) fn watch(command: &[String]) -> io::Result<()> {
    let (program, arguments) = command.split_first().ok_or(Error::other("watch what?"))?;
    let mut child = Command::new(program)
        .args(arguments)
        .stdout(Stdio::piped())
        .spawn()?;
    let mut out = BufReader::new(child.stdout.take().ok_or(Error::other("no stdout"))?);
    let mut line = String::new();
    out.read_line(&mut line)?;
    let address: SocketAddr = line.trim().parse().map_err(Error::other)?;
    let pid = Pid::from_child(&child);
    let proc = Path::new("/proc").join(child.id().to_string());

    let accept = [libc::SYS_accept4, libc::SYS_accept].map(|number| format!("{number} "));
    until("sees the system call it waits in", || {
        let text = fs::read_to_string(proc.join("syscall"))?;
        Ok(accept.iter().any(|number| text.starts_with(number)))
    })?;
    until("sees the system call of each thread", || {
        let mut threads = fs::read_dir(proc.join("task"))?.flatten();
        Ok(threads.all(|thread| {
            fs::read_to_string(thread.path().join("syscall")).is_ok_and(|text| !text.is_empty())
        }))
    })?;
    until("reads status and stat", || {
        let status = fs::read_to_string(proc.join("status"))?;
        fs::read_to_string(proc.join("stat"))?;
        Ok(status.contains("NoNewPrivs:\t1"))
    })?;
    let mut inode = String::new();
    until("finds its socket among its descriptors", || {
        for entry in fs::read_dir(proc.join("fd"))?.flatten() {
            let target = fs::read_link(entry.path())?.to_string_lossy().into_owned();
            if let Some(rest) = target.strip_prefix("socket:[") {
                rest.trim_end_matches(']').clone_into(&mut inode);
            }
        }
        Ok(!inode.is_empty())
    })?;
    until("finds the address of its socket", || {
        let table = fs::read_to_string(proc.join("net/tcp"))?;
        let port = format!(":{:04X} ", address.port());
        Ok(table
            .lines()
            .any(|line| line.contains(&port) && line.contains(&inode)))
    })?;
    until("limits it", || {
        let limit = Rlimit {
            current: Some(16),
            maximum: Some(64),
        };
        prlimit(Some(pid), Resource::Nofile, limit)?;
        let limits = fs::read_to_string(proc.join("limits"))?;
        let files = limits
            .lines()
            .find(|line| line.starts_with("Max open files"));
        Ok(files.is_some_and(|line| line.contains(" 16 ")))
    })?;
    kill_process(pid, Signal::STOP)?;
    until("stops it", || Ok(state(&proc)?.starts_with('T')))?;
    kill_process(pid, Signal::CONT)?;
    until("continues it", || Ok(state(&proc)?.starts_with('S')))?;
    kill_process(pid, Signal::TERM)?;
    let mut rest = String::new();
    out.read_to_string(&mut rest)?;
    if child.wait()?.signal() == Some(15) {
        println!("ends it");
    }
    Ok(())
}

fn state(proc: &Path) -> io::Result<String> {
    let stat = fs::read_to_string(proc.join("stat"))?;
    let (_, fields) = stat.rsplit_once(") ").ok_or(Error::other("stat"))?;
    Ok(fields.to_owned())
}

/// Says so once it works, and fails with what went wrong after five seconds.
fn until(what: &str, mut works: impl FnMut() -> io::Result<bool>) -> io::Result<()> {
    let deadline = Instant::now() + Duration::from_secs(5);
    loop {
        match works() {
            Ok(true) => break println!("{what}"),
            Err(error) => return Err(Error::new(error.kind(), format!("{what}: {error}"))),
            Ok(false) if Instant::now() > deadline => return Err(Error::other(what.to_owned())),
            Ok(false) => thread::sleep(Duration::from_millis(1)),
        }
    }
    Ok(())
}
