//! A student's page: points, then each failure with what it teaches and what passed.

use maud::{Markup, html};
use testbench::record::Status;

use super::super::data::standing::Points;
use super::super::failure::word;
use super::super::overview::percent;
use super::super::stage::counted;
use super::super::view::evidence::Evidence;
use super::super::view::student_page::{CheckPage, LabPage, StagePage, StudentPage};
use super::comparison::comparison;
use super::document::document;
use super::ladder::ladder;
use crate::grade::record::failed;

/// How many lines of stderr are shown without being asked.
const STDERR: usize = 12;

/// How many steps of a transcript are shown without being asked.
const STEPS: usize = 24;

/// The page as HTML.
pub fn student(page: &StudentPage) -> String {
    let body = html! {
        a.skip href="#points" { "To the points" }
        header {
            h1 { (page.name) }
            p.quiet {
                (page.course) " · " (page.id)
                @if let Some(group) = &page.group { " · group " (group) }
                " · graded " time datetime=(page.graded_at) { (page.graded_at) }
            }
            (total(page))
        }
        main {
            (points(page))
            @for lab in &page.labs { (of_lab(lab)) }
        }
        footer {
            p { "What your program and the grader's peers said is shown as text, with escapes for bytes that cannot be printed: " code { "\\n" } " ends a line, " code { "\\xff" } " is the byte 255." }
        }
    };
    document(&format!("{} · {}", page.name, page.course), &body, None)
}

fn total(page: &StudentPage) -> Markup {
    html! {
        @for refusal in &page.refusals {
            p.notice { (refusal) }
        }
        @if let Some(total) = page.total {
            p.total {
                strong { (total.last.reached) " of " (total.last.max) } " points, " (percent(total.last.reached, total.last.max))
            }
            @if total.raw != total.last {
                p.quiet { "The checks gave " (total.raw.reached) "; void checks and lateness make the difference, lab by lab below." }
            }
        } @else {
            p.notice {
                (counted(page.withheld, "check")) " and all totals are not shown yet"
                @if let Some(until) = &page.until { ", until " (until) }
                ". What follows is about the other checks."
            }
        }
    }
}

fn points(page: &StudentPage) -> Markup {
    html! {
        section aria-labelledby="points" {
            h2 #points { "Points" }
            @for (title, told) in &page.absent {
                p.notice { strong { (title) } ": " (told) "." }
            }
            @for lab in &page.labs {
                section.scroll tabindex="0" aria-label=(format!("Points in {}", lab.id)) {
                table.points {
                    caption { strong { (lab.title) } " (" (lab.id) ")" @if let Some(lateness) = &lab.lateness { "; " (lateness) } }
                    thead { tr { th scope="col" { "Stage" } th scope="col" { "What it is about" } th.number scope="col" { "Points" } th.share scope="col" { span.unseen { "Share" } } } }
                    tbody {
                        @for stage in &lab.stages {
                            tr {
                                th scope="row" { a href=(anchor(lab, stage)) { (stage.name) } }
                                td { (stage.title) }
                                (cells(stage.points))
                            }
                        }
                    }
                    (sums(lab))
                }
                }
            }
        }
    }
}

/// Raw points, what comes to them and goes from them, and what counts.
fn sums(lab: &LabPage) -> Markup {
    let row = |label: &str, text: String| {
        html! { tr { td colspan="2" { (label) } td.number { (text) } td.share {} } }
    };
    html! {
        tfoot {
            @match &lab.standing {
                None => { tr { td colspan="2" { "Checks shown here" } (cells(lab.shown)) } },
                Some(standing) => {
                    @let late = standing.late.map_or(0, |late| late.cost);
                    @if standing.given_back > 0 || late > 0 { (row("As the checks gave them", standing.raw.reached.to_string())) }
                    @if standing.given_back > 0 { (row("Given back for void checks", format!("+{}", standing.given_back))) }
                    @if late > 0 { (row("Late", format!("\u{2212}{late}"))) }
                    tr { td colspan="2" { "Total" } (cells(standing.last())) }
                },
            }
        }
    }
}

fn cells(points: Points) -> Markup {
    html! {
        td.number { (points.reached) " of " (points.max) }
        td.share {
            @if points.max > 0 {
                meter min="0" max=(points.max) value=(points.reached) aria-hidden="true" { (percent(points.reached, points.max)) }
            }
        }
    }
}

fn anchor(lab: &LabPage, stage: &StagePage) -> String {
    format!("#{}", id_of(lab, stage))
}

/// A name as part of an id.
fn plain(text: &str) -> String {
    text.replace(|c: char| !c.is_ascii_alphanumeric() && c != '-', "_")
}

fn id_of(lab: &LabPage, stage: &StagePage) -> String {
    format!("{}--{}", plain(lab.id.as_str()), plain(stage.name.as_str()))
}

fn of_lab(lab: &LabPage) -> Markup {
    html! {
        section aria-labelledby=(plain(lab.id.as_str())) {
            h2 id=(plain(lab.id.as_str())) { (lab.title) }
            @if !lab.ignored.is_empty() {
                details {
                    summary { (counted(lab.ignored.len(), "file")) " handed in and not used" }
                    ul { @for (path, why) in &lab.ignored { li { code { (path) } ": " (why) } } }
                }
            }
            @if !lab.diagnostics.is_empty() {
                h3 { "What the compiler says" }
                @for error in &lab.diagnostics {
                    pre { @for line in error { (line) "\n" } }
                }
            }
            @for stage in &lab.stages { (of_stage(lab, stage)) }
        }
    }
}

