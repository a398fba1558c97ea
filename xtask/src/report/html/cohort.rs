//! The cohort's page, for whoever keeps the course.

use maud::{Markup, html};

use super::super::overview::percent;
use super::super::stage::counted;
use super::super::view::cohort_page::{Cell, CohortPage, Flaky, StudentRow};
use super::super::view::distribution::{Spread, as_number};
use super::super::view::items::{Item, Reading};
use super::super::view::mistakes::CommonMistake;
use super::super::view::text::Text;
use super::document::document;
use super::heat::{legend, strip};

const SCRIPT: &str = include_str!("cohort.js");

/// How many mistakes are listed without being asked.
const MISTAKES: usize = 12;

/// How many suspicious submissions and flaky checks are listed without being asked.
const LISTED: usize = 20;

/// The page as HTML.
pub fn cohort(page: &CohortPage) -> String {
    let body = html! {
        a.skip href="#students" { "To the students" }
        header.wide {
            h1 { (page.course) }
            p.quiet {
                (counted(page.students.len(), "submission")) ", " (page.missing.len()) " missing, graded up to "
                time datetime=(page.graded_at) { (page.graded_at) }
                ". For whoever keeps the course: students must not see it."
            }
            nav aria-label="Sections" { ul {
                @for (id, name) in SECTIONS { li { a href=(format!("#{id}")) { (name) } } }
            } }
        }
        main.wide {
            (complaints(page))
            (distribution(&page.spread))
            (labs(page))
            (students(page))
            (heat(page))
            (items(&page.items))
            (mistakes(page))
            (to_look_at(page))
            (missing(page))
        }
        footer { p { "Made from records alone. Points are as they count in the end, void checks and lateness included." } }
    };
    document(&format!("{} · cohort", page.course), &body, Some(SCRIPT))
}

const SECTIONS: [(&str, &str); 8] = [
    ("distribution", "Distribution"),
    ("labs", "Labs and stages"),
    ("students", "Students"),
    ("heat", "Heat map"),
    ("items", "Checks"),
    ("mistakes", "Mistakes"),
    ("look", "To look at"),
    ("missing", "Missing"),
];

fn complaints(page: &CohortPage) -> Markup {
    html! {
        @if !page.complaints.is_empty() {
            section.notice aria-label="Complaints" {
                ul { @for complaint in &page.complaints {
                    li { (complaint.what) ". " span.quiet { (complaint.remedy) } }
                } }
            }
        }
    }
}

fn distribution(spread: &Spread) -> Markup {
    let most = spread.tenths.iter().copied().max().unwrap_or(0).max(1);
    let [quarter, half, three] = spread.quartiles;
    html! {
        section aria-labelledby="distribution" {
            h2 #distribution { "Distribution of points" }
            p {
                "Mean " (one(spread.mean)) " %, median " (one(half)) " %, the middle half between "
                (one(quarter)) " and " (one(three)) " %. "
                (spread.full) " with all points, " (spread.none) " with none."
            }
            ol.bars {
                @for (index, count) in spread.tenths.iter().enumerate() {
                    li {
                        (count)
                        i style=(format!("height:{:.1}%", as_number(*count) * 78.0 / as_number(most))) {}
                        span { (index * 10) "–" (index * 10 + 10) span.unseen { " per cent of the points" } }
                    }
                }
            }
        }
    }
}

fn labs(page: &CohortPage) -> Markup {
    html! {
        section aria-labelledby="labs" {
            h2 #labs { "Labs and stages" }
            section.scroll tabindex="0" aria-label="Table: Labs and stages" {
            table {
                caption { "Shares of the points, in per cent" }
                thead { tr {
                    th scope="col" { "Lab, stage" } th scope="col" { "Title" }
                    @for name in ["Students", "Mean", "Lower quarter", "Median", "Upper quarter", "All points", "No points", "Late", "Not compiling"] { th.number scope="col" { (name) } }
                } }
                @for lab in &page.labs {
                    tbody {
                        tr {
                            th scope="row" { (lab.id) } td.title { strong { (lab.title) } span.quiet { ", " (counted(lab.max as usize, "point")) } }
                            (spread_cells(&lab.spread)) td.number { (lab.late) } td.number { (lab.broken) }
                        }
                        @for (name, title, spread) in &lab.stages {
                            tr { td.id { "\u{2003}" (name) } td.title { (title) } (spread_cells(spread)) td {} td {} }
                        }
                    }
                }
            }
            }
        }
    }
}

