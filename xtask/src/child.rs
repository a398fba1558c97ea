//! A child process: its stderr read to the end, its time bounded.

use std::fs;
use std::io::{self, Read};
use std::os::unix::process::CommandExt;
use std::process::{Child, ChildStderr, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process, kill_process_group};
use sandbox::Limits;

use crate::stop::Stop;

/// How often an idle child is looked at: its pipe may outlive it in other hands.
const GLANCE: Duration = Duration::from_millis(50);

/// How long the pipe of a child that is gone may still bring something.
const LAST_WORDS: Duration = Duration::from_millis(200);

/// How a child ended.
#[derive(Debug, Clone, Copy)]
pub struct Ended {
    /// Its exit status.
    pub status: ExitStatus,
    /// Whether it was killed because its time was up.
    pub out_of_time: bool,
}

/// What ends a child that does not end by itself.
#[derive(Debug)]
pub struct Bounds<'a> {
    /// How long it may take.
    pub patience: Duration,
    /// What it may use.
    pub limits: &'a Limits,
    /// Whether somebody wants all to end.
    pub stop: &'a Stop,
}

/// Runs `command`, without stdin and stdout, in a process group of its own; gives `hear` what
/// it writes to stderr, and kills the group when its time is up or a stop is asked for. The
/// limits are put on it as far as the platform lets one do that from outside: Linux does
/// (prlimit(2)).
///
/// # Errors
/// It cannot be started; a stop was asked for ([`io::ErrorKind::Interrupted`]).
pub fn run(
    command: &mut Command,
    bounds: &Bounds<'_>,
    mut hear: impl FnMut(&[u8]),
) -> io::Result<Ended> {
    if bounds.stop.is_asked() {
        return Err(io::ErrorKind::Interrupted.into());
    }
    let deadline = Instant::now() + bounds.patience;
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .process_group(0)
        .spawn()?;
    bound(&child, bounds.limits);
    let pieces = child.stderr.take().map(pieces_of).transpose()?;
    let out_of_time = match pieces {
        Some(pieces) => !listen(&mut child, &pieces, deadline, bounds.stop, &mut hear)?,
        None => false,
    };
    if out_of_time || bounds.stop.is_asked() {
        kill_group(&child);
    }
    // Its pipe is closed, so it is about to end; if it only closed it, the deadline holds.
    while child.try_wait()?.is_none() {
        if Instant::now() > deadline {
            kill_group(&child);
            break;
        }
        thread::sleep(Duration::from_millis(1));
    }
    let status = child.wait()?;
    if bounds.stop.is_asked() {
        return Err(io::ErrorKind::Interrupted.into());
    }
    Ok(Ended {
        status,
        out_of_time,
    })
}

/// Gives `hear` what comes, until the pipe or the child ends or a stop is asked for (true), or
/// time is up (false).
fn listen(
    child: &mut Child,
    pieces: &Receiver<Vec<u8>>,
    deadline: Instant,
    stop: &Stop,
    hear: &mut impl FnMut(&[u8]),
) -> io::Result<bool> {
    let mut gone_since: Option<Instant> = None;
    loop {
        match pieces.recv_timeout(GLANCE) {
            Ok(piece) => hear(&piece),
            Err(RecvTimeoutError::Disconnected) => return Ok(true),
            Err(RecvTimeoutError::Timeout) => {}
        }
        if gone_since.is_none() && child.try_wait()?.is_some() {
            gone_since = Some(Instant::now());
        }
        let silent = gone_since.is_some_and(|since| since.elapsed() > LAST_WORDS);
        if silent || stop.is_asked() {
            return Ok(true);
        }
        if gone_since.is_none() && Instant::now() > deadline {
            return Ok(false);
        }
    }
}

/// Reads `pipe` in a thread of its own, so that waiting for it can have an end.
fn pieces_of(mut pipe: ChildStderr) -> io::Result<Receiver<Vec<u8>>> {
    let (sender, receiver) = channel();
    thread::Builder::new()
        .name("stderr".to_owned())
        .spawn(move || {
            let mut chunk = [0; 16 * 1024];
            loop {
                match pipe.read(&mut chunk) {
                    Ok(0) => break,
                    Ok(count) if sender.send(chunk[..count].to_vec()).is_err() => break,
                    Err(error) if error.kind() != io::ErrorKind::Interrupted => break,
                    _ => {}
                }
            }
        })?;
    Ok(receiver)
}

