//! Sends all 512 bytes of its buffer, though the last block has fewer.
//!
//! stage: tftp
//! fails: tftp::sends_a_file
//!        tftp::the_last_block_is_short_even_if_empty
//!        tftp::lost_data_is_sent_again
//!        tftp::tells_what_it_does_not_do
//!        tftp::each_transfer_has_a_port_of_its_own
//!        tftp::a_duplicate_ack_does_not_double_the_stream
//!        tftp::old_acks_do_not_stop_the_clock
//!        tftp::gives_up_after_the_last_try
//!        tftp::each_block_has_tries_of_its_own
//!        tftp::a_stranger_gets_error_5_and_the_transfer_lives
//!        tftp::blocks_wrap_past_65535
//!        tftp::stays_inside_its_folder
//!        tftp::options_are_ignored
//!        tftp::an_error_ends_the_transfer
//!        tftp::junk_is_survived
//!        tftp::sixteen_transfers_at_once
//! meant: tftp::sends_a_file
//! says: has what is left, and nothing behind it

use std::ffi::OsStr;
use std::fs::{self, File};
use std::io;
use std::io::{ErrorKind, Read};
use std::net::SocketAddr;
use std::net::UdpSocket;
use std::os::unix::ffi::OsStrExt;
use std::path::Component;
use std::path::Path;
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use crate::arguments::Retry;

/// Serves the files under `root`, an absolute path without links, to clients that send their
/// requests to `socket`, for ever.
///
/// Returning ends the program: with an error only when nobody can be served any more.
pub fn serve(socket: &UdpSocket, root: &Path, retry: Retry) -> io::Result<()> {
    let places = Arc::new(());
    let mut buffer = vec![0; LONGEST];
    loop {
        let (length, client) = match socket.recv_from(&mut buffer) {
            Ok(received) => received,
            Err(error) => {
                eprintln!("receive: {error}");
                thread::sleep(BACK_OFF);
                continue;
            }
        };
        let Some(opened) = requested(root, &buffer[..length]) else {
            continue;
        };
        let started = opened.and_then(|file| {
            // Each transfer holds a clone of the places until its thread ends, however it ends.
            if Arc::strong_count(&places) > TRANSFERS {
                return Err(Refusal(0, "too many transfers"));
            }
            let own = socket
                .local_addr()
                .and_then(|addr| UdpSocket::bind((addr.ip(), 0)));
            own.and_then(|own| start(own, client, file, retry, Arc::clone(&places)))
                .map_err(|_| Refusal(0, "out of resources"))
        });
        if let Err(refusal) = started
            && let Err(error) = socket.send_to(&refusal.packet(), client)
        {
            eprintln!("{client}: {error}");
        }
    }
}

/// The longest datagram over IPv4, in bytes.
const LONGEST: usize = 65_507;

/// How many bytes of a file stand in each block but the last.
const BLOCK: usize = 512;

/// How many transfers there may be at once; each costs a thread and two descriptors.
const TRANSFERS: usize = 16;

/// What a transfer's thread needs for its calls; its buffers lie on the heap.
const STACK: usize = 128 * 1024;

/// How long to wait when receiving fails: a lack that lasts would make it fail again at once.
const BACK_OFF: Duration = Duration::from_millis(50);

const READ: u16 = 1;
const WRITE: u16 = 2;
const DATA: u16 = 3;
const ACK: u16 = 4;
const ERROR: u16 = 5;

