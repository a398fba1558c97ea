//! The program under judgement, as a child process.

use std::io::{self, Write};
use std::os::unix::process::CommandExt;
use std::process::{Child, ChildStdin, ExitStatus, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{
    Pid, Resource, Rlimit, Signal, getpriority_process, kill_process, prlimit, setpriority_process,
};

use crate::bytes;
use crate::capture::{Capture, Keep};
use crate::facts::Facts;
use crate::failure::{Failure, Outcome};
use crate::record::{Panic, ProgramEnd};
use crate::scene::{PATIENCE, Scene};
use crate::transcript::{GRADER, PROGRAM};

mod ending;
mod expectations;
mod launch;
mod panic;

pub(crate) use ending::ending;

/// How often a condition is looked at that nothing announces.
pub(crate) const GLANCE: Duration = Duration::from_millis(1);

/// Processor time after which a program that has not come to rest is taken to be one that never does.
const RESTLESS: Duration = Duration::from_millis(100);

/// How much nicer than the check a program is that gives way (`nice(2)`): it gets a tenth as much of
/// a processor that others want too.
const NICER: i32 = 10;

/// How much of a panic's message is shown.
const PANIC_LENGTH: usize = 2048;

/// A running program. Clones are handles to the same one; it is killed when the last is gone.
#[derive(Debug, Clone)]
pub struct Program {
    running: Arc<Running>,
    scene: Scene,
}

#[derive(Debug)]
struct Running {
    child: Mutex<Child>,
    pid: Pid,
    stdin: Mutex<Option<ChildStdin>>,
    stdout: Capture,
    stderr: Capture,
    stopped_by_grader: AtomicBool,
}

/// What a program finds on its stdin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Input {
    /// The end, at once.
    Nothing,
    /// What the check types, see [`Program::type_in`].
    Typed,
}

impl Program {
    /// Starts the program with `args`.
    pub(crate) fn start(args: &[&str], input: Input, keep: Keep, scene: &Scene) -> Outcome<Self> {
        let stage = args.first().copied().unwrap_or_default();
        let mut command = launch::command(stage, scene)?;
        command
            .args(args)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command.stdin(if input == Input::Typed {
            Stdio::piped()
        } else {
            Stdio::null()
        });
        // A signal to the grader's group is not for the program.
        command.process_group(0);
        let mut started = || -> io::Result<Running> {
            let mut child = command.spawn()?;
            let no_pipe = || io::Error::other("its output is not piped");
            let stdout = child.stdout.take().ok_or_else(no_pipe)?;
            let stderr = child.stderr.take().ok_or_else(no_pipe)?;
            Ok(Running {
                pid: Pid::from_child(&child),
                stdin: Mutex::new(child.stdin.take()),
                child: Mutex::new(child),
                stdout: Capture::of(stdout, keep)?,
                stderr: Capture::of(stderr, Keep::Ends)?,
                stopped_by_grader: AtomicBool::new(false),
            })
        };
        let running = started().map_err(|error| Failure::grader("start the program", error))?;
        let program = Self {
            running: Arc::new(running),
            scene: scene.clone(),
        };
        let event = format!("starts: {}", args.join(" "));
        scene.transcript.note(GRADER, Some(PROGRAM), &event);
        scene.enter(program.clone());
        Ok(program)
    }

    pub(crate) fn scene(&self) -> &Scene {
        &self.scene
    }

    /// What can be seen of it from outside.
    pub fn facts(&self) -> Facts {
        Facts::of(self.running.pid)
    }

    /// What it is doing, for the sentence of a failure.
    pub(crate) fn doing(&self) -> String {
        match self.try_wait() {
            Some(status) => format!("your program had ended ({})", ending(status)),
            None => match self.facts().doing(&self.scene.peers()) {
                Some(doing) => format!("your program was {doing}"),
                None => "your program was still running".to_owned(),
            },
        }
    }

    /// Writes to its stdin, as if typed. A program that has closed its stdin hears nothing.
    pub fn type_in(&self, data: impl AsRef<[u8]>) -> Outcome {
        let data = data.as_ref();
        self.scene.transcript.sent("stdin", PROGRAM, data);
        let mut stdin = self.running.stdin();
        match stdin.as_mut().map(|pipe| pipe.write_all(data)) {
            Some(Err(error)) if error.kind() != io::ErrorKind::BrokenPipe => {
                Err(Failure::grader("write to the program's stdin", error))
            }
            _ => Ok(()),
        }
    }

