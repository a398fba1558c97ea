//! Whole runs of other processes: this runner's, and cargo's.

use std::env;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use super::class::Class;
use super::source_folder;
use crate::cli::{Isolate, ThroughputArgs};
use crate::course::lab::Lab;
use crate::course::workspace::Workspace;
use crate::fault::{Fault, Result};
use crate::open;
use crate::work::{self, WorkFolder};

/// How often the memory of a run is looked at.
const GLANCE: Duration = Duration::from_millis(20);

/// A run of the runner.
#[derive(Debug)]
pub(super) struct Run {
    /// How long it took.
    pub(super) took: Duration,
    /// The most memory that it had resident, KiB; its children apart.
    pub(super) peak_kib: u64,
}

impl Run {
    /// Grades what the class in `folder` handed in for these labs, one at least.
    pub(super) fn grade(
        folder: &Path,
        out: &Path,
        labs: &[Lab],
        args: &ThroughputArgs,
    ) -> Result<Self> {
        let own =
            env::current_exe().map_err(|error| Fault::io("find", Path::new("xtask"), &error))?;
        let mut command = Command::new(&own);
        command
            .args(["grade", "--format", "json"])
            .args(labs.iter().map(|lab| &lab.name))
            .arg("--submissions")
            .arg(folder)
            .arg("--out")
            .arg(out);
        match args.manner.isolation {
            Isolate::Auto | Isolate::Box => {}
            Isolate::Confine => _ = command.args(["--isolation", "confine"]),
            Isolate::None => _ = command.args(["--isolation", "none"]),
        }
        if let Some(jobs) = args.manner.jobs {
            command.args(["--jobs", &jobs.to_string()]);
        }
        let began = Instant::now();
        let failed = |error: &std::io::Error| Fault::io("start", &own, error);
        let mut child = command
            .current_dir(labs.first().map_or(Path::new("."), Lab::root))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .spawn()
            .map_err(|error| failed(&error))?;
        let mut peak_kib = 0;
        let status = loop {
            // The kernel keeps the highest, so the last look before it ends tells it.
            peak_kib = peak_of(child.id()).unwrap_or(peak_kib);
            match child.try_wait().map_err(|error| failed(&error))? {
                Some(status) => break status,
                None => thread::sleep(GLANCE),
            }
        };
        if !status.success() {
            return Err(Fault::grader(
                format!("grading {} ended with {status}", folder.display()),
                "see what it said above",
            ));
        }
        Ok(Self {
            took: began.elapsed(),
            peak_kib,
        })
    }
}

/// `VmHWM` of proc_pid_status(5).
fn peak_of(pid: u32) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().strip_suffix("kB")?.trim().parse().ok()
}

/// How long `cargo test` takes for submission `number`, in a workspace and a target folder of
/// its own, as graders do that know no better.
pub(super) fn cargo_test(
    workspace: &Workspace,
    lab: &Lab,
    class: &Class,
    number: usize,
    work: &WorkFolder,
) -> Result<Duration> {
    let folder = work.scratch("cargo")?;
    open::copy(&workspace.root, folder.path())?;
    for (name, text) in class.submissions.get(number).into_iter().flatten() {
        work::write(&source_folder(folder.path(), lab).join(name), text)?;
    }
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let began = Instant::now();
    // Wrong programs fail it, which is as good a measure.
    Command::new(&cargo)
        .args(["test", "--offline", "--quiet", "--package", &lab.name])
        .arg("--target-dir")
        .arg(folder.path().join("target"))
        .current_dir(folder.path())
        .stdin(Stdio::null())
        .output()
        .map_err(|error| Fault::io("start", Path::new(&cargo), &error))?;
    Ok(began.elapsed())
}
