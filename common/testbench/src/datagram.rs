//! The check's end of an exchange of datagrams, and what may befall a datagram on purpose.

use std::io::ErrorKind;
use std::net::{IpAddr, Ipv4Addr, SocketAddr, UdpSocket};
use std::thread;
use std::time::{Duration, Instant};

use crate::failure::{Failure, Outcome, Saw, differs};
use crate::peer::uninterrupted;
use crate::program::{GLANCE, Program};
use crate::scene::{PATIENCE, Scene};
use crate::transcript::PROGRAM;

/// After so many datagrams a peer steps aside for a moment: while two processes do nothing but
/// answer each other, Linux (6.18) may keep all others from their processor for a second, and their
/// deadlines pass.
const AT_A_STRETCH: usize = 64;

/// What becomes of a datagram between the check and the program. The transcript says so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// It arrives.
    Delivered,
    /// It is lost.
    Lost,
    /// It arrives twice.
    Doubled,
    /// It arrives after the one that is sent next.
    Overtaken,
}

/// A datagram that came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Datagram {
    /// Who sent it.
    pub from: SocketAddr,
    /// What it holds.
    pub bytes: Vec<u8>,
}

/// A peer with a UDP socket of its own, bound to an address of the check's.
#[derive(Debug)]
pub struct DatagramPeer {
    socket: UdpSocket,
    addr: SocketAddr,
    name: String,
    scene: Scene,
    /// Whom a client asks.
    server: Option<(Program, SocketAddr)>,
    overtaken: Option<(SocketAddr, Vec<u8>)>,
    /// Where a datagram is received.
    buffer: Vec<u8>,
    /// How many datagrams came.
    received: usize,
}

impl DatagramPeer {
    /// A peer in that role (`server`, `stranger`) on `ip`, on a port of the kernel's choice.
    pub(crate) fn new(ip: IpAddr, role: &str, scene: &Scene) -> Outcome<Self> {
        let socket = UdpSocket::bind((ip, 0))
            .map_err(|error| Failure::grader("bind a datagram socket", error))?;
        Self::over(socket, role, scene)
    }

    /// The peer whose socket is bound already.
    pub(crate) fn over(socket: UdpSocket, role: &str, scene: &Scene) -> Outcome<Self> {
        let addr = socket
            .local_addr()
            .map_err(|error| Failure::grader("see the address of a socket", error))?;
        let name = scene.name(role);
        scene.introduce(addr, &name);
        Ok(Self {
            socket,
            addr,
            name,
            scene: scene.clone(),
            server: None,
            overtaken: None,
            buffer: vec![0; 65_536],
            received: 0,
        })
    }

    /// A client of `program`, which serves at `addr`.
    pub(crate) fn client_of(program: &Program, addr: SocketAddr) -> Outcome<Self> {
        let mut ip = addr.ip();
        if ip.is_unspecified() {
            // Bound to every address, it would answer from this one.
            ip = Ipv4Addr::LOCALHOST.into();
        }
        let mut client = Self::new(ip, "client", program.scene())?;
        client.server = Some((program.clone(), SocketAddr::new(ip, addr.port())));
        Ok(client)
    }

    /// Its own address.
    pub fn addr(&self) -> SocketAddr {
        self.addr
    }

    /// Its name in the transcript.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Sends `data` to the server.
    pub fn send(&mut self, data: impl AsRef<[u8]>) -> Outcome {
        self.send_as(Fate::Delivered, data)
    }

    /// Sends `data` to the server, and this becomes of it.
    pub fn send_as(&mut self, fate: Fate, data: impl AsRef<[u8]>) -> Outcome {
        let (_, addr) = self.server()?;
        self.send_to_as(fate, addr, data)
    }

    /// Sends `data` to `addr`.
    pub fn send_to(&mut self, addr: SocketAddr, data: impl AsRef<[u8]>) -> Outcome {
        self.send_to_as(Fate::Delivered, addr, data)
    }

    /// Sends `data` to `addr`, and this becomes of it.
    pub fn send_to_as(&mut self, fate: Fate, addr: SocketAddr, data: impl AsRef<[u8]>) -> Outcome {
        let data = data.as_ref();
        match fate {
            Fate::Delivered => self.transmit(addr, data, "sends")?,
            Fate::Lost => self.scene.transcript.sent_as(
                &self.name,
                PROGRAM,
                "sends, and it is lost on purpose:",
                data,
            ),
            Fate::Doubled => {
                self.transmit(addr, data, "sends")?;
                self.transmit(addr, data, "sends again, doubled on purpose:")?;
            }
            Fate::Overtaken => {
                let earlier = self.overtaken.replace((addr, data.to_vec()));
                self.scene
                    .transcript
                    .note(&self.name, None, "holds a datagram back on purpose");
                return self.release(earlier);
            }
        }
        let held_back = self.overtaken.take();
        self.release(held_back)
    }

