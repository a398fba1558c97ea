//! What a check saw: bytes, transcript, how the program ended.

use testbench::record::{Event, Finding};

use super::text::Text;

/// What a check saw.
#[derive(Debug)]
pub struct Evidence<'a> {
    /// What should have come.
    pub expected: Option<Text<'a>>,
    /// What came instead.
    pub seen: Option<Text<'a>>,
    /// Index of the first byte in which the two differ.
    pub differs_at: Option<usize>,
    /// What passed.
    pub transcript: Vec<Step<'a>>,
    /// How the program ended.
    pub exit: Option<Text<'a>>,
    /// What it said on stderr.
    pub stderr: Vec<Text<'a>>,
    /// Where in the student's file it panicked, if it did.
    pub panicked_at: Option<Text<'a>>,
}

/// A line of a transcript.
#[derive(Debug)]
pub struct Step<'a> {
    /// Milliseconds since the check began.
    pub ms: f64,
    /// Who acted.
    pub from: Text<'a>,
    /// On whom.
    pub to: Option<Text<'a>>,
    /// What was done.
    pub event: Text<'a>,
    /// The bytes, escaped.
    pub bytes: Option<Text<'a>>,
    /// How many there were.
    pub len: Option<usize>,
    /// Who acted, for a picture.
    pub actor: Actor,
    /// Whether a peer did on purpose what no polite peer does: a pause, a drop, a reset.
    pub on_purpose: bool,
}

/// Who acted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Actor {
    /// The student's program.
    Program,
    /// A peer.
    Peer,
    /// The grader, from outside.
    Grader,
}

/// The evidence of a finding, if there is some.
pub(super) fn evidence(finding: &Finding) -> Option<Evidence<'_>> {
    let nothing = finding.expected.is_none()
        && finding.seen.is_none()
        && finding.transcript.is_empty()
        && finding.program.is_none();
    if nothing {
        return None;
    }
    let program = finding.program.as_ref();
    let mut stderr = program.map_or_else(Vec::new, |program| Text::lines(&program.stderr_head));
    if let Some(tail) = program.and_then(|program| program.stderr_tail.as_deref()) {
        stderr.push(Text::of("..."));
        stderr.extend(Text::lines(tail));
    }
    Some(Evidence {
        expected: finding.expected.as_deref().map(Text::of),
        seen: finding.seen.as_deref().map(Text::of),
        differs_at: finding.differs_at,
        transcript: finding.transcript.iter().map(step).collect(),
        exit: program.map(|program| Text::of(&program.exit)),
        stderr,
        panicked_at: program
            .and_then(|program| program.panic.as_ref())
            .map(|panic| Text::of(&panic.at)),
    })
}

fn step(event: &Event) -> Step<'_> {
    let actor = match event.from.as_str() {
        "program" => Actor::Program,
        "grader" => Actor::Grader,
        _ => Actor::Peer,
    };
    // What peers do in every conversation; the rest they do to see what the program makes of it.
    let polite = ["connects", "sends", "closes", "ends", "cannot connect"];
    let is_polite = polite.iter().any(|word| {
        let rest = event.event.strip_prefix(word);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(" from"))
    });
    Step {
        ms: event.ms,
        from: Text::of(&event.from),
        to: event.to.as_deref().map(Text::of),
        event: Text::of(&event.event),
        bytes: event.bytes.as_deref().map(Text::of),
        len: event.len,
        actor,
        on_purpose: actor == Actor::Peer && !is_polite,
    }
}
