//! Which isolation a run has, and the compilers and checks that it starts within.

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::process::Command;

use sandbox::{Bubblewrap, CheckBox, CompileBox, LAUNCHER_INSIDE, Level, Limits, Probed};
use testbench::allowance::{Allowance, Allowances};
use testbench::{record, settings};

use crate::fault::{Fault, Result};

/// Where a box holds what is bound into it.
const WORK_INSIDE: &str = "/work";
const LIBRARIES_INSIDE: &str = "/libraries";
const CHECKS_INSIDE: &str = "/checks";
const PROGRAM_INSIDE: &str = "/program";
const SOURCES_INSIDE: &str = "/sources";

/// The isolation of a run, found by trying it.
#[derive(Debug, Clone)]
pub struct Isolation {
    probed: Probed,
    launcher: PathBuf,
}

/// What one compilation works with; paths are the host's.
#[derive(Debug)]
pub struct CompileJob<'a> {
    /// The compiler.
    pub rustc: &'a Path,
    /// Its toolchain.
    pub sysroot: &'a Path,
    /// The folder that holds the sources, under the path that messages are to name.
    pub tree: &'a Path,
    /// The folder of the libraries.
    pub libraries: &'a Path,
    /// The folder that the program goes to.
    pub output: &'a Path,
}

/// What one run of a check binary works with; paths are the host's.
#[derive(Debug)]
pub struct CheckJob<'a> {
    /// The check binary.
    pub checks: &'a Path,
    /// The program to judge.
    pub program: &'a Path,
    /// Its sources.
    pub sources: &'a Path,
    /// The seed of payloads and schedules, hexadecimal.
    pub seed: &'a str,
    /// What the lab's stages are allowed beyond the default.
    pub allowed: &'a Allowances,
    /// Whether more is to be told than verdicts.
    pub traced: Option<&'a Traced>,
}

/// What a run tells besides verdicts: the transcript of a check that passes, and system calls.
#[derive(Debug, Clone, Default)]
pub struct Traced {
    /// The strace that writes system calls, and the folder that it writes them to. For programs
    /// without a box and unconfined: nobody else may be traced.
    pub strace: Option<(PathBuf, PathBuf)>,
}

impl Traced {
    /// As the check binary is told it.
    fn told(&self) -> Vec<(&'static str, &OsStr)> {
        let mut told = vec![(settings::TRANSCRIPTS, OsStr::new("1"))];
        if let Some((strace, calls)) = &self.strace {
            told.push((settings::STRACE, strace.as_os_str()));
            told.push((settings::CALLS, calls.as_os_str()));
        }
        told
    }
}

impl CheckJob<'_> {
    /// Whether one of the lab's stages is allowed it, and so the box made for it.
    fn allows(&self, wanted: Allowance) -> bool {
        self.allowed
            .values()
            .flatten()
            .any(|allowance| *allowance == wanted)
    }
}

/// A command that stands within the isolation, and where it finds things.
#[derive(Debug)]
pub struct CompileCommand {
    /// `rustc`, without arguments.
    pub command: Command,
    /// Where the libraries are.
    pub libraries: PathBuf,
    /// Where the program goes to.
    pub output: PathBuf,
    /// What it may use, which is left to the caller to see to where there is no box.
    pub limits: Limits,
}

impl Isolation {
    /// Tries what there is; with a level `wanted`, exactly that.
    ///
    /// `launcher` confines programs; a box that root starts must be able to reach it.
    ///
    /// # Errors
    /// A level is wanted that this machine does not have.
    pub fn probe(wanted: Option<Level>, launcher: &Path) -> Result<Self> {
        let probed = sandbox::probe(wanted, launcher).map_err(|error| {
            Fault::grader(
                format!("this machine does not isolate as asked: {error:#}"),
                "cargo xtask install-tools; cargo xtask doctor says what else is missing. Or ask for less, \
                 which every record will say: --isolation confine, --isolation none",
            )
        })?;
        Ok(Self {
            probed,
            launcher: launcher.to_path_buf(),
        })
    }

    /// As it stands in a record.
    pub fn described(&self) -> record::Isolation {
        let isolation = &self.probed.isolation;
        record::Isolation {
            boxed: isolation.boxed.clone(),
            landlock: isolation.landlock,
            seccomp: isolation.seccomp,
            uid: isolation.uid,
        }
    }

    /// What is missing, each with its remedy; in a line where this runner has the remedy.
    pub fn notes(&self) -> Vec<String> {
        if self.probed.notes.is_empty() || Bubblewrap::find().is_some() {
            return self.probed.notes.clone();
        }
        vec![
            "no box: bubblewrap is not installed; to have it: cargo xtask install-tools".to_owned(),
        ]
    }

    /// What is missing, each with its remedy in full.
    pub fn probed_notes(&self) -> &[String] {
        &self.probed.notes
    }

    /// The bubblewrap to make boxes with, if boxes are on.
    fn bubblewrap(&self) -> Option<&Bubblewrap> {
        let boxed = self.probed.isolation.boxed.is_some();
        self.probed.bubblewrap.as_ref().filter(|_| boxed)
    }