fn spread_cells(spread: &Spread) -> Markup {
    html! {
        td.number { (spread.count) } td.number { (one(spread.mean)) }
        @for quartile in spread.quartiles { td.number { (one(quartile)) } }
        td.number { (spread.full) } td.number { (spread.none) }
    }
}

fn students(page: &CohortPage) -> Markup {
    html! {
        section aria-labelledby="students" {
            h2 #students { "Students" }
            (tools(page))
            section.scroll tabindex="0" aria-label="Table: Students" {
            table #table {
                caption { "Points that count. A heading sorts by its column." }
                thead { tr {
                    th scope="col" { "Id" } th scope="col" { "Name" } th.number scope="col" { "Total" } th.number scope="col" { "Per cent" }
                    @for lab in &page.labs { th.number scope="col" { (lab.id) } }
                    th.number scope="col" { "Raw" } th.number scope="col" { "Days late" }
                } }
                tbody { @for (index, student) in page.students.iter().enumerate() { (student_row(index, student)) } }
            }
            }
        }
    }
}

/// Filters, which appear with the script that makes them work.
fn tools(page: &CohortPage) -> Markup {
    html! {
        div.tools #tools hidden {
            label { "Name or id" input #find type="search" autocomplete="off"; }
            label { "Who failed"
                select #check {
                    option value="" { "any check or none" }
                    @for (index, item) in page.items.iter().enumerate() {
                        @if item.failed > 0 { option value=(index) { (item.lab) ": " (item.id) " (" (item.failed) ")" } }
                    }
                }
            }
            p #shown role="status" { (counted(page.students.len(), "student")) }
        }
    }
}

fn student_row(index: usize, student: &StudentRow) -> Markup {
    let failed: Vec<String> = student
        .cells
        .iter()
        .enumerate()
        .filter(|(_, cell)| matches!(cell, Cell::Fail | Cell::Behind | Cell::Broken))
        .map(|(index, _)| index.to_string())
        .collect();
    let share = (u64::from(student.last.reached) * 1000).checked_div(u64::from(student.last.max));
    html! {
        tr data-row=(index) data-failed=(failed.join(" ")) {
            th.id scope="row" { (student.id) }
            td { (student.name) @if let Some(group) = &student.group { span.quiet { " (" (group) ")" } } @for refusal in &student.refusals { " " span.bad { (refusal) } } }
            td.number { (student.last.reached) " of " (student.last.max) }
            td.number { @if let Some(share) = share { (share / 10) "." (share % 10) } @else { "–" } }
            @for lab in &student.labs { td.number { @if let Some(points) = lab { (points.reached) } @else { "–" } } }
            td.number { (student.raw.reached) } td.number { (student.days_late) }
        }
    }
}

fn heat(page: &CohortPage) -> Markup {
    let passed = |item: &Item| item.passed().unwrap_or(1.0);
    let labs = runs(page);
    let borders: Vec<usize> = labs.iter().skip(1).map(|(_, first, _)| first - 1).collect();
    html! {
        section aria-labelledby="heat" {
            h2 #heat { "Heat map: checks by students" }
            (legend())
            p.quiet #under role="status" { "The columns are the checks in the order of the table below: " (columns(&labs)) }
            section.scroll tabindex="0" aria-label="Table: Heat map" {
            table.heat #map {
                caption.unseen { "One strip a student, one cell a check" }
                thead { tr { th scope="col" { "Id" } th.number scope="col" { "Per cent" } th scope="col" { "Checks" } } }
                tbody {
                    @for (index, student) in page.students.iter().enumerate() {
                        tr data-row=(index) {
                            th scope="row" { (student.id) }
                            td.number { (percent(student.last.reached, student.last.max)) }
                            td.map { (strip(&student.cells, &borders)) }
                        }
                    }
                }
            }
            }
            @if let Some(hardest) = page.items.iter().min_by(|left, right| passed(left).total_cmp(&passed(right))) {
                p.quiet { "The hardest check is " code { (hardest.id) } " of " (hardest.lab) ": " (hardest.failed) " of " (hardest.judged) " failed it." }
            }
        }
    }
}

