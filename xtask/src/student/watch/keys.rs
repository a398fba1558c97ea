//! Keys, one by one: a terminal that hands each on as it is pressed, and shows none.

use std::io::{self, IsTerminal, Read};
use std::sync::mpsc::Sender;
use std::thread;

use rustix::termios::{
    LocalModes, OptionalActions, SpecialCodeIndex, Termios, tcgetattr, tcsetattr,
};

use super::Event;
use crate::stop::Stop;

/// The keys that ask to leave: q, Q, Ctrl-C, Ctrl-D. They are heard while something is judged, too.
const LEAVE: [u8; 4] = [b'q', b'Q', 3, 4];

/// A terminal in that state, which this ends.
#[must_use = "the terminal is as it was again when this is dropped"]
#[derive(Debug)]
pub(super) struct Keys {
    before: Termios,
}

impl Keys {
    /// Sends each key from here on as an [`Event`]; nothing, where stdin or stdout is no terminal.
    pub(super) fn listen(events: Sender<Event>, stop: &Stop) -> Option<Self> {
        if !io::stdin().is_terminal() || !io::stdout().is_terminal() {
            return None;
        }
        let before = tcgetattr(io::stdin()).ok()?;
        let mut raw = before.clone();
        // Without ISIG Ctrl-C is a key like any other: the terminal is put in order before we go.
        raw.local_modes
            .remove(LocalModes::ICANON | LocalModes::ECHO | LocalModes::ISIG);
        raw.special_codes[SpecialCodeIndex::VMIN] = 1;
        raw.special_codes[SpecialCodeIndex::VTIME] = 0;
        tcsetattr(io::stdin(), OptionalActions::Now, &raw).ok()?;
        let stop = stop.clone();
        let reading = thread::Builder::new()
            .name("keys".to_owned())
            .spawn(move || {
                for key in io::stdin().lock().bytes().map_while(Result::ok) {
                    if LEAVE.contains(&key) {
                        stop.ask();
                    }
                    if events.send(Event::Key(key)).is_err() {
                        return;
                    }
                }
                // The terminal is gone.
                stop.ask();
            });
        let keys = Self { before };
        reading.is_ok().then_some(keys)
    }
}

impl Drop for Keys {
    fn drop(&mut self) {
        // If it is gone there is nothing to put in order.
        _ = tcsetattr(io::stdin(), OptionalActions::Now, &self.before);
    }
}
