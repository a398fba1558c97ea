//! The check's end of a stream: a TCP connection, or a Unix one.

use std::fmt::Display;
use std::io::{self, ErrorKind, Write};
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::os::fd::OwnedFd;
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use socket2::{Domain, Socket, Type};

use crate::bytes::count;
use crate::descriptors::no_socket;
use crate::failure::{Failure, Outcome, Saw, differs};
use crate::program::Program;
use crate::rights;
use crate::scene::{CHECK_LIMIT, PATIENCE, Scene};
use crate::transcript::PROGRAM;

mod pouring;

/// A pause lasts so long at least, that the program's reads see the bytes apart.
const PAUSE: Duration = Duration::from_millis(5);

/// How long a pause waits at the most for the program to read what is there.
const PAUSE_LIMIT: Duration = Duration::from_millis(500);

/// A line is shorter, whatever the protocol. Of one without an end there is always more.
const LONGEST_LINE: usize = 1024 * 1024;

/// What a client wants of its socket before it connects.
#[derive(Debug, Clone, Default)]
pub struct Wish {
    receive_buffer: Option<usize>,
}

impl Wish {
    /// A small receive buffer, in bytes: the program's writes block early when the client does not read.
    pub fn receive_buffer(bytes: usize) -> Self {
        Self {
            receive_buffer: Some(bytes),
        }
    }

    /// Sets them; before connect or listen.
    pub(crate) fn grant(&self, socket: &Socket) -> io::Result<()> {
        self.receive_buffer
            .map_or(Ok(()), |bytes| socket.set_recv_buffer_size(bytes))
    }
}

/// A peer of the program, connected to it. Everything it does stands in the transcript.
#[derive(Debug)]
pub struct Peer {
    stream: Socket,
    name: String,
    program: Program,
    scene: Scene,
    /// What was read and not yet asked for.
    unread: Vec<u8>,
    /// Descriptors that came with what was read, and were not yet asked for.
    pub(crate) descriptors: Vec<OwnedFd>,
    ended: Option<Ended>,
}

/// How the program ended a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ended {
    Cleanly,
    ByReset,
}

/// What the next look at the connection brought.
enum Arrival {
    Bytes,
    End(Ended),
    Nothing,
}

impl Peer {
    /// Connects to `addr`, where `program` serves.
    pub(crate) fn connect(addr: SocketAddr, wish: &Wish, program: &Program) -> Outcome<Self> {
        let scene = program.scene().clone();
        let name = scene.name("client");
        let socket =
            socket(addr, wish).map_err(|error| no_socket("make a client's socket", &error))?;
        if let Err(error) = socket.connect_timeout(&addr.into(), PATIENCE) {
            scene
                .transcript
                .note(&name, Some(PROGRAM), "cannot connect");
            return Err(unconnected(&name, addr, &error, program));
        }
        let local = socket
            .local_addr()
            .map_err(|error| Failure::grader("name a socket", error))?;
        if let Some(local) = local.as_socket() {
            scene.introduce(local, &name);
        }
        scene.transcript.note(&name, Some(PROGRAM), "connects");
        Self::over_tcp(socket, name, program)
    }

    /// The check's end of a connection that `program` has made, from `from`.
    pub(crate) fn accepted(
        stream: TcpStream,
        from: SocketAddr,
        program: &Program,
    ) -> Outcome<Self> {
        let scene = program.scene();
        let name = scene.name("server");
        scene
            .transcript
            .note(PROGRAM, Some(&name), &format!("connects from {from}"));
        stream
            .set_nonblocking(false)
            .map_err(|error| Failure::grader("prepare a socket", error))?;
        if let Ok(local) = stream.local_addr() {
            scene.introduce(local, &name);
        }
        Self::over_tcp(stream.into(), name, program)
    }

    fn over_tcp(stream: Socket, name: String, program: &Program) -> Outcome<Self> {
        // What the check sends as one segment is to leave as one, at once.
        stream
            .set_tcp_nodelay(true)
            .map_err(|error| Failure::grader("prepare a socket", error))?;
        Ok(Self::over(stream, name, program))
    }

    /// The check's end of a connected stream, under this name in the transcript.
    pub(crate) fn over(stream: Socket, name: String, program: &Program) -> Self {
        Self {
            stream,
            name,
            program: program.clone(),
            scene: program.scene().clone(),
            unread: Vec::new(),
            descriptors: Vec::new(),
            ended: None,
        }
    }

