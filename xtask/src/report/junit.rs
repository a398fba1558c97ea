//! JUnit XML: a test suite a lab, a test case a check. As Jenkins, GitLab and GitHub's actions read
//! it, and valid by the schema of Ant's reports, the strictest that is in use
//! (<https://github.com/windyroad/JUnit-Schema>).

use std::io;

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesText, Event};
use testbench::record::Status;

use super::explained::explained;
use super::failure::word;
use super::view::student_page::{CheckPage, LabPage, StudentPage};
use crate::fault::{Fault, Result};
use crate::grade::record::failed;
use crate::output::plain::line;

/// `text` without what XML 1.0 forbids (2.2, production Char) or a reader would obey: made
/// visible. Markup is escaped by the writer.
pub fn xml(text: &str) -> String {
    line(text)
        .replace('\u{fffe}', "\\u{fffe}")
        .replace('\u{ffff}', "\\u{ffff}")
}

/// A student's result as JUnit XML.
///
/// # Errors
/// It cannot be written; nothing in memory keeps it from that.
pub fn junit(page: &StudentPage) -> Result<String> {
    let mut writer = Writer::new_with_indent(Vec::new(), b' ', 2);
    written(&mut writer, page).map_err(|error| fault(&error))?;
    let mut text = String::from_utf8(writer.into_inner()).map_err(|error| fault(&error))?;
    text.push('\n');
    Ok(text)
}

fn fault(error: &dyn std::fmt::Display) -> Fault {
    Fault::grader(
        format!("the result cannot be written as XML: {error}"),
        "tell whoever keeps this course",
    )
}

fn written(writer: &mut Writer<Vec<u8>>, page: &StudentPage) -> io::Result<()> {
    writer.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    writer
        .create_element("testsuites")
        .write_inner_content(|writer| {
            for (number, lab) in page.labs.iter().enumerate() {
                suite(writer, page, lab, number)?;
            }
            Ok(())
        })?;
    Ok(())
}

fn suite(
    writer: &mut Writer<Vec<u8>>,
    page: &StudentPage,
    lab: &LabPage,
    number: usize,
) -> io::Result<()> {
    let counts = Counts::of(lab);
    let submission = xml(page.id.as_str());
    let name = xml(lab.id.as_str());
    // `timestamp` is in UTC and has no zone.
    let graded_at = xml(page.graded_at.as_str().trim_end_matches('Z'));
    writer
        .create_element("testsuite")
        .with_attributes([
            ("name", name.as_str()),
            ("id", &number.to_string()),
            ("package", &name),
            ("hostname", "localhost"),
            ("tests", &counts.tests.to_string()),
            ("failures", &counts.failures.to_string()),
            ("errors", &counts.errors.to_string()),
            ("skipped", &counts.skipped.to_string()),
            ("time", &seconds(counts.ms)),
            ("timestamp", &graded_at),
        ])
        .write_inner_content(|writer| {
            writer
                .create_element("properties")
                .write_inner_content(|writer| {
                    writer
                        .create_element("property")
                        .with_attributes([("name", "submission"), ("value", &submission)])
                        .write_empty()?;
                    Ok(())
                })?;
            for stage in &lab.stages {
                for check in &stage.checks {
                    case(writer, &format!("{}.{}", lab.id, stage.name), check)?;
                }
            }
            writer.create_element("system-out").write_empty()?;
            writer.create_element("system-err").write_empty()?;
            Ok(())
        })?;
    Ok(())
}

fn case(writer: &mut Writer<Vec<u8>>, class: &str, check: &CheckPage) -> io::Result<()> {
    let name = check.id.as_str().rsplit("::").next().unwrap_or_default();
    let (class, name) = (xml(class), xml(name));
    let time = seconds(check.ms);
    let element = writer.create_element("testcase").with_attributes([
        ("classname", class.as_str()),
        ("name", &name),
        ("time", &time),
    ]);
    let inner = match check.status {
        Status::Pass => None,
        Status::Skipped => Some("skipped"),
        Status::GraderError => Some("error"),
        _ => Some("failure"),
    };
    let Some(inner) = inner else {
        element.write_empty()?;
        return Ok(());
    };
    let sentence = check
        .sentence
        .as_ref()
        .or(check.happened.as_ref())
        .unwrap_or(&check.title);
    let message = xml(sentence.as_str());
    element.write_inner_content(|writer| {
        let mut element = writer
            .create_element(inner)
            .with_attribute(("message", message.as_str()));
        if inner == "skipped" {
            element.write_empty()?;
            return Ok(());
        }
        element = element.with_attribute(("type", word(check.status)));
        let lines: Vec<String> = explained(check).iter().map(|line| xml(line)).collect();
        element.write_text_content(BytesText::new(&lines.join("\n")))?;
        Ok(())
    })?;
    Ok(())
}

/// What a suite says of its cases.
#[derive(Debug, Default)]
struct Counts {
    tests: usize,
    failures: usize,
    errors: usize,
    skipped: usize,
    ms: u64,
}

impl Counts {
    fn of(lab: &LabPage) -> Self {
        let mut counts = Self::default();
        for check in lab.stages.iter().flat_map(|stage| &stage.checks) {
            counts.tests += 1;
            counts.failures += usize::from(failed(check.status));
            counts.errors += usize::from(check.status == Status::GraderError);
            counts.skipped += usize::from(check.status == Status::Skipped);
            counts.ms += check.ms;
        }
        counts
    }
}

/// Milliseconds in seconds, in decimal.
fn seconds(ms: u64) -> String {
    format!("{}.{:03}", ms / 1000, ms % 1000)
}

#[cfg(test)]
mod tests {
    use super::super::hostile::HOSTILE;
    use super::*;

    #[test]
    fn nothing_that_xml_forbids_is_left_and_the_writer_escapes_the_rest() {
        for text in HOSTILE {
            let shown = xml(text);
            let allowed =
                |c: char| matches!(c, '\t' | '\n' | '\r' | ' '..='\u{fffd}' | '\u{10000}'..);
            assert!(shown.chars().all(allowed), "{shown:?}");
            let mut writer = Writer::new(Vec::new());
            let element = writer
                .create_element("a")
                .with_attribute(("b", shown.as_str()));
            element.write_text_content(BytesText::new(&shown)).unwrap();
            let whole = String::from_utf8(writer.into_inner()).unwrap();
            assert_eq!(whole.matches('<').count(), 2, "{whole}");
            assert!(!whole.contains("]]>"), "{whole}");
        }
    }
}
