//! Formatting a stub: what rustfmt makes of it.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;

use crate::fault::{Fault, Result};
use crate::toolchain::rustc::missing;

/// `text` as `rustfmt` formats it; `shown` is the file's name in messages.
///
/// # Errors
/// The formatter cannot be started, or `text` is not Rust.
pub fn formatted(rustfmt: &Path, text: &str, shown: &str) -> Result<String> {
    let no_start = |error: &std::io::Error| missing("rustfmt", error);
    let mut child = Command::new(rustfmt)
        .args(["--edition", "2024", "--emit", "stdout", "--quiet"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| no_start(&error))?;
    let stdin = child.stdin.take();
    let answer = thread::scope(|scope| {
        // Written beside the reading, so that neither pipe can fill up and block both.
        // A formatter that stops reading says why on stderr.
        scope.spawn(move || stdin.map(|mut stdin| stdin.write_all(text.as_bytes())));
        child.wait_with_output()
    })
    .map_err(|error| no_start(&error))?;
    if !answer.status.success() {
        return Err(Fault::usage(
            format!(
                "what the regions leave of {shown} is not Rust:\n{}",
                String::from_utf8_lossy(&answer.stderr).trim_end()
            ),
            format!("mend the regions of {shown}"),
        ));
    }
    Ok(String::from_utf8_lossy(&answer.stdout).into_owned())
}
