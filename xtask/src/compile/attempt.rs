//! One run of the compiler.

use std::fs;
use std::io::ErrorKind;
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus};
use std::time::{Duration, Instant};

use sandbox::LAUNCHER_FAILED;

use super::diagnostics::Report;
use crate::child::{self, Bounds, Ended};
use crate::course::lab::Lab;
use crate::fault::{Fault, Result};
use crate::grade::Manner;
use crate::isolation::{CompileJob, Isolation};
use crate::sources::pristine::Files;
use crate::stop::{Stop, interrupted};
use crate::toolchain::prebuilt::Prebuilt;
use crate::toolchain::rustc::{Rustc, missing};
use crate::toolchain::suite::named;
use crate::work::{self, Scratch, WorkFolder};

/// A compiler that has not ended by then is hanging; inside a box its CPU time ends sooner.
const PATIENCE: Duration = Duration::from_secs(60);

/// The folder in the output of what the next run can use again.
const INCREMENTAL: &str = "incremental";

/// How much of the compiler's output is read, in bytes; a million errors say no more.
const READ: usize = 4 * 1024 * 1024;

/// What every run of the compiler needs.
#[derive(Debug)]
pub(super) struct Tools {
    rustc: Rustc,
    isolation: Isolation,
    prebuilt: Prebuilt,
    /// A folder with the libraries of the labs and nothing else.
    libraries: PathBuf,
    /// Where what each lab's next run can use again is kept, if it is.
    kept: Option<PathBuf>,
    stop: Stop,
}

/// What one run of the compiler yielded.
pub(super) struct Attempt {
    /// The program, if it compiled.
    pub(super) program: Option<PathBuf>,
    /// The folder of the sources.
    pub(super) sources: PathBuf,
    /// What the compiler said.
    pub(super) report: Report,
    /// How long it took, in milliseconds.
    pub(super) ms: u64,
    /// Why it was stopped, if it was.
    stopped: Option<String>,
    /// The folder that all of it lies in.
    pub(super) folder: Scratch,
}

impl Tools {
    /// Copies the libraries into `work`, where a box can reach them.
    pub(super) fn new(
        rustc: &Rustc,
        isolation: &Isolation,
        prebuilt: &Prebuilt,
        work: &WorkFolder,
        manner: &Manner,
    ) -> Result<Self> {
        let libraries = work.fresh("libraries")?.join("for-labs");
        // The compiler lists it, to find what a library is made of.
        work::make_all(&libraries)?;
        for library in &prebuilt.for_labs {
            work::copy_into(&libraries, library)?;
        }
        Ok(Self {
            rustc: rustc.clone(),
            isolation: isolation.clone(),
            prebuilt: prebuilt.clone(),
            libraries,
            kept: (manner.incremental)
                .then(|| work.fresh("incremental"))
                .transpose()?,
            stop: manner.stop.clone(),
        })
    }

