//! A transcript as a ladder: peers on the left, the program on the right, time downwards.

use maud::{Markup, html};
use testbench::bytes;

use super::super::view::evidence::{Actor, Step};
use crate::output::plain::{shortened, wrapped};

/// The picture's width in its own units; a phone shows it as it is.
const WIDTH: usize = 360;

/// Where the peers' line stands, the program's, and the text between them.
const PEER: usize = 58;
const PROGRAM: usize = 348;
const TEXT: usize = PEER + 8;

/// How high a line of text is.
const LINE: usize = 15;

/// How many characters fit between the lines, in words and in bytes.
const WORDS: usize = 40;
const BYTES: usize = 39;

/// The transcript as a picture whose text can be read, searched and spoken.
pub fn ladder(steps: &[Step]) -> Markup {
    let rungs = rungs(steps);
    let height = rungs.last().map_or(34, Rung::bottom) + 8;
    html! {
        svg.ladder viewBox=(format!("0 0 {WIDTH} {height}")) role="group"
            aria-label=(format!("What passed, {} steps", steps.len())) {
            text.who x="0" y="14" { "ms" }
            text.who x=(PEER) y="14" text-anchor="start" { (shortened(&peers(steps), 22)) }
            text.who x=(PROGRAM) y="14" text-anchor="end" { "program" }
            path.rail d=(format!("M{PEER} 20V{height}M{PROGRAM} 20V{height}")) {}
            @for rung in &rungs {
                g class=[rung.class()] {
                    text.ms x="0" y=(rung.line(0)) { (format_args!("{:.1}", rung.step.ms)) }
                    @for (index, line) in rung.words.iter().enumerate() {
                        text x=(TEXT) y=(rung.line(index)) { (line) }
                    }
                    @if let Some(sent) = &rung.step.bytes {
                        text.bytes x=(TEXT) y=(rung.line(rung.words.len())) { (shortened(sent.as_str(), BYTES)) }
                    }
                    path class=(rung.drawn()) d=(rung.path()) {}
                }
            }
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

/// A step, and where its picture stands.
struct Rung<'a> {
    step: &'a Step<'a>,
    /// What was done, in as many lines as it needs.
    words: Vec<String>,
    top: usize,
}

/// The steps, one below the other.
fn rungs<'a>(steps: &'a [Step]) -> Vec<Rung<'a>> {
    let mut top = 34;
    let rungs = steps.iter().map(|step| {
        let rung = Rung {
            step,
            words: lines(words(step)),
            top,
        };
        top = rung.bottom();
        rung
    });
    rungs.collect()
}

impl Rung<'_> {
    /// Where its line of text of that index stands.
    fn line(&self, index: usize) -> usize {
        self.top + 11 + index * LINE
    }

    /// Where its arrow is, below its text.
    fn arrow(&self) -> usize {
        let lines = self.words.len() + usize::from(self.step.bytes.is_some());
        self.line(lines) - 8
    }

    /// Where the next one begins.
    fn bottom(&self) -> usize {
        self.arrow() + 14
    }

    fn class(&self) -> Option<&'static str> {
        match (self.step.actor, self.step.on_purpose) {
            (_, true) => Some("purpose"),
            (Actor::Grader, _) => Some("grader"),
            _ => None,
        }
    }

    /// What is drawn: something on its way, or something that one side does by itself.
    fn drawn(&self) -> &'static str {
        if self.step.to.is_some() {
            "wire"
        } else {
            "dot"
        }
    }

    fn path(&self) -> String {
        let y = self.arrow();
        match (self.step.actor, self.step.to.is_some()) {
            (Actor::Program, _) => format!("M{PROGRAM} {y}H{PEER}m7-4l-7 4l7 4"),
            (Actor::Peer, true) => format!("M{PEER} {y}H{PROGRAM}m-7-4l7 4l-7 4"),
            (Actor::Grader, true) => format!("M{} {y}H{PROGRAM}m-7-4l7 4l-7 4", PEER + 140),
            (Actor::Peer | Actor::Grader, false) => format!("M{PEER} {y}m-4-4h8v8h-8z"),
        }
    }
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
    let from = match step.actor {
        Actor::Program => "program",
        Actor::Peer | Actor::Grader => step.from.as_str(),
    };
    let mut words = String::with_capacity(WORDS);
    words.push_str(from);
    words.push(' ');
    words.push_str(step.event.as_str());
    if let Some(len) = step.len {
        words.push(' ');
        words.push_str(&bytes::count(len));
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

    fn step<'a>(
        from: &'a str,
        actor: Actor,
        event: &'a str,
        bytes: Option<&'a str>,
        on_purpose: bool,
    ) -> Step<'a> {
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
    fn each_step_stands_below_the_text_of_the_one_before() {
        let long = "refuses what it was asked for, and says at length why it does";
        let told = ladder(&[
            step("client", Actor::Peer, long, Some("no"), false),
            step("program", Actor::Program, "closes", None, false),
        ])
        .into_string();
        let places: Vec<&str> = told
            .split("y=\"")
            .skip(4)
            .filter_map(|rest| rest.split('"').next())
            .collect();
        // Time, two lines of words, bytes; time, words.
        assert_eq!(places, ["45", "45", "60", "75", "107", "107"], "{told}");
        assert!(told.contains("d=\"M58 82H348"), "{told}");
        assert!(told.contains("viewBox=\"0 0 360 136\""), "{told}");
    }

    #[test]
    fn a_hundred_peers_are_one_line() {
        let names: Vec<String> = (0..100).map(|index| format!("client {index}")).collect();
        let steps: Vec<Step> = names
            .iter()
            .map(|name| step(name, Actor::Peer, "connects", None, false))
            .collect();
        assert!(ladder(&steps).into_string().contains(">100 peers<"));
    }
}
