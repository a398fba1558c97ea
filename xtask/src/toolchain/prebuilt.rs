//! What is compiled once, by cargo: the testbench, the launcher and the libraries of the labs.

use std::collections::{BTreeMap, BTreeSet};
use std::env;
use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;

use rustix::fs::FlockOperation;
use serde::Deserialize;

use super::lock::Lock;
use super::rustc::missing;
use crate::course::lab::Lab;
use crate::course::workspace::Workspace;
use crate::fault::{Fault, Result};
use crate::output::progress;
use crate::work::locked;

/// What is said while another cargo builds.
const WAITING: &str = "waiting for another cargo ...";

/// Compiled libraries and programs that grading needs.
#[derive(Debug, Clone)]
pub struct Prebuilt {
    /// Folder of the xtask profile's results, `target/xtask`.
    pub folder: PathBuf,
    /// The testbench, for the check binaries.
    pub testbench: PathBuf,
    /// The program that confines each student's program.
    pub launcher: PathBuf,
    /// The libraries of the labs, and those that they are made of.
    pub for_labs: BTreeSet<PathBuf>,
    /// What each lab may name in its source, and where it is.
    named: BTreeMap<String, Vec<(String, PathBuf)>>,
}

/// A line of cargo's JSON that concerns us.
#[derive(Debug, Deserialize)]
struct Message {
    reason: String,
    target: Option<Target>,
    #[serde(default)]
    filenames: Vec<PathBuf>,
    executable: Option<PathBuf>,
    fresh: Option<bool>,
    #[serde(rename = "message")]
    said: Option<Rendered>,
}

#[derive(Debug, Deserialize)]
struct Target {
    name: String,
}

#[derive(Debug, Deserialize)]
struct Rendered {
    level: String,
    rendered: Option<String>,
}

impl Prebuilt {
    /// Has cargo build what is not built yet; with everything there it takes some 50 ms.
    ///
    /// No other cargo builds in that folder until the lock beside it is dropped: for a moment, a
    /// library that is made anew is not there. What is needed for longer is to be copied.
    ///
    /// # Errors
    /// There is no cargo, or it cannot build the testbench or a library.
    pub fn build(workspace: &Workspace) -> Result<(Self, Option<File>)> {
        let mut wanted = BTreeMap::new();
        for lab in &workspace.labs {
            wanted.insert(lab.clone(), dependencies(workspace, lab)?);
        }
        let mut cargo = cargo(workspace, &wanted.values().flatten().collect());
        let no_start = |error: &std::io::Error| missing("cargo", error);
        let mut child = cargo.spawn().map_err(|error| no_start(&error))?;
        let stdout = child.stdout.take();
        let stderr = child.stderr.take();
        let (messages, complaints) = thread::scope(|scope| {
            let complaints = scope.spawn(move || complaints_of(stderr));
            let messages = messages_of(stdout);
            (messages, complaints.join().unwrap_or_default())
        });
        let status = child.wait().map_err(|error| no_start(&error))?;
        if !status.success() {
            return Err(Fault::grader(
                format!(
                    "cargo cannot build the testbench:\n{}",
                    told(&messages, &complaints)
                ),
                "mend that; to see it again: cargo build --profile xtask -p testbench",
            ));
        }
        let launcher = launcher_of(&messages)?;
        let held = held(launcher.parent().unwrap_or(&workspace.root));
        let found = Self::found_in(&messages, &wanted, &Lock::read(workspace)?)?;
        Ok((found, held))
    }

    /// Finds in cargo's `messages` what the labs want, by `lock` with all that belongs to it.
    fn found_in(
        messages: &[Message],
        wanted: &BTreeMap<String, Vec<String>>,
        lock: &Lock,
    ) -> Result<Self> {
        let built: Vec<(String, PathBuf)> = messages.iter().flat_map(Message::libraries).collect();
        let library = |name: &str| {
            let found = built.iter().find(|(built, _)| *built == crate_name(name));
            found
                .map(|(_, path)| path.clone())
                .ok_or_else(|| incomplete(name))
        };
        let launcher = launcher_of(messages)?;
        let mut named = BTreeMap::new();
        for (lab, dependencies) in wanted {
            let found: Result<Vec<_>> = dependencies
                .iter()
                .map(|name| Ok((crate_name(name), library(name)?)))
                .collect();
            named.insert(lab.clone(), found?);
        }
        let belonging = lock.closure(wanted.values().flatten().map(String::as_str));
        let for_labs = built
            .iter()
            .filter(|(name, _)| belonging.iter().any(|package| crate_name(package) == *name))
            .map(|(_, path)| path.clone())
            .collect();
        Ok(Self {
            folder: launcher.parent().map(Path::to_path_buf).unwrap_or_default(),
            testbench: library("testbench")?,
            launcher,
            for_labs,
            named,
        })
    }

    /// The libraries that the sources of `lab` may name.
    pub fn libraries_of(&self, lab: &Lab) -> &[(String, PathBuf)] {
        self.named.get(&lab.name).map_or(&[], Vec::as_slice)
    }

    /// Where cargo keeps what libraries are made of, `target/xtask/deps`.
    pub fn deps(&self) -> PathBuf {
        self.folder.join("deps")
    }
}

