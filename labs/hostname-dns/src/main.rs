//! Lab 4: from a host's name to its address. Given: arguments, files, the READY line, exit codes.
//!
//! Each stage is a subcommand and a file of its own. Exit codes: 0 done, 1 it did not work or the
//! answer is no, 2 the program was called wrongly, 3 the peer broke the protocol, 4 no answer in time.

#![forbid(unsafe_code)]

pub mod address;
pub mod arguments;
#[allow(dead_code, reason = "a stage that is not written yet uses none of it")]
pub mod message;
#[allow(dead_code, reason = "a stage that is not written yet uses none of it")]
pub mod random;
#[allow(dead_code, reason = "a stage that is not written yet uses none of it")]
pub mod record;
pub mod reply;
pub mod zone;

pub mod decode;
pub mod dig;
pub mod encode;
pub mod endpoint;
pub mod lookup;
pub mod serve;

use std::fmt::Display;
use std::fs;
use std::io::{self, BufWriter, ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpListener, UdpSocket};
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use arguments::Request;
use reply::{Reply, Trouble};
use signal_hook::consts::SIGTERM;
use zone::Zone;

/// It did not work, or the answer is no.
const FAILED: u8 = 1;
/// The program was called wrongly.
const USAGE: u8 = 2;
/// The peer broke the protocol.
const PROTOCOL: u8 = 3;
/// No answer in time.
const DEADLINE: u8 = 4;

/// How often a port is looked for that is free for both UDP and TCP.
const PORT_TRIES: usize = 16;

/// Why the program leaves with a code that is not 0: the code, and a sentence for stderr.
#[derive(Debug)]
struct Failure(u8, String);

fn main() -> ExitCode {
    let request = match arguments::parse(lexopt::Parser::from_env()) {
        Ok(request) => request,
        Err(error) => {
            eprintln!("hostname-dns: {error}\n{}", arguments::USAGE);
            return ExitCode::from(USAGE);
        }
    };
    match run(request) {
        Ok(()) => ExitCode::SUCCESS,
        Err(Failure(code, reason)) => {
            eprintln!("{reason}");
            ExitCode::from(code)
        }
    }
}

fn run(request: Request) -> Result<(), Failure> {
    match request {
        Request::Help => print(arguments::HELP),
        Request::Endpoint { text, services } => {
            let services = services.map_or(Ok(arguments::SERVICES.to_owned()), |path| read(&path));
            print(endpoint::read(&text, &services?).map_err(failed)?)
        }
        Request::Lookup {
            name,
            wanted,
            hosts,
        } => {
            let addresses = lookup::addresses(&name, wanted, &read(&hosts)?);
            if addresses.is_empty() {
                return Err(failed(format!("no address is known of {name}")));
            }
            addresses.iter().try_for_each(|ip| print(format!("{ip}\n")))
        }
        Request::OwnName => {
            let name = lookup::own_name().map_err(failed)?;
            print(format!("{name}\n"))
        }
        Request::Encode { name, qtype, id } => {
            write(&encode::query(id, &name, qtype).map_err(failed)?)
        }
        Request::Decode { frames: true } => decode_frames(),
        Request::Decode { frames: false } => {
            let mut bytes = Vec::new();
            io::stdin().read_to_end(&mut bytes).map_err(failed)?;
            print(decode::message(&bytes).map_err(|error| Failure(PROTOCOL, error))?)
        }
        Request::Dig {
            server,
            name,
            qtype,
            patience,
        } => match dig::ask(server, &name, qtype, patience) {
            Ok(Reply::Records(records)) => records
                .iter()
                .try_for_each(|record| print(format!("{record}\n"))),
            Ok(Reply::NoData) => {
                eprintln!("{name} has no {qtype} record");
                Ok(())
            }
            Ok(Reply::NoSuchName) => Err(failed(format!("there is no name {name}"))),
            Err(trouble) => Err(troubled(trouble, server)),
        },
        Request::Serve { bind, zone } => serve_zone(bind, &zone),
    }
}

