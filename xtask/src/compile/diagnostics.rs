//! What the compiler says: its errors as JSON, and whose file each of them is about.

use std::collections::BTreeSet;

use serde::Deserialize;
use testbench::record::Diagnostic;

use crate::course::rubric::Stage;

/// How much is kept of one error's text, in bytes.
const TEXT_KEPT: usize = 4096;

/// How many errors are kept of one compilation.
const ERRORS_KEPT: usize = 40;

/// One thing the compiler says (`rustc --error-format=json`).
#[derive(Debug, Deserialize)]
pub struct Message {
    #[serde(rename = "message")]
    text: String,
    level: String,
    #[serde(default)]
    spans: Vec<Span>,
    #[serde(default)]
    children: Vec<Message>,
    rendered: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Span {
    file_name: String,
    #[serde(default)]
    is_primary: bool,
    #[serde(default)]
    text: Vec<SourceLine>,
    expansion: Option<Box<Expansion>>,
}

#[derive(Debug, Deserialize)]
struct SourceLine {
    text: String,
}

#[derive(Debug, Deserialize)]
struct Expansion {
    span: Span,
}

/// What one run of the compiler said.
#[derive(Debug, Default)]
pub struct Report {
    messages: Vec<Message>,
    /// What was no JSON: an internal error, or the launcher's complaint.
    pub other: String,
}

impl Report {
    /// Reads the compiler's stderr.
    pub fn parse(stderr: &[u8]) -> Self {
        let mut report = Self::default();
        for line in String::from_utf8_lossy(stderr).lines() {
            match serde_json::from_str(line) {
                Ok(message) => report.messages.push(message),
                Err(_) if report.other.len() < TEXT_KEPT => {
                    report.other.push_str(line);
                    report.other.push('\n');
                }
                Err(_) => {}
            }
        }
        report
    }

    /// Whether the compiler itself said nothing.
    pub fn is_silent(&self) -> bool {
        self.messages.is_empty()
    }

    /// The warnings, rendered.
    pub fn warnings(&self) -> Vec<&str> {
        self.rendered("warning")
    }

    /// The errors, rendered, and what else was said; for people.
    pub fn text(&self) -> String {
        let errors = self.rendered("error").join("\n");
        format!("{errors}{}", self.other).trim_end().to_owned()
    }

    fn rendered(&self, level: &str) -> Vec<&str> {
        let told = self
            .messages
            .iter()
            .filter(|message| message.level == level);
        told.filter(|message| !message.is_summary())
            .filter_map(|message| message.rendered.as_deref())
            .collect()
    }

    /// The errors, each with the stage of `stages` that it is about, if one can be told.
    pub fn errors(&self, stages: &[Stage]) -> Vec<Diagnostic> {
        self.messages
            .iter()
            .filter(|message| message.level == "error" && !message.is_summary())
            .take(ERRORS_KEPT)
            .map(|message| Diagnostic {
                stage: message.stage(stages),
                text: shortened(message.rendered.as_deref().unwrap_or(&message.text)),
            })
            .collect()
    }

    /// The stages that errors are about.
    pub fn stages(&self, stages: &[Stage]) -> BTreeSet<String> {
        let errors = self.errors(stages).into_iter();
        errors.filter_map(|error| error.stage).collect()
    }
}

impl Message {
    /// `aborting due to 2 previous errors` is about nothing.
    fn is_summary(&self) -> bool {
        self.spans.is_empty()
            && (self.text.starts_with("aborting due to") || self.text.ends_with("emitted"))
    }

    /// The stage whose file is at fault: the one that the error points to; else the one that
    /// a note of it points to; else the one that the line of a given file calls, as when a
    /// function that `main.rs` needs is gone.
    fn stage(&self, stages: &[Stage]) -> Option<String> {
        let primary: Vec<&Span> = self.spans.iter().filter(|span| span.is_primary).collect();
        let stage = pointed_to(&primary, stages)
            .or_else(|| pointed_to(&self.all_spans(), stages))
            .or_else(|| called(&primary, stages))?;
        Some(stage.name.clone())
    }

