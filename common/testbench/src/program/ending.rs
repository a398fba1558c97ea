//! How a process ended, for people.

use std::os::unix::process::ExitStatusExt;
use std::process::ExitStatus;

/// `exit 1`, `signal 11 (SIGSEGV, a bad memory access or a stack overflow)`.
pub(crate) fn ending(status: ExitStatus) -> String {
    match (status.code(), status.signal()) {
        (Some(code), _) => format!("exit {code}"),
        (None, Some(signal)) => match name(signal) {
            Some(name) => format!("signal {signal} ({name})"),
            None => format!("signal {signal}"),
        },
        (None, None) => "an unknown end".to_owned(),
    }
}

/// The signals that programs die of, signal(7). The numbers are those of x86 and ARM.
fn name(signal: i32) -> Option<&'static str> {
    Some(match signal {
        4 => "SIGILL, an illegal instruction",
        6 => "SIGABRT, abort",
        9 => "SIGKILL",
        11 => "SIGSEGV, a bad memory access or a stack overflow",
        13 => "SIGPIPE, a write to a pipe that nobody reads",
        15 => "SIGTERM",
        24 => "SIGXCPU, out of processor time",
        25 => "SIGXFSZ, a file too large",
        31 => "SIGSYS, a forbidden system call",
        _ => return None,
    })
}