/// Decodes each message of stdin, which stands behind its length as over TCP (RFC 1035 4.2.2).
/// An empty line follows each.
fn decode_frames() -> Result<(), Failure> {
    let mut stdin = io::stdin().lock();
    let mut stdout = BufWriter::new(io::stdout().lock());
    let mut bytes = Vec::new();
    while let Some(length) = frame_length(&mut stdin)? {
        bytes.resize(length, 0);
        stdin
            .read_exact(&mut bytes)
            .map_err(|_| Failure(PROTOCOL, "stdin ended in the middle of a frame".to_owned()))?;
        let text = match decode::message(&bytes) {
            Ok(message) => message.to_string(),
            Err(error) => format!("malformed: {error}\n"),
        };
        writeln!(stdout, "{text}").map_err(failed)?;
    }
    stdout.flush().map_err(failed)
}

/// The length of the next frame; nothing where stdin ends instead.
fn frame_length(stdin: &mut impl Read) -> Result<Option<usize>, Failure> {
    let mut bytes = Vec::new();
    stdin.take(2).read_to_end(&mut bytes).map_err(failed)?;
    match bytes[..] {
        [] => Ok(None),
        [high, low] => Ok(Some(usize::from(u16::from_be_bytes([high, low])))),
        _ => Err(Failure(
            PROTOCOL,
            "stdin ended in a frame's length".to_owned(),
        )),
    }
}

/// Reads the zone, binds, says READY, serves; SIGTERM ends it, with exit code 0.
fn serve_zone(addr: SocketAddr, file: &Path) -> Result<(), Failure> {
    let always = Arc::new(AtomicBool::new(true));
    signal_hook::flag::register_conditional_shutdown(SIGTERM, 0, always).map_err(failed)?;
    let zone = Zone::parse(&read(file)?)
        .map_err(|error| failed(format!("{}: {error}", file.display())))?;
    let (udp, tcp) =
        bind(addr).map_err(|error| failed(format!("cannot serve on {addr}: {error}")))?;
    print(format!("READY {}\n", udp.local_addr().map_err(failed)?))?;
    serve::serve(&udp, &tcp, &zone).map_err(failed)
}

/// A UDP and a TCP socket on one port. Where the kernel chooses, it chooses for UDP, and again
/// if somebody has that port for TCP.
fn bind(addr: SocketAddr) -> io::Result<(UdpSocket, TcpListener)> {
    for _ in 0..PORT_TRIES {
        let udp = UdpSocket::bind(addr)?;
        match TcpListener::bind(udp.local_addr()?) {
            Ok(tcp) => return Ok((udp, tcp)),
            Err(error) if addr.port() == 0 && error.kind() == ErrorKind::AddrInUse => {}
            Err(error) => return Err(error),
        }
    }
    Err(ErrorKind::AddrInUse.into())
}

/// The text of a file; bytes that are none become replacement characters.
fn read(path: &Path) -> Result<String, Failure> {
    match fs::read(path) {
        Ok(bytes) => Ok(String::from_utf8_lossy(&bytes).into_owned()),
        Err(error) => Err(failed(format!("cannot read {}: {error}", path.display()))),
    }
}

fn print(text: impl Display) -> Result<(), Failure> {
    write(text.to_string().as_bytes())
}

/// Writes to stdout at once: whoever reads a pipe waits for it.
fn write(bytes: &[u8]) -> Result<(), Failure> {
    let mut stdout = io::stdout();
    stdout.write_all(bytes).map_err(failed)?;
    stdout.flush().map_err(failed)
}

fn failed(reason: impl Display) -> Failure {
    Failure(FAILED, reason.to_string())
}

/// The exit code and the sentence of what went wrong with asking.
fn troubled(trouble: Trouble, server: SocketAddr) -> Failure {
    match trouble {
        Trouble::Name(reason) => failed(reason),
        Trouble::System(error) => failed(format!("cannot ask {server}: {error}")),
        Trouble::Server(reason) => Failure(PROTOCOL, format!("{server}: {reason}")),
        Trouble::Silence => Failure(DEADLINE, format!("no answer from {server}")),
    }
}