/// Why something is refused: the code of RFC 1350 and a message for people.
struct Refusal(u16, &'static str);

const NOT_FOUND: Refusal = Refusal(1, "file not found");
const VIOLATION: Refusal = Refusal(2, "access violation");
const ILLEGAL: Refusal = Refusal(4, "illegal TFTP operation");
const STRANGER: Refusal = Refusal(5, "unknown transfer ID");

impl Refusal {
    fn packet(&self) -> Vec<u8> {
        let Refusal(code, message) = self;
        [
            &ERROR.to_be_bytes(),
            &code.to_be_bytes(),
            message.as_bytes(),
            &[0],
        ]
        .concat()
    }
}

/// The first number of a packet, its operation, and what stands behind.
fn number(packet: &[u8]) -> Option<(u16, &[u8])> {
    let (bytes, rest) = packet.split_first_chunk()?;
    Some((u16::from_be_bytes(*bytes), rest))
}

/// The first string of a packet, without its zero byte, and what stands behind.
fn string(packet: &[u8]) -> Option<(&[u8], &[u8])> {
    let end = packet.iter().position(|&byte| byte == 0)?;
    Some((&packet[..end], &packet[end + 1..]))
}

/// The file that a packet asks for, or why it cannot be had; nothing when it is no request.
fn requested(root: &Path, packet: &[u8]) -> Option<Result<File, Refusal>> {
    let (operation, rest) = number(packet)?;
    if ![READ, WRITE].contains(&operation) {
        return None;
    }
    let strings = string(rest).and_then(|(name, rest)| Some((name, string(rest)?.0)));
    Some(match strings {
        Some((name, mode)) if operation == READ && mode.eq_ignore_ascii_case(b"octet") => {
            open(root, name)
        }
        _ => Err(ILLEGAL),
    })
}

/// Opens the file called `name`, if it lies under `root`.
fn open(root: &Path, name: &[u8]) -> Result<File, Refusal> {
    let name = Path::new(OsStr::from_bytes(name));
    let inside = |part| matches!(part, Component::Normal(_) | Component::CurDir);
    if !name.components().all(inside) {
        return Err(VIOLATION);
    }
    let refusal = |error: io::Error| match error.kind() {
        ErrorKind::PermissionDenied => VIOLATION,
        _ => NOT_FOUND,
    };
    // Where the name leads when all links are followed. (Whoever can change links in between can
    // still lead the open astray; openat2 with RESOLVE_BENEATH would leave no in between.)
    let path = fs::canonicalize(root.join(name)).map_err(refusal)?;
    // Looked at before it is opened: opening a FIFO waits for a writer (fifo(7)).
    if !path.starts_with(root) || !path.is_file() {
        return Err(VIOLATION);
    }
    File::open(path).map_err(refusal)
}

/// Starts a thread that sends `file` to `client`.
fn start(
    socket: UdpSocket,
    client: SocketAddr,
    file: File,
    retry: Retry,
    place: Arc<()>,
) -> io::Result<()> {
    let transfer = move || {
        if let Err(error) = transfer(&socket, client, file, retry) {
            eprintln!("{client}: {error}");
        }
        drop(place);
    };
    thread::Builder::new().stack_size(STACK).spawn(transfer)?;
    Ok(())
}

/// Sends `file` to `client`, each block when the one before has been acknowledged.
fn transfer(
    socket: &UdpSocket,
    client: SocketAddr,
    mut file: File,
    retry: Retry,
) -> io::Result<()> {
    let mut block = 0_u16;
    loop {
        // From 65535 on to 0: RFC 1350 has two bytes for the number and no word about the end.
        block = block.wrapping_add(1);
        let mut packet = [DATA.to_be_bytes(), block.to_be_bytes()].concat();
        let length = match (&mut file).take(BLOCK as u64).read_to_end(&mut packet) {
            Ok(length) => length,
            Err(error) => {
                socket.send_to(&Refusal(0, "the file cannot be read on").packet(), client)?;
                return Err(error);
            }
        };
        packet.resize(4 + BLOCK, 0);
        deliver(socket, client, &packet, block, retry)?;
        if length < BLOCK {
            return Ok(());
        }
    }
}

/// Sends a block until it is acknowledged. An error ends the transfer.
fn deliver(
    socket: &UdpSocket,
    client: SocketAddr,
    packet: &[u8],
    block: u16,
    retry: Retry,
) -> io::Result<()> {
    let mut wait = retry.first;
    // Of what may come only the first four bytes matter; what does not fit is lost.
    let mut buffer = [0; 4];
    for _ in 0..retry.tries {
        socket.send_to(packet, client)?;
        // One deadline for this wait, and nothing but time makes it send again: a sender that
        // answers old ACKs too sends everything twice from then on (RFC 1123 4.2.3.1).
        let deadline = Instant::now() + wait;
        while let Some((datagram, sender)) = receive(socket, deadline, &mut buffer)? {
            let Some((operation, rest)) = number(datagram) else {
                continue;
            };
            match operation {
                // Not answered, by whomever: two servers would never stop.
                ERROR if sender != client => {}
                _ if sender != client => {
                    socket.send_to(&STRANGER.packet(), sender)?;
                }
                ERROR => return Err(io::Error::other("the client has ended the transfer")),
                ACK if rest.starts_with(&block.to_be_bytes()) => return Ok(()),
                _ => {}
            }
        }
        wait *= 2;
    }
    Err(ErrorKind::TimedOut.into())
}

/// The next datagram and its sender, if one comes by `deadline`.
fn receive<'a>(
    socket: &UdpSocket,
    deadline: Instant,
    buffer: &'a mut [u8],
) -> io::Result<Option<(&'a [u8], SocketAddr)>> {
    loop {
        let left = deadline.saturating_duration_since(Instant::now());
        if left.is_zero() {
            // Zero cannot be asked for: it would mean to wait for ever (socket(7)).
            return Ok(None);
        }
        socket.set_read_timeout(Some(left))?;
        match socket.recv_from(buffer) {
            Ok((length, sender)) => return Ok(Some((&buffer[..length], sender))),
            // On Unix an expired timeout is WouldBlock, elsewhere TimedOut.
            Err(error)
                if matches!(
                    error.kind(),
                    ErrorKind::WouldBlock | ErrorKind::TimedOut | ErrorKind::Interrupted
                ) => {}
            Err(error) => return Err(error),
        }
    }
}
