//! What goes into a submission, and what stays behind, each with the reason.

use std::collections::BTreeMap;
use std::fs;

use testbench::bytes;

use crate::course::workspace::Workspace;
use crate::edition::Edition;
use crate::fault::{Fault, Result};
use crate::intake::bounds;
use crate::output::page::Page;
use crate::output::paint::Paint;
use crate::output::plain::line;
use crate::student::desk::Desk;

/// What is handed in.
#[derive(Debug)]
pub(super) struct Contents<'a> {
    /// The labs that are begun.
    pub(super) desks: Vec<&'a Desk>,
    /// Their stages' files, by their path in the workspace.
    pub(super) files: BTreeMap<String, Vec<u8>>,
    /// A word on each of these files, if one is needed.
    remarks: BTreeMap<String, &'static str>,
    /// What was written or changed and is not handed in, and why.
    behind: Vec<(String, String)>,
}

impl<'a> Contents<'a> {
    /// Gathers them: every stage of each lab that is begun.
    pub(super) fn of(
        workspace: &Workspace,
        desks: &'a [Desk],
        edition: Option<&Edition>,
    ) -> Result<Self> {
        let mut contents = Self {
            desks: Vec::new(),
            files: BTreeMap::new(),
            remarks: BTreeMap::new(),
            behind: Vec::new(),
        };
        for desk in desks {
            contents.add(desk)?;
        }
        if contents.desks.is_empty() {
            return Err(Fault::usage(
                "there is nothing to hand in: every stage is as it was handed out",
                "see where to begin: cargo xtask try",
            ));
        }
        if let Some(edition) = edition {
            contents.add_changed(workspace, edition);
        }
        Ok(contents)
    }

    fn add(&mut self, desk: &'a Desk) -> Result<()> {
        let stages = &desk.lab.rubric.stages;
        for ignored in &desk.set.ignored {
            let path = format!("labs/{}/{}", desk.lab.name, ignored.path);
            self.behind.push((path, ignored.why.clone()));
        }
        if !stages.iter().any(|stage| desk.begun(stage)) {
            self.behind
                .push((format!("labs/{}", desk.lab.name), "not begun".to_owned()));
            return Ok(());
        }
        self.desks.push(desk);
        for stage in stages {
            let path = desk.shown(stage);
            if desk.set.missing.contains(&stage.name) {
                self.behind.push((path, "it is not there".to_owned()));
                continue;
            }
            let text = desk.text(stage);
            if text.len() as u64 > bounds::FILE {
                return Err(Fault::usage(
                    format!(
                        "{path} has {}, and no grader takes that much",
                        bytes::count(text.len())
                    ),
                    "make it smaller than 256 KiB",
                ));
            }
            if !desk.begun(stage) {
                self.remarks.insert(path.clone(), "the stub, untouched");
            }
            self.files.insert(path, text.to_vec());
        }
        Ok(())
    }

    /// Files of the course that are no more what was handed out.
    fn add_changed(&mut self, workspace: &Workspace, edition: &Edition) {
        for path in edition.files.keys() {
            // Those in the sources of a lab are told already.
            let told = path.starts_with("labs/") && path.contains("/src/");
            if told || path.starts_with(".edition/") {
                continue;
            }
            let why = match fs::read(workspace.root.join(path)) {
                Ok(text) if edition.handed_out(path, &text) => continue,
                Ok(_) => "changed; grading uses the course's own",
                Err(_) => "deleted; grading uses the course's own",
            };
            self.behind.push((path.clone(), why.to_owned()));
        }
    }

    /// What goes in and what does not.
    pub(super) fn page(&self, paint: Paint) -> Page {
        let paths = self
            .files
            .keys()
            .chain(self.behind.iter().map(|(path, _)| path));
        let width = paths
            .map(|path| line(path).chars().count())
            .max()
            .unwrap_or(0)
            .min(44);
        let mut page = Page::default();
        page.row(paint.head("goes in"));
        for (path, text) in &self.files {
            let said = match self.remarks.get(path) {
                Some(remark) => paint.faint(remark),
                None => bytes::count(text.len()),
            };
            page.row(format!("  {:<width$}  {said}", line(path)));
        }
        if !self.behind.is_empty() {
            page.blank();
            page.row(paint.head("stays behind"));
            for (path, why) in &self.behind {
                page.row(format!("  {:<width$}  {}", line(path), line(why)));
            }
        }
        page
    }
}