    /// Whether a connection to `addr` is possible at all within that time; it is closed again.
    pub(crate) fn try_connect(addr: SocketAddr, time: Duration) -> io::Result<()> {
        TcpStream::connect_timeout(&addr, time).map(drop)
    }

    /// Its name in the transcript.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its own address, which the program sees it come from.
    pub fn addr(&self) -> Outcome<SocketAddr> {
        let addr = self.stream.local_addr();
        addr.and_then(|addr| addr.as_socket().ok_or(ErrorKind::Unsupported.into()))
            .map_err(|error| Failure::grader("name a socket", error))
    }

    /// Sends all of `data`, waiting for room if there is none.
    pub fn send(&mut self, data: impl AsRef<[u8]>) -> Outcome {
        let data = data.as_ref();
        self.note_sending(data);
        let sent = write_all(&self.stream, data, Instant::now() + PATIENCE);
        sent.map_err(|(written, error)| self.unsent(written, data.len(), &error))
    }

    /// Without bytes a stream carries nothing, and there is nothing to tell.
    fn note_sending(&self, data: &[u8]) {
        if !data.is_empty() {
            self.scene.transcript.sent(&self.name, PROGRAM, data);
        }
    }

    /// Sends as much of `data` as the program takes, up to all of it: gives how many bytes
    /// went before it closed the connection.
    pub fn send_until_closed(&mut self, data: impl AsRef<[u8]>) -> Outcome<usize> {
        let data = data.as_ref();
        self.note_sending(data);
        match write_all(&self.stream, data, Instant::now() + PATIENCE) {
            Ok(()) => Ok(data.len()),
            Err((written, error)) if is_reset(&error) => {
                self.scene.transcript.note(
                    PROGRAM,
                    Some(&self.name),
                    &format!("closes after {}", count(written)),
                );
                Ok(written)
            }
            Err((written, error)) => Err(self.unsent(written, data.len(), &error)),
        }
    }

    /// Sends `data` from a thread of its own, so that the peer can read meanwhile.
    pub fn send_in_background(&mut self, data: impl Into<Vec<u8>>) -> Outcome<Sending> {
        let data = data.into();
        let stream = self
            .stream
            .try_clone()
            .map_err(|error| Failure::grader("use a socket twice", error))?;
        self.note_sending(&data);
        let total = data.len();
        let thread = thread::Builder::new()
            .spawn(move || write_all(&stream, &data, Instant::now() + 4 * PATIENCE))
            .map_err(|error| Failure::grader("start a thread", error))?;
        Ok(Sending { thread, total })
    }

    /// Sends `data` in pieces of these sizes, over and over, with a pause between each two.
    pub fn send_in_pieces(&mut self, data: impl AsRef<[u8]>, sizes: &[usize]) -> Outcome {
        let mut rest = data.as_ref();
        for &size in sizes.iter().cycle() {
            let (piece, later) = rest.split_at(size.clamp(1, rest.len()));
            self.send(piece)?;
            rest = later;
            if rest.is_empty() {
                break;
            }
            self.pause();
        }
        Ok(())
    }

    /// Lets 5 ms pass, and the program read what is there, so that what is sent next comes to
    /// it separately.
    pub fn pause(&self) {
        self.scene.transcript.note(&self.name, None, "pauses");
        let began = Instant::now();
        thread::sleep(PAUSE);
        let facts = self.program.facts();
        let Some(own) = self
            .stream
            .local_addr()
            .ok()
            .and_then(|addr| addr.as_socket())
        else {
            return;
        };
        // The kernel takes a while to answer; a program that has not read for long is not to cost much.
        let mut until_next = Duration::from_millis(1);
        while began.elapsed() < PAUSE_LIMIT
            && facts.unread_from(own).is_some_and(|unread| unread > 0)
        {
            thread::sleep(until_next);
            until_next *= 2;
        }
    }

    /// Sends the end of its stream (FIN) and goes on listening.
    pub fn half_close(&mut self) -> Outcome {
        self.scene
            .transcript
            .note(&self.name, Some(PROGRAM), "half-closes");
        match self.stream.shutdown(Shutdown::Write) {
            Ok(()) => Ok(()),
            // The program was faster; reading will tell how.
            Err(error) if error.kind() == ErrorKind::NotConnected => Ok(()),
            Err(error) => Err(Failure::grader("half-close", error)),
        }
    }

    /// Closes the connection.
    pub fn close(self) {
        self.scene
            .transcript
            .note(&self.name, Some(PROGRAM), "closes");
    }

