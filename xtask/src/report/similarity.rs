//! Stage files for a search of similar ones, laid out for JPlag and Dolos: nothing is run here.
//!
//! Files bear pseudonyms. Stubs go along as the code that all have in common; a stage that is
//! its stub still is left out.

use std::collections::BTreeMap;
use std::path::Path;

use sha2::{Digest, Sha256};

use super::data::complaint::Complaint;
use super::folder::ReportFolder;
use super::gradebook::table::{Cell, written};
use crate::course::lab::Lab;
use crate::course::selection::labs_named;
use crate::course::workspace::Workspace;
use crate::fault::Result;
use crate::intake::place::Wanted;
use crate::intake::roster::{Roster, Submission};
use crate::intake::take;
use crate::sources::pristine::Pristine;
use crate::sources::set::{hexadecimal, same_words};

/// Where it is written to, from the report's folder on.
const FOLDER: &str = "similarity";

/// A lab's stubs by file.
struct Base<'a> {
    lab: &'a Lab,
    stubs: BTreeMap<String, Vec<u8>>,
    /// What Dolos reads: a row a file.
    info: Vec<Vec<Cell>>,
}

/// Lays out what `handed_in` holds of the labs that were `named`, of all if none was; gives what could not be read.
///
/// # Errors
/// The folder cannot be read, or the disk is full.
pub fn similarity(
    workspace: &Workspace,
    named: &[String],
    handed_in: &Path,
    folder: &ReportFolder,
) -> Result<Vec<Complaint>> {
    let labs = labs_named(workspace, named)?;
    folder.forget_all(FOLDER)?;
    let mut bases = Vec::new();
    for lab in &labs {
        let base = Base::of(lab)?;
        base.write(folder)?;
        bases.push(base);
    }
    let all: Vec<&Lab> = labs.iter().collect();
    let wanted = Wanted::of(&all, &workspace.labs, !named.is_empty());
    let submissions = Roster::of(handed_in)?.submissions;
    let pseudonyms = pseudonyms(&submissions);
    let mut complaints = Vec::new();
    for submission in &submissions {
        let taken = take(submission, &wanted);
        if let Some(refused) = taken.refused {
            complaints.push(Complaint::gap(
                format!(
                    "`{}` is not among the files to compare: {refused}",
                    submission.id
                ),
                "look at what was handed in",
            ));
            continue;
        }
        let Some(pseudonym) = pseudonyms.get(&submission.id) else {
            continue;
        };
        for base in &mut bases {
            let files = taken.labs.get(&base.lab.name);
            for (file, text) in files.into_iter().flatten() {
                base.add(folder, pseudonym, file, text)?;
            }
        }
    }
    for base in bases {
        let info = written(&base.info)?;
        folder.write(format!("{FOLDER}/{}/info.csv", base.lab.name), info)?;
    }
    folder.write(format!("{FOLDER}/pseudonyms.csv"), key(&pseudonyms)?)?;
    Ok(complaints)
}

impl<'a> Base<'a> {
    fn of(lab: &'a Lab) -> Result<Self> {
        let pristine = Pristine::of(lab)?;
        let stages = lab
            .rubric
            .stages
            .iter()
            .map(crate::course::rubric::Stage::file);
        let stubs = stages.filter_map(|file| Some((file.clone(), pristine.stub(&file)?.to_vec())));
        let header = ["filename", "full_name", "label"].map(|name| Cell::Text(name.to_owned()));
        Ok(Self {
            lab,
            stubs: stubs.collect(),
            info: vec![header.into()],
        })
    }

    /// The stubs, each in a file for JPlag, all in one for Dolos.
    fn write(&self, folder: &ReportFolder) -> Result<()> {
        let name = &self.lab.name;
        let mut all = Vec::new();
        for (file, text) in &self.stubs {
            folder.write(format!("{FOLDER}/{name}/base/{file}"), text)?;
            all.extend_from_slice(text);
            all.push(b'\n');
        }
        folder.write(format!("{FOLDER}/{name}/base.rs"), all)
    }

    fn add(
        &mut self,
        folder: &ReportFolder,
        pseudonym: &str,
        file: &str,
        text: &[u8],
    ) -> Result<()> {
        if self
            .stubs
            .get(file)
            .is_some_and(|stub| same_words(stub, text))
        {
            return Ok(());
        }
        let path = format!("submissions/{pseudonym}/{file}");
        folder.write(format!("{FOLDER}/{}/{path}", self.lab.name), text)?;
        let stage = file.trim_end_matches(".rs");
        self.info.push(vec![
            Cell::Text(path),
            Cell::Text(pseudonym.to_owned()),
            Cell::Text(stage.to_owned()),
        ]);
        Ok(())
    }
}

/// `s001` and so on, in an order that tells nothing of the names.
fn pseudonyms(submissions: &[Submission]) -> BTreeMap<String, String> {
    let digest = |id: &str| {
        let mut digest = Sha256::new();
        digest.update("pseudonym");
        digest.update(id);
        hexadecimal(digest)
    };
    let mut ids: Vec<(String, &str)> = submissions
        .iter()
        .map(|one| (digest(&one.id), one.id.as_str()))
        .collect();
    ids.sort();
    let numbered = (1..).zip(ids);
    numbered
        .map(|(number, (_, id))| (id.to_owned(), format!("s{number:03}")))
        .collect()
}

/// Who is who; for whoever keeps the course, and for nobody else.
fn key(pseudonyms: &BTreeMap<String, String>) -> Result<String> {
    let header = ["pseudonym", "id"].map(|name| Cell::Text(name.to_owned()));
    let mut rows: Vec<Vec<Cell>> = pseudonyms
        .iter()
        .map(|(id, pseudonym)| vec![Cell::Text(pseudonym.clone()), Cell::Text(id.clone())])
        .collect();
    rows.sort_by_key(|row| match row.first() {
        Some(Cell::Text(pseudonym)) => pseudonym.clone(),
        _ => String::new(),
    });
    rows.insert(0, header.into());
    written(&rows)
}
