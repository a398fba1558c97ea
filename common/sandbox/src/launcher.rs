//! What the launcher is told to do, and does.

use std::ffi::OsString;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use anyhow::{Context, bail};
use serde::{Deserialize, Serialize};

use crate::Confinement;
use crate::entry::Entry;
use crate::probe::attempt;

/// The launcher's exit code when it could not do what it was told; the reason is on
/// stderr. Nothing else ran then.
pub const LAUNCHER_FAILED: u8 = 125;

/// The environment of each program: small stacks let a thousand threads fit the limits.
const STACK: (&str, &str) = ("RUST_MIN_STACK", "262144");

/// The launcher's first argument, as JSON; what follows is a program and its arguments.
#[derive(Serialize, Deserialize, Debug)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Order {
    /// Be confined, and become the program.
    Confine(Confinement),
    /// Be the first process of a box, and run the program in it.
    Enter(Entry),
    /// Try what isolation holds here, and print it; there is no program.
    Probe,
    /// Try what a confined program must not do, and print it; there is no program.
    Attempt(attempt::Canary),
}

impl Order {
    /// The command that gives the launcher this order about a program.
    pub(crate) fn command(&self, launcher: &Path, program: &Path) -> Command {
        let mut command = Command::new(launcher);
        command.env_clear().arg(self.text()).arg(program);
        command
    }

    /// The order as an argument. A path that is no text has no JSON: that yields an empty
    /// one, which the launcher refuses.
    pub(crate) fn text(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    fn carry_out(self, mut rest: impl Iterator<Item = OsString>) -> anyhow::Result<ExitCode> {
        let mut program = || {
            rest.next()
                .map(PathBuf::from)
                .context("no program is given")
        };
        match self {
            Self::Confine(confinement) => {
                let program = std::path::absolute(program()?)?;
                confinement.apply(&program)?;
                let error = Command::new(&program)
                    .args(rest)
                    .env_clear()
                    .env(STACK.0, STACK.1)
                    .exec();
                Err(error).with_context(|| format!("cannot start {}", program.display()))
            }
            Self::Enter(entry) => {
                let program = program()?;
                entry.run(Command::new(program).args(rest))
            }
            Self::Probe => attempt::report(&attempt::Findings::gather()),
            Self::Attempt(canary) => attempt::report(&canary.attempt()),
        }
    }
}

/// The launcher's `main`.
pub fn launch(mut arguments: impl Iterator<Item = OsString>) -> ExitCode {
    let done = || -> anyhow::Result<ExitCode> {
        let _own_name = arguments.next();
        let Some(order) = arguments.next() else {
            bail!("this program is started by the grader; its first argument says what to do");
        };
        let order = order.into_string().unwrap_or_default();
        let order: Order = serde_json::from_str(&order).context("the order is not understood")?;
        order.carry_out(arguments)
    };
    done().unwrap_or_else(|error| {
        eprintln!("launcher: {error:#}");
        ExitCode::from(LAUNCHER_FAILED)
    })
}