    /// Aborts the connection: a reset (RST) instead of an end, by SO_LINGER with no time.
    pub fn reset(self) -> Outcome {
        self.scene
            .transcript
            .note(&self.name, Some(PROGRAM), "resets");
        let linger = self.stream.set_linger(Some(Duration::ZERO));
        linger.map_err(|error| Failure::grader("reset a connection", error))
    }

    /// The next bytes are exactly these.
    pub fn expect(&mut self, expected: impl AsRef<[u8]>) -> Outcome {
        self.expect_within(expected, PATIENCE)
    }

    /// As [`Self::expect`], with a patience of its own for each arrival.
    pub fn expect_within(&mut self, expected: impl AsRef<[u8]>, patience: Duration) -> Outcome {
        let expected = expected.as_ref();
        // What has agreed once is not compared again: replies of megabytes come in small pieces.
        let mut agreed = 0;
        loop {
            let known = self.unread.len().min(expected.len());
            if self.unread[agreed..known] != expected[agreed..known] {
                let seen = &self.unread[..self.unread.len().min(expected.len().max(64))];
                return differs(&format!("what {} got", self.name), expected, seen);
            }
            agreed = known;
            if agreed == expected.len() {
                self.unread.drain(..agreed);
                return Ok(());
            }
            if let Some(failure) = self.missing(expected.len(), patience)? {
                return Err(failure.comparing(expected, &self.unread));
            }
        }
    }

    /// The next `length` bytes.
    pub fn take(&mut self, length: usize) -> Outcome<Vec<u8>> {
        while self.unread.len() < length {
            if let Some(failure) = self.missing(length, PATIENCE)? {
                return Err(failure.expecting(count(length), &self.unread));
            }
        }
        Ok(self.unread.drain(..length).collect())
    }

    /// The next line, without its LF.
    pub fn line(&mut self) -> Outcome<Vec<u8>> {
        loop {
            if let Some(end) = self.unread.iter().position(|&byte| byte == b'\n') {
                let mut line: Vec<u8> = self.unread.drain(..=end).collect();
                line.pop();
                return Ok(line);
            }
            self.expect_line_to_end()?;
            if let Some(failure) = self.missing(self.unread.len() + 1, PATIENCE)? {
                return Err(failure.expecting("a line", &self.unread));
            }
        }
    }

    /// The next line is this one; it is given without its LF.
    pub fn expect_line(&mut self, expected: &str) -> Outcome {
        let wanted = format!("{expected}\n");
        while !self.unread.contains(&b'\n') {
            self.expect_line_to_end()?;
            if let Some(failure) =
                self.missing(wanted.len().max(self.unread.len() + 1), PATIENCE)?
            {
                return Err(failure.comparing(wanted.as_bytes(), &self.unread));
            }
        }
        let mut seen = self.line()?;
        seen.push(b'\n');
        differs("the reply", wanted, seen)
    }

    /// What came so far may be the beginning of a line.
    fn expect_line_to_end(&self) -> Outcome {
        if self.unread.len() <= LONGEST_LINE {
            return Ok(());
        }
        let came = count(self.unread.len());
        let happened = format!("{} got {came} without a line end", self.name);
        Err(Failure::new(Saw::Wrong, happened).expecting("a line", &self.unread))
    }

    /// The next line begins so, `ERR `; what stands behind is free.
    pub fn expect_line_beginning(&mut self, beginning: &str) -> Outcome {
        let line = self.line()?;
        if line.starts_with(beginning.as_bytes()) {
            return Ok(());
        }
        let happened = format!("the reply does not begin with {beginning:?}");
        Err(Failure::new(Saw::Wrong, happened).expecting(format!("{beginning}...\\n"), &line))
    }

    /// The stream ends here, cleanly (FIN), and nothing comes before.
    pub fn expect_end(&mut self) -> Outcome {
        match self.expect_closed_by()? {
            Ended::Cleanly => Ok(()),
            Ended::ByReset => Err(Failure::new(
                Saw::Reset,
                format!("{} got a reset instead of the end of the stream", self.name),
            )),
        }
    }

    /// The connection ends here, cleanly or by a reset, and nothing comes before.
    pub fn expect_closed(&mut self) -> Outcome {
        self.expect_closed_by().map(drop)
    }

