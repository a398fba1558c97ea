//! `cargo xtask reset`: a stage's stub again, and a copy of what was written.

use std::fs;
use std::path::PathBuf;

use clap::Args;

use super::desk::Desk;
use super::progress::Progress;
use crate::Outcome;
use crate::course::rubric::Stage;
use crate::course::workspace::Workspace;
use crate::fault::{Fault, Result};
use crate::output::page::Page;
use crate::output::print;
use crate::sources::format::formatted;
use crate::toolchain::rustc::Rustc;
use crate::work::{make_all, write};

/// Where copies are kept, from the workspace on.
const KEPT: &str = "kept";

/// Which stage to begin anew.
#[derive(Debug, Args)]
pub struct ResetArgs {
    /// The stage
    #[arg(value_name = "LAB/STAGE")]
    stage: String,
}

/// Copies the stage's file, then puts the stub in its place.
///
/// # Errors
/// There is no such stage, or a file cannot be written.
pub fn run(workspace: &Workspace, args: &ResetArgs) -> Result<Outcome> {
    let (desk, stage) = Desk::with_stage(workspace, &args.stage)?;
    let shown = desk.shown(&stage);
    let file = desk.lab.sources().join(stage.file());
    let stub = stub(&desk, &stage)?;
    let mut page = Page::default();
    if desk.begun(&stage) {
        let copy = free_name(&desk, &stage);
        if let Some(folder) = copy.parent() {
            make_all(folder)?;
        }
        write(&copy, desk.text(&stage))?;
        write(&file, &stub)?;
        let copy = desk.lab.shown(&copy);
        page.row(format!("{shown} is the stub again"));
        page.row(format!("what you had written is kept in {copy}"));
        page.row(format!(" next: to have it back: cp {copy} {shown}"));
        let mut progress = Progress::read(workspace)?;
        progress.forget(&desk, &stage);
        progress.save()?;
    } else {
        write(&file, &stub)?;
        page.row(format!(
            "{shown} is the stub; there was nothing of yours to keep"
        ));
        page.row(format!(" next: read {}", desk.notes(&stage)));
    }
    print(&page.into_text())?;
    Ok(Outcome::Done)
}

/// The stub as it was handed out; what is cut from a solution is formatted first.
fn stub(desk: &Desk, stage: &Stage) -> Result<Vec<u8>> {
    let file = stage.file();
    let text = desk.pristine.stub(&file).ok_or_else(|| {
        Fault::grader(
            format!("the stub of {} is not here", desk.path(stage)),
            format!(
                "look whether it is in git: git log -- {}",
                desk.shown(stage)
            ),
        )
    })?;
    if !desk.lab.solution().is_dir() {
        return Ok(text.to_vec());
    }
    let rustfmt = Rustc::find()?.rustfmt()?;
    let text = String::from_utf8_lossy(text);
    formatted(&rustfmt, &text, &desk.shown(stage)).map(String::into_bytes)
}

/// `kept/<lab>/<stage>-<n>.rs`, with the first number that is free.
fn free_name(desk: &Desk, stage: &Stage) -> PathBuf {
    let folder = desk.lab.root().join(KEPT).join(&desk.lab.name);
    let mut number = 1;
    loop {
        let path = folder.join(format!("{}-{number}.rs", stage.module));
        if fs::symlink_metadata(&path).is_err() {
            return path;
        }
        number += 1;
    }
}
