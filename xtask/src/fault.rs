//! Why a command could not be done, and what to do next.

use std::fmt;
use std::io;
use std::path::Path;
use std::process::ExitCode;

/// What every step gives back.
pub type Result<T> = std::result::Result<T, Fault>;

/// Why a command could not be done. There is none without a remedy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    kind: Kind,
    what: String,
    remedy: String,
}

/// Whose turn it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// What was asked for, or what stands in the workspace, cannot be meant: exit code 2.
    Usage,
    /// The grader or its machine is at fault: exit code 3.
    Grader,
}

impl Fault {
    /// What was typed, or what an author wrote in the workspace, cannot be right.
    pub fn usage(what: impl fmt::Display, remedy: impl fmt::Display) -> Self {
        Self::new(Kind::Usage, &what, &remedy)
    }

    /// The grader cannot do its work on this machine.
    pub fn grader(what: impl fmt::Display, remedy: impl fmt::Display) -> Self {
        Self::new(Kind::Grader, &what, &remedy)
    }

    fn new(kind: Kind, what: &dyn fmt::Display, remedy: &dyn fmt::Display) -> Self {
        Self {
            kind,
            what: what.to_string(),
            remedy: remedy.to_string(),
        }
    }

    /// `error` stopped us from doing `action` (`read`, `make the folder`) to `path`.
    pub fn io(action: &str, path: &Path, error: &io::Error) -> Self {
        let path = path.display();
        let remedy = match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
                format!(
                    "free some space where {path} is; for temporary work name another folder: TMPDIR=/elsewhere cargo xtask ..."
                )
            }
            io::ErrorKind::PermissionDenied => {
                format!("give yourself access to it: ls -ld {path}")
            }
            io::ErrorKind::NotFound => {
                format!("look whether it was moved or deleted: git status {path}")
            }
            _ => format!("look at it, then try again: ls -ld {path}"),
        };
        Self::grader(format!("cannot {action} {path}: {error}"), remedy)
    }

    /// What happened, without the remedy.
    pub fn what(&self) -> &str {
        &self.what
    }

    /// What to do next.
    pub fn remedy(&self) -> &str {
        &self.remedy
    }

    /// The exit code that says whose turn it is.
    pub fn exit_code(&self) -> ExitCode {
        ExitCode::from(match self.kind {
            Kind::Usage => 2,
            Kind::Grader => 3,
        })
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "error: {}\n next: {}", self.what, self.remedy)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_disk_is_told_with_a_way_out() {
        let full = io::Error::from(io::ErrorKind::StorageFull);
        let told = Fault::io("write", Path::new("/tmp/x"), &full).to_string();
        assert!(told.contains("cannot write /tmp/x"), "{told}");
        assert!(told.contains("TMPDIR="), "{told}");
    }
}