    fn expect_closed_by(&mut self) -> Outcome<Ended> {
        let deadline = Instant::now() + PATIENCE;
        loop {
            if !self.unread.is_empty() {
                let happened = format!(
                    "{} got more bytes where the stream should have ended",
                    self.name
                );
                return Err(Failure::new(Saw::Wrong, happened)
                    .expecting("the end of the stream", &self.unread));
            }
            match self.read(deadline)? {
                Arrival::Bytes => {}
                Arrival::End(ended) => return Ok(ended),
                Arrival::Nothing => return Err(self.silence("the end of the stream")),
            }
        }
    }

    /// Everything that comes until the connection ends, cleanly or not, or until `limit` bytes.
    pub fn read_to_close(&mut self, limit: usize) -> Outcome<Vec<u8>> {
        loop {
            if self.unread.len() >= limit {
                return Ok(std::mem::take(&mut self.unread));
            }
            match self.read(Instant::now() + PATIENCE)? {
                Arrival::Bytes => {}
                Arrival::End(_) => return Ok(std::mem::take(&mut self.unread)),
                Arrival::Nothing => return Err(self.silence("the end of the stream")),
            }
        }
    }

    /// Whether anything, bytes or an end, comes within that time.
    pub fn hears_within(&mut self, time: Duration) -> Outcome<bool> {
        Ok(!self.unread.is_empty()
            || !matches!(self.read(Instant::now() + time)?, Arrival::Nothing))
    }

    /// Reads once for an expectation of `wanted` bytes in all. Gives the failure when no more
    /// come; the caller adds what it compares.
    fn missing(&mut self, wanted: usize, patience: Duration) -> Outcome<Option<Failure>> {
        let (saw, how) = match self.read(Instant::now() + patience)? {
            Arrival::Bytes => return Ok(None),
            Arrival::End(Ended::Cleanly) => (Saw::End, "the stream ended"),
            Arrival::End(Ended::ByReset) => (Saw::Reset, "the connection was reset"),
            Arrival::Nothing => return Ok(Some(self.silence("a reply"))),
        };
        let came = match self.unread.len() {
            0 => "before a single byte came".to_owned(),
            some => format!("after {} of {}", some, count(wanted)),
        };
        Ok(Some(Failure::new(saw, format!("{how} {came}"))))
    }

    fn silence(&self, awaited: &str) -> Failure {
        let awaited = match self.unread.len() {
            0 => awaited.to_owned(),
            some => format!("{awaited}, of which {} came", count(some)),
        };
        self.program.absence(&self.name, &awaited, PATIENCE)
    }

    /// Reads what is there, waiting for it until the deadline.
    fn read(&mut self, deadline: Instant) -> Outcome<Arrival> {
        if let Some(ended) = self.ended {
            return Ok(Arrival::End(ended));
        }
        if Instant::now() > self.scene.deadline {
            let seconds = CHECK_LIMIT.as_secs();
            let happened = format!(
                "the program was neither silent nor done, and {seconds} s were over; {}",
                self.program.doing()
            );
            return Err(Failure::new(Saw::Silence, happened));
        }
        let mut chunk = [0; 16 * 1024];
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            // Zero would mean for ever.
            let timeout = left.max(Duration::from_millis(1));
            self.stream
                .set_read_timeout(Some(timeout))
                .map_err(|error| Failure::grader("set a timeout", error))?;
            match rights::receive(&self.stream, &mut chunk) {
                Ok((0, _)) => return Ok(self.end(Ended::Cleanly)),
                Ok((length, descriptors)) => {
                    self.arrived(&chunk[..length], descriptors);
                    return Ok(Arrival::Bytes);
                }
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) if is_timeout(&error) && left > Duration::ZERO => {}
                Err(error) if is_timeout(&error) => return Ok(Arrival::Nothing),
                Err(error) if is_reset(&error) => return Ok(self.end(Ended::ByReset)),
                Err(error) => return Err(Failure::grader("read from the program", error)),
            }
        }
    }

    fn arrived(&mut self, bytes: &[u8], descriptors: Vec<OwnedFd>) {
        let transcript = &self.scene.transcript;
        transcript.sent(PROGRAM, &self.name, bytes);
        if !descriptors.is_empty() {
            let event = match descriptors.len() {
                1 => "passes a descriptor with it".to_owned(),
                count => format!("passes {count} descriptors with it"),
            };
            transcript.note(PROGRAM, Some(&self.name), &event);
        }
        self.unread.extend_from_slice(bytes);
        self.descriptors.extend(descriptors);
    }

    fn end(&mut self, ended: Ended) -> Arrival {
        let event = match ended {
            Ended::Cleanly => "ends the stream",
            Ended::ByReset => "resets",
        };
        self.scene.transcript.note(PROGRAM, Some(&self.name), event);
        self.ended = Some(ended);
        Arrival::End(ended)
    }

    fn unsent(&self, written: usize, total: usize, error: &io::Error) -> Failure {
        if is_reset(error) {
            let happened = format!(
                "the program closed the connection when {} had sent {written} of {}",
                self.name,
                count(total)
            );
            return Failure::new(Saw::Reset, happened);
        }
        if is_timeout(error) {
            let happened = format!(
                "{} could send only {written} of {}: nobody read them; {}",
                self.name,
                count(total),
                self.program.doing()
            );
            return Failure::new(Saw::Silence, happened);
        }
        Failure::grader("send to the program", error)
    }
}