/// Which of the columns, counted from 1, belong to which lab.
fn runs<'a>(page: &'a CohortPage) -> Vec<(&'a str, usize, usize)> {
    let mut runs: Vec<(&str, usize, usize)> = Vec::new();
    for (index, item) in (1..).zip(&page.items) {
        match runs.last_mut() {
            Some((lab, _, last)) if *lab == item.lab.as_str() => *last = index,
            _ => runs.push((item.lab.as_str(), index, index)),
        }
    }
    runs
}

/// `1 to 30 server-basics, 31 to 60 client-basics`.
fn columns(runs: &[(&str, usize, usize)]) -> Markup {
    html! {
        @for (index, (lab, first, last)) in runs.iter().enumerate() {
            @if index > 0 { ", " } (first) " to " (last) " " (lab)
        }
        "."
    }
}

fn items(items: &[Item]) -> Markup {
    let nobody = items
        .iter()
        .filter(|item| item.reading() == Some(Reading::NobodyFails))
        .count();
    html! {
        section aria-labelledby="items" {
            h2 #items { "Checks" }
            p {
                "Passed is the share of students who passed. Discrimination is the point-biserial correlation between "
                "passing and the points in all other checks of the lab: from 0.2 on a check tells good submissions from weak ones; "
                "below 0 look at the check. Nobody fails " (nobody) " of " (items.len()) "."
            }
            section.scroll tabindex="0" aria-label="Table: Checks" {
            table #checks {
                caption { "A heading sorts by its column." }
                thead { tr {
                    th.number scope="col" { "No." } th scope="col" { "Lab" } th scope="col" { "Check" } th.number scope="col" { "Points" } th.number scope="col" { "Judged" }
                    th.number scope="col" { "Failed" } th.number scope="col" { "Of itself" } th.number scope="col" { "Passed, %" }
                    th.number scope="col" { "Discrimination" } th scope="col" { "Reading" } th.number scope="col" { "Tried again" }
                } }
                tbody { @for (index, item) in (1_usize..).zip(items) { (item_row(index, item)) } }
            }
            }
        }
    }
}

fn item_row(index: usize, item: &Item) -> Markup {
    let (reading, class) = match item.reading() {
        Some(Reading::NobodyFails) => ("nobody fails", "quiet"),
        Some(Reading::EverybodyFails) => ("everybody fails", "bad"),
        Some(Reading::Backwards) => ("the weak pass, the good fail", "bad"),
        Some(Reading::TellsLittle) => ("tells little", "warn"),
        Some(Reading::Tells) => ("tells good from weak", "good"),
        None => ("not judged", "quiet"),
    };
    html! {
        tr {
            td.number { (index) }
            td.id { (item.lab) }
            th.sentence scope="row" { code { (item.id) } br; span.quiet { (item.title) @if item.hidden { " (hidden)" } @if let Some(void) = &item.void { "; void: " (void) } } }
            td.number { (item.points) } td.number { (item.judged) } td.number { (item.failed) } td.number { (item.failed_alone) }
            td.number { @if let Some(passed) = item.passed() { (one(passed * 100.0)) } @else { "–" } }
            td.number { @if let Some(told) = item.discrimination { (format!("{told:.2}").replace('-', "\u{2212}")) } @else { "–" } }
            td class=(format!("reading {class}")) { (reading) }
            td.number { (item.tried_again) }
        }
    }
}

