//! Stage 5, `dig`, with the student's own encoder and decoder; TCP has a thread of its own.

use std::io::{self, ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream, UdpSocket};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

use crate::message::{Message, QR, Rcode, TC};
use crate::record::{Name, Type};
use crate::reply::{Patience, Reply, Trouble};
use crate::{decode, encode, random};

/// Asks `server`.
pub fn ask(
    server: SocketAddr,
    name: &str,
    qtype: Type,
    patience: Patience,
) -> Result<Reply, Trouble> {
    let query = encode::query(random::number(), name, qtype).map_err(Trouble::Name)?;
    let Some(mut reply) = datagram(server, &query, patience)? else {
        return Err(Trouble::Silence);
    };
    if u16::from_be_bytes([reply[2], reply[3]]) & TC != 0 {
        reply = stream(server, query.clone(), patience.retry * patience.tries)?;
        if !answers(&query, &reply) {
            return Err(Trouble::Server(
                "this is the answer to something else".to_owned(),
            ));
        }
    }
    let flags = u16::from_be_bytes([reply[2], reply[3]]);
    match Rcode::of(flags) {
        Rcode::NXDOMAIN => return Ok(Reply::NoSuchName),
        Rcode::NOERROR => {}
        rcode => return Err(Trouble::Server(format!("it answers {rcode}"))),
    }
    let message = decode::message(&reply).map_err(Trouble::Server)?;
    match message.answers {
        none if none.is_empty() => Ok(Reply::NoData),
        records => Ok(Reply::Records(records)),
    }
}

/// Whether `reply` repeats the question of `query`. The records may be broken: only the
/// beginning is looked at.
fn answers(query: &[u8], reply: &[u8]) -> bool {
    let Some(head) = reply.get(..query.len()) else {
        return false;
    };
    let alone = |bytes: &[u8]| -> Option<Message> {
        let mut bytes = bytes.to_vec();
        bytes[6..12].fill(0);
        decode::message(&bytes).ok()
    };
    let (Some(asked), Some(told)) = (alone(query), alone(head)) else {
        return false;
    };
    let lower = |name: &Name| -> Vec<Vec<u8>> {
        name.0
            .iter()
            .map(|label| label.to_ascii_lowercase())
            .collect()
    };
    let pair = asked.questions.first().zip(told.questions.first());
    told.id == asked.id
        && told.flags & QR != 0
        && pair.is_some_and(|(asked, told)| {
            (asked.qtype, asked.class) == (told.qtype, told.class)
                && lower(&asked.name) == lower(&told.name)
        })
}

fn datagram(server: SocketAddr, query: &[u8], patience: Patience) -> io::Result<Option<Vec<u8>>> {
    let any: SocketAddr = if server.is_ipv4() {
        ([0, 0, 0, 0], 0).into()
    } else {
        ([0_u16; 8], 0).into()
    };
    let socket = UdpSocket::bind(any)?;
    let mut buffer = [0; 4096];
    let mut due = Instant::now();
    for _ in 0..patience.tries {
        socket.send_to(query, server)?;
        due += patience.retry;
        loop {
            let left = due.saturating_duration_since(Instant::now());
            if left.is_zero() {
                break;
            }
            socket.set_read_timeout(Some(left))?;
            match socket.recv_from(&mut buffer) {
                Ok((length, from)) if from == server && answers(query, &buffer[..length]) => {
                    return Ok(Some(buffer[..length].to_vec()));
                }
                Ok(_) => {}
                Err(error) if error.kind() == ErrorKind::WouldBlock => break,
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
    }
    Ok(None)
}

/// The exchange over TCP, in a thread that may hang as long as it likes.
fn stream(server: SocketAddr, query: Vec<u8>, time: Duration) -> Result<Vec<u8>, Trouble> {
    let (told, tell) = mpsc::channel();
    thread::spawn(move || {
        let exchanged = || -> io::Result<Vec<u8>> {
            let mut stream = TcpStream::connect(server)?;
            let mut frame = vec![0, u8::try_from(query.len()).unwrap_or(u8::MAX)];
            if query.len() > 255 {
                frame = vec![1, u8::try_from(query.len() - 256).unwrap_or(u8::MAX)];
            }
            frame.extend(query);
            stream.write_all(&frame)?;
            let mut length = [0; 2];
            stream.read_exact(&mut length)?;
            let mut reply = vec![0; usize::from(length[0]) << 8 | usize::from(length[1])];
            stream.read_exact(&mut reply)?;
            Ok(reply)
        };
        // Nobody may be listening any more.
        _ = told.send(exchanged());
    });
    match tell.recv_timeout(time) {
        Ok(Ok(reply)) => Ok(reply),
        Ok(Err(error)) if error.kind() == ErrorKind::ConnectionRefused => Err(error.into()),
        Ok(Err(error)) => Err(Trouble::Server(format!(
            "the connection broke off: {error}"
        ))),
        Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => Err(Trouble::Silence),
    }
}
