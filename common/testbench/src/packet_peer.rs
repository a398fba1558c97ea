//! The check's end of a connection of sequenced packets, AF_UNIX: unix(7).

use std::io::{self, ErrorKind, IoSliceMut, Write};
use std::net::Shutdown;
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::net::{RecvAncillaryBuffer, RecvFlags, ReturnFlags, recvmsg};
use socket2::{Domain, Socket, Type};

use crate::bench::Bench;
use crate::bytes::count;
use crate::failure::{Failure, Outcome, Saw, differs};
use crate::peer::{is_reset, is_timeout, unconnected, uninterrupted};
use crate::program::Program;
use crate::scene::PATIENCE;
use crate::transcript::PROGRAM;
use crate::unix_server::{UnixServer, connected};

/// What the kernel keeps of a send buffer for itself: unix(7), SO_SNDBUF.
const OVERHEAD: usize = 32;

impl Bench {
    /// Skips the check where the system has no sequenced packets between its programs.
    pub fn need_packets(&self) -> Outcome {
        pair().map(drop)
    }

    /// How many bytes a message may have on a socket whose send buffer is as this system makes them.
    pub fn longest_packet(&self) -> Outcome<usize> {
        let (one, _other) = pair()?;
        longest(&one)
    }

    /// How many messages of `length` bytes such a socket takes until a send would have to wait for
    /// the receiver.
    pub fn packets_that_fit(&self, length: usize) -> Outcome<usize> {
        let (one, _other) = pair()?;
        let message = vec![0; length];
        let mut fit = 0;
        one.set_nonblocking(true)
            .map_err(|error| Failure::grader("prepare a socket", error))?;
        loop {
            match (&one).write(&message) {
                Ok(_) => fit += 1,
                Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(fit),
                Err(error) => return Err(Failure::grader("fill a queue", error)),
            }
        }
    }
}

/// Two connected sockets, as they are made here.
fn pair() -> Outcome<(Socket, Socket)> {
    Socket::pair(Domain::UNIX, Type::SEQPACKET, None).map_err(|error| {
        Failure::lack(format!(
            "this system has no sequenced packets of AF_UNIX, as Linux has ({error})"
        ))
    })
}

/// How many bytes a message of this socket may have.
fn longest(socket: &Socket) -> Outcome<usize> {
    let told = socket.send_buffer_size();
    told.map(|size| size.saturating_sub(OVERHEAD))
        .map_err(|error| Failure::grader("ask for a send buffer's size", error))
}

/// A peer of the program that exchanges sequenced packets with it.
#[derive(Debug)]
pub struct PacketPeer {
    socket: Socket,
    name: String,
    program: Program,
    /// Whether the kernel marks each message for it, so that an empty one and the end differ.
    marked: bool,
    /// Where a message is received.
    buffer: Vec<u8>,
}

/// What the next receive brought.
enum Arrival {
    Message(Vec<u8>),
    End,
    Reset,
    Nothing,
}

impl UnixServer {
    /// A client that has connected to it.
    pub fn connect_packets(&self) -> Outcome<PacketPeer> {
        let scene = self.scene();
        let name = scene.name("client");
        match connected(self.addr(), Type::SEQPACKET) {
            Ok(socket) => {
                scene.transcript.note(&name, Some(PROGRAM), "connects");
                PacketPeer::over(socket, name, self)
            }
            Err(error) => {
                let event = format!("cannot connect to {}", self.addr());
                scene.transcript.note(&name, Some(PROGRAM), &event);
                Err(unconnected(&name, self.addr(), &error, self))
            }
        }
    }
}

impl PacketPeer {
    /// The check's end of a connection, under this name in the transcript.
    pub(crate) fn over(socket: Socket, name: String, program: &Program) -> Outcome<Self> {
        Ok(Self {
            // Longer than any message that a program can send.
            buffer: vec![0; 1 + 2 * longest(&socket)?],
            socket,
            name,
            program: program.clone(),
            marked: false,
        })
    }

    /// As [`Self::over`], for a peer that sends nothing: that way it tells every empty message from
    /// the end. (A socket that is marked so takes a name when it sends, and would then not be as
    /// nameless as clients are.)
    pub(crate) fn receiver_over(socket: Socket, name: String, program: &Program) -> Outcome<Self> {
        #[cfg(target_os = "linux")]
        rustix::net::sockopt::set_socket_passcred(&socket, true)
            .map_err(|error| Failure::grader("prepare a socket", error))?;
        let mut peer = Self::over(socket, name, program)?;
        peer.marked = true;
        Ok(peer)
    }

