//! What isolation there is on this machine, found by trying it.

pub(crate) mod attempt;
mod remedy;
mod temporary;

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, bail, ensure};

use crate::bubblewrap::is_root;
use crate::{
    Bubblewrap, CheckBox, CompileBox, Isolation, LAUNCHER_INSIDE, Level, NOBODY, ensure_reachable,
};
use attempt::{Canary, Findings};
use temporary::Folder;

/// What [`probe`] found.
#[derive(Clone, Debug)]
pub struct Probed {
    /// What held, and is to be used.
    pub isolation: Isolation,
    /// The level that this amounts to.
    pub level: Level,
    /// The bubblewrap to make boxes with, when [`Isolation::boxed`] says so.
    pub bubblewrap: Option<Bubblewrap>,
    /// What is missing, each with its remedy; sentences.
    pub notes: Vec<String>,
}

/// Tries what isolation there is, with `launcher` as the program that is isolated:
/// whether a box's loopback connects, its compiler's box hides the host's files, a
/// confined program is denied a file and refused a process. Takes some 30 ms.
///
/// With a level wanted, no more than that is used, and less is an error that tells the
/// remedies; with none, whatever there is.
pub fn probe(wanted: Option<Level>, launcher: &Path) -> anyhow::Result<Probed> {
    let mut probed = Probed {
        isolation: Isolation {
            boxed: None,
            landlock: None,
            seccomp: false,
            uid: rustix::process::geteuid().as_raw(),
        },
        level: Level::None,
        bubblewrap: None,
        notes: Vec::new(),
    };
    if wanted == Some(Level::None) {
        return Ok(probed);
    }
    let launcher = std::path::absolute(launcher)?;
    ensure!(
        launcher.is_file(),
        "there is no launcher at {}: `cargo build --package sandbox` makes it",
        launcher.display()
    );
    if !cfg!(target_os = "linux") {
        probed.notes.push(remedy::OTHER_SYSTEM.to_owned());
        return probed.enough_for(wanted);
    }
    let boxed = match wanted {
        Some(Level::Confine) => None,
        _ => probed.try_box(&launcher),
    };
    let findings = match boxed {
        Some(findings) => findings,
        None => Findings::from(Command::new(&launcher).env_clear())
            .context("cannot try what the launcher can do")?,
    };
    probed.take(findings);
    probed.enough_for(wanted)
}

impl Probed {
    /// Tries both boxes, and notes what is missing for them.
    fn try_box(&mut self, launcher: &Path) -> Option<Findings> {
        let Some(bubblewrap) = Bubblewrap::find() else {
            self.notes.push(remedy::NO_BUBBLEWRAP.to_owned());
            return None;
        };
        if let Err(error) = ensure_reachable(launcher) {
            self.notes.push(format!("There is no box, for {error:#}."));
            return None;
        }
        let tried = try_check_box(&bubblewrap, launcher).and_then(|findings| {
            try_compile_box(&bubblewrap, launcher)?;
            Ok(findings)
        });
        match tried {
            Ok(findings) => {
                self.isolation.boxed = Some(bubblewrap.version().to_owned());
                if is_root() {
                    self.isolation.uid = NOBODY;
                }
                self.bubblewrap = Some(bubblewrap);
                Some(findings)
            }
            Err(error) => {
                self.notes.push(remedy::no_box(&bubblewrap, &error));
                None
            }
        }
    }

    /// Takes over what held for a confined program.
    fn take(&mut self, findings: Findings) {
        match findings.landlock {
            Ok(abi) => self.isolation.landlock = Some(abi),
            Err(why) => self.notes.push(remedy::no_landlock(&why)),
        }
        match findings.seccomp {
            Ok(()) => self.isolation.seccomp = true,
            Err(why) => self.notes.push(remedy::no_seccomp(&why)),
        }
        if let Err(why) = findings.ipv6 {
            self.notes.push(remedy::no_ipv6(&why));
        }
        self.level = match &self.isolation {
            Isolation {
                boxed,
                landlock: Some(_),
                seccomp: true,
                ..
            } => {
                if boxed.is_some() {
                    Level::Box
                } else {
                    Level::Confine
                }
            }
            _ => Level::None,
        };
        if self.isolation.boxed.is_none() && is_root() {
            self.notes.push(remedy::ROOT_WITHOUT_BOX.to_owned());
        }
    }

    fn enough_for(self, wanted: Option<Level>) -> anyhow::Result<Self> {
        match wanted {
            Some(wanted) if self.level < wanted => bail!(
                "isolation `{wanted}` is wanted, and there is only `{}` here.\n{}",
                self.level,
                self.notes.join("\n")
            ),
            _ => Ok(self),
        }
    }
}

fn try_check_box(bubblewrap: &Bubblewrap, launcher: &Path) -> anyhow::Result<Findings> {
    let mut command = CheckBox::new(bubblewrap, launcher).command()?;
    let findings = Findings::from(command.arg(LAUNCHER_INSIDE))?;
    if let Err(why) = &findings.ipv4 {
        bail!("the box's own loopback does not connect: {why}");
    }
    Ok(findings)
}

fn try_compile_box(bubblewrap: &Bubblewrap, launcher: &Path) -> anyhow::Result<()> {
    let output = Folder::new()?;
    let canary = output.path().join("canary");
    fs::write(&canary, "canary")?;
    let mut command = CompileBox::new(bubblewrap, launcher, Path::new("/usr/lib"), output.path())
        .around(Path::new(LAUNCHER_INSIDE))?;
    let attempted = Canary::at(&canary).ask(&mut command)?;
    if attempted.read.is_ok() {
        bail!("the compiler's box shows the host's {}", canary.display());
    }
    if let Err(why) = attempted.spawn {
        bail!("the compiler's box can start no linker: {why}");
    }
    Ok(())
}