/// Bounds the memory and the processor time of a process that is running already, and of what
/// it starts from then on. For one's own compiler, which means no harm; a box bounds better.
#[cfg(target_os = "linux")]
fn bound(child: &Child, limits: &Limits) {
    use rustix::process::{Resource, Rlimit, prlimit};
    let bounds = [
        (Resource::As, limits.address_space),
        (Resource::Cpu, limits.cpu_seconds),
    ];
    for (resource, bound) in bounds {
        if bound.is_some() {
            let limit = Rlimit {
                current: bound,
                maximum: bound,
            };
            // It may have ended already.
            _ = prlimit(Some(Pid::from_child(child)), resource, limit);
        }
    }
}

#[cfg(not(target_os = "linux"))]
fn bound(_: &Child, _: &Limits) {}

/// Ends the group of `child`, and its descendants, for those of a check process have sessions of
/// their own. Those in a box end with it besides.
fn kill_group(child: &Child) {
    let group = Pid::from_child(child);
    // It may have ended by itself in the meantime. Held still, it makes no more of them.
    _ = kill_process_group(group, Signal::STOP);
    let below = descendants(group);
    _ = kill_process_group(group, Signal::KILL);
    for pid in below {
        _ = kill_process(pid, Signal::KILL);
    }
}

/// The children of `pid`, and theirs, as proc_pid_task(5) lists them; none where it does not.
fn descendants(pid: Pid) -> Vec<Pid> {
    let mut found = Vec::new();
    let mut open = vec![pid];
    while let Some(pid) = open.pop() {
        let tasks = fs::read_dir(format!("/proc/{}/task", pid.as_raw_nonzero()));
        for task in tasks.into_iter().flatten().flatten() {
            let children = fs::read_to_string(task.path().join("children")).unwrap_or_default();
            let pids = children.split_ascii_whitespace();
            let pids = pids.filter_map(|text| Pid::from_raw(text.parse().ok()?));
            let new: Vec<Pid> = pids.collect();
            found.extend_from_slice(&new);
            open.extend(new);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shell(script: &str, limit: Duration) -> (Ended, String) {
        let mut heard = Vec::new();
        let mut command = Command::new("sh");
        command.args(["-c", script]);
        let bounds = Bounds {
            patience: limit,
            limits: &Limits::none(),
            stop: &Stop::never(),
        };
        let ended = run(&mut command, &bounds, |piece| {
            heard.extend_from_slice(piece);
        })
        .unwrap();
        (ended, String::from_utf8(heard).unwrap())
    }

    #[test]
    fn what_a_child_says_is_heard_to_the_end() {
        let (ended, heard) = shell(
            "echo one >&2; echo no; exec >&-; echo two >&2; exit 3",
            Duration::from_secs(10),
        );
        assert_eq!(heard, "one\ntwo\n");
        assert_eq!(ended.status.code(), Some(3));
        assert!(!ended.out_of_time);
    }

    #[test]
    fn a_child_that_hangs_is_killed_with_its_own_children() {
        let began = Instant::now();
        let (ended, _) = shell("sleep 60 & sleep 60", Duration::from_millis(100));
        assert!(ended.out_of_time);
        assert!(began.elapsed() < Duration::from_secs(30));
    }

    #[test]
    fn a_stop_ends_a_child_that_would_run_on() {
        let stop = Stop::never();
        let bounds = Bounds {
            patience: Duration::from_secs(60),
            limits: &Limits::none(),
            stop: &stop,
        };
        let mut command = Command::new("sh");
        command.args(["-c", "echo up >&2; sleep 60"]);
        let began = Instant::now();
        let error = run(&mut command, &bounds, |_| stop.ask()).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::Interrupted);
        assert!(began.elapsed() < Duration::from_secs(30));
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_child_that_hangs_takes_those_with_it_that_have_a_session_of_their_own() {
        let (ended, heard) = shell(
            "setsid sh -c 'echo $$ >&2; exec sleep 60' & wait",
            Duration::from_secs(2),
        );
        assert!(ended.out_of_time);
        let gone = || !std::path::Path::new(&format!("/proc/{}/cwd/.", heard.trim())).exists();
        let deadline = Instant::now() + Duration::from_secs(30);
        while !gone() && Instant::now() < deadline {
            thread::yield_now();
        }
        assert!(gone(), "{heard} lives on");
    }

    #[test]
    fn a_pipe_that_outlives_the_child_holds_nobody() {
        let began = Instant::now();
        let (ended, heard) = shell("setsid sleep 5 & echo said >&2", Duration::from_secs(30));
        assert_eq!(heard, "said\n");
        assert!(ended.status.success());
        assert!(began.elapsed() < Duration::from_secs(4));
    }
}