    /// Its name in the transcript.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// How many bytes a message of its may have.
    pub fn longest(&self) -> Outcome<usize> {
        longest(&self.socket)
    }

    /// Sends one message, waiting for room.
    pub fn send(&self, message: impl AsRef<[u8]>) -> Outcome {
        let message = message.as_ref();
        let transcript = &self.program.scene().transcript;
        transcript.sent_as(&self.name, PROGRAM, "sends", message);
        send_one(&self.socket, message).map_err(|error| {
            if is_reset(&error) {
                let happened = format!(
                    "the program had closed the connection when {} sent a message ({error})",
                    self.name
                );
                return Failure::new(Saw::Reset, happened);
            }
            if is_timeout(&error) {
                let awaited = "room for a message";
                return self.program.absence(&self.name, awaited, PATIENCE);
            }
            Failure::grader("send a message", error)
        })
    }

    /// The next message is exactly this.
    pub fn expect(&mut self, expected: impl AsRef<[u8]>) -> Outcome {
        let expected = expected.as_ref();
        let came = self
            .receive()
            .map_err(|failure| failure.instead_of(expected))?;
        let what = format!("the message that {} got", self.name);
        differs(&what, expected, came)
    }

    /// The next message begins so, `ERR `; what stands behind is free.
    pub fn expect_beginning(&mut self, beginning: &str) -> Outcome {
        let form = format!("{beginning}...");
        let came = self
            .receive()
            .map_err(|failure| failure.expecting(&form, b""))?;
        if came.starts_with(beginning.as_bytes()) {
            return Ok(());
        }
        let happened = format!("the message does not begin with {beginning:?}");
        Err(Failure::new(Saw::Wrong, happened).expecting(form, &came))
    }

    /// The next message, whatever it is.
    pub fn receive(&mut self) -> Outcome<Vec<u8>> {
        let name = self.name.clone();
        match self.arrival()? {
            Arrival::Message(message) => Ok(message),
            Arrival::End => Err(Failure::new(
                Saw::End,
                format!("the program ended the conversation, and {name} waited for a message"),
            )),
            Arrival::Reset => Err(Failure::new(
                Saw::Reset,
                format!("the connection was reset, and {name} waited for a message"),
            )),
            Arrival::Nothing => Err(self.program.absence(&name, "a message", PATIENCE)),
        }
    }

    /// The program ends the conversation here, and no message comes before.
    pub fn expect_end(&mut self) -> Outcome {
        let name = self.name.clone();
        match self.arrival()? {
            Arrival::End => Ok(()),
            Arrival::Message(message) => {
                let happened =
                    format!("{name} got a message where the conversation should have ended");
                Err(Failure::new(Saw::Wrong, happened).expecting("the end", &message))
            }
            Arrival::Reset => Err(Failure::new(
                Saw::Reset,
                format!("{name} got a reset instead of the end"),
            )),
            Arrival::Nothing => Err(self.program.absence(&name, "the end", PATIENCE)),
        }
    }

    /// All messages until the program's end.
    pub fn receive_to_end(&mut self) -> Outcome<Vec<Vec<u8>>> {
        let mut messages = Vec::new();
        loop {
            match self.arrival()? {
                Arrival::Message(message) => messages.push(message),
                Arrival::End => return Ok(messages),
                Arrival::Reset => {
                    let happened = format!("{} got a reset instead of the end", self.name);
                    return Err(Failure::new(Saw::Reset, happened));
                }
                Arrival::Nothing => {
                    let awaited = format!("the end, behind {} messages", messages.len());
                    return Err(self.program.absence(&self.name, &awaited, PATIENCE));
                }
            }
        }
    }

    /// Ends its direction and goes on receiving.
    pub fn half_close(&self) -> Outcome {
        let transcript = &self.program.scene().transcript;
        transcript.note(&self.name, Some(PROGRAM), "half-closes");
        match self.socket.shutdown(Shutdown::Write) {
            Ok(()) => Ok(()),
            // The program was faster; receiving will tell how.
            Err(error) if error.kind() == ErrorKind::NotConnected => Ok(()),
            Err(error) => Err(Failure::grader("half-close", error)),
        }
    }

    /// Closes the connection.
    pub fn close(self) {
        let transcript = &self.program.scene().transcript;
        transcript.note(&self.name, Some(PROGRAM), "closes");
        // Takes effect at once. A program that another check is starting at this moment has a copy of
        // the socket until its exec, and would keep the connection open. An error means that it has
        // ended already.
        _ = self.socket.shutdown(Shutdown::Both);
    }

