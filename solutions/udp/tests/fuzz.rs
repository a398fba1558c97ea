//! The file server under a rain of random and mutated datagrams: it neither panics nor grows.
//!
//! For a long rain: `FUZZ_SECONDS=60 cargo test -p udp-solution --test fuzz -- --nocapture`.
//! The seed is printed; `FUZZ_SEED` repeats the choices (which replies come between them is
//! the scheduler's business).

#![cfg(target_os = "linux")]

use std::fs::{self, File};
use std::io::{BufRead, BufReader};
use std::net::{SocketAddr, UdpSocket};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use std::{env, process, thread};

use fastrand::Rng;
use rustix::process::Pid;
use testbench::facts::Facts;
use testbench::tftp::{RRQ, WRQ, ack, error, packet, request};

const NAMES: [&str; 6] = ["empty", "even", "odd", "../secret", "/etc/passwd", "none"];

/// The server at work, in a folder of its own.
struct Server {
    child: Child,
    addr: SocketAddr,
    folder: PathBuf,
}

impl Server {
    fn start() -> Self {
        let folder = env::temp_dir().join(format!("udp-fuzz-{}", process::id()));
        fs::create_dir_all(folder.join("root")).expect("a folder");
        for (name, length) in [("root/empty", 0), ("root/even", 1024), ("root/odd", 1300)] {
            fs::write(folder.join(name), vec![b'x'; length]).expect("a file");
        }
        fs::write(folder.join("secret"), "secret").expect("a file");
        let stderr = File::create(folder.join("stderr")).expect("a file");
        let mut child = Command::new(env!("CARGO_BIN_EXE_udp-solution"))
            .args(["tftp", "--retry-ms", "20", "--tries", "2", "--root"])
            .arg(folder.join("root"))
            .stdout(Stdio::piped())
            .stderr(stderr)
            .spawn()
            .expect("the server");
        let mut line = String::new();
        let stdout = child.stdout.take().expect("a pipe");
        BufReader::new(stdout).read_line(&mut line).expect("READY");
        let addr = line
            .trim()
            .strip_prefix("READY ")
            .and_then(|addr| addr.parse().ok());
        Self {
            child,
            addr: addr.expect("READY and an address"),
            folder,
        }
    }

    /// Resident bytes, threads, descriptors.
    fn size(&self) -> (u64, usize, usize) {
        let facts = Facts::of(Pid::from_child(&self.child));
        let size = || Ok((facts.memory()?, facts.threads()?, facts.descriptors()?));
        size()
            .map_err(|_: testbench::failure::Failure| ())
            .expect("the server lives")
    }

    /// Waits until its transfers are given up.
    fn settle(&self) {
        let deadline = Instant::now() + Duration::from_secs(30);
        while self.size().1 > 1 {
            assert!(Instant::now() < deadline, "transfers never end");
            thread::sleep(Duration::from_millis(10));
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        _ = self.child.kill();
        _ = self.child.wait();
        _ = fs::remove_dir_all(&self.folder);
    }
}

/// A client and whoever has answered it last: a transfer, most likely.
struct Client {
    socket: UdpSocket,
    last: Option<(SocketAddr, Vec<u8>)>,
}

impl Client {
    fn new() -> Self {
        let socket = UdpSocket::bind("127.0.0.1:0").expect("a socket");
        socket.set_nonblocking(true).expect("a flag");
        Self { socket, last: None }
    }

