//! `cargo xtask open`: one submission over a copy of the workspace, to run it by hand.

use std::env;
use std::fs;
use std::io;
use std::path::Path;

use crate::Outcome;
use crate::cli::OpenArgs;
use crate::course::lab::Lab;
use crate::course::selection::{labs_named, unknown};
use crate::course::workspace::Workspace;
use crate::fault::{Fault, Result};
use crate::intake::place::Wanted;
use crate::intake::roster::{Roster, Submission};
use crate::intake::{Taken, take};
use crate::output::page::Page;
use crate::output::print;
use crate::sources::pristine::Pristine;
use crate::sources::set::SourceSet;
use crate::work;

/// What of a workspace is not copied: results and history.
const LEFT_OUT: [&str; 2] = ["target", ".git"];

/// Lays out what was asked for and says how to go on.
///
/// # Errors
/// There is no such submission, nothing of it counts, or the folder is not empty.
pub fn open(workspace: &Workspace, args: &OpenArgs) -> Result<Outcome> {
    let named = !args.labs.is_empty();
    let labs = labs_named(workspace, &args.labs)?;
    let submission = find(&args.submissions, &args.id)?;
    let wanted = Wanted::of(&labs.iter().collect::<Vec<_>>(), &workspace.labs, named);
    let mut taken = take(&submission, &wanted);
    if let Some(refused) = &taken.refused {
        return Err(Fault::usage(
            format!("{}: {refused}", submission.id),
            "look at what was handed in; if its folders name no lab, name it behind the submission",
        ));
    }
    let to = args.to.clone().unwrap_or_else(|| {
        let folder = workspace.root.join("target/opened");
        folder.join(&submission.id)
    });
    ensure_empty(&to)?;
    copy(&workspace.root, &to)?;
    let mut page = Page::default();
    page.row(format!("{} is in {}", submission.id, to.display()));
    let theirs = labs.iter().filter(|lab| taken.labs.contains_key(&lab.name));
    let theirs: Vec<&Lab> = theirs.collect();
    for lab in &theirs {
        page.below(&lay_out(lab, &to, &mut taken)?);
    }
    page.below(&how_to_go_on(&to, &theirs));
    print(&page.into_text())?;
    Ok(Outcome::Done)
}

fn find(folder: &Path, id: &str) -> Result<Submission> {
    let roster = Roster::of(folder)?;
    let found = roster.submissions.iter().find(|one| one.id == id);
    found.cloned().ok_or_else(|| {
        let known = roster.submissions.iter().map(|one| one.id.as_str());
        unknown("submission", id, &folder.display().to_string(), known, "")
    })
}

fn ensure_empty(folder: &Path) -> Result<()> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries.count(),
        Err(error) if error.kind() == io::ErrorKind::NotFound => 0,
        Err(error) => return Err(Fault::io("read", folder, &error)),
    };
    if entries > 0 {
        return Err(Fault::usage(
            format!("{} is not empty", folder.display()),
            format!("delete it, or name another: --to {}-2", folder.display()),
        ));
    }
    work::make_all(folder)
}

/// Copies the workspace, which is the course's own and may have links of its own.
///
/// # Errors
/// A file cannot be read, or the disk is full.
pub fn copy(from: &Path, to: &Path) -> Result<()> {
    let to = fs::canonicalize(to).map_err(|error| Fault::io("find", to, &error))?;
    copy_below(from, &to, &to)
}

/// Copies the folder `from` to `to`, but not `except`, which may lie in it.
fn copy_below(from: &Path, to: &Path, except: &Path) -> Result<()> {
    let failed = |error: &io::Error| Fault::io("copy", from, error);
    for entry in fs::read_dir(from).map_err(|error| failed(&error))? {
        let entry = entry.map_err(|error| failed(&error))?;
        let name = entry.file_name();
        let path = entry.path();
        let is_itself = || fs::canonicalize(&path).is_ok_and(|path| path == *except);
        if LEFT_OUT.iter().any(|left_out| name == *left_out) || is_itself() {
            continue;
        }
        let copy = to.join(&name);
        if path.is_dir() {
            work::make_all(&copy)?;
            copy_below(&path, &copy, except)?;
        } else if path.is_file() {
            fs::copy(&path, &copy).map_err(|error| Fault::io("write", &copy, &error))?;
        }
    }
    Ok(())
}

/// Writes what of `lab` was handed in over the lab as it is handed out.
fn lay_out(lab: &Lab, to: &Path, taken: &mut Taken) -> Result<Page> {
    let files = taken.labs.remove(&lab.name).unwrap_or_default();
    let ignored = taken.ignored.remove(&lab.name).unwrap_or_default();
    let set = SourceSet::of_submission(lab, &Pristine::of(lab)?, files, ignored);
    let folder = to.join("labs").join(&lab.name).join("src");
    for (name, text) in &set.files {
        work::write(&folder.join(name), text)?;
    }
    let mut page = Page::default();
    page.row(&lab.name);
    page.row(format!(
        "  handed in  {}",
        set.described(lab).files.join(", ")
    ));
    if !set.missing.is_empty() {
        page.row(format!("  stubs      {}", set.missing.join(", ")));
    }
    let ignored = set.ignored.iter();
    page.rows(ignored.map(|file| format!("  ignored    {}: {}", file.path, file.why)));
    Ok(page)
}

fn how_to_go_on(to: &Path, labs: &[&Lab]) -> Page {
    // This very runner: `cargo xtask` would build another one over there.
    let runner = env::current_exe().map_or_else(
        |_| "cargo xtask".to_owned(),
        |path| path.display().to_string(),
    );
    let mut page = Page::default();
    page.row(format!("cd {}", to.display()));
    for lab in labs {
        let stage = lab.rubric.stages.first();
        let stage = stage.map_or("", |stage| stage.name.as_str());
        page.row(format!("{runner} grade {}", lab.name));
        page.row(format!("cargo run --package {} -- {stage} ...", lab.name));
    }
    page.row("`cargo run` runs a stranger's program in no box: read it first.");
    page
}
