//! `cargo xtask submit`: one archive to hand in, and what is in it.

mod archive;
mod contents;

use std::path::{Path, PathBuf};
use std::time::SystemTime;

use clap::Args;

use super::desk::Desk;
use crate::Outcome;
use crate::cli::{MannerArgs, takes_colour};
use crate::course::workspace::Workspace;
use crate::edition::{Edition, digest_of};
use crate::fault::{Fault, Result};
use crate::grade::clock::rfc3339;
use crate::grade::record::Submission;
use crate::grade::{Assignment, Grader, Manner};
use crate::intake::manifest::{Manifest, SCHEMA};
use crate::output::page::Page;
use crate::output::paint::Paint;
use crate::output::plain::lines;
use crate::output::{print, progress};
use crate::report::stage::counted;
use contents::Contents;
use testbench::bytes;

/// Where the archive goes to.
#[derive(Debug, Args)]
pub struct SubmitArgs {
    /// The archive, a zip; without, submission-TIME.zip in the course's folder
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Write it even if something does not compile, which costs the points of that stage
    #[arg(long)]
    anyway: bool,
    /// How to run things.
    #[command(flatten)]
    manner: MannerArgs,
}

/// Shows what goes in, compiles it, and writes the archive.
///
/// # Errors
/// Nothing is written yet, or a file cannot be read or written.
pub fn run(workspace: &Workspace, args: &SubmitArgs) -> Result<Outcome> {
    let paint = Paint::new(takes_colour());
    let now = SystemTime::now();
    let archive = archive_at(workspace, args, now)?;
    let desks = Desk::all(workspace)?;
    let edition = Edition::read(&workspace.root)?;
    let contents = Contents::of(workspace, &desks, edition.as_ref())?;
    let broken = broken(workspace, args, &contents)?;
    let mut page = contents.page(paint);
    if !broken.is_empty() {
        page.below(&broken);
    }
    if !broken.is_empty() && !args.anyway {
        page.blank();
        page.row("nothing is written: that does not compile");
        page.row(" next: mend it, or hand it in as it is: cargo xtask submit --anyway");
        print(&page.into_text())?;
        return Ok(Outcome::Failed);
    }
    let name = edition.map_or_else(
        || format!("{} {}", workspace.edition, workspace.version),
        |edition| edition.name(),
    );
    let manifest = Manifest {
        schema: SCHEMA.to_owned(),
        made_at: rfc3339(now),
        edition: name,
        files: contents
            .files
            .iter()
            .map(|(path, text)| (path.clone(), digest_of(text)))
            .collect(),
    };
    let size = archive::write(&archive, &manifest, &contents.files)?;
    page.blank();
    page.row(format!(
        "{}  {}, {}",
        paint.head(&shown(workspace, &archive)),
        bytes::count(size),
        manifest.edition
    ));
    page.row(" next: hand in that file as it is");
    print(&page.into_text())?;
    Ok(Outcome::Done)
}

/// Where the archive is to be written.
fn archive_at(workspace: &Workspace, args: &SubmitArgs, now: SystemTime) -> Result<PathBuf> {
    let Some(path) = &args.out else {
        let time: String = rfc3339(now).chars().filter(char::is_ascii_digit).collect();
        let (day, time) = time.split_at(8);
        return Ok(workspace.root.join(format!("submission-{day}-{time}.zip")));
    };
    let is_zip = path
        .extension()
        .is_some_and(|ending| ending.eq_ignore_ascii_case("zip"));
    if !is_zip {
        return Err(Fault::usage(
            format!(
                "{} does not end in .zip, and a zip is what is written",
                path.display()
            ),
            "name it so: --out submission.zip",
        ));
    }
    std::path::absolute(path).map_err(|error| Fault::io("find", path, &error))
}

/// As people are told to find it.
fn shown(workspace: &Workspace, archive: &Path) -> String {
    let inside = archive.strip_prefix(&workspace.root).unwrap_or(archive);
    inside.display().to_string()
}

/// Compiles each lab that goes in, as grading will: what the compiler says of stages that do not.
fn broken(workspace: &Workspace, args: &SubmitArgs, contents: &Contents<'_>) -> Result<Page> {
    let _notice = progress::notice(&format!(
        "compiling {} ...",
        counted(contents.desks.len(), "lab")
    ));
    // Without labs: no check is run.
    let grader = Grader::ready(workspace, &[], &Manner::from(&args.manner))?;
    let mut page = Page::default();
    for desk in &contents.desks {
        let program = grader.compile(&Assignment {
            submission: Submission::Workspace,
            lab: &desk.lab,
            set: &desk.set,
            pristine: &desk.pristine,
            seed: "",
            checks: Vec::new(),
            doomed: None,
        })?;
        for error in &program.told.diagnostics {
            let mut one = Page::default();
            one.rows(lines(&error.text).lines());
            page.below(&one);
        }
    }
    Ok(page)
}
