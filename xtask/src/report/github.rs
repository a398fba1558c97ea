//! GitHub: a step summary in Markdown, and annotations as workflow commands.

use std::fmt::Write;

use testbench::record::Status;

use super::explained::explained;
use super::failure::word;
use super::overview::percent;
use super::stage::counted;
use super::view::student_page::{CheckPage, LabPage, StagePage, StudentPage};
use crate::grade::record::failed;
use crate::output::plain::line;

/// How many annotations GitHub keeps of a step, of each kind.
const ANNOTATIONS: usize = 10;

/// `text` in Markdown: every mark that could mean something stands as a character reference,
/// which is never structure (CommonMark 2.5), and lines do not end.
pub fn markdown(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in line(text).chars() {
        if c.is_ascii_punctuation() && !matches!(c, '.' | ',' | '(' | ')') {
            // Writing to a String cannot fail.
            _ = write!(escaped, "&#{};", u32::from(c));
        } else {
            escaped.push(c);
        }
    }
    // `1.` and `1)` at the beginning would be a list.
    let digits = escaped.bytes().take_while(u8::is_ascii_digit).count();
    if digits > 0 && escaped[digits..].starts_with(['.', ')']) {
        let mark = u32::from(escaped.as_bytes()[digits]);
        escaped.replace_range(digits..=digits, &format!("&#{mark};"));
    }
    // So would the beginning of a bare address be a link.
    escaped.replace("www.", "www&#46;")
}

/// `text` as the message of a workflow command, as `@actions/core` escapes it.
pub fn command_data(text: &str) -> String {
    line(text)
        .replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

/// `text` as a property of a workflow command.
pub fn command_property(text: &str) -> String {
    command_data(text).replace(':', "%3A").replace(',', "%2C")
}

/// What stands on the summary page of a workflow's run.
pub fn summary(page: &StudentPage) -> String {
    let mut text = format!("## {}\n\n", markdown(page.course.as_str()));
    for refusal in &page.refusals {
        _ = write!(text, "{}\n\n", markdown(refusal.as_str()));
    }
    match page.total {
        Some(total) => {
            let share = percent(total.last.reached, total.last.max);
            _ = write!(
                text,
                "**{} of {} points, {share}**\n\n",
                total.last.reached, total.last.max
            );
        }
        None => {
            _ = write!(
                text,
                "{} and all totals are not shown yet.\n\n",
                counted(page.withheld, "check")
            );
        }
    }
    for (title, told) in &page.absent {
        let (title, told) = (markdown(title.as_str()), markdown(told.as_str()));
        _ = write!(text, "{title}: {told}.\n\n");
    }
    text.push_str("| Lab | Stage | Points | Failing |\n|---|---|---:|---:|\n");
    for lab in &page.labs {
        for stage in &lab.stages {
            let failing = stage
                .checks
                .iter()
                .filter(|check| failed(check.status))
                .count();
            _ = writeln!(
                text,
                "| {} | {} | {} of {} | {failing} |",
                markdown(lab.id.as_str()),
                markdown(stage.title.as_str()),
                stage.points.reached,
                stage.points.max
            );
        }
    }
    for lab in &page.labs {
        for error in &lab.diagnostics {
            _ = write!(
                text,
                "\n<details><summary>The compiler, on {}</summary>\n\n<pre>",
                markdown(lab.id.as_str())
            );
            preformatted(&mut text, error.iter().map(super::view::text::Text::as_str));
            text.push_str("</pre>\n\n</details>\n");
        }
        for stage in &lab.stages {
            for check in failures(stage) {
                failure(&mut text, lab, stage, check);
            }
        }
    }
    text
}

fn failure(text: &mut String, lab: &LabPage, stage: &StagePage, check: &CheckPage) {
    let title = markdown(check.title.as_str());
    _ = write!(
        text,
        "\n<details><summary>{}: {title} ({}, {})</summary>\n\n",
        word(check.status),
        markdown(lab.id.as_str()),
        markdown(stage.name.as_str()),
    );
    if let Some(sentence) = &check.sentence {
        _ = write!(text, "{}\n\n", markdown(sentence.as_str()));
    }
    text.push_str("<pre>");
    let lines = explained(check);
    preformatted(text, lines.iter().map(String::as_str));
    text.push_str("</pre>\n\n</details>\n");
}

/// Lines inside `<pre>`: an empty one would end the block for Markdown.
fn preformatted<'a>(text: &mut String, lines: impl Iterator<Item = &'a str>) {
    for line in lines {
        let line = markdown(line);
        text.push_str(if line.trim().is_empty() {
            "&#32;"
        } else {
            &line
        });
        text.push('\n');
    }
}