    /// The compiler for `job`.
    ///
    /// # Errors
    /// The box cannot be made.
    pub fn compiler(&self, job: &CompileJob<'_>) -> Result<CompileCommand> {
        let Some(bubblewrap) = self.bubblewrap() else {
            let mut command = Command::new(job.rustc);
            command
                .current_dir(job.tree)
                .env_clear()
                .env("TMPDIR", job.output);
            // The linker is looked for there.
            command.envs(std::env::var_os("PATH").map(|path| ("PATH", path)));
            return Ok(CompileCommand {
                command,
                libraries: job.libraries.to_path_buf(),
                output: job.output.to_path_buf(),
                limits: Limits::compiler(),
            });
        };
        let compile_box = CompileBox::new(bubblewrap, &self.launcher, job.sysroot, job.output)
            .read_only(job.tree, WORK_INSIDE)
            .read_only(job.libraries, LIBRARIES_INSIDE)
            .work_dir(WORK_INSIDE);
        Ok(CompileCommand {
            command: compile_box.command().map_err(|error| no_box(&error))?,
            libraries: PathBuf::from(LIBRARIES_INSIDE),
            output: PathBuf::from(CompileBox::OUTPUT),
            limits: Limits::none(),
        })
    }

    /// The check binary for `job`, without arguments.
    ///
    /// # Errors
    /// The box cannot be made.
    pub fn checks(&self, job: &CheckJob<'_>) -> Result<Command> {
        let confinement = self.probed.isolation.confinement();
        let confinement = serde_json::to_string(&confinement).map_err(|error| no_box(&error))?;
        let allowed = serde_json::to_string(job.allowed).map_err(|error| no_box(&error))?;
        let told = |program: &Path, sources: &Path, launcher: &Path| {
            let pair = |name: &str, value: &OsStr| (OsString::from(name), value.to_owned());
            [
                pair(settings::PROGRAM, program.as_os_str()),
                pair(settings::SOURCES, sources.as_os_str()),
                pair(settings::LAUNCHER, launcher.as_os_str()),
                pair(settings::CONFINEMENT, confinement.as_ref()),
                pair(settings::ALLOWED, allowed.as_ref()),
                pair(settings::SEED, job.seed.as_ref()),
                pair(settings::VERDICTS, "1".as_ref()),
            ]
        };
        let Some(bubblewrap) = self.bubblewrap() else {
            let mut command = Command::new(job.checks);
            command.env_clear();
            command.envs(told(job.program, job.sources, &self.launcher));
            command.envs(job.traced.into_iter().flat_map(Traced::told));
            return Ok(command);
        };
        let inside = [PROGRAM_INSIDE, SOURCES_INSIDE, LAUNCHER_INSIDE].map(Path::new);
        let check_box = CheckBox::new(bubblewrap, &self.launcher)
            .read_only(job.checks, CHECKS_INSIDE)
            .read_only(job.program, PROGRAM_INSIDE)
            .read_only(job.sources, SOURCES_INSIDE)
            .raw_sockets(job.allows(Allowance::RawSockets))
            .network_settings(job.allows(Allowance::NetworkSettings));
        let owned = [
            (Allowance::RawSockets, settings::NETWORK),
            (Allowance::NetworkSettings, settings::NETWORK_SETTINGS),
        ];
        let check_box = owned
            .into_iter()
            .filter(|(allowance, _)| job.allows(*allowance))
            .fold(check_box, |check_box, (_, name)| check_box.env(name, "1"));
        let [program, sources, launcher] = inside;
        let check_box = told(program, sources, launcher)
            .into_iter()
            .fold(check_box, |check_box, (name, value)| {
                check_box.env(name, value)
            });
        let traced = job.traced.into_iter().flat_map(Traced::told);
        let check_box = traced.fold(check_box, |check_box, (name, value)| {
            check_box.env(name, value)
        });
        let mut command = check_box.command().map_err(|error| no_box(&error))?;
        command.arg(CHECKS_INSIDE);
        Ok(command)
    }
}

/// The isolation in a line: `box: bubblewrap 0.8.0 + Landlock ABI 7 + seccomp, as uid 65534`.
pub fn line(isolation: &record::Isolation) -> String {
    let layers: Vec<String> = [
        isolation.boxed.clone(),
        isolation.landlock.map(|abi| format!("Landlock ABI {abi}")),
        isolation.seccomp.then(|| "seccomp".to_owned()),
    ]
    .into_iter()
    .flatten()
    .collect();
    let level = match (&isolation.boxed, layers.is_empty()) {
        (Some(_), _) => "box",
        (None, false) => "confine",
        (None, true) => return format!("none: limits only, as uid {}", isolation.uid),
    };
    format!("{level}: {}, as uid {}", layers.join(" + "), isolation.uid)
}

fn no_box(error: &dyn std::fmt::Display) -> Fault {
    Fault::grader(
        format!("the box cannot be made: {error:#}"),
        "cargo xtask install-tools, or ask for less: --isolation confine",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_box_has_raw_sockets_when_one_of_its_stages_is_allowed_them() {
        let job = |allowed: &Allowances| {
            let path = Path::new("/x");
            CheckJob {
                checks: path,
                program: path,
                sources: path,
                seed: "7",
                allowed,
                traced: None,
            }
            .allows(Allowance::RawSockets)
        };
        let mut allowed = Allowances::new();
        allowed.insert("path".to_owned(), vec![Allowance::PathSockets]);
        assert!(!job(&allowed));
        allowed.insert("ping".to_owned(), vec![Allowance::RawSockets]);
        assert!(job(&allowed));
    }

    #[test]
    fn the_line_names_the_level_and_its_layers() {
        let mut isolation = record::Isolation {
            boxed: Some("bubblewrap 0.8.0".to_owned()),
            landlock: Some(7),
            seccomp: true,
            uid: 65534,
        };
        let full = "box: bubblewrap 0.8.0 + Landlock ABI 7 + seccomp, as uid 65534";
        assert_eq!(line(&isolation), full);
        isolation.boxed = None;
        isolation.uid = 1000;
        assert_eq!(
            line(&isolation),
            "confine: Landlock ABI 7 + seccomp, as uid 1000"
        );
        isolation.landlock = None;
        isolation.seccomp = false;
        assert_eq!(line(&isolation), "none: limits only, as uid 1000");
    }
}
