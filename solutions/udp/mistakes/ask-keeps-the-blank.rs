//! Leaves the blank behind `OK` in front of the value.
//!
//! stage: ask
//! fails: ask::prints_the_value
//!        ask::asks_again_when_nothing_comes
//!        ask::an_answer_at_once_costs_no_wait
//!        ask::stray_answers_are_ignored
//!        ask::strays_do_not_stop_the_clock
//!        ask::a_stranger_is_not_believed
//!        ask::two_can_ask_at_once
//!        ask::the_value_is_printed_byte_for_byte
//!        ask::nonsense_is_exit_3
//! meant: ask::prints_the_value
//! says: The value is what stands behind

use std::io::{self, ErrorKind};
use std::net::SocketAddr;
use std::net::{Ipv4Addr, Ipv6Addr, UdpSocket};
use std::time::Instant;

use crate::arguments::Retry;
use crate::failure::Failure;
use crate::random;

/// Asks the server at `server` to perform `operation`, a request without its id, and gives the
/// value of its answer. Sends again as `retry` says.
pub fn ask(server: SocketAddr, operation: &[u8], retry: Retry) -> Result<Vec<u8>, Failure> {
    let socket = connect(server)?;
    let id = format!("{:016x}", random::number());
    let request = [id.as_bytes(), b" ", operation].concat();
    let mut wait = retry.first;
    for _ in 0..retry.tries {
        socket
            .send(&request)
            .map_err(|error| unsent(server, error))?;
        // One deadline for this wait: what else arrives meanwhile must not make it longer.
        let deadline = Instant::now() + wait;
        while let Some(datagram) =
            receive(&socket, deadline).map_err(|error| unsent(server, error))?
        {
            if let Some(answer) = answer_to(&request, &id, &datagram) {
                return answer;
            }
        }
        wait *= 2;
    }
    let reason = format!("{server} has not answered, asked {} times", retry.tries);
    Err(Failure::Deadline(reason))
}

/// The longest datagram over IPv4, in bytes.
const LONGEST: usize = 65_507;

/// A socket on a port of the kernel's choice that hears nobody but `server`.
fn connect(server: SocketAddr) -> io::Result<UdpSocket> {
    let socket = match server {
        SocketAddr::V4(_) => UdpSocket::bind((Ipv4Addr::UNSPECIFIED, 0))?,
        SocketAddr::V6(_) => UdpSocket::bind((Ipv6Addr::UNSPECIFIED, 0))?,
    };
    socket.connect(server)?;
    Ok(socket)
}

/// The next datagram, if one comes by `deadline`.
fn receive(socket: &UdpSocket, deadline: Instant) -> io::Result<Option<Vec<u8>>> {
    let mut buffer = vec![0; LONGEST];
    loop {
        let left = deadline.saturating_duration_since(Instant::now());
        if left.is_zero() {
            // Zero cannot be asked for: it would mean to wait for ever (socket(7)).
            return Ok(None);
        }
        socket.set_read_timeout(Some(left))?;
        match socket.recv(&mut buffer) {
            Ok(length) => {
                buffer.truncate(length);
                return Ok(Some(buffer));
            }
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

/// What an error of the socket means. A refusal is about a datagram that was sent earlier.
fn unsent(server: SocketAddr, error: io::Error) -> Failure {
    match error.kind() {
        ErrorKind::ConnectionRefused => Failure::No(format!("nobody receives at {server}")),
        _ => error.into(),
    }
}

/// What `datagram` says to `request`; nothing when it is an answer to something else.
fn answer_to(request: &[u8], id: &str, datagram: &[u8]) -> Option<Result<Vec<u8>, Failure>> {
    if datagram == format!("TOOBIG {}", request.len()).as_bytes() {
        let reason = format!("the server takes no request of {} bytes", request.len());
        return Some(Err(Failure::No(reason)));
    }
    let rest = datagram.strip_prefix(id.as_bytes())?.strip_prefix(b" ")?;
    if let Some(value) = rest.strip_prefix(b"OK") {
        return Some(Ok(value.to_vec()));
    }
    let failure = match rest.strip_prefix(b"ERR ").map(<[u8]>::escape_ascii) {
        Some(reason) => Failure::No(format!("the server says: {reason}")),
        None => Failure::BrokenProtocol("the server answered neither OK nor ERR".to_owned()),
    };
    Some(Err(failure))
}
