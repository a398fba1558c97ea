//! `limits` by looking first: peek tells the length, receive takes the datagram away.

use std::io;
use std::net::UdpSocket;

use crate::store::Store;

/// How many bytes a request may have.
pub const LIMIT: usize = 512;

/// Answers each request, for ever, and refuses those of more than [`LIMIT`] bytes.
pub fn serve(socket: &UdpSocket) -> io::Result<()> {
    let mut store = Store::new();
    let mut room = vec![0; 65_536];
    loop {
        let (length, sender) = socket.peek_from(&mut room)?;
        let mut request = vec![0; length.min(LIMIT)];
        socket.recv_from(&mut request)?;
        let reply = if length > LIMIT {
            Some(format!("TOOBIG {length}").into_bytes())
        } else {
            answer(&mut store, &request)
        };
        if let Some(reply) = reply
            && let Err(error) = socket.send_to(&reply, sender)
        {
            eprintln!("{sender}: {error}");
        }
    }
}

fn answer(store: &mut Store, request: &[u8]) -> Option<Vec<u8>> {
    let id: Vec<u8> = request
        .iter()
        .copied()
        .take_while(u8::is_ascii_alphanumeric)
        .collect();
    let operation = request[id.len()..].strip_prefix(b" ")?;
    if id.is_empty() || id.len() > 16 {
        return None;
    }
    let mut reply = id;
    reply.push(b' ');
    reply.append(&mut store.perform(operation)?);
    Some(reply)
}