    /// Ends its stdin.
    pub fn end_input(&self) {
        self.scene.transcript.note("stdin", Some(PROGRAM), "ends");
        self.running.stdin().take();
    }

    /// Writes all of `data` to its stdin from a thread of its own, and ends it.
    pub fn feed(&self, data: impl Into<Vec<u8>>) -> Outcome {
        let data = data.into();
        self.scene.transcript.sent("stdin", PROGRAM, &data);
        let Some(mut pipe) = self.running.stdin().take() else {
            return Ok(());
        };
        let transcript = self.scene.transcript.clone();
        let feeding = thread::Builder::new().spawn(move || {
            // A program may stop reading before the end: that is its own affair.
            let event = if pipe.write_all(&data).is_ok() {
                "ends"
            } else {
                "is closed early"
            };
            transcript.note("stdin", Some(PROGRAM), event);
        });
        feeding
            .map(drop)
            .map_err(|error| Failure::grader("start a thread", error))
    }

    /// Sends it a signal.
    pub fn signal(&self, signal: Signal) -> Outcome {
        let name = format!("{signal:?}").replace("Signal::", "SIG");
        self.expect_alive()?;
        self.scene
            .transcript
            .note(GRADER, Some(PROGRAM), &format!("sends {name}"));
        self.act("signal the program", kill_process(self.running.pid, signal))
    }

    /// What came of doing something to it. It can end at any moment, and that is no fault of the grader's.
    fn act(&self, doing: &str, done: rustix::io::Result<()>) -> Outcome {
        done.or_else(|error| {
            self.expect_alive()?;
            Err(Failure::grader(doing, error))
        })
    }

    /// Asks it to leave: SIGTERM.
    pub fn terminate(&self) -> Outcome {
        self.signal(Signal::TERM)
    }

    /// Waits until it has dealt with all that has come, and waits itself for what comes next. One
    /// that never rests is left to what the check does then.
    pub fn settle(&self) {
        self.come_to_rest(Duration::MAX);
    }

    /// As [`Self::settle`], until it has used `most` processor time meanwhile.
    fn come_to_rest(&self, most: Duration) {
        let deadline = Instant::now() + PATIENCE;
        let facts = self.facts();
        let used = || facts.cpu().unwrap_or_default();
        let before = used();
        let mut asleep = 0;
        while asleep < 3
            && self.try_wait().is_none()
            && Instant::now() < deadline
            && used().saturating_sub(before) < most
        {
            asleep = if facts.is_asleep() { asleep + 1 } else { 0 };
            thread::sleep(GLANCE);
        }
    }

    /// Stops it in its tracks (SIGSTOP) until [`Self::thaw`], so that the kernel alone meets what comes.
    /// One that has something to do finishes it first: what is stopped is waiting.
    pub fn freeze(&self) -> Outcome {
        self.come_to_rest(RESTLESS);
        self.stop_at_once()
    }

    /// As [`Self::freeze`], in the middle of whatever it does.
    pub fn stop_at_once(&self) -> Outcome {
        self.signal(Signal::STOP)?;
        let deadline = Instant::now() + PATIENCE;
        while !self.facts().is_stopped() {
            self.expect_alive()?;
            if Instant::now() > deadline {
                return Err(Failure::grader("stop the program", "it goes on"));
            }
            thread::sleep(GLANCE);
        }
        Ok(())
    }

    /// Lets it go on (SIGCONT).
    pub fn thaw(&self) -> Outcome {
        self.signal(Signal::CONT)
    }

    /// Lets the check come first from here on where both are ready to run, so that what it does at
    /// some moment of the program's is not done too late on a busy machine. For programs with one
    /// thread: it alone gives way.
    pub fn give_way(&self) -> Outcome {
        let nice = getpriority_process(None)
            .and_then(|own| setpriority_process(Some(self.running.pid), own + NICER));
        self.act("make the program nicer", nice)
    }

    /// Kills it and waits until its end, so that its sockets are closed and its address is free.
    pub fn kill(&self) -> Outcome {
        self.scene
            .transcript
            .note(GRADER, Some(PROGRAM), "kills it");
        self.stop()
            .map_err(|error| Failure::grader("kill the program", error))
    }

