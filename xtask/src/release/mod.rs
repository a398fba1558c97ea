//! `cargo xtask release`: the student edition, a folder and git repository to hand out.
//!
//! What goes in is named, not what stays out: a file that nobody thought of is not released.
//! The stubs are cut afresh from the solutions, so that nothing tried out in `labs/` slips in.

mod contents;
mod docs;
mod lay;
mod manifests;
mod repository;

use std::path::{Path, PathBuf};

use clap::Args;

use crate::Outcome;
use crate::course::workspace::{STUDENT, Workspace};
use crate::edition::{Edition, MANIFEST};
use crate::fault::{Fault, Result};
use crate::output::page::Page;
use crate::output::{print, progress};
use crate::report::stage::counted;
use crate::work::WorkFolder;
use contents::Contents;
use lay::Plan;
use repository::Repository;

/// Where the student edition goes to.
#[derive(Debug, Args)]
pub struct ReleaseArgs {
    /// A new or empty folder, or an older student edition, whose changed files are kept
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
}

/// Releases the student edition, and tells what was done.
///
/// # Errors
/// This is no place to release from or to, a source is wrong, or a file cannot be written.
pub fn run(workspace: &Workspace, args: &ReleaseArgs) -> Result<Outcome> {
    if workspace.is_student_edition() {
        return Err(Fault::usage(
            "this is a student edition: it has no solutions that stubs could be cut from",
            "release from the instructor's edition",
        ));
    }
    let target = Target::at(workspace, &args.out)?;
    let page = {
        let _notice = progress::notice("gathering the student edition ...");
        let work = WorkFolder::new()?;
        let contents = Contents::gather(workspace, &work)?;
        let edition = Edition::of(STUDENT, &workspace.version, &contents.files);
        target.release(&contents, &edition)?
    };
    print(&page.into_text())?;
    Ok(Outcome::Done)
}

/// The folder that is released to.
struct Target {
    folder: PathBuf,
    /// As it was typed.
    shown: String,
    /// What lies there already.
    older: Option<Edition>,
}

impl Target {
    /// A folder that may be released to.
    fn at(workspace: &Workspace, typed: &Path) -> Result<Self> {
        let shown = typed.display().to_string();
        let folder =
            std::path::absolute(typed).map_err(|error| Fault::io("find", typed, &error))?;
        let elsewhere = "name a new or empty folder outside: --out ../socket-labs";
        let root = &workspace.root;
        if folder.starts_with(root) && !folder.starts_with(root.join("target")) {
            return Err(Fault::usage(
                format!("{shown} lies in the workspace that is released"),
                elsewhere,
            ));
        }
        let older = Edition::read(&folder)?;
        if older.is_none() && !is_empty(&folder)? {
            return Err(Fault::usage(
                format!("{shown} is neither empty nor a student edition"),
                elsewhere,
            ));
        }
        Ok(Self {
            folder,
            shown,
            older,
        })
    }

    fn release(&self, contents: &Contents, edition: &Edition) -> Result<Page> {
        let plan = Plan::of(&self.folder, contents, self.older.as_ref())?;
        let repository = Repository::at(&self.folder)?;
        let clean = repository.is_clean()?;
        plan.carry_out(&self.folder)?;
        let manifest = self.folder.join(MANIFEST);
        crate::work::write(&manifest, edition.text()?.as_bytes())?;
        let mut page = Page::default();
        page.row(format!("{}  {}", self.shown, edition.name()));
        let hidden = counted(contents.hidden, "hidden check");
        page.row(format!(
            "{}, {}, {}; {hidden} by title and points only",
            counted(contents.files.len(), "file"),
            counted(contents.labs, "lab"),
            counted(contents.public, "public check"),
        ));
        if let Some(older) = &self.older {
            page.row(format!("over {}", older.name()));
        }
        page.below(&plan.told());
        page.blank();
        if clean {
            let committed = repository.commit(&format!("Socket Labs {}", edition.name()))?;
            page.row(if committed {
                "committed; git log shows it"
            } else {
                "nothing changed"
            });
        } else {
            page.row("not committed: there was uncommitted work in that repository");
        }
        if plan.has_conflicts() {
            page.row(" next: look at each conflict above, then delete the file beside it");
        } else if clean {
            page.row(format!(" next: cd {} && cargo xtask try", self.shown));
        } else {
            page.row(format!(" next: git -C {} status", self.shown));
        }
        Ok(page)
    }
}

/// Whether there is nothing at `folder`, or an empty folder.
fn is_empty(folder: &Path) -> Result<bool> {
    match std::fs::read_dir(folder) {
        Ok(mut entries) => Ok(entries.next().is_none()),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(true),
        Err(error) => Err(Fault::io("look into", folder, &error)),
    }
}
