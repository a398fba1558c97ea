//! `answer` with one list of clients, in the order in which they were heard, each with one list
//! of replies.

use std::collections::VecDeque;
use std::io;
use std::net::UdpSocket;

use berkeley::{Addr, recvfrom, sendto};

use crate::store::Store;

type Replies = VecDeque<(Vec<u8>, Vec<u8>)>;

/// Answers each request, for ever.
pub fn serve(socket: &UdpSocket) -> io::Result<()> {
    let mut store = Store::new();
    let mut clients: VecDeque<(Addr, Replies)> = VecDeque::new();
    let mut buffer = vec![0; 1 << 16];
    loop {
        let (length, sender) = recvfrom(socket, &mut buffer, 0)?;
        let mut parts = buffer[..length].splitn(2, |&byte| byte == b' ');
        let (Some(id), Some(operation)) = (parts.next(), parts.next()) else {
            continue;
        };
        if id.is_empty() || id.len() > 16 || !id.iter().all(u8::is_ascii_alphanumeric) {
            continue;
        }
        if !Store::is_operation(operation) {
            continue;
        }
        let place = clients.iter().position(|(addr, _)| *addr == sender);
        let known = place.and_then(|place| clients.remove(place));
        let (_, mut replies) = known.unwrap_or_else(|| (sender.clone(), Replies::new()));
        let before = replies.iter().position(|(known, _)| known == id);
        let place = before.or_else(|| {
            let result = store.perform(operation)?;
            let reply = [id, b" ", &result].concat();
            replies.push_back((id.to_vec(), reply));
            if replies.len() > 1000 {
                replies.pop_front();
            }
            Some(replies.len() - 1)
        });
        if let Some(place) = place
            && let Err(error) = sendto(socket, &replies[place].1, 0, &sender)
        {
            eprintln!("{sender}: {error}");
        }
        clients.push_back((sender, replies));
        if clients.len() > 64 {
            clients.pop_front();
        }
    }
}
