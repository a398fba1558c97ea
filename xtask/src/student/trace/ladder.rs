//! A ladder: time runs down, the program stands left, its peers right, and what passes is drawn
//! between them. System calls stand left of the program.
//!
//! ```text
//!      ms  calls of the program            program                       peer
//!     0.9  listen(3, 128) = 0                 |                             |
//!     1.4                                     |<-- sends 3 bytes "hi\n" ----|  client
//! ```

use testbench::bytes;
use testbench::record::Event;

use super::calls::Call;
use crate::output::page::Page;
use crate::output::paint::Paint;
use crate::output::plain::{line, shortened};

/// The program's name in transcripts.
const PROGRAM: &str = "program";

/// How wide times are, and the space behind them.
const TIME: usize = 8;

/// How many rows are shown of a long ladder, from its beginning and from its end.
const ROWS: (usize, usize) = (80, 80);

/// What a ladder is drawn from.
#[derive(Debug)]
pub(super) struct Ladder<'a> {
    /// What passed, by the check's clock.
    pub(super) events: &'a [Event],
    /// The program's calls, by the same clock.
    pub(super) calls: &'a [Call],
    /// How wide it may be.
    pub(super) width: usize,
    /// Whether every row is shown.
    pub(super) whole: bool,
}

/// How wide each part is.
struct Widths {
    calls: usize,
    wire: usize,
    peer: usize,
}

enum Step<'a> {
    Event(&'a Event),
    Call(&'a Call),
}

impl Step<'_> {
    fn at(&self) -> f64 {
        match self {
            Self::Event(event) => event.ms,
            Self::Call(call) => call.at,
        }
    }
}

impl Ladder<'_> {
    /// Draws it.
    pub(super) fn page(&self, paint: Paint) -> Page {
        let mut steps: Vec<Step<'_>> = self.events.iter().map(Step::Event).collect();
        steps.extend(self.calls.iter().map(Step::Call));
        steps.sort_by(|left, right| left.at().total_cmp(&right.at()));
        let widths = self.widths();
        let mut page = Page::default();
        page.row(paint.faint(&widths.heading()));
        let row = |step: &Step<'_>| widths.row(step, paint);
        let (head, tail) = ROWS;
        if self.whole || steps.len() <= head + tail + 1 {
            page.rows(steps.iter().map(row));
        } else {
            let left_out = steps.len() - head - tail;
            page.rows(steps[..head].iter().map(row));
            page.row(format!("     ...  {left_out} more; --all shows them"));
            page.rows(steps[steps.len() - tail..].iter().map(row));
        }
        page
    }

    fn widths(&self) -> Widths {
        let peers = self.events.iter().map(|event| peer(event).chars().count());
        let peer = peers.max().unwrap_or(0).clamp(4, 16);
        // Time, two lanes, and the space between lane and peer.
        let left = self.width.saturating_sub(TIME + 2 + 2 + 2 + peer);
        let calls = if self.calls.is_empty() { 0 } else { left / 2 };
        Widths {
            calls,
            wire: left - calls,
            peer,
        }
    }
}

impl Widths {
    fn heading(&self) -> String {
        let Self { calls, wire, .. } = self;
        let (left, lanes) = if *calls == 0 {
            (String::new(), format!("{:<1$}", PROGRAM, wire + 2))
        } else {
            let asked = shortened("asks the kernel", *calls);
            (
                format!("{asked:<calls$}"),
                format!("{:<1$}", PROGRAM, wire + 2),
            )
        };
        format!("{:>TIME$}  {left}{lanes}  peer", "ms")
    }

    fn row(&self, step: &Step<'_>, paint: Paint) -> String {
        let time = paint.faint(&format!("{:>TIME$.1}", step.at()));
        match step {
            Step::Call(call) => {
                let text = fitted(&line(&call.text), self.calls.saturating_sub(1));
                let text = format!("{text:<0$}", self.calls);
                let text = if call.errno.is_some() {
                    paint.bad(&text)
                } else {
                    text
                };
                format!("{time}  {text}|{}|", " ".repeat(self.wire))
            }
            Step::Event(event) => {
                let left = " ".repeat(self.calls);
                let name = shortened(&line(peer(event)), self.peer);
                format!("{time}  {left}|{}|  {name}", self.wire_of(event))
            }
        }
    }

    /// What stands between the lanes: an arrow from whom to whom, with what passes.
    fn wire_of(&self, event: &Event) -> String {
        let by_program = event.from == PROGRAM;
        let alone = event.to.is_none();
        let room = self.wire.saturating_sub(if alone { 2 } else { 8 });
        let said = shortened(&said(event, room), room);
        let rest = self.wire.saturating_sub(said.chars().count());
        match (by_program, alone) {
            (true, true) => format!(" {said}{}", " ".repeat(rest.saturating_sub(1))),
            (false, true) => format!("{}{said} ", " ".repeat(rest.saturating_sub(1))),
            (true, false) => format!("-- {said} {}>", "-".repeat(rest.saturating_sub(5))),
            (false, false) => format!("<{} {said} --", "-".repeat(rest.saturating_sub(5))),
        }
    }
}

