//! `cargo xtask sync`: the stubs in `labs/`, cut from the solutions.
//!
//! Everything is read and checked before the first write, and only what differs is written.
//! Nothing is deleted: a file that the solution does not have may be somebody's work, so it is
//! an error that says how to delete it.

use std::fs;
use std::path::{Path, PathBuf};
use std::thread;

use crate::Outcome;
use crate::cli::SyncArgs;
use crate::course::lab::Lab;
use crate::course::selection::labs_named;
use crate::course::workspace::Workspace;
use crate::fault::{Fault, Result};
use crate::output::page::Page;
use crate::output::print;
use crate::slots::{Slots, joined};
use crate::sources::cut::cut;
use crate::sources::format::formatted;
use crate::sources::pristine::{Files, read_files};
use crate::toolchain::rustc::Rustc;

/// A file of a lab as it has to be.
#[derive(Debug)]
pub struct Stub {
    /// Where it is.
    pub path: PathBuf,
    /// The same, from the workspace on.
    pub shown: String,
    /// Its text.
    pub text: Vec<u8>,
    /// Whether that is what stands there.
    pub in_step: bool,
}

/// Brings the labs in step with their solutions, or tells what is not.
///
/// # Errors
/// A region is wrong, a lab has a file that its solution has not, or a file cannot be written.
pub fn sync(workspace: &Workspace, args: &SyncArgs) -> Result<Outcome> {
    let labs = labs_named(workspace, &args.labs)?;
    let rustfmt = Rustc::find()?.rustfmt()?;
    let mut stubs = Vec::new();
    for lab in labs {
        stubs.extend(stubs_of(&lab, &rustfmt)?);
    }
    let late: Vec<&Stub> = stubs.iter().filter(|stub| !stub.in_step).collect();
    if !args.check {
        for Stub { path, text, .. } in &late {
            if let Some(folder) = path.parent() {
                fs::create_dir_all(folder)
                    .map_err(|error| Fault::io("make the folder", folder, &error))?;
            }
            fs::write(path, text).map_err(|error| Fault::io("write", path, &error))?;
        }
    }
    let verb = if args.check { "differs" } else { "wrote" };
    let mut page = Page::default();
    page.rows(late.iter().map(|stub| format!("{verb:<8} {}", stub.shown)));
    page.row(format!(
        "{} of {} files were in step",
        stubs.len() - late.len(),
        stubs.len()
    ));
    let failed = args.check && !late.is_empty();
    if failed {
        let asked: String = args.labs.iter().map(|lab| format!(" {lab}")).collect();
        page.row(format!(" next: cargo xtask sync{asked}"));
    }
    print(&page.into_text())?;
    Ok(if failed {
        Outcome::Failed
    } else {
        Outcome::Done
    })
}

/// Every file of `lab` as its solution wants it.
///
/// # Errors
/// As [`sync`].
pub fn stubs_of(lab: &Lab, rustfmt: &Path) -> Result<Vec<Stub>> {
    let folder = lab.solution();
    if !folder.is_dir() {
        return Err(Fault::usage(
            format!(
                "there is no {}: stubs are cut where the solutions are",
                lab.shown(&folder)
            ),
            "do this in the instructor's edition",
        ));
    }
    let solution = read_files(&folder)?;
    let there = if lab.sources().is_dir() {
        read_files(&lab.sources())?
    } else {
        Files::new()
    };
    let only_here = there.keys().find(|name| {
        Path::new(name).extension() == Some("rs".as_ref()) && !solution.contains_key(*name)
    });
    if let Some(name) = only_here {
        let shown = lab.shown(&lab.sources().join(name));
        return Err(Fault::usage(
            format!("{shown} has no source in {}", lab.shown(&folder)),
            format!("delete it (rm {shown}), or write its solution"),
        ));
    }
    let slots = Slots::one_a_core();
    thread::scope(|scope| {
        let runs: Vec<_> = solution
            .iter()
            .map(|(name, text)| {
                let (slots, there) = (&slots, there.get(name));
                scope.spawn(move || {
                    let _slot = slots.take();
                    let shown = lab.shown(&lab.solution().join(name));
                    let text = stub_text(text, &shown, rustfmt)?;
                    let path = lab.sources().join(name);
                    Ok(Stub {
                        in_step: there == Some(&text),
                        shown: lab.shown(&path),
                        path,
                        text,
                    })
                })
            })
            .collect();
        runs.into_iter().map(joined).collect()
    })
}

/// The stub of a solution's file; a file that is no source stays as it is.
fn stub_text(solution: &[u8], shown: &str, rustfmt: &Path) -> Result<Vec<u8>> {
    if Path::new(shown).extension() != Some("rs".as_ref()) {
        return Ok(solution.to_vec());
    }
    let text = std::str::from_utf8(solution).map_err(|_| {
        Fault::usage(
            format!("{shown} is not UTF-8"),
            "save it as UTF-8: rustc reads nothing else",
        )
    })?;
    formatted(rustfmt, &cut(text, shown)?, shown).map(String::into_bytes)
}
