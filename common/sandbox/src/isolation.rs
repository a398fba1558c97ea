//! Which layers of isolation there are.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::Confinement;

/// Which layers are on, in detail; it stands in every record.
#[derive(Serialize, Deserialize, Clone, Debug, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct Isolation {
    /// `bubblewrap 0.8.0`, or nothing.
    #[serde(rename = "box")]
    pub boxed: Option<String>,
    /// The Landlock ABI that is enforced, or nothing.
    pub landlock: Option<u32>,
    /// Whether system calls are filtered.
    pub seccomp: bool,
    /// The user id, seen from outside, that programs run as.
    pub uid: u32,
}

impl Isolation {
    /// What the launcher is to put on each program under this isolation, with the
    /// default limits and nothing allowed.
    pub fn confinement(&self) -> Confinement {
        let mut confinement = Confinement {
            landlock: self.landlock.is_some(),
            seccomp: self.seccomp,
            ..Confinement::default()
        };
        if self.boxed.is_none() {
            // The limit counts all processes of the user, and a desktop has hundreds.
            confinement.limits.processes = None;
        }
        confinement
    }
}

/// How much isolation is wanted.
#[derive(Serialize, Deserialize, Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[serde(rename_all = "kebab-case")]
pub enum Level {
    /// Resource limits, an own session and an empty environment only.
    None,
    /// Landlock and seccomp on each program.
    Confine,
    /// Compilers and checks in a box, and each program confined.
    Box,
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::None => "none",
            Self::Confine => "confine",
            Self::Box => "box",
        })
    }
}

impl FromStr for Level {
    type Err = String;

    /// Reads what [`Display`](fmt::Display) writes.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        [Self::None, Self::Confine, Self::Box]
            .into_iter()
            .find(|level| level.to_string() == text)
            .ok_or_else(|| format!("`{text}` is none of `box`, `confine`, `none`"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_level_is_read_as_it_is_written() {
        for level in [Level::None, Level::Confine, Level::Box] {
            assert_eq!(level.to_string().parse(), Ok(level));
        }
        assert!("boxed".parse::<Level>().is_err());
    }

    #[test]
    fn the_whole_users_processes_are_not_limited_outside_a_box() {
        let mut isolation = Isolation {
            boxed: None,
            landlock: Some(7),
            seccomp: true,
            uid: 1000,
        };
        assert_eq!(isolation.confinement().limits.processes, None);
        isolation.boxed = Some("bubblewrap 0.8.0".to_owned());
        assert!(isolation.confinement().limits.processes.is_some());
    }
}
