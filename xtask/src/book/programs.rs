//! The solutions' programs, by their labs' names, for scripts to run.

use std::fs;
use std::path::{Path, PathBuf};
use std::thread;

use sandbox::Level;

use crate::compile::Compiler;
use crate::course::lab::Lab;
use crate::course::workspace::Workspace;
use crate::fault::{Fault, Result};
use crate::grade::Manner;
use crate::isolation::Isolation;
use crate::output::progress;
use crate::slots::joined;
use crate::sources::pristine::Pristine;
use crate::sources::set::SourceSet;
use crate::toolchain::prebuilt::Prebuilt;
use crate::toolchain::rustc::Rustc;
use crate::work::{self, WorkFolder};

/// Compiles the solutions of `labs`, side by side; gives the folder in which each is a program.
///
/// # Errors
/// One does not compile, or this edition has no solutions.
pub fn of(workspace: &Workspace, labs: &[&str], work: &WorkFolder) -> Result<PathBuf> {
    let folder = work.fresh("programs")?;
    if labs.is_empty() {
        return Ok(folder);
    }
    let ((prebuilt, _held), rustc) = (Prebuilt::build(workspace)?, Rustc::find()?);
    let launcher = work::copy_into(&work.fresh("tools")?, &prebuilt.launcher)?;
    // Our own sources: they need no box.
    let isolation = Isolation::probe(Some(Level::None), &launcher)?;
    let compiler = Compiler::new(&rustc, &isolation, &prebuilt, work, &Manner::default())?;
    let _notice = progress::notice("compiling the solutions ...");
    let programs: Result<Vec<PathBuf>> = thread::scope(|scope| {
        let runs: Vec<_> = labs
            .iter()
            .map(|lab| scope.spawn(|| program(workspace, lab, &compiler, work, &folder)))
            .collect();
        runs.into_iter().map(joined).collect()
    });
    programs.map(|_| folder)
}

/// Compiles the solution of `lab` and keeps its program in `folder`.
fn program(
    workspace: &Workspace,
    lab: &str,
    compiler: &Compiler,
    work: &WorkFolder,
    folder: &Path,
) -> Result<PathBuf> {
    let lab = Lab::open(workspace, lab)?;
    let set = SourceSet::of_solution(&lab)?;
    let compiled = compiler.compile(&lab, &set, &Pristine::of(&lab)?, work)?;
    if compiled.broken.is_empty() {
        return work::copy_into(folder, &compiled.program);
    }
    Err(Fault::usage(
        format!("solutions/{} does not compile", lab.name),
        format!("mend it: cargo xtask verify {}", lab.name),
    ))
}

/// The labs of `workspace` whose program `script` may run: those that it names.
///
/// # Errors
/// The script cannot be read.
pub fn named_in<'a>(workspace: &'a Workspace, script: &Path) -> Result<Vec<&'a str>> {
    let text = fs::read_to_string(script).map_err(|error| Fault::io("read", script, &error))?;
    let labs = workspace.labs.iter().map(String::as_str);
    Ok(labs.filter(|lab| text.contains(lab)).collect())
}