fn mistakes(page: &CohortPage) -> Markup {
    let (first, rest) = page.mistakes.split_at(page.mistakes.len().min(MISTAKES));
    let table = |mistakes: &[CommonMistake], caption: &str| {
        html! {
            section.scroll tabindex="0" aria-label=(format!("Table: {caption}")) {
            table {
                caption { (caption) }
                thead { tr { th.number scope="col" { "Students" } th scope="col" { "What they were told" } th scope="col" { "Checks" } } }
                tbody { @for mistake in mistakes {
                    tr {
                        td.number { (mistake.students) } td.sentence { (mistake.sentence) }
                        td.quiet { @for (index, check) in mistake.checks.iter().enumerate() { @if index > 0 { br; } code { (check) } } }
                    }
                } }
            }
            }
        }
    };
    html! {
        section aria-labelledby="mistakes" {
            h2 #mistakes { "The commonest mistakes" }
            @if first.is_empty() { p { "No sentence was told." } } @else { (table(first, "By the sentence that students were told")) }
            @if !rest.is_empty() {
                details { summary { (counted(rest.len(), "rarer mistake")) } (table(rest, "The rarer ones")) }
            }
        }
    }
}

fn to_look_at(page: &CohortPage) -> Markup {
    html! {
        section aria-labelledby="look" {
            h2 #look { "To look at" }
            h3 { "Suspicious" }
            @if page.suspicious.is_empty() { p { "Nothing." } } @else {
                p.quiet { "No proof of anything; nothing here costs a point." }
                @let (first, rest) = page.suspicious.split_at(page.suspicious.len().min(LISTED));
                (listed(first))
                @if !rest.is_empty() { details { summary { (rest.len()) " more" } (listed(rest)) } }
            }
            h3 { "Flaky" }
            @if page.flaky.is_empty() { p { "No check passed only on its second try." } } @else {
                @let (first, rest) = page.flaky.split_at(page.flaky.len().min(LISTED));
                (flaky("Checks that passed only when they were tried again", first))
                @if !rest.is_empty() { details { summary { (rest.len()) " more" } (flaky("The other ones", rest)) } }
            }
            h3 { "Slowest" }
            @if page.slowest.is_empty() { p { "Nothing was timed." } } @else {
                section.scroll tabindex="0" aria-label="Table: Slowest" {
                table {
                    caption { "The slowest check and the slowest compilation of a student" }
                    thead { tr { th.number scope="col" { "ms" } th scope="col" { "Student" } th scope="col" { "What" } } }
                    tbody { @for (ms, who, what) in &page.slowest { tr { td.number { (ms) } th scope="row" { (who) } td { code { (what) } } } } }
                }
                }
            }
        }
    }
}

fn flaky(caption: &str, found: &[Flaky]) -> Markup {
    html! {
        section.scroll tabindex="0" aria-label=(format!("Table: {caption}")) {
        table {
            caption { (caption) }
            thead { tr { th scope="col" { "Check" } th.number scope="col" { "Tried again" } th.number scope="col" { "Then passed" } } }
            tbody { @for one in found { tr { th scope="row" { code { (one.check) } } td.number { (one.again) } td.number { (one.passed) } } } }
        }
        }
    }
}

fn listed(found: &[(Text, Text)]) -> Markup {
    html! { ul { @for (who, what) in found { li { strong { (who) } ": " (what) } } } }
}

fn missing(page: &CohortPage) -> Markup {
    html! {
        section aria-labelledby="missing" {
            h2 #missing { "Missing" }
            @if page.missing.is_empty() { p { "Nobody of whom we know." } } @else {
                ul { @for (id, name) in &page.missing { li { (id) @if id != name { ": " (name) } } } }
            }
        }
    }
}

/// A number with one digit behind the point.
fn one(number: f64) -> String {
    format!("{number:.1}")
}