    fn release(&self, held_back: Option<(SocketAddr, Vec<u8>)>) -> Outcome {
        match held_back {
            Some((addr, data)) => self.transmit(addr, &data, "sends what it held back:"),
            None => Ok(()),
        }
    }

    fn transmit(&self, addr: SocketAddr, data: &[u8], event: &str) -> Outcome {
        self.scene
            .transcript
            .sent_as(&self.name, PROGRAM, event, data);
        match uninterrupted(|| self.socket.send_to(data, addr)) {
            Ok(_) => Ok(()),
            // An ICMP error about an earlier datagram; nobody is there, and silence will tell.
            Err(error) if error.kind() == ErrorKind::ConnectionRefused => Ok(()),
            Err(error) => Err(Failure::grader("send a datagram", error)),
        }
    }

    /// The next datagram, from `program` as it should be, or from anyone.
    pub fn receive(&mut self, program: &Program) -> Outcome<Datagram> {
        let came = self.receive_within(program, PATIENCE)?;
        came.ok_or_else(|| program.absence(&self.name, "a datagram", PATIENCE))
    }

    /// The next datagram if one comes in that time and before the program's end.
    pub fn receive_within(
        &mut self,
        program: &Program,
        time: Duration,
    ) -> Outcome<Option<Datagram>> {
        let deadline = Instant::now() + time;
        let mut over = false;
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            self.socket
                .set_read_timeout(Some(left.clamp(GLANCE, 20 * GLANCE)))
                .map_err(|error| Failure::grader("set a timeout", error))?;
            match self.socket.recv_from(&mut self.buffer) {
                Ok((length, from)) => {
                    let bytes = self.buffer[..length].to_vec();
                    self.scene
                        .transcript
                        .sent_as(PROGRAM, &self.name, "sends", &bytes);
                    self.received += 1;
                    if self.received.is_multiple_of(AT_A_STRETCH) {
                        thread::sleep(Duration::from_micros(1));
                    }
                    return Ok(Some(Datagram { from, bytes }));
                }
                Err(error)
                    if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) =>
                {
                    if over {
                        return Ok(None);
                    }
                    // Looked at before the last try: a program that ends may have sent something
                    // just before.
                    over = program.try_wait().is_some() || Instant::now() >= deadline;
                }
                Err(error)
                    if matches!(
                        error.kind(),
                        ErrorKind::Interrupted | ErrorKind::ConnectionRefused
                    ) => {}
                Err(error) => return Err(Failure::grader("receive a datagram", error)),
            }
        }
    }

    /// The next datagram comes from the server and is exactly this.
    pub fn expect(&mut self, expected: impl AsRef<[u8]>) -> Outcome {
        let expected = expected.as_ref();
        let (program, addr) = self.server()?;
        let datagram = self
            .receive(&program)
            .map_err(|failure| failure.instead_of(expected))?;
        if datagram.from != addr {
            let happened = format!(
                "{} asked {addr}, and the answer came from {}",
                self.name, datagram.from
            );
            return Err(Failure::new(Saw::Wrong, happened)
                .expecting(format!("a datagram from {addr}"), &datagram.bytes));
        }
        differs("the datagram", expected, datagram.bytes)
    }

    /// No datagram comes in that time.
    pub fn expect_silence(&mut self, program: &Program, time: Duration) -> Outcome {
        match self.receive_within(program, time)? {
            None => Ok(()),
            Some(datagram) => {
                let happened = format!("{} got a datagram where none should have come", self.name);
                Err(Failure::new(Saw::Wrong, happened).expecting("silence", &datagram.bytes))
            }
        }
    }

    /// Notes that the datagram that just came is treated as lost: no answer, on purpose.
    pub fn lose(&self) {
        self.scene
            .transcript
            .note(&self.name, None, "treats it as lost, on purpose");
    }

    fn server(&self) -> Outcome<(Program, SocketAddr)> {
        let none = || {
            Failure::grader(
                "send to a server",
                format!("{} is no client of one", self.name),
            )
        };
        self.server.clone().ok_or_else(none)
    }
}