/// A call in at most `room` characters. What it gave back stays; arguments give way.
fn fitted(call: &str, room: usize) -> String {
    match call.rsplit_once(" = ") {
        Some((asked, gave)) if call.chars().count() > room => {
            let gave = format!(" = {gave}");
            let left = room.saturating_sub(gave.chars().count()).max(8);
            shortened(&format!("{}{gave}", shortened(asked, left)), room)
        }
        _ => shortened(call, room),
    }
}

/// Who stands right of the wire.
fn peer(event: &Event) -> &str {
    if event.from == PROGRAM {
        event.to.as_deref().unwrap_or_default()
    } else {
        &event.from
    }
}

/// What is done, with as much of its bytes as there is room for.
fn said(event: &Event, room: usize) -> String {
    let mut said = line(&event.event).into_owned();
    if let Some(len) = event.len {
        said = format!("{said} {}", bytes::count(len));
    }
    if let Some(text) = &event.bytes {
        let left = room.saturating_sub(said.chars().count() + 3);
        if left > 3 {
            said = format!("{said} \"{}\"", shortened(&line(text), left));
        }
    }
    said
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(ms: f64, from: &str, to: Option<&str>, what: &str, bytes: Option<&str>) -> Event {
        Event {
            ms,
            from: from.to_owned(),
            to: to.map(str::to_owned),
            event: what.to_owned(),
            bytes: bytes.map(str::to_owned),
            len: bytes.map(str::len),
        }
    }

    fn story() -> Vec<Event> {
        vec![
            event(
                0.1,
                "grader",
                Some("program"),
                "starts: echo --bind 127.0.0.1:0",
                None,
            ),
            event(2.0, "program", None, "is READY", None),
            event(2.5, "client", Some("program"), "sends", Some("ping")),
            event(2.6, "client", None, "pauses", None),
            event(3.0, "program", Some("client"), "sends", Some("ping")),
        ]
    }

    #[test]
    fn what_passes_points_to_whom_it_goes() {
        let events = story();
        let ladder = Ladder {
            events: &events,
            calls: &[],
            width: 60,
            whole: false,
        };
        let drawn = ladder.page(Paint::new(false)).into_text();
        let rows: Vec<&str> = drawn.lines().collect();
        assert_eq!(
            rows,
            [
                "      ms  program                                     peer",
                "     0.1  |<---- starts: echo --bind 127.0.0.1:0 --|  grader",
                "     2.0  | is READY                               |",
                "     2.5  |<--------------- sends 4 bytes \"ping\" --|  client",
                "     2.6  |                                 pauses |  client",
                "     3.0  |-- sends 4 bytes \"ping\" --------------->|  client",
            ]
        );
    }

    #[test]
    fn calls_stand_in_between_in_order_and_nothing_is_too_wide() {
        let events = story();
        let call = |at: f64, text: &str| Call {
            at,
            task: "7".to_owned(),
            text: text.to_owned(),
            errno: None,
        };
        let calls = [
            call(1.0, "listen(3, 128) = 0"),
            call(2.7, &"recvfrom(4, 1) ".repeat(9)),
        ];
        for width in [80, 100, 120] {
            let ladder = Ladder {
                events: &events,
                calls: &calls,
                width,
                whole: false,
            };
            let drawn = ladder.page(Paint::new(false)).into_text();
            let rows: Vec<&str> = drawn.lines().collect();
            assert!(rows[2].contains("1.0  listen(3, 128) = 0 "), "{drawn}");
            assert!(
                rows[6].contains("recvfrom(4, 1)") && rows[6].contains('…'),
                "{drawn}"
            );
            assert!(
                rows.iter().all(|row| row.chars().count() <= width),
                "{drawn}"
            );
        }
    }

    #[test]
    fn what_a_call_gave_back_is_not_cut_off() {
        let call = "sendto(4, \"a long message\", 14) = -1 EPIPE";
        assert_eq!(fitted(call, 60), call);
        assert_eq!(fitted(call, 30), "sendto(4, \"a long… = -1 EPIPE");
    }

    #[test]
    fn a_long_ladder_is_cut_in_the_middle_unless_all_is_wanted() {
        let events: Vec<Event> = (0..1000)
            .map(|index| event(f64::from(index), "client", None, "pauses", None))
            .collect();
        let rows = |whole: bool| {
            let ladder = Ladder {
                events: &events,
                calls: &[],
                width: 80,
                whole,
            };
            ladder.page(Paint::new(false)).into_text()
        };
        assert!(rows(false).contains("840 more; --all shows them"));
        assert_eq!(rows(true).lines().count(), 1001);
    }
}
