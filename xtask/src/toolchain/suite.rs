//! Check binaries: a lab's `tests/public` and `tests/hidden`, compiled once.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use sha2::{Digest, Sha256};
use testbench::record::Visibility;

use super::prebuilt::Prebuilt;
use super::rustc::{Rustc, missing};
use crate::course::lab::Lab;
use crate::fault::{Fault, Result};
use crate::output::progress;
use crate::slots::joined;
use crate::sources::pristine::read_files;
use crate::sources::set::{add, hexadecimal};

/// A check binary that was not used for so long is deleted.
const UNUSED: Duration = Duration::from_secs(7 * 24 * 3600);

/// A compiled check binary.
#[derive(Debug, Clone)]
pub struct Suite {
    /// Whose checks these are.
    pub visibility: Visibility,
    /// The binary.
    pub path: PathBuf,
}

/// `public` or `hidden`: the folder and the crate of such checks.
pub fn name_of(visibility: Visibility) -> &'static str {
    match visibility {
        Visibility::Public => "public",
        Visibility::Hidden => "hidden",
    }
}

impl Suite {
    /// Both suites of `lab`; without the hidden one where an edition has none. They are compiled
    /// anew only if a source, the testbench or the compiler is another.
    ///
    /// # Errors
    /// A suite does not compile.
    pub fn both(lab: &Lab, prebuilt: &Prebuilt, rustc: &Rustc) -> Result<Vec<Self>> {
        let both = [Visibility::Public, Visibility::Hidden].into_iter();
        let there = both.filter(|visibility| main_file(lab, *visibility).is_file());
        let cache = prebuilt.folder.join("checks");
        fs::create_dir_all(&cache).map_err(|error| Fault::io("make the folder", &cache, &error))?;
        let digest = digest(lab, prebuilt, rustc)?;
        let suites: Vec<Self> = there
            .map(|visibility| Self {
                visibility,
                path: cache.join(format!(
                    "{}-{}-{}",
                    lab.name,
                    name_of(visibility),
                    &digest[..16]
                )),
            })
            .collect();
        let (known, new): (Vec<&Self>, Vec<&Self>) =
            suites.iter().partition(|suite| suite.path.is_file());
        for suite in known {
            // Its time says when it was used last; if it cannot be set, it is made anew some day.
            _ = File::open(&suite.path).and_then(|file| file.set_modified(SystemTime::now()));
        }
        if !new.is_empty() {
            let _notice = progress::notice(&format!("compiling the checks of {} ...", lab.name));
            thread::scope(|scope| {
                let runs: Vec<_> = new
                    .into_iter()
                    .map(|suite| scope.spawn(|| compile(lab, suite, prebuilt, rustc)))
                    .collect();
                runs.into_iter().try_for_each(joined)
            })?;
            sweep(&cache);
        }
        Ok(suites)
    }

    /// The ids of its checks, as the binary lists them.
    ///
    /// # Errors
    /// The binary cannot be run.
    pub fn ids(&self) -> Result<Vec<String>> {
        let answer = Command::new(&self.path)
            .args(["--list", "--format", "terse"])
            .output()
            .map_err(|error| Fault::io("run", &self.path, &error))?;
        let text = String::from_utf8_lossy(&answer.stdout);
        let names = text.lines().filter_map(|line| line.strip_suffix(": test"));
        // A module whose name is a word of the language is listed as `r#abstract`.
        let ids = names.map(|name| name.strip_prefix("r#").unwrap_or(name));
        Ok(ids.map(str::to_owned).collect())
    }
}

/// `labs/<lab>/tests/<suite>/main.rs`.
fn main_file(lab: &Lab, visibility: Visibility) -> PathBuf {
    lab.folder()
        .join("tests")
        .join(name_of(visibility))
        .join("main.rs")
}

/// What a suite is made from. Both suites share it: one may include a file of the other.
fn digest(lab: &Lab, prebuilt: &Prebuilt, rustc: &Rustc) -> Result<String> {
    let mut digest = Sha256::new();
    add(&mut digest, "rustc", rustc.version.as_bytes());
    add(&mut digest, "testbench", &stamp(&prebuilt.testbench)?);
    for suite in ["public", "hidden"] {
        let folder = lab.folder().join("tests").join(suite);
        if folder.is_dir() {
            for (name, text) in read_files(&folder)? {
                add(&mut digest, &format!("{suite}/{name}"), &text);
            }
        }
    }
    Ok(hexadecimal(digest))
}

/// Tells one build of a library from another. Cargo wrote it in place, so its time is telling.
fn stamp(library: &Path) -> Result<Vec<u8>> {
    let failed = |error: &std::io::Error| Fault::io("look at", library, error);
    let found = fs::metadata(library).map_err(|error| failed(&error))?;
    let modified = found.modified().map_err(|error| failed(&error))?;
    let since = modified.duration_since(UNIX_EPOCH).unwrap_or_default();
    let stamp = format!("{} {} {}", library.display(), found.len(), since.as_nanos());
    Ok(stamp.into_bytes())
}

/// Compiles beside its place and moves into it: another run may be doing the same.
fn compile(lab: &Lab, suite: &Suite, prebuilt: &Prebuilt, rustc: &Rustc) -> Result<()> {
    let Suite { visibility, path } = suite;
    let suite = name_of(*visibility);
    // The compiler names its intermediate files after the output, so a folder of one's own it is.
    let folder = path.with_file_name(format!("{}-{:08x}", std::process::id(), fastrand::u32(..)));
    fs::create_dir_all(&folder).map_err(|error| Fault::io("make the folder", &folder, &error))?;
    let unfinished = folder.join(suite);
    let answer = Command::new(&rustc.path)
        .current_dir(lab.root())
        .args(["--test", "--edition", "2024", "--crate-name", suite])
        .args([
            "-C",
            "debuginfo=0",
            "-C",
            "strip=debuginfo",
            "--cap-lints",
            "allow",
        ])
        .arg("-o")
        .arg(&unfinished)
        .arg("-L")
        .arg(named("dependency=", &prebuilt.deps()))
        .arg("--extern")
        .arg(named("testbench=", &prebuilt.testbench))
        .arg(lab.shown(&main_file(lab, *visibility)))
        .stdin(Stdio::null())
        .output()
        .map_err(|error| missing("rustc", &error))?;
    let placed = if answer.status.success() {
        fs::rename(&unfinished, path).map_err(|error| Fault::io("write", path, &error))
    } else {
        Err(Fault::grader(
            format!(
                "the {suite} checks of {} do not compile:\n{}",
                lab.name,
                String::from_utf8_lossy(&answer.stderr).trim_end()
            ),
            format!("mend labs/{}/tests/{suite}", lab.name),
        ))
    };
    _ = fs::remove_dir_all(&folder);
    placed
}

/// `prefix` and a path in one argument, whatever bytes the path has.
pub fn named(prefix: &str, path: &Path) -> std::ffi::OsString {
    let mut argument = std::ffi::OsString::from(prefix);
    argument.push(path);
    argument
}

/// Deletes check binaries, and what killed compilers left, that nobody has used for long.
fn sweep(cache: &Path) {
    for entry in fs::read_dir(cache).into_iter().flatten().flatten() {
        let modified = entry.metadata().and_then(|found| found.modified());
        let age = modified.ok().and_then(|time| time.elapsed().ok());
        if age.is_some_and(|age| age > UNUSED) {
            _ = fs::remove_file(entry.path()).or_else(|_| fs::remove_dir_all(entry.path()));
        }
    }
}
