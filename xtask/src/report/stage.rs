//! What is wrong with one stage: the first failure in full, the others in a line each.

use std::collections::BTreeMap;

use testbench::record::{CheckRecord, LabRecord, Panic, Status};

use super::failure::{WIDTH, headline, in_full, sentence};
use super::overview::StageTally;
use crate::grade::record::failed;
use crate::output::page::Page;
use crate::output::paint::Paint;
use crate::output::plain::{each_line, line, shortened, wrapped};

/// How many of a stage's compiler errors are shown.
const ERRORS: usize = 2;

/// What there is to say about a stage.
#[derive(Debug)]
pub enum Verdict<'a> {
    /// Nothing failed.
    Well,
    /// The stub's `todo!` stands there still.
    ToDo(&'a Panic),
    /// It does not compile.
    Broken,
    /// Something failed.
    Failed,
}

/// The verdict on a stage.
pub fn verdict<'a>(tally: &StageTally<'a>) -> Verdict<'a> {
    let failures: Vec<&CheckRecord> = tally
        .checks
        .iter()
        .copied()
        .filter(|check| failed(check.status))
        .collect();
    if failures.is_empty() {
        return Verdict::Well;
    }
    if failures
        .iter()
        .all(|check| check.status == Status::BuildError)
    {
        return Verdict::Broken;
    }
    match failures
        .iter()
        .map(|check| todo(check))
        .collect::<Option<Vec<_>>>()
    {
        Some(todos) => todos
            .first()
            .map_or(Verdict::Failed, |panic| Verdict::ToDo(panic)),
        None => Verdict::Failed,
    }
}

/// The panic of a check that failed because its stage is not written.
pub fn todo(check: &CheckRecord) -> Option<&Panic> {
    let panic = check.finding.program.as_ref()?.panic.as_ref()?;
    panic.todo().map(|_| panic)
}

/// A stage that is not written yet: what to do, where, and where to read on.
pub fn to_do(tally: &StageTally<'_>, panic: &Panic, paint: Paint) -> Page {
    let notes = tally
        .checks
        .first()
        .map_or("", |check| check.notes.as_str());
    let section = notes.split('#').next().unwrap_or_default();
    let mut page = Page::default();
    page.row(format!("  {}  {}", paint.head(tally.name), line(&panic.at)));
    // Behind a semicolon stand parameters, which a stub names so that none of them is unused.
    let what = panic.todo().unwrap_or_default().split("; ").next();
    let what = line(what.unwrap_or_default());
    page.rows(
        wrapped(&what, WIDTH - 4)
            .iter()
            .map(|row| format!("    {row}")),
    );
    page.row(format!("    read on   {section}#{}", tally.name));
    page
}

/// A stage that does not compile: what the compiler says of it.
pub fn broken(lab: &LabRecord, tally: &StageTally<'_>, paint: Paint) -> Page {
    let of_stage =
        |stage: &Option<String>| stage.as_deref().is_none_or(|stage| stage == tally.name);
    let diagnostics = lab.compile.diagnostics.iter();
    let errors: Vec<&str> = diagnostics
        .filter(|diagnostic| of_stage(&diagnostic.stage))
        .map(|diagnostic| diagnostic.text.as_str())
        .collect();
    let mut page = Page::default();
    page.rows(heading(
        tally.name,
        "does not compile; the other stages were graded",
        paint,
    ));
    for error in errors.iter().take(ERRORS) {
        page.blank();
        page.rows(each_line(error).map(|row| format!("  {row}")));
    }
    if let more @ 1.. = errors.len().saturating_sub(ERRORS) {
        page.blank();
        page.row(format!("  and {}", counted(more, "more error")));
    }
    page
}

/// A stage in which something failed.
pub fn failures(title: &str, tally: &StageTally<'_>, paint: Paint) -> Page {
    let failures: Vec<&CheckRecord> = tally
        .checks
        .iter()
        .copied()
        .filter(|check| failed(check.status))
        .collect();
    let (roots, behind) = in_order(&failures);
    let mut page = Page::default();
    page.rows(heading(tally.name, title, paint));
    for (index, check) in roots.iter().enumerate() {
        page.below(&if index == 0 {
            in_full(check, paint)
        } else {
            brief(check, paint)
        });
        if let Some(&count) = behind.get(check.id.as_str()) {
            let verb = if count == 1 { "fails" } else { "fail" };
            let told = format!("{} {verb} behind this one", counted(count, "more check"));
            if index == 0 {
                page.blank();
            }
            page.row(format!("    {}", paint.faint(&told)));
        }
    }
    page
}

/// The failure that is told in full.
pub fn first<'a>(tally: &StageTally<'a>) -> Option<&'a CheckRecord> {
    let failures: Vec<&CheckRecord> = tally
        .checks
        .iter()
        .copied()
        .filter(|check| failed(check.status))
        .collect();
    in_order(&failures).0.first().copied()
}

/// As [`roots`], what is written and wrong before what is not written yet.
fn in_order<'a>(failures: &[&'a CheckRecord]) -> (Vec<&'a CheckRecord>, BTreeMap<&'a str, usize>) {
    let (mut roots, behind) = roots(failures);
    if let Some(written) = roots.iter().position(|check| todo(check).is_none()) {
        roots[..=written].rotate_right(1);
    }
    (roots, behind)
}

/// The failures that no other explains, and how many each of them explains.
fn roots<'a>(failures: &[&'a CheckRecord]) -> (Vec<&'a CheckRecord>, BTreeMap<&'a str, usize>) {
    let mut roots = Vec::new();
    let mut behind = BTreeMap::new();
    for check in failures {
        match root(check, failures) {
            Some(root) => *behind.entry(root).or_default() += 1,
            None => roots.push(*check),
        }
    }
    (roots, behind)
}

/// A failure in two lines.
fn brief(check: &CheckRecord, paint: Paint) -> Page {
    let mut page = Page::default();
    page.row(headline(check, paint));
    if let Some(happened) = check.finding.happened.as_deref() {
        page.row(format!(
            "    {}",
            shortened(&line(sentence(happened)), WIDTH - 4)
        ));
    }
    page
}

/// The failure at the beginning of the chain that explains `check`, if it is another.
fn root<'a>(check: &CheckRecord, failures: &[&'a CheckRecord]) -> Option<&'a str> {
    let mut root = None;
    let mut because = check.because.as_deref();
    // `because` names an earlier check, so the chain ends; a forged record's may not.
    for _ in 0..failures.len() {
        let Some(earlier) = failures
            .iter()
            .find(|known| Some(known.id.as_str()) == because)
        else {
            break;
        };
        root = Some(earlier.id.as_str());
        because = earlier.because.as_deref();
    }
    root
}

/// A name and what is said of it, underlined.
pub fn heading(name: &str, said: &str, paint: Paint) -> [String; 2] {
    let said = shortened(&line(said), WIDTH - name.len() - 2);
    [
        format!("{}  {said}", paint.head(name)),
        paint.faint(&"-".repeat(WIDTH)),
    ]
}

/// `1 check`, `2 checks`.
pub fn counted(count: usize, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}
