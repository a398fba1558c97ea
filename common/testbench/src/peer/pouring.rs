//! A peer that sends and does not read: how much does the program take?

use std::io::{ErrorKind, Write};
use std::time::{Duration, Instant};

use super::{Peer, is_reset, is_timeout};
use crate::bytes::count;
use crate::failure::{Failure, Outcome};
use crate::scene::PATIENCE;

/// How long a write waits for room before the program is looked at.
const LOOK: Duration = Duration::from_millis(10);

/// A program that sleeps so long while there are bytes to take takes no more. One that is stopped
/// takes nothing at all.
const ASLEEP: Duration = Duration::from_millis(250);

impl Peer {
    /// Sends `data` and reads nothing, until all of it has gone or the program takes no more: for a
    /// quarter of a second nothing went, and the program slept. Gives how many bytes went; what the
    /// kernel buffers between the two is among them.
    pub fn pour(&mut self, data: impl AsRef<[u8]>) -> Outcome<usize> {
        let data = data.as_ref();
        self.note_sending(data);
        self.stream
            .set_write_timeout(Some(LOOK))
            .map_err(|error| Failure::grader("set a timeout", error))?;
        let mut written = 0;
        let mut last_went = Instant::now();
        let mut asleep_since = last_went;
        while written < data.len() {
            match self.stream.write(&data[written..]) {
                Ok(went) => {
                    written += went;
                    last_went = Instant::now();
                    asleep_since = last_went;
                }
                Err(error) if is_timeout(&error) || error.kind() == ErrorKind::Interrupted => {
                    if !self.program.facts().is_asleep() {
                        asleep_since = Instant::now();
                    }
                    // One that never sleeps may take more, but not for ever.
                    if self.program.facts().is_stopped()
                        || asleep_since.elapsed() > ASLEEP
                        || last_went.elapsed() > PATIENCE
                    {
                        break;
                    }
                }
                Err(error) if is_reset(&error) => {
                    return Err(self.unsent(written, data.len(), &error));
                }
                Err(error) => return Err(Failure::grader("send to the program", error)),
            }
        }
        if written < data.len() {
            let event = format!("finds no more room after {}", count(written));
            self.scene.transcript.note(&self.name, None, &event);
        }
        Ok(written)
    }
}
