//! Programs that no one here wrote, as peers: python3, curl, nc, socat, dig.

use std::env;
use std::ffi::OsStr;
use std::io::{self, Write};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

use crate::capture::{Capture, Keep};
use crate::failure::{Failure, Outcome, Saw};
use crate::program::GLANCE;

/// How long a tool may take. Generous: some start slowly.
const TIME: Duration = Duration::from_secs(30);

/// How long a tool may take to leave when it is told to.
const LEAVING: Duration = Duration::from_secs(2);

/// A program of this machine.
#[derive(Debug, Clone)]
pub struct Tool {
    name: String,
    path: PathBuf,
}

/// A tool at work; it is told to leave when this is dropped, and killed if it does not.
#[derive(Debug)]
pub struct Work {
    name: String,
    child: Child,
    stdout: Capture,
    stderr: Capture,
}

impl Tool {
    /// Looks for `name` on PATH. Where it is missing the test is skipped; with the environment
    /// variable CI set it fails, for there every tool is to be had.
    pub fn find(name: &str) -> Outcome<Self> {
        let folders = env::var_os("PATH").unwrap_or_default();
        let found = env::split_paths(&folders)
            .map(|folder| folder.join(name))
            .find(|path| path.is_file());
        match found {
            Some(path) => Ok(Self {
                name: name.to_owned(),
                path,
            }),
            None if env::var_os("CI").is_some() => Err(Failure::grader(
                &format!("find {name}"),
                "it is not on PATH",
            )),
            None => Err(Failure::lack(format!(
                "{name} is not installed on this machine"
            ))),
        }
    }

    /// Starts it with `args` and types `input`, from a thread of its own, then the end of input.
    pub fn start<S: AsRef<OsStr>>(&self, args: &[S], input: impl Into<Vec<u8>>) -> Outcome<Work> {
        let input = input.into();
        let start = || -> io::Result<Work> {
            let mut command = Command::new(&self.path);
            command
                .args(args)
                .stdin(Stdio::piped())
                .stdout(Stdio::piped())
                .stderr(Stdio::piped());
            let mut child = command.spawn()?;
            let no_pipe = || io::Error::other("its output is not piped");
            let stdout = Capture::of(child.stdout.take().ok_or_else(no_pipe)?, Keep::All)?;
            let stderr = Capture::of(child.stderr.take().ok_or_else(no_pipe)?, Keep::Ends)?;
            if let Some(mut stdin) = child.stdin.take() {
                // A tool may end before it has read everything.
                thread::Builder::new().spawn(move || _ = stdin.write_all(&input))?;
            }
            Ok(Work {
                name: self.name.clone(),
                child,
                stdout,
                stderr,
            })
        };
        start().map_err(|error| Failure::grader(&format!("start {}", self.name), error))
    }

    /// Runs it to its end and gives what it wrote to stdout, whatever its exit code.
    pub fn run<S: AsRef<OsStr>>(&self, args: &[S], input: impl Into<Vec<u8>>) -> Outcome<Vec<u8>> {
        self.start(args, input)?.finish()
    }
}

impl Work {
    /// Waits until it has written something to stdout that `enough` says yes to, and gives it.
    pub fn wait_for_output(&self, enough: impl Fn(&[u8]) -> bool) -> Outcome<Vec<u8>> {
        if self
            .stdout
            .wait_until(Instant::now() + TIME, |said, closed| closed || enough(said))
        {
            return Ok(self.stdout.head());
        }
        Err(self.too_slow())
    }

    /// Waits for its end and gives what it wrote to stdout.
    pub fn finish(mut self) -> Outcome<Vec<u8>> {
        let deadline = Instant::now() + TIME;
        loop {
            match self.child.try_wait() {
                Ok(Some(_)) => break,
                Ok(None) if Instant::now() > deadline => return Err(self.too_slow()),
                Ok(None) => thread::sleep(GLANCE),
                Err(error) => {
                    return Err(Failure::grader(&format!("wait for {}", self.name), error));
                }
            }
        }
        self.stdout.wait_until(deadline, |_, closed| closed);
        Ok(self.stdout.head())
    }

    fn too_slow(&self) -> Failure {
        let happened = format!(
            "{} did not come to an end in {} s",
            self.name,
            TIME.as_secs()
        );
        Failure::new(Saw::Silence, happened).expecting("its end", &self.stderr.head())
    }
}

impl Drop for Work {
    fn drop(&mut self) {
        // It may have ended by itself; then there is nothing left to do. A server is asked first:
        // it may have children to take along.
        if matches!(self.child.try_wait(), Ok(None)) {
            _ = kill_process(Pid::from_child(&self.child), Signal::TERM);
        }
        let deadline = Instant::now() + LEAVING;
        while Instant::now() < deadline && matches!(self.child.try_wait(), Ok(None)) {
            thread::sleep(GLANCE);
        }
        _ = self.child.kill();
        _ = self.child.wait();
    }
}
