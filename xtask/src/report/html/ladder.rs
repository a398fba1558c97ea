//! A transcript as a ladder: peers on the left, the program on the right, time downwards.

use std::fmt::Write;

use maud::{Markup, PreEscaped, html};
use testbench::bytes;

use super::super::view::evidence::{Actor, Step};
use super::escape::html as escaped;
use crate::output::plain::{shortened, wrapped};

/// The picture's width in its own units; a phone shows it as it is.
const WIDTH: u32 = 360;

/// Where the peers' line stands, and the program's.
const PEER: u32 = 58;
const PROGRAM: u32 = 348;

/// How high a line of text is.
const LINE: u32 = 15;

/// How many characters fit between the lines, in words and in bytes.
const WORDS: usize = 40;
const BYTES: usize = 39;

/// The transcript as a picture whose text can be read, searched and spoken.
pub fn ladder(steps: &[Step]) -> Markup {
    let mut rungs = String::new();
    let mut y = 34;
    for step in steps {
        y += rung(&mut rungs, step, y);
    }
    let height = y + 8;
    let who = peers(steps);
    html! {
        svg.ladder viewBox=(format!("0 0 {WIDTH} {height}")) role="group"
            aria-label=(format!("What passed, {} steps", steps.len())) {
            text.who x="0" y="14" { "ms" }
            text.who x=(PEER) y="14" text-anchor="start" { (PreEscaped(escaped(&shortened(&who, 22)))) }
            text.who x=(PROGRAM) y="14" text-anchor="end" { "program" }
            path.rail d=(format!("M{PEER} 20V{height}M{PROGRAM} 20V{height}")) {}
            (PreEscaped(rungs))
        }
    }
}

/// Who the peers are: all of them where there are few.
fn peers(steps: &[Step]) -> String {
    let mut names: Vec<&str> = Vec::new();
    for step in steps.iter().filter(|step| step.actor == Actor::Peer) {
        if !names.contains(&step.from.as_str()) {
            names.push(step.from.as_str());
        }
    }
    match names.as_slice() {
        [] => "peer".to_owned(),
        [one] => (*one).to_owned(),
        [one, other] => format!("{one}, {other}"),
        many => format!("{} peers", many.len()),
    }
}

/// Adds a step to `svg`, its top at `y`; gives its height.
fn rung(svg: &mut String, step: &Step, y: u32) -> u32 {
    let lines = lines(words(step));
    let class = match (step.actor, step.on_purpose) {
        (_, true) => " class=\"purpose\"",
        (Actor::Grader, _) => " class=\"grader\"",
        _ => "",
    };
    // Writing to a String cannot fail.
    _ = write!(
        svg,
        "<g{class}><text class=\"ms\" x=\"0\" y=\"{}\">{:.1}</text>",
        y + 11,
        step.ms
    );
    let mut down = y + 11;
    for line in &lines {
        _ = write!(
            svg,
            "<text x=\"{}\" y=\"{down}\">{}</text>",
            PEER + 8,
            escaped(line)
        );
        down += LINE;
    }
    if let Some(sent) = &step.bytes {
        let sent = escaped(&shortened(sent.as_str(), BYTES));
        _ = write!(
            svg,
            "<text class=\"bytes\" x=\"{}\" y=\"{down}\">{sent}</text>",
            PEER + 8
        );
        down += LINE;
    }
    let arrow = down - 8;
    let path = match (step.actor, step.to.is_some()) {
        (Actor::Program, _) => format!("M{PROGRAM} {arrow}H{PEER}m7-4l-7 4l7 4"),
        (Actor::Peer, true) => format!("M{PEER} {arrow}H{PROGRAM}m-7-4l7 4l-7 4"),
        (Actor::Grader, true) => format!("M{} {arrow}H{PROGRAM}m-7-4l7 4l-7 4", PEER + 140),
        (Actor::Peer | Actor::Grader, false) => format!("M{PEER} {arrow}m-4-4h8v8h-8z"),
    };
    let class = if step.to.is_some() { "wire" } else { "dot" };
    _ = write!(svg, "<path class=\"{class}\" d=\"{path}\"/></g>");
    down + 6 - y
}

/// `text` in as many lines as it needs between the rails.
fn lines(text: String) -> Vec<String> {
    if text.len() <= WORDS {
        return vec![text];
    }
    let lines = wrapped(&text, WORDS);
    lines.iter().map(|line| shortened(line, WORDS)).collect()
}

/// `client 2 sends 6 bytes`; who it was goes without saying where the picture shows it.
fn words(step: &Step) -> String {
    let mut words = match step.actor {
        Actor::Program => format!("program {}", step.event),
        Actor::Peer | Actor::Grader => format!("{} {}", step.from, step.event),
    };
    if let Some(len) = step.len {
        words = format!("{words} {}", bytes::count(len));
    }
    if step.on_purpose && !words.contains("on purpose") {
        words.push_str(" (on purpose)");
    }
    words
}

#[cfg(test)]
mod tests {
    use super::super::super::view::text::Text;
    use super::*;

    fn step(from: &str, actor: Actor, event: &str, bytes: Option<&str>, on_purpose: bool) -> Step {
        Step {
            ms: 1.25,
            from: Text::of(from),
            to: Some(Text::of("x")),
            event: Text::of(event),
            bytes: bytes.map(Text::of),
            len: bytes.map(str::len),
            actor,
            on_purpose,
        }
    }

    #[test]
    fn the_picture_says_who_did_what_with_how_many_bytes_and_what_was_on_purpose() {
        let told = ladder(&[
            step("client", Actor::Peer, "sends", Some("ADD 2"), false),
            step("client", Actor::Peer, "half-closes", None, true),
            step("program", Actor::Program, "sends", Some("<b>"), false),
        ])
        .into_string();
        for part in [
            "client sends 5 bytes",
            "half-closes (on purpose)",
            "program sends 3 bytes",
            "&lt;b&gt;",
            "ADD 2",
            "3 steps",
        ] {
            assert!(told.contains(part), "{part} is not in: {told}");
        }
        assert!(!told.contains("<b>"));
    }

    #[test]
    fn a_hundred_peers_are_one_line() {
        let steps: Vec<Step> = (0..100)
            .map(|index| {
                step(
                    &format!("client {index}"),
                    Actor::Peer,
                    "connects",
                    None,
                    false,
                )
            })
            .collect();
        assert!(ladder(&steps).into_string().contains(">100 peers<"));
    }
}