/// Bytes on their way from a thread of their own.
#[derive(Debug)]
pub struct Sending {
    thread: JoinHandle<Result<(), (usize, io::Error)>>,
    total: usize,
}

impl Sending {
    /// Waits until all are sent, and tells when the program closed before.
    pub fn finish(self) -> Outcome {
        match self.thread.join() {
            Ok(Ok(())) => Ok(()),
            Ok(Err((written, error))) => {
                let happened = format!(
                    "the program took only {written} of {}: {error}",
                    count(self.total)
                );
                Err(Failure::new(
                    if is_reset(&error) {
                        Saw::Reset
                    } else {
                        Saw::Silence
                    },
                    happened,
                ))
            }
            Err(_) => Err(Failure::grader(
                "send in the background",
                "the thread panicked",
            )),
        }
    }
}

fn socket(addr: SocketAddr, wish: &Wish) -> io::Result<Socket> {
    let socket = Socket::new(Domain::for_address(addr), Type::STREAM, None)?;
    wish.grant(&socket)?;
    Ok(socket)
}

/// Writes all of `data` until the deadline; otherwise gives how much of it went, and why no more.
fn write_all(
    mut stream: &Socket,
    data: &[u8],
    deadline: Instant,
) -> Result<(), (usize, io::Error)> {
    let mut written = 0;
    while written < data.len() {
        let left = deadline.saturating_duration_since(Instant::now());
        if left == Duration::ZERO {
            return Err((written, ErrorKind::TimedOut.into()));
        }
        stream
            .set_write_timeout(Some(left))
            .map_err(|error| (written, error))?;
        match stream.write(&data[written..]) {
            Ok(count) => written += count,
            Err(error) if error.kind() == ErrorKind::Interrupted || is_timeout(&error) => {}
            Err(error) => return Err((written, error)),
        }
    }
    Ok(())
}

/// Why `name` could not connect to `addr`.
pub(crate) fn unconnected(
    name: &str,
    addr: impl Display,
    error: &io::Error,
    program: &Program,
) -> Failure {
    match error.kind() {
        // At a Unix path there may be no socket at all.
        ErrorKind::ConnectionRefused | ErrorKind::NotFound => Failure::new(
            Saw::Refused,
            format!("{name} was refused at {addr}; {}", program.doing()),
        ),
        ErrorKind::TimedOut => {
            let happened = format!(
                "{name} waited {} s to be connected; {}",
                PATIENCE.as_secs(),
                program.doing()
            );
            Failure::new(Saw::Silence, happened)
        }
        _ => Failure::new(
            Saw::Reset,
            format!("{name} could not connect to {addr}: {error}"),
        ),
    }
}

/// `call`, and again for as long as it is interrupted: where a socket has a timeout, the kernel does
/// not call again by itself (signal(7)).
pub(crate) fn uninterrupted<T>(mut call: impl FnMut() -> io::Result<T>) -> io::Result<T> {
    loop {
        match call() {
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            done => return done,
        }
    }
}

/// On Unix an expired timeout is WouldBlock, elsewhere TimedOut.
pub(crate) fn is_timeout(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut)
}

pub(crate) fn is_reset(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::ConnectionReset
            | ErrorKind::BrokenPipe
            | ErrorKind::ConnectionAborted
            | ErrorKind::NotConnected
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signal_is_no_answer() {
        let mut answers = [
            Err(ErrorKind::Interrupted.into()),
            Err(ErrorKind::Interrupted.into()),
            Err(ErrorKind::WouldBlock.into()),
        ]
        .into_iter();
        let told: io::Result<()> = uninterrupted(|| answers.next().unwrap_or(Ok(())));
        assert_eq!(told.unwrap_err().kind(), ErrorKind::WouldBlock);
        assert!(answers.next().is_none());
    }
}
