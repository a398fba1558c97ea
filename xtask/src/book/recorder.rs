//! Running a screen's script and keeping what it prints.

use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use sandbox::{Bubblewrap, Limits};

use super::programs;
use super::shelf::{WORDS, script};
use crate::child::{self, Bounds};
use crate::course::workspace::Workspace;
use crate::fault::{Fault, Result};
use crate::output::plain::lines;
use crate::stop::Stop;
use crate::work::WorkFolder;

/// How long a script may take.
const PATIENCE: Duration = Duration::from_secs(180);

/// How much of what a script prints is kept, in bytes: more is no screen.
const MOST: usize = 256 * 1024;

/// What a script's temporary folder is called in what is recorded.
const FOLDER_SHOWN: &str = "/tmp/try";

/// What runs scripts.
#[derive(Debug)]
pub struct Recorder {
    root: PathBuf,
    /// The folder of the solutions' programs.
    programs: PathBuf,
    /// What gives a script a network of its own, where there is one: scripts have fixed ports.
    network: Option<Bubblewrap>,
    work: WorkFolder,
}

impl Recorder {
    /// Makes the programs ready that the scripts `names` run.
    ///
    /// # Errors
    /// A solution does not compile.
    pub fn ready(workspace: &Workspace, names: &[&str]) -> Result<Self> {
        let work = WorkFolder::new()?;
        let mut labs = Vec::new();
        for name in names {
            labs.extend(programs::named_in(
                workspace,
                &workspace.root.join(script(name)),
            )?);
        }
        labs.sort_unstable();
        labs.dedup();
        Ok(Self {
            root: workspace.root.clone(),
            programs: programs::of(workspace, &labs, &work)?,
            network: Bubblewrap::find().filter(works),
            work,
        })
    }

    /// What the script called `name` prints, in black and white.
    ///
    /// # Errors
    /// It fails, hangs, or needs a tool that is not there.
    pub fn text(&self, name: &str) -> Result<String> {
        let printed = self.printed(name, ("NO_COLOR", "1"))?;
        Ok(lines(&printed))
    }

    /// What the script called `name` prints, with the sequences that colour it on a terminal.
    ///
    /// # Errors
    /// As [`Recorder::text`].
    pub fn colours(&self, name: &str) -> Result<String> {
        self.printed(name, ("CLICOLOR_FORCE", "1"))
    }

    fn printed(&self, name: &str, colour: (&str, &str)) -> Result<String> {
        let folder = self.work.fresh("screen")?;
        let told = self.work.fresh("told")?;
        let mut command = self.bash();
        command
            .current_dir(&folder)
            .env("SCRIPT", self.root.join(script(name)))
            .env("TOLD", &told)
            .env_remove("NO_COLOR")
            .env(colour.0, colour.1);
        let mut printed = Vec::new();
        let bounds = Bounds {
            patience: PATIENCE,
            limits: &Limits::none(),
            stop: &Stop::never(),
        };
        let ended = child::run(&mut command, &bounds, |piece| {
            let room = MOST.saturating_sub(printed.len()).min(piece.len());
            printed.extend_from_slice(&piece[..room]);
        })
        .map_err(|error| {
            Fault::grader(
                format!("cannot start bash: {error}"),
                "install it; scripts of screens are written for it",
            )
        })?;
        let printed = String::from_utf8_lossy(&printed);
        if let Some(missing) = missing_tool(&told) {
            return Err(Fault::grader(
                format!("{} needs `{missing}`, which is not on PATH", script(name)),
                format!("install {missing}, then: cargo xtask book --record {name}"),
            ));
        }
        if ended.out_of_time || !ended.status.success() {
            let how = if ended.out_of_time {
                format!("has not ended after {} s", PATIENCE.as_secs())
            } else {
                format!("failed ({})", ended.status)
            };
            return Err(Fault::usage(
                format!("{} {how}; it printed:\n{}", script(name), lines(&printed)),
                format!("mend it, then: cargo xtask book --record {name}"),
            ));
        }
        Ok(self.without_paths_of_this_machine(&printed, &folder))
    }

    /// Bash with what every script finds: `words.sh` read, programs on PATH.
    fn bash(&self) -> Command {
        let mut command = match &self.network {
            None => Command::new("bash"),
            Some(bubblewrap) => {
                let mut command = own_network(bubblewrap);
                command.arg("bash");
                command
            }
        };
        command
            .args(["--norc", "--noprofile", "-c"])
            // What is heard of a child is its stderr.
            .arg("exec >&2; set -eu; . \"$WORDS\"; . \"$SCRIPT\"")
            .env("WORDS", self.root.join(WORDS))
            .env("ROOT", &self.root)
            .env("PY", self.root.join("docs/src/python"))
            .env("PATH", with_first(&self.programs))
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .env("PYTHONUNBUFFERED", "1")
            .env("LC_ALL", "C.UTF-8")
            .env("TZ", "UTC")
            .env("TERM", "dumb")
            .env("COLUMNS", "80");
        command
    }

    fn without_paths_of_this_machine(&self, printed: &str, folder: &Path) -> String {
        let root = format!("{}/", self.root.display());
        printed
            .replace(&folder.display().to_string(), FOLDER_SHOWN)
            .replace(&root, "")
    }
}

/// A command that runs what follows with its own loopback, and all else as it is: a script may
/// itself want to make a box.
fn own_network(bubblewrap: &Bubblewrap) -> Command {
    let mut command = Command::new(bubblewrap.path());
    command.args(["--dev-bind", "/", "/", "--unshare-net", "--die-with-parent"]);
    if rustix::process::geteuid().is_root() {
        command.args(["--cap-add", "ALL"]);
    }
    command.arg("--");
    command
}

/// Whether this machine lets bubblewrap make a network.
fn works(bubblewrap: &Bubblewrap) -> bool {
    let mut command = own_network(bubblewrap);
    command
        .arg("true")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}

/// PATH with `folder` before all others.
fn with_first(folder: &Path) -> OsString {
    let path = env::var_os("PATH").unwrap_or_default();
    let folders = [folder.to_path_buf()]
        .into_iter()
        .chain(env::split_paths(&path));
    env::join_paths(folders).unwrap_or(path)
}

/// The tool that a script called and did not find; `words.sh` notes its name in the folder `told`.
fn missing_tool(told: &Path) -> Option<String> {
    let text = fs::read_to_string(told.join("missing")).ok()?;
    text.lines().next().map(str::to_owned)
}
