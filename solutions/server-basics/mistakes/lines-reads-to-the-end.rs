//! Reads to the end of the stream before it looks for lines.
//! stage: lines
//! fails: lines::answers_a_request
//!        lines::a_bad_line_is_told_and_the_next_answered
//!        lines::answers_a_line_cut_in_two
//!        lines::answers_a_line_cut_anywhere
//!        lines::answers_many_lines_in_one_segment
//!        lines::crlf_ends_a_line_too
//!        lines::a_sum_too_large_is_told
//!        lines::bytes_that_are_no_text_are_told
//!        lines::the_limit_is_1024_bytes
//!        lines::an_endless_line_costs_no_memory
//! meant: lines::answers_a_request
//! says: You wait for EOF, the client waits for your answer

use std::io::{self, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::thread;
use std::time::Duration;

use crate::calc;

/// Serves one client after another, for ever: each line gets the reply of [`crate::calc::answer`].
///
/// Returning ends the program: with an error only when nobody can be served any more.
pub fn serve(listener: &TcpListener) -> io::Result<()> {
    loop {
        match listener.accept() {
            Ok((client, peer)) => {
                if let Err(error) = converse(&client) {
                    eprintln!("{peer}: {error}");
                }
            }
            Err(error) => {
                eprintln!("accept: {error}");
                thread::sleep(BACK_OFF);
            }
        }
    }
}

/// How long to wait when accept fails: the listener is sound, but a lack that lasts (of
/// descriptors, say) would make it fail again at once (accept(2), EMFILE).
const BACK_OFF: Duration = Duration::from_millis(50);

/// Answers all the lines that the client has sent.
fn converse(mut client: &TcpStream) -> io::Result<()> {
    let mut request = Vec::new();
    client.read_to_end(&mut request)?;
    for line in request.split_inclusive(|byte| *byte == b'\n') {
        // What stands behind the last line end is no request.
        let Some(line) = line.strip_suffix(b"\n") else {
            break;
        };
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        if line.len() > calc::MAX_LINE {
            return client.write_all(calc::TOO_LONG);
        }
        client.write_all(&calc::answer(line))?;
    }
    Ok(())
}
