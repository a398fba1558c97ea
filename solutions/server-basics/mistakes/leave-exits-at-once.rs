//! Exits on SIGTERM from a thread of its own, whatever is still to be sent.
//! stage: leave
//! fails: leave::finishes_the_reply_under_way
//!        leave::refuses_newcomers
//!        leave::draining_has_an_end
//! meant: leave::finishes_the_reply_under_way
//! says: Stop accepting, finish what you began, then leave

use std::io::{self, BufRead, BufReader, ErrorKind, Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::os::fd::AsFd;
use std::process;
use std::thread;
use std::time::{Duration, Instant};

use berkeley::{POLLIN, PollFd, poll};

use crate::calc;
use crate::stop::Stop;

/// Serves one client after another until `stop` is requested: each line gets the reply of
/// [`crate::calc::answer_or_blob`].
pub fn serve(listener: TcpListener, stop: &Stop, drain: Duration) -> io::Result<()> {
    let told = stop.as_fd().try_clone_to_owned()?;
    thread::Builder::new().spawn(move || {
        while poll(&mut [PollFd::new(&told, POLLIN)], None).is_err() {}
        process::exit(0);
    })?;
    loop {
        match listener.accept() {
            Ok((client, peer)) => {
                if let Err(error) = converse(&client).and_then(|()| part(&client, drain)) {
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

/// Answers line by line until the client has finished, or has sent a line that is too long.
fn converse(mut client: &TcpStream) -> io::Result<()> {
    // A reply is a whole message: nothing that follows is worth waiting for (tcp(7)).
    client.set_nodelay(true)?;
    let mut reader = BufReader::new(client);
    let mut line = Vec::new();
    loop {
        match next_line(&mut reader, &mut line)? {
            Next::Line => client.write_all(&calc::answer_or_blob(&line))?,
            Next::TooLong => return client.write_all(calc::TOO_LONG),
            Next::End => return Ok(()),
        }
    }
}

/// What comes next from a client.
enum Next {
    /// A line; it stands in the buffer, without its line end.
    Line,
    /// More bytes than a line may have.
    TooLong,
    /// The end of the stream. What came since the last line end is no request.
    End,
}

/// Reads the next line into `line`, and never more than a line may have.
fn next_line(reader: &mut impl BufRead, line: &mut Vec<u8>) -> io::Result<Next> {
    const LONGEST: usize = calc::MAX_LINE + "\r\n".len();
    line.clear();
    reader.take(LONGEST as u64).read_until(b'\n', line)?;
    let ended = line.pop_if(|byte| *byte == b'\n').is_some();
    if ended {
        line.pop_if(|byte| *byte == b'\r');
    }
    if line.len() > calc::MAX_LINE {
        Ok(Next::TooLong)
    } else if ended {
        Ok(Next::Line)
    } else {
        Ok(Next::End)
    }
}

/// Closes in three steps, so that what was sent arrives: a stream that is closed with unread
/// bytes is reset, and that can destroy a reply on its way (RFC 9293 3.6.1, RFC 9112 9.6).
fn part(mut client: &TcpStream, drain: Duration) -> io::Result<()> {
    client.shutdown(Shutdown::Write)?;
    // One deadline for all of it: a client that goes on and on does not stay longer.
    let deadline = Instant::now() + drain;
    let mut unwanted = [0; 16 * 1024];
    loop {
        let left = deadline.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Ok(());
        }
        client.set_read_timeout(Some(left))?;
        match client.read(&mut unwanted) {
            Ok(0) => return Ok(()),
            Ok(_) => {}
            Err(error) if error.kind() == ErrorKind::WouldBlock => {}
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}