    fn all_spans(&self) -> Vec<&Span> {
        let below = self.children.iter().flat_map(Message::all_spans);
        self.spans.iter().chain(below).collect()
    }
}

impl Span {
    /// This place, and those that macros led from.
    fn origins(&self) -> impl Iterator<Item = &Span> {
        std::iter::successors(Some(self), |span| {
            span.expansion.as_ref().map(|expansion| &expansion.span)
        })
    }
}

fn pointed_to<'a>(spans: &[&Span], stages: &'a [Stage]) -> Option<&'a Stage> {
    let places = spans.iter().flat_map(|span| span.origins());
    places
        .filter_map(|span| span.file_name.rsplit('/').next())
        .find_map(|file| stages.iter().find(|stage| stage.file() == file))
}

fn called<'a>(spans: &[&Span], stages: &'a [Stage]) -> Option<&'a Stage> {
    let lines = spans.iter().flat_map(|span| &span.text);
    lines.map(|line| line.text.as_str()).find_map(|line| {
        stages
            .iter()
            .find(|stage| line.contains(&format!("{}::", stage.module)))
    })
}

/// At most [`TEXT_KEPT`] bytes of `text`, cut between characters.
fn shortened(text: &str) -> String {
    if text.len() <= TEXT_KEPT {
        return text.trim_end().to_owned();
    }
    let end = (0..=TEXT_KEPT)
        .rev()
        .find(|&end| text.is_char_boundary(end))
        .unwrap_or(0);
    format!("{}\n...", &text[..end])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stages() -> Vec<Stage> {
        let stage = |name: &str| Stage {
            name: name.to_owned(),
            module: name.replace('-', "_"),
            title: String::new(),
            hints: Vec::new(),
            checks: Vec::new(),
            unjudged: Vec::new(),
            allow: Vec::new(),
        };
        ["greet", "by-hand"].map(stage).to_vec()
    }

    fn stage_of(json: &str) -> Option<String> {
        let report = Report::parse(json.as_bytes());
        assert_eq!(report.other, "");
        report.errors(&stages())[0].stage.clone()
    }

    #[test]
    fn an_error_belongs_to_the_file_it_points_to() {
        let json = r#"{"message":"m","level":"error","spans":[{"file_name":"labs/x/src/by_hand.rs","is_primary":true}]}"#;
        assert_eq!(stage_of(json).as_deref(), Some("by-hand"));
    }

    #[test]
    fn an_error_in_a_macro_belongs_to_who_called_it() {
        let json = r#"{"message":"m","level":"error","spans":[{"file_name":"/rustc/std/macros.rs","is_primary":true,
            "expansion":{"span":{"file_name":"labs/x/src/greet.rs"}}}]}"#.replace('\n', "");
        assert_eq!(stage_of(&json).as_deref(), Some("greet"));
    }

    #[test]
    fn a_function_that_main_misses_belongs_to_its_stage() {
        let json = r#"{"message":"cannot find function","level":"error","spans":[{"file_name":"labs/x/src/main.rs","is_primary":true,
            "text":[{"text":"    by_hand::serve(&listener)"}]}]}"#.replace('\n', "");
        assert_eq!(stage_of(&json).as_deref(), Some("by-hand"));
    }

    #[test]
    fn the_summary_is_no_error_and_other_text_is_kept() {
        let report = Report::parse(
            b"{\"message\":\"aborting due to 1 previous error\",\"level\":\"error\"}\nlauncher: no\n",
        );
        assert!(report.errors(&stages()).is_empty());
        assert_eq!(report.other, "launcher: no\n");
    }

    #[test]
    fn a_long_text_is_cut_between_characters() {
        let text = shortened(&"ä".repeat(TEXT_KEPT));
        assert!(text.len() <= TEXT_KEPT + 4 && text.ends_with("\n..."));
    }
}