/// The names of the libraries that `lab` lists in its `[dependencies]`.
fn dependencies(workspace: &Workspace, lab: &str) -> Result<Vec<String>> {
    #[derive(Deserialize)]
    struct Manifest {
        #[serde(default)]
        dependencies: BTreeMap<String, toml::Value>,
    }
    let path = workspace.root.join("labs").join(lab).join("Cargo.toml");
    let text = fs::read_to_string(&path).map_err(|error| Fault::io("read", &path, &error))?;
    let manifest: Manifest = toml::from_str(&text).map_err(|error| {
        Fault::usage(
            format!("labs/{lab}/Cargo.toml: {error}"),
            "mend the manifest; `cargo metadata` says the same",
        )
    })?;
    Ok(manifest.dependencies.into_keys().collect())
}

/// The one call of cargo. The labs are among the packages, so that cargo knows their
/// dependencies by name, but `--lib` builds nothing of them: they have no library.
fn cargo(workspace: &Workspace, libraries: &BTreeSet<&String>) -> Command {
    let name = env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo"));
    let mut cargo = Command::new(name);
    cargo
        .current_dir(&workspace.root)
        .args(["build", "--profile", "xtask", "--message-format=json"])
        .args(["--lib", "--bin", "launcher"])
        .args(["--package", "testbench", "--package", "sandbox"]);
    for package in workspace.labs.iter().chain(libraries.iter().copied()) {
        cargo.args(["--package", package]);
    }
    cargo
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    cargo
}

/// The launcher, among cargo's messages.
fn launcher_of(messages: &[Message]) -> Result<PathBuf> {
    let mut executables = messages
        .iter()
        .filter_map(|message| message.executable.clone());
    executables.next().ok_or_else(|| incomplete("launcher"))
}

/// The lock that cargo itself holds, alone, while it builds into `folder`; nothing, where it keeps
/// no such file.
fn held(folder: &Path) -> Option<File> {
    let path = folder.join(".cargo-lock");
    if !path.is_file() {
        return None;
    }
    locked(&path, FlockOperation::NonBlockingLockShared)
        .or_else(|_| {
            let _notice = progress::notice(WAITING);
            locked(&path, FlockOperation::LockShared)
        })
        .ok()
}

/// Reads cargo's messages to their end, and says on stderr when it has to compile.
fn messages_of(stdout: Option<impl std::io::Read>) -> Vec<Message> {
    let mut messages = Vec::new();
    let mut notice = None;
    let lines = stdout
        .map(BufReader::new)
        .into_iter()
        .flat_map(BufRead::lines);
    for line in lines.map_while(std::io::Result::ok) {
        let Ok(message) = serde_json::from_str::<Message>(&line) else {
            continue;
        };
        if message.fresh == Some(false) && notice.is_none() {
            notice = Some(progress::notice(
                "compiling the testbench and the libraries of the labs (once) ...",
            ));
        }
        messages.push(message);
    }
    messages
}

/// What cargo writes for people: from its first error on, or all of it. That it waits for
/// another cargo is said at once.
fn complaints_of(stderr: Option<impl std::io::Read>) -> String {
    let lines = stderr
        .map(BufReader::new)
        .into_iter()
        .flat_map(BufRead::lines);
    let mut said = Vec::new();
    let mut notice = None;
    for line in lines.map_while(std::io::Result::ok) {
        let waits = line.contains("Blocking") && line.contains("directory");
        notice = waits.then(|| progress::notice(WAITING));
        said.push(line);
    }
    drop(notice);
    let first = said.iter().position(|line| line.starts_with("error"));
    said[first.unwrap_or(0)..].join("\n")
}

/// The compiler's errors and cargo's.
fn told(messages: &[Message], complaints: &str) -> String {
    messages
        .iter()
        .filter(|message| message.reason == "compiler-message")
        .filter_map(|message| message.said.as_ref())
        .filter(|message| message.level == "error")
        .filter_map(|message| message.rendered.as_deref())
        .chain([complaints])
        .collect::<Vec<_>>()
        .join("\n")
        .trim_end()
        .to_owned()
}

impl Message {
    /// The library that this message says is there, by its crate's name, under the path by
    /// which other libraries find it.
    fn libraries(&self) -> impl Iterator<Item = (String, PathBuf)> {
        let name = self.target.as_ref().map(|target| crate_name(&target.name));
        // A package that was asked for has its library one folder up, and its metadata here.
        let metadata = self
            .filenames
            .iter()
            .filter(|path| path.extension() == Some("rmeta".as_ref()));
        let libraries = metadata
            .map(|path| path.with_extension("rlib"))
            .filter(|path| path.is_file());
        name.into_iter().zip(libraries)
    }
}

/// The name by which sources call the library of `package`.
fn crate_name(package: &str) -> String {
    package.replace('-', "_")
}

fn incomplete(what: &str) -> Fault {
    Fault::grader(
        format!("cargo built no `{what}`"),
        "build anew: cargo clean --profile xtask, then the same command again",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn others_may_look_meanwhile_and_no_cargo_may_build() {
        let folder = tempfile::tempdir().unwrap();
        assert!(held(folder.path()).is_none(), "cargo has no lock there");
        let lock = folder.path().join(".cargo-lock");
        fs::write(&lock, "").unwrap();
        let one = held(folder.path());
        let other = held(folder.path());
        assert!(one.is_some() && other.is_some());
        let as_cargo = || locked(&lock, FlockOperation::NonBlockingLockExclusive);
        assert!(as_cargo().is_err());
        drop((one, other));
        assert!(as_cargo().is_ok());
    }
}
