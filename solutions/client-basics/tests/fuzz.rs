//! `webget` fed with responses that no server would send, and URLs that nobody would type: it
//! neither panics, nor hangs, nor grows.
//!
//! Runs for `FUZZ_SECONDS` (1) from `FUZZ_SEED` (0), and tells its figures:
//! `FUZZ_SECONDS=60 cargo test -p client-basics-solution --test fuzz -- --nocapture`.
//! Each response is made from the seed and its number, which a failure tells.

use std::env;
use std::io::Write as _;
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use failure::Failure;
use fastrand::Rng;
use output::Output;
use testbench::facts::Facts;

#[path = "../src/failure.rs"]
pub mod failure;
#[path = "../src/webget.rs"]
pub mod webget;

/// What stands for the program's stdout here.
pub mod output {
    use std::io::{self, Write};
    use std::sync::atomic::{AtomicU64, Ordering};

    /// Counts what is printed.
    #[derive(Debug, Default)]
    pub struct Output(pub AtomicU64);

    impl Write for &Output {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.fetch_add(bytes.len() as u64, Ordering::Relaxed);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
}

/// How long a response may take that has been sent as a whole.
const HANGS: Duration = Duration::from_secs(20);

/// How much memory the process may gain while it is fed.
const ROOM: u64 = 16 << 20;

/// Words that mutations put in.
const WORDS: &[&str] = &[
    "\r\n",
    "\n",
    "\r",
    "\r\n\r\n",
    " ",
    "\t",
    ":",
    ";",
    ",",
    "\0",
    "\u{ff}",
    "+",
    "-",
    "0",
    "ffffffffffffffff",
    "18446744073709551616",
    "HTTP/1.1 100 Continue\r\n\r\n",
    "HTTP/1.0",
    "204",
    "304",
    "999",
    "101",
    "Content-Length: ",
    "Transfer-Encoding: ",
    "chunked",
    "gzip",
    "5\r\n",
    "0\r\n\r\n",
];

fn number(name: &str, otherwise: u64) -> u64 {
    let told = env::var(name).ok();
    told.map_or(otherwise, |text| text.parse().expect("a number"))
}

/// What became of the responses.
#[derive(Debug, Default)]
struct Figures {
    responses: u64,
    bytes: u64,
    printed: u64,
    done: u64,
    failed: u64,
    broken: u64,
}

#[test]
fn no_response_makes_webget_panic_hang_or_grow() {
    let seconds = Duration::from_secs(number("FUZZ_SECONDS", 1));
    let seed = number("FUZZ_SEED", 0);
    let facts = Facts::of(rustix::process::getpid());
    let (server, addr) = server();
    let mut figures = Figures::default();
    let began = Instant::now();
    let mut before = 0;
    while began.elapsed() < seconds || figures.responses < 500 {
        let mut rng = Rng::with_seed(seed.wrapping_add(figures.responses));
        let response = response(&mut rng);
        figures.bytes += response.len() as u64;
        server.send(response.clone()).expect("a server");
        let output = Output::default();
        parse_a_url(&mut rng);
        let outcome = get(addr, &output);
        let what = || {
            format!(
                "response {} of seed {seed}: {:?}",
                figures.responses,
                response.escape_ascii().to_string()
            )
        };
        match outcome {
            None => panic!("webget panicked at {}", what()),
            Some(Ok(())) => figures.done += 1,
            Some(Err(Failure::Protocol(_))) => figures.broken += 1,
            Some(Err(Failure::Failed(reason))) => {
                assert!(!reason.contains("unavailable"), "webget hung at {}", what());
                figures.failed += 1;
            }
            Some(Err(Failure::Deadline(_))) => panic!("webget has no deadline: {}", what()),
        }
        figures.responses += 1;
        figures.printed += output.0.into_inner();
        if figures.responses == 300 {
            // By then every path has been taken and every buffer made.
            before = facts.peak_memory().expect("a size");
        }
    }
    let grown = facts.peak_memory().expect("a size").saturating_sub(before);
    println!(
        "{figures:?} in {:.1} s from seed {seed}; memory grew by {} KiB",
        began.elapsed().as_secs_f64(),
        grown / 1024
    );
    assert!(grown < ROOM, "memory grew by {grown} bytes");
    assert!(
        figures.done > 0 && figures.failed > 0 && figures.broken > 0,
        "one-sided: {figures:?}"
    );
}

/// Has webget take apart a URL that is nearly one.
fn parse_a_url(rng: &mut Rng) {
    let urls = [
        "http://127.0.0.1:8080/path?query#fragment",
        "HTTP://[::1]:80/",
        "http://[::ffff:127.0.0.1]:8080?q",
        "http://192.0.2.7",
    ];
    let mut url = rng.choice(urls).unwrap_or_default().as_bytes().to_vec();
    for _ in 0..rng.usize(..4) {
        mutate(&mut url, rng);
    }
    let url = String::from_utf8_lossy(&url).into_owned();
    let parsed = catch_unwind(|| webget::parse(&url));
    let parsed = parsed.unwrap_or_else(|_| panic!("webget panicked at the URL {url:?}"));
    if let Ok(target) = parsed {
        let sent = target.host + &target.path;
        assert!(
            sent.bytes().all(|byte| byte.is_ascii_graphic()),
            "of the URL {url:?} webget would send {sent:?}"
        );
    }
}

/// What webget makes of the next response; nothing when it panics.
fn get(addr: SocketAddr, output: &Output) -> Option<Result<(), Failure>> {
    let target = webget::parse(&format!("http://{addr}/")).expect("a URL");
    let stream = webget::connect(target.addr).expect("a connection");
    stream.set_read_timeout(Some(HANGS)).expect("a timeout");
    catch_unwind(AssertUnwindSafe(|| webget::get(&stream, &target, output))).ok()
}

/// A server that answers each client with the next response it is given, cut anywhere.
fn server() -> (mpsc::Sender<Vec<u8>>, SocketAddr) {
    let (responses, next) = mpsc::channel::<Vec<u8>>();
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a listener");
    let addr = listener.local_addr().expect("an address");
    thread::spawn(move || {
        for response in next {
            let (stream, _) = listener.accept().expect("a client");
            answer(stream, &response);
        }
    });
    (responses, addr)
}

fn answer(mut stream: TcpStream, response: &[u8]) {
    stream.set_nodelay(true).expect("an option");
    let mut rng = Rng::with_seed(response.len() as u64);
    let mut rest = response;
    while !rest.is_empty() {
        let most = if rng.u8(..4) == 0 { 40 } else { rest.len() };
        let (piece, later) = rest.split_at(rng.usize(1..=most.min(rest.len())));
        // The client may have seen enough.
        if stream.write_all(piece).is_err() {
            return;
        }
        rest = later;
    }
    if rng.bool() {
        // The request is read, so that the end is an end and not a reset.
        let mut request = Vec::new();
        let mut byte = [0];
        while !request.ends_with(b"\r\n\r\n")
            && matches!(std::io::Read::read(&mut stream, &mut byte), Ok(1))
        {
            request.extend(byte);
        }
    }
}

/// A response, right or nearly, or none at all.
fn response(rng: &mut Rng) -> Vec<u8> {
    let mut bytes = match rng.u8(..20) {
        0 => (0..rng.usize(..2000)).map(|_| rng.u8(..)).collect(),
        1 => endless(rng),
        _ => well_formed(rng),
    };
    if rng.u8(..10) < 7 {
        for _ in 0..rng.usize(1..6) {
            mutate(&mut bytes, rng);
        }
    }
    bytes
}

/// A header, or a chunk's line, far beyond the limit.
fn endless(rng: &mut Rng) -> Vec<u8> {
    let (beginning, piece) = match rng.u8(..4) {
        0 => ("HTTP/1.1 200 OK\r\n", "X-Endless: 1\r\n"),
        1 => ("HTTP/1.1 200 OK\r\nX-Endless: ", "x"),
        2 => ("", "HTTP/1.1 100 Continue\r\n\r\n"),
        _ => (
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3;",
            "x",
        ),
    };
    let mut bytes = beginning.as_bytes().to_vec();
    bytes.extend(
        piece
            .repeat(rng.usize(60_000..80_000) / piece.len())
            .as_bytes(),
    );
    bytes
}

fn well_formed(rng: &mut Rng) -> Vec<u8> {
    let mut bytes = Vec::new();
    for _ in 0..rng.usize(..3) {
        bytes.extend(b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n");
    }
    let status = rng
        .choice([200, 200, 200, 204, 206, 301, 304, 404, 500, 599])
        .unwrap_or(200);
    let version = rng.u8(..2);
    write!(bytes, "HTTP/1.{version} {status} Phrase\r\n").expect("room");
    for _ in 0..rng.usize(..5) {
        let value: String = (0..rng.usize(..60)).map(|_| rng.alphanumeric()).collect();
        write!(bytes, "X-{}: {value}\r\n", rng.alphabetic()).expect("room");
    }
    let length = if rng.u8(..8) == 0 {
        rng.usize(..40_000)
    } else {
        rng.usize(..300)
    };
    let body: Vec<u8> = (0..length).map(|_| rng.u8(..)).collect();
    match rng.u8(..3) {
        0 => {
            write!(bytes, "Content-Length: {length}\r\n\r\n").expect("room");
            bytes.extend(body);
        }
        1 => {
            bytes.extend(b"Transfer-Encoding: chunked\r\n\r\n");
            for chunk in body.chunks(rng.usize(1..400)) {
                write!(bytes, "{:x};n=v\r\n", chunk.len()).expect("room");
                bytes.extend(chunk);
                bytes.extend(b"\r\n");
            }
            bytes.extend(b"0\r\nX-Trailer: 1\r\n\r\n");
        }
        _ => {
            bytes.extend(b"\r\n");
            bytes.extend(body);
        }
    }
    bytes
}

fn mutate(bytes: &mut Vec<u8>, rng: &mut Rng) {
    // Mostly where the header is.
    let length = if rng.bool() {
        bytes.len().min(200)
    } else {
        bytes.len()
    };
    let at = rng.usize(..=length);
    let end = (at + rng.usize(..20)).min(bytes.len());
    match rng.u8(..6) {
        0 => bytes.truncate(at),
        1 => drop(bytes.drain(at..end)),
        2 => {
            let part = bytes[at..end].to_vec();
            bytes.splice(at..at, part);
        }
        3 if at < bytes.len() => bytes[at] = rng.u8(..),
        4 if at < bytes.len() => bytes[at] ^= 1 << rng.u8(..8),
        _ => {
            let word = WORDS[rng.usize(..WORDS.len())];
            bytes.splice(at..at, word.bytes());
        }
    }
}
