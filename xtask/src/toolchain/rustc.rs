//! The compiler: the one in the sysroot, without the proxy that rustup puts before it.

use std::env;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::fault::{Fault, Result};

/// A Rust toolchain.
#[derive(Debug, Clone)]
pub struct Rustc {
    /// Its folder.
    pub sysroot: PathBuf,
    /// The compiler itself.
    pub path: PathBuf,
    /// What `rustc --version` says.
    pub version: String,
}

impl Rustc {
    /// Asks the compiler on PATH, or the one that `RUSTC` names, where it really is.
    ///
    /// # Errors
    /// There is none, or it does not say.
    pub fn find() -> Result<Self> {
        let asked = PathBuf::from(env::var_os("RUSTC").unwrap_or_else(|| "rustc".into()));
        let sysroot = PathBuf::from(answer(&asked, &["--print", "sysroot"])?);
        let inside = sysroot.join("bin/rustc");
        let path = if inside.is_file() { inside } else { asked };
        Ok(Self {
            version: answer(&path, &["--version"])?,
            path,
            sysroot,
        })
    }

    /// The formatter of the same toolchain.
    ///
    /// # Errors
    /// The toolchain has none.
    pub fn rustfmt(&self) -> Result<PathBuf> {
        let path = self.sysroot.join("bin/rustfmt");
        if path.is_file() {
            return Ok(path);
        }
        Err(Fault::grader(
            format!("this toolchain has no rustfmt ({})", path.display()),
            "install it: rustup component add rustfmt",
        ))
    }
}

/// What `rustc` says when asked that.
fn answer(rustc: &Path, question: &[&str]) -> Result<String> {
    let answer = Command::new(rustc)
        .args(question)
        .output()
        .map_err(|error| missing("rustc", &error))?;
    let text = String::from_utf8_lossy(&answer.stdout).trim().to_owned();
    if answer.status.success() && !text.is_empty() {
        return Ok(text);
    }
    Err(Fault::grader(
        format!(
            "the compiler does not answer `{}`: {}",
            question.join(" "),
            String::from_utf8_lossy(&answer.stderr).trim()
        ),
        format!("ask it by hand: {} {}", rustc.display(), question.join(" ")),
    ))
}

/// `tool` could not be started.
pub fn missing(tool: &str, error: &io::Error) -> Fault {
    if error.kind() == io::ErrorKind::NotFound {
        return Fault::grader(
            format!("there is no {tool} on PATH"),
            "install Rust (https://rustup.rs), or put ~/.cargo/bin on PATH",
        );
    }
    Fault::grader(
        format!("cannot start {tool}: {error}"),
        format!("start it by hand and see: {tool} --version"),
    )
}