    /// Hears what has come; gives how much it was.
    fn hear(&mut self) -> usize {
        let mut buffer = [0; 2048];
        let mut count = 0;
        while let Ok((length, from)) = self.socket.recv_from(&mut buffer) {
            self.last = Some((from, buffer[..length].to_vec()));
            count += 1;
        }
        count
    }
}

/// A packet as it should be.
fn well_formed(rng: &mut Rng, client: &Client) -> Vec<u8> {
    let name = NAMES[rng.usize(..NAMES.len())];
    let right_ack = client.last.as_ref().and_then(|(_, data)| {
        let number: [u8; 2] = data.get(2..4)?.try_into().ok()?;
        Some(ack(u16::from_be_bytes(number)))
    });
    match rng.u8(..8) {
        0..=2 => request(RRQ, name, "octet"),
        3 => request(WRQ, name, "octet"),
        4 => error(rng.u16(..10), name),
        5 => packet(3, rng.u16(..), name.as_bytes()),
        6 => ack(rng.u16(..)),
        _ => right_ack.unwrap_or_else(|| ack(1)),
    }
}

/// As it should not be: bytes changed, cut off, put in, doubled.
fn mutated(rng: &mut Rng, mut bytes: Vec<u8>) -> Vec<u8> {
    for _ in 0..rng.usize(1..4) {
        let at = rng.usize(..=bytes.len());
        match rng.u8(..5) {
            0 if at < bytes.len() => bytes[at] = rng.u8(..),
            1 => bytes.truncate(at),
            2 => bytes.insert(at, rng.u8(..)),
            3 => bytes.extend_from_within(at..),
            _ => drop(bytes.drain(..at.min(2))),
        }
    }
    bytes
}

fn variable<T: std::str::FromStr>(name: &str) -> Option<T> {
    env::var(name).ok()?.parse().ok()
}

#[test]
fn the_file_server_neither_panics_nor_grows() {
    let seconds = variable("FUZZ_SECONDS").unwrap_or(2_u64);
    let seed = variable("FUZZ_SEED").unwrap_or_else(|| fastrand::u64(..));
    println!("FUZZ_SEED={seed}");
    let mut rng = Rng::with_seed(seed);
    let mut server = Server::start();
    let before = server.size();
    let mut clients: Vec<Client> = (0..40).map(|_| Client::new()).collect();
    let (mut sent, mut heard) = (0_u64, 0_usize);
    let mut warm = None;
    let began = Instant::now();
    while began.elapsed() < Duration::from_secs(seconds) {
        let which = rng.usize(..clients.len());
        let client = &mut clients[which];
        heard += client.hear();
        let datagram = match rng.u8(..4) {
            0 => (0..rng.usize(..700)).map(|_| rng.u8(..)).collect(),
            1 => well_formed(&mut rng, client),
            _ => {
                let packet = well_formed(&mut rng, client);
                mutated(&mut rng, packet)
            }
        };
        let transfer = client.last.as_ref().map(|(from, _)| *from);
        let to = transfer.filter(|_| rng.bool()).unwrap_or(server.addr);
        // A transfer that is over has closed its port; what is sent there is lost.
        if client.socket.send_to(&datagram, to).is_ok() {
            sent += 1;
        }
        if warm.is_none() && began.elapsed() > Duration::from_secs(seconds) / 4 {
            warm = Some(server.size());
        }
    }
    let (warm, _, _) = warm.unwrap_or_else(|| server.size());
    server.settle();
    let (memory, threads, descriptors) = server.size();
    println!(
        "{seconds} s: {sent} datagrams sent, {heard} heard; resident {} kB after a quarter, {} kB \
         at the end; {threads} thread, {descriptors} descriptors",
        warm / 1024,
        memory / 1024
    );

    assert!(
        server.child.try_wait().expect("a status").is_none(),
        "the server has ended"
    );
    let said = fs::read_to_string(server.folder.join("stderr")).expect("text");
    assert!(!said.contains("panicked"), "{said}");
    assert!(
        memory < warm + 2 * 1024 * 1024,
        "{warm} bytes grew to {memory}"
    );
    assert_eq!((threads, descriptors), (before.1, before.2));
    assert!(heard > 0, "nothing was ever answered");

    let client = UdpSocket::bind("127.0.0.1:0").expect("a socket");
    client
        .set_read_timeout(Some(Duration::from_secs(10)))
        .expect("a timeout");
    client
        .send_to(&request(RRQ, "odd", "octet"), server.addr)
        .expect("a request");
    let mut buffer = [0; 600];
    let (length, _) = client.recv_from(&mut buffer).expect("a block");
    assert_eq!(buffer[..length], packet(3, 1, &[b'x'; 512]));
}