/// The failures of a stage that no other explains; of an untouched stub's only the first.
fn failures<'a>(stage: &'a StagePage) -> Vec<&'a CheckPage<'a>> {
    let own = stage
        .checks
        .iter()
        .filter(|check| failed(check.status) && !check.explained);
    own.take(if stage.to_do.is_some() { 1 } else { usize::MAX })
        .collect()
}

/// Annotations for the files that the student wrote, the first of each stage: what does not
/// compile, what fails. What is not written yet is for the summary.
pub fn annotations(page: &StudentPage) -> String {
    let mut lines = Vec::new();
    for lab in &page.labs {
        for stage in lab.stages.iter().filter(|stage| stage.to_do.is_none()) {
            let failures = failures(stage);
            let Some(first) = failures.first() else {
                continue;
            };
            lines.push(annotation(stage, first, failures.len()));
        }
    }
    let more = lines.len().saturating_sub(ANNOTATIONS);
    lines.truncate(ANNOTATIONS);
    if more > 0 {
        // The last place is for what GitHub would drop silently.
        lines.pop();
        lines.push(format!(
            "::error::{} more stages fail; the summary of this run has them",
            more + 1
        ));
    }
    lines.into_iter().map(|line| line + "\n").collect()
}

fn annotation(stage: &StagePage, check: &CheckPage, count: usize) -> String {
    let at = check
        .evidence
        .as_ref()
        .and_then(|evidence| evidence.panicked_at.as_ref());
    // A panic tells `src/echo.rs:31:5`; only the number is taken, and only of the stage's file.
    let of_file = at.and_then(|at| {
        let mut parts = at.as_str().rsplitn(3, ':');
        let (_, number, file) = (parts.next()?, parts.next()?, parts.next()?);
        let number: u32 = number.parse().ok()?;
        stage.file.as_str().ends_with(file).then_some(number)
    });
    let sentence = check
        .sentence
        .as_ref()
        .or(check.happened.as_ref())
        .unwrap_or(&check.title);
    let status = match check.status {
        Status::BuildError => "does not compile",
        status => word(status),
    };
    let title = format!("{}: {} ({status})", stage.name, check.title);
    let more = match count {
        0 | 1 => String::new(),
        more => format!(" And {} more.", more - 1),
    };
    format!(
        "::error file={},line={},title={}::{}{}",
        command_property(stage.file.as_str()),
        of_file.unwrap_or(1),
        command_property(&title),
        command_data(sentence.as_str()),
        command_data(&more),
    )
}

#[cfg(test)]
mod tests {
    use super::super::hostile::HOSTILE;
    use super::*;

    #[test]
    fn nothing_hostile_means_anything_in_markdown() {
        for text in HOSTILE {
            let escaped = markdown(text);
            let structure = |c: char| "<>[]`*_|~!@\\:/\"'=-+#{}$^".contains(c);
            let rest = escaped.replace("&#", "");
            assert!(!rest.contains(structure), "{escaped}");
            assert!(
                !escaped.contains('\n') && !escaped.contains("www."),
                "{escaped}"
            );
        }
        assert_eq!(markdown("1. x"), "1&#46; x");
        assert_eq!(markdown("12) x"), "12&#41; x");
    }

    #[test]
    fn nothing_hostile_is_a_command_of_its_own() {
        for text in HOSTILE {
            for escaped in [command_data(text), command_property(text)] {
                assert!(!escaped.contains(['\n', '\r']), "{escaped:?}");
                assert!(
                    escaped
                        .split('%')
                        .skip(1)
                        .all(|rest| ["25", "0D", "0A", "3A", "2C"]
                            .iter()
                            .any(|known| rest.starts_with(known))),
                    "{escaped:?}"
                );
            }
            assert!(!command_property(text).contains([':', ',']));
        }
        assert_eq!(command_data("100 %\n"), "100 %25\\n");
    }
}
