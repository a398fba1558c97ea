//! Closes as soon as the last reply is out, with bytes of the client unread.
//! stage: leave
//! fails: leave::a_client_still_sending_sees_its_reply
//!        leave::draining_has_an_end
//! meant: leave::a_client_still_sending_sees_its_reply
//! says: Closing with unread data makes TCP send RST

use std::io::{self, BufRead, BufReader, ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::os::fd::AsFd;
use std::thread;
use std::time::{Duration, Instant};

use berkeley::{Events, POLLIN, POLLOUT, PollFd, poll};

use crate::calc;
use crate::stop::Stop;

/// Serves one client after another until `stop` is requested: each line gets the reply of
/// [`crate::calc::answer_or_blob`].
///
/// Then it drops `listener`, finishes the reply under way, closes and returns.
pub fn serve(listener: TcpListener, stop: &Stop, drain: Duration) -> io::Result<()> {
    eprintln!("clients have {drain:?}");
    let mut door = Door::open(listener, stop)?;
    while let Some((client, peer)) = door.next_client()? {
        if let Err(error) = converse(&client, &mut door) {
            eprintln!("{peer}: {error}");
        }
    }
    Ok(())
}

/// How long to wait when accept fails: the listener is sound, but a lack that lasts (of
/// descriptors, say) would make it fail again at once (accept(2), EMFILE).
const BACK_OFF: Duration = Duration::from_millis(50);

/// The way in, and the order to shut it.
///
/// No call here blocks but `poll`, which waits for a socket and the Stop at once.
struct Door<'a> {
    /// Nothing once SIGTERM has come: from then on the kernel refuses newcomers.
    listener: Option<TcpListener>,
    stop: &'a Stop,
}

impl<'a> Door<'a> {
    fn open(listener: TcpListener, stop: &'a Stop) -> io::Result<Self> {
        // The client may be gone between poll and accept, which would then wait for another.
        listener.set_nonblocking(true)?;
        let listener = Some(listener);
        Ok(Door { listener, stop })
    }

    /// Shuts the door if SIGTERM has come; tells whether it is shut.
    fn heed_stop(&mut self) -> bool {
        if self.stop.requested() {
            self.listener = None;
        }
        self.listener.is_none()
    }

    /// Waits for the next client. There is none any more when the door is shut.
    fn next_client(&mut self) -> io::Result<Option<(TcpStream, SocketAddr)>> {
        while !self.heed_stop()
            && let Some(listener) = &self.listener
        {
            match listener.accept() {
                Ok(accepted) => return Ok(Some(accepted)),
                Err(error) if error.kind() == ErrorKind::WouldBlock => {
                    self.wait(listener, POLLIN, None)?;
                }
                Err(error) => {
                    eprintln!("accept: {error}");
                    thread::sleep(BACK_OFF);
                }
            }
        }
        Ok(None)
    }

    /// Waits until `socket` is ready for `events`, until `deadline`, or until SIGTERM comes.
    /// It does not tell which: the caller looks again at whatever it waits for.
    fn wait(
        &self,
        socket: &impl AsFd,
        events: Events,
        deadline: Option<Instant>,
    ) -> io::Result<()> {
        let timeout = deadline.map(|end| end.saturating_duration_since(Instant::now()));
        let mut fds = vec![PollFd::new(socket, events)];
        if self.listener.is_some() {
            // Once the door is shut, the Stop is no news; it stays readable and would end every wait.
            fds.push(PollFd::new(self.stop, POLLIN));
        }
        match poll(&mut fds, timeout) {
            Err(error) if error.kind() != ErrorKind::Interrupted => Err(error),
            _ => Ok(()),
        }
    }
}

/// Answers line by line until the client has finished, has sent a line that is too long, or
/// the door is shut.
fn converse(client: &TcpStream, door: &mut Door) -> io::Result<()> {
    client.set_nonblocking(true)?;
    // A reply is a whole message: nothing that follows is worth waiting for (tcp(7)).
    client.set_nodelay(true)?;
    let mut reader = BufReader::new(client);
    let mut line = Vec::new();
    loop {
        match next_line(&mut reader, &mut line, door)? {
            Next::Line => send_all(client, &calc::answer_or_blob(&line), door)?,
            Next::TooLong => return send_all(client, calc::TOO_LONG, door),
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
    /// Nothing that is to be answered: the stream has ended, or the door is shut.
    End,
}

/// Reads the next line into `line`, and never more than a line may have.
fn next_line(
    reader: &mut BufReader<&TcpStream>,
    line: &mut Vec<u8>,
    door: &mut Door,
) -> io::Result<Next> {
    const LONGEST: usize = calc::MAX_LINE + "\r\n".len();
    line.clear();
    loop {
        if door.heed_stop() {
            return Ok(Next::End);
        }
        // What has come of the line stays in `line` while the rest is waited for.
        let room = LONGEST - line.len();
        match reader.take(room as u64).read_until(b'\n', line) {
            Ok(_) => break,
            Err(error) if error.kind() == ErrorKind::WouldBlock => {
                door.wait(reader.get_ref(), POLLIN, None)?;
            }
            Err(error) => return Err(error),
        }
    }
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

/// Sends all of a reply, whether SIGTERM comes or not; but when it comes, the door is shut at once.
fn send_all(mut client: &TcpStream, mut reply: &[u8], door: &mut Door) -> io::Result<()> {
    while !reply.is_empty() {
        door.heed_stop();
        match client.write(reply) {
            Ok(taken) => reply = &reply[taken..],
            Err(error) if error.kind() == ErrorKind::WouldBlock => {
                door.wait(client, POLLOUT, None)?;
            }
            Err(error) => return Err(error),
        }
    }
    Ok(())
}