fn of_stage(lab: &LabPage, stage: &StagePage) -> Markup {
    let failures: Vec<&CheckPage> = stage
        .checks
        .iter()
        .filter(|check| failed(check.status))
        .collect();
    let first = failures.iter().position(|check| !check.explained);
    html! {
        h3 id=(id_of(lab, stage)) { (stage.name) ": " (stage.title) }
        p.quiet { code { (stage.file) } }
        @if stage.missing {
            p.notice { "This file was not handed in; the stub was graded in its place." }
        }
        @if let Some(to_do) = &stage.to_do {
            @if !stage.missing { p.notice { "This stage is not written yet: " (to_do) } }
        } @else if stage.broken {
            p.notice { "This stage does not compile, so none of its checks could pass; what the compiler says stands above." }
        } @else {
            @for (index, check) in failures.iter().enumerate() {
                (failure(check, Some(index) == first))
            }
        }
        (all_checks(lab, stage))
    }
}

fn failure(check: &CheckPage, open: bool) -> Markup {
    html! {
        article.behind[check.explained] {
            div.head {
                h4 { span.status.bad { (word(check.status)) } " " (check.title) }
                span.quiet { (check.points.reached) " of " (check.points.max) }
            }
            @if let Some(because) = &check.because {
                p.quiet { "Fails behind: " (because) }
            } @else {
                p.quiet { code { (check.id) } ", after " (check.ms) " ms" @if !check.attempts.is_empty() { ", tried again" } }
                @if let Some(happened) = &check.happened { p { (happened) } }
                @if let Some(sentence) = &check.sentence { p.teaches { (sentence) } }
                @if let Some(evidence) = &check.evidence { (seen(evidence, open)) }
                (links(check))
            }
            @if let Some(void) = &check.void { p.notice { "Void, its points are given back: " (void) } }
        }
    }
}

fn seen(evidence: &Evidence, open: bool) -> Markup {
    let (shown, rest) = evidence.stderr.split_at(evidence.stderr.len().min(STDERR));
    let first = evidence.transcript.first().map_or(0.0, |step| step.ms);
    let last = evidence.transcript.last().map_or(0.0, |step| step.ms);
    html! {
        (comparison(evidence))
        @if !evidence.transcript.is_empty() {
            details open[open && evidence.transcript.len() <= STEPS] {
                summary { "What passed: " (counted(evidence.transcript.len(), "step")) " in " (format!("{:.1}", last - first)) " ms" }
                (ladder(&evidence.transcript))
            }
        }
        @if let Some(exit) = &evidence.exit {
            p { "The program ended: " (exit) @if let Some(at) = &evidence.panicked_at { ", by a panic at " code { (at) } } }
        }
        @if !shown.is_empty() {
            p.quiet { "It said on stderr:" }
            pre { @for line in shown { (line) "\n" } }
            @if !rest.is_empty() {
                details { summary { (counted(rest.len(), "more line")) } pre { @for line in rest { (line) "\n" } } }
            }
        }
    }
}

fn links(check: &CheckPage) -> Markup {
    html! {
        dl.links {
            dt { "Read on" }
            dd {
                @match check.notes.address() {
                    Some(address) => { a href=(address) rel="noreferrer" { (check.notes.path) } },
                    None => { code { (check.notes.path) } },
                }
            }
            @if let Some(replay) = &check.replay { dt { "Again" } dd { code { (replay) } } }
        }
    }
}

/// Every check of a stage in a row, those that passed among them.
fn all_checks(lab: &LabPage, stage: &StagePage) -> Markup {
    let passed = stage
        .checks
        .iter()
        .filter(|check| check.status == Status::Pass)
        .count();
    html! {
        details {
            summary { "All checks of " (stage.name) ": " (passed) " of " (stage.checks.len()) " passed" }
            section.scroll tabindex="0" aria-label=(format!("All checks of {}, {}", lab.id, stage.name)) {
            table {
                caption.unseen { "All checks of " (stage.name) }
                thead { tr { th scope="col" { "Result" } th scope="col" { "Check" } th.number scope="col" { "Points" } } }
                tbody { @for check in &stage.checks { (row(check)) } }
            }
            }
        }
    }
}

fn row(check: &CheckPage) -> Markup {
    let class = match check.status {
        Status::Pass => "status good",
        status if failed(status) => "status bad",
        _ => "status warn",
    };
    let judged = failed(check.status) || check.status == Status::Pass;
    html! {
        tr {
            td class=(class) { (word(check.status)) }
            td {
                (check.title)
                @if check.hidden { span.quiet { " (hidden check)" } }
                @if let Some(void) = &check.void { br; span.quiet { "Void, its points are given back: " (void) } }
                @if !judged { @if let Some(happened) = &check.happened { br; span.quiet { (happened) } } }
                @if check.status == Status::Pass && !check.attempts.is_empty() { br; span.quiet { "Passed when it was tried again." } }
            }
            td.number { @if judged { (check.points.reached) " of " (check.points.max) } @else { "not counted" } }
        }
    }
}