    /// Receives what comes next, waiting for it.
    fn arrival(&mut self) -> Outcome<Arrival> {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            // Zero would mean for ever.
            let timeout = left.max(Duration::from_millis(1));
            self.socket
                .set_read_timeout(Some(timeout))
                .map_err(|error| Failure::grader("set a timeout", error))?;
            let transcript = &self.program.scene().transcript;
            match receive_one(&self.socket, &mut self.buffer, self.marked) {
                Ok(Some(length)) => {
                    let message = self.buffer[..length].to_vec();
                    transcript.sent_as(PROGRAM, &self.name, "sends", &message);
                    return Ok(Arrival::Message(message));
                }
                Ok(None) => {
                    transcript.note(PROGRAM, Some(&self.name), "ends the conversation");
                    return Ok(Arrival::End);
                }
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) if is_timeout(&error) && left > Duration::ZERO => {}
                Err(error) if is_timeout(&error) => return Ok(Arrival::Nothing),
                Err(error) if is_reset(&error) => {
                    transcript.note(PROGRAM, Some(&self.name), "resets");
                    return Ok(Arrival::Reset);
                }
                Err(error) => return Err(Failure::grader("receive a message", error)),
            }
        }
    }
}

/// Sends one message, waiting for room.
fn send_one(mut socket: &Socket, message: &[u8]) -> io::Result<()> {
    socket.set_write_timeout(Some(PATIENCE))?;
    uninterrupted(|| socket.write(message)).map(drop)
}

/// The length of the message that came into `buffer`, or nothing at the end.
fn receive_one(socket: &Socket, buffer: &mut [u8], marked: bool) -> io::Result<Option<usize>> {
    // No room for what the kernel adds to each message of a marked socket; it says that it had to leave
    // it out, which it never says of the end.
    let mut no_room = RecvAncillaryBuffer::default();
    let mut slices = [IoSliceMut::new(buffer)];
    let told = recvmsg(socket, &mut slices, &mut no_room, RecvFlags::empty())?;
    if told.flags.contains(ReturnFlags::TRUNC) {
        let what = format!("a message of more than {} came", count(told.bytes));
        return Err(io::Error::other(what));
    }
    let is_message = told.bytes > 0
        || if marked {
            told.flags.contains(ReturnFlags::CTRUNC)
        } else {
            !has_ended(socket)?
        };
    Ok(is_message.then_some(told.bytes))
}

/// Whether the peer will send no more.
fn has_ended(socket: &Socket) -> io::Result<bool> {
    #[cfg(target_os = "linux")]
    let end = PollFlags::RDHUP;
    #[cfg(not(target_os = "linux"))]
    let end = PollFlags::HUP;
    let mut entries = [PollFd::new(socket, end)];
    poll(&mut entries, Some(&Timespec::default()))?;
    Ok(entries[0].revents().intersects(end | PollFlags::HUP))
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn an_empty_message_is_no_end() {
        for marked in [true, false] {
            let (one, mut other) = pair().expect("sockets");
            let mut buffer = [0; 16];
            rustix::net::sockopt::set_socket_passcred(&one, marked).expect("a mark");
            for message in [&b"x"[..], b""] {
                assert_eq!(other.write(message).expect("room"), message.len());
                let came = receive_one(&one, &mut buffer, marked).expect("a message");
                assert_eq!(came, Some(message.len()));
            }
            other.shutdown(Shutdown::Write).expect("an end");
            assert_eq!(
                receive_one(&one, &mut buffer, marked).expect("an end"),
                None
            );
        }
    }

    #[test]
    fn with_a_mark_empty_messages_before_the_end_are_counted() {
        let (one, mut other) = pair().expect("sockets");
        rustix::net::sockopt::set_socket_passcred(&one, true).expect("a mark");
        for _ in 0..2 {
            assert_eq!(other.write(b"").expect("room"), 0);
        }
        drop(other);
        let next = || receive_one(&one, &mut [0; 16], true).expect("an answer");
        assert_eq!([next(), next(), next()], [Some(0), Some(0), None]);
    }

    #[test]
    fn a_message_of_the_longest_length_passes_and_one_byte_more_does_not() {
        let (one, mut other) = pair().expect("sockets");
        let most = longest(&other).expect("a size");
        let mut buffer = vec![0; most + 1];
        let error = other.write(&buffer).expect_err("too long");
        assert_eq!(
            error.raw_os_error(),
            Some(rustix::io::Errno::MSGSIZE.raw_os_error())
        );
        assert_eq!(other.write(&buffer[1..]).expect("room"), most);
        let came = receive_one(&one, &mut buffer, false).expect("a message");
        assert_eq!(came, Some(most));
    }
}