    /// Compiles `files`, which messages are to find in the folder `shown`, in a new folder of `work`.
    pub(super) fn attempt(
        &self,
        lab: &Lab,
        files: &Files,
        shown: &str,
        work: &WorkFolder,
    ) -> Result<Attempt> {
        // What is kept is of no use to sources in another folder.
        let folder = match self.kept {
            Some(_) => work.scratch_again(&lab.name)?,
            None => work.scratch(&lab.name)?,
        };
        let (tree, output) = (folder.path().join("tree"), folder.path().join("output"));
        let sources = tree.join(shown);
        work::make_all(&sources)?;
        work::make_all(&output)?;
        for (name, text) in files {
            work::write(&sources.join(name), text)?;
        }
        let mut compiler = self.isolation.compiler(&CompileJob {
            rustc: &self.rustc.path,
            sysroot: &self.rustc.sysroot,
            tree: &tree,
            libraries: &self.libraries,
            output: &output,
        })?;
        let kept = self.kept.as_ref().map(|kept| kept.join(&lab.name));
        let in_use = output.join(INCREMENTAL);
        if let Some(kept) = &kept {
            // Only the output can be written to. The first time there is nothing to move.
            _ = fs::rename(kept, &in_use);
            let incremental = compiler.output.join(INCREMENTAL);
            compiler.command.arg("-C");
            compiler.command.arg(named("incremental=", &incremental));
        }
        let main = format!("{shown}/main.rs");
        self.name_all(&mut compiler.command, lab, &compiler.libraries);
        compiler
            .command
            .arg("-o")
            .arg(compiler.output.join(&lab.name))
            .arg(main);
        let mut stderr = Vec::new();
        let began = Instant::now();
        let bounds = Bounds {
            patience: PATIENCE,
            limits: &compiler.limits,
            stop: &self.stop,
        };
        let ended = child::run(&mut compiler.command, &bounds, |piece| {
            let room = READ.saturating_sub(stderr.len()).min(piece.len());
            stderr.extend_from_slice(&piece[..room]);
        })
        .map_err(|error| match error.kind() {
            ErrorKind::Interrupted => interrupted(),
            _ => missing("rustc", &error),
        })?;
        if let Some(kept) = &kept {
            // What cannot be kept is made anew.
            _ = fs::rename(&in_use, kept);
        }
        let report = Report::parse(&stderr);
        if !ended.status.success() {
            box_held(ended, &report)?;
        }
        let program = output.join(&lab.name);
        // Not through a link: what is in the folder may be the submission's making.
        let there = fs::symlink_metadata(&program).is_ok_and(|found| found.is_file());
        Ok(Attempt {
            program: Some(program).filter(|_| ended.status.success() && there),
            sources,
            stopped: stopped(ended),
            report,
            folder,
            ms: u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX),
        })
    }

    /// The arguments that do not depend on the submission.
    fn name_all(&self, command: &mut Command, lab: &Lab, libraries: &Path) {
        command
            .args([
                "--edition",
                "2024",
                "--crate-type",
                "bin",
                "--error-format=json",
            ])
            .args(["--crate-name", &lab.name.replace('-', "_")])
            .args(["-C", "debuginfo=0", "-C", "strip=debuginfo"])
            .arg("-L")
            .arg(named("dependency=", libraries));
        for (name, path) in self.prebuilt.libraries_of(lab) {
            let library = libraries.join(path.file_name().unwrap_or_default());
            command
                .arg("--extern")
                .arg(named(&format!("{name}="), &library));
        }
    }
}

impl Attempt {
    /// Why it did not compile.
    pub(super) fn text(&self) -> String {
        let told = self.report.text();
        match &self.stopped {
            Some(stopped) if told.is_empty() => stopped.clone(),
            Some(stopped) => format!("{stopped}\n{told}"),
            None => told,
        }
    }

    /// Whether what went wrong is the machine's lack.
    pub(super) fn disk_is_full(&self) -> bool {
        self.text().contains("No space left on device")
    }
}

/// Tells a box or launcher that failed from a compiler that did.
fn box_held(ended: Ended, report: &Report) -> Result<()> {
    let by_launcher = ended.status.code() == Some(LAUNCHER_FAILED.into());
    let by_bubblewrap = report.is_silent() && report.other.starts_with("bwrap: ");
    if by_launcher || by_bubblewrap {
        return Err(Fault::grader(
            format!("the compiler's box cannot be used: {}", report.other.trim()),
            "grade with less isolation, if the sources are your own: --isolation confine",
        ));
    }
    Ok(())
}

/// Why the compiler was stopped, unless it ended by itself.
fn stopped(ended: Ended) -> Option<String> {
    if ended.out_of_time {
        return Some(format!("the compiler was stopped after {PATIENCE:?}"));
    }
    // 1 is an error in the sources, 101 one in the compiler.
    if matches!(ended.status.code(), Some(0 | 1 | 101)) {
        return None;
    }
    let why = match killed_by(ended.status) {
        // SIGXCPU, and a second later SIGKILL.
        Some(9 | 24) => "it ran out of processor time",
        Some(6) => "it ran out of memory",
        Some(7 | 11) => "it ran out of stack: something is nested too deeply",
        Some(25) => "it wrote a larger file than it may",
        _ => "it used more than it may",
    };
    Some(format!(
        "the compiler was stopped: {why} ({})",
        ended.status
    ))
}

/// The signal that killed the compiler. A box tells it as shells do, by 128 and the signal.
fn killed_by(status: ExitStatus) -> Option<i32> {
    let signal = || status.code().and_then(|code| code.checked_sub(128));
    status.signal().or_else(signal)
}