    /// Leaves it room for `more` descriptors beside those it has open (RLIMIT_NOFILE, from outside).
    pub fn leave_descriptors(&self, more: usize) -> Outcome {
        let limit = (self.facts().descriptors()? + more) as u64;
        let event = format!("leaves it {limit} descriptors");
        self.scene.transcript.note(GRADER, Some(PROGRAM), &event);
        let limits = Rlimit {
            current: Some(limit),
            maximum: Some(limit),
        };
        let limited = prlimit(Some(self.running.pid), Resource::Nofile, limits);
        self.act("limit its descriptors", limited.map(drop))
    }

    /// What it has written to stdout so far: all of it for a client, the first 16 KiB for a server.
    pub fn stdout(&self) -> Vec<u8> {
        self.running.stdout.head()
    }

    /// What it has written to stderr so far, at most its first 16 KiB.
    pub fn stderr(&self) -> Vec<u8> {
        self.running.stderr.head()
    }

    /// Waits until `ready` says so of (stdout so far, whether it is closed), or until the deadline.
    pub(crate) fn wait_for_stdout(
        &self,
        deadline: Instant,
        ready: impl Fn(&[u8], bool) -> bool,
    ) -> bool {
        self.running.stdout.wait_until(deadline, ready)
    }

    /// Its exit status, if it ends within that time.
    pub(crate) fn end_within(&self, time: Duration) -> Option<ExitStatus> {
        let deadline = Instant::now() + time;
        loop {
            if let Some(status) = self.try_wait() {
                return Some(status);
            }
            if Instant::now() > deadline {
                return None;
            }
            thread::sleep(GLANCE);
        }
    }

    pub(crate) fn try_wait(&self) -> Option<ExitStatus> {
        // An error means that there is nothing to wait for; that is no exit status.
        self.running.child().try_wait().ok().flatten()
    }

    /// Waits a moment for the end of stderr of a program that has ended.
    pub(crate) fn stderr_settled(&self) {
        if self.try_wait().is_some() {
            // Its pipe is closed, and the thread that drains it may have to wait for a processor.
            let deadline = Instant::now() + PATIENCE;
            self.running.stderr.wait_until(deadline, |_, closed| closed);
        }
    }

    /// Whether it has panicked, in whichever thread.
    pub(crate) fn panic(&self) -> Option<Panic> {
        let (at, message) = panic::find(&String::from_utf8_lossy(&self.stderr()))?;
        let message = bytes::escape_lines(message.as_bytes());
        let message = message.chars().take(PANIC_LENGTH).collect();
        Some(Panic {
            at: bytes::escape_lines(at.as_bytes()),
            message,
        })
    }

    /// Whether it wrote more than it may.
    pub(crate) fn wrote_too_much(&self) -> bool {
        self.running.stdout.is_over_limit() || self.running.stderr.is_over_limit()
    }

    /// Ends it if it still runs, and tells how it ended and what it said.
    pub(crate) fn end(&self) -> ProgramEnd {
        let ended_by_itself = self.try_wait();
        // Whatever the outcome, the grader is done with it.
        _ = self.stop();
        self.stderr_settled();
        let by_grader = self.running.stopped_by_grader.load(Ordering::Relaxed);
        ProgramEnd {
            exit: match ended_by_itself {
                Some(status) if !by_grader => ending(status),
                _ => "stopped by the grader".to_owned(),
            },
            panic: self.panic(),
            stderr_head: bytes::escape_lines(&self.stderr()),
            stderr_tail: self
                .running
                .stderr
                .tail()
                .map(|tail| bytes::escape_lines(&tail)),
        }
    }

    fn stop(&self) -> io::Result<()> {
        if self.try_wait().is_none() {
            self.running
                .stopped_by_grader
                .store(true, Ordering::Relaxed);
        }
        self.running.stop()
    }
}

impl Running {
    fn child(&self) -> MutexGuard<'_, Child> {
        self.child.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn stdin(&self) -> MutexGuard<'_, Option<ChildStdin>> {
        self.stdin.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn stop(&self) -> io::Result<()> {
        let mut child = self.child();
        child.kill()?;
        child.wait().map(drop)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended by itself; then there is nothing left to do.
        _ = self.stop();
    }
}
