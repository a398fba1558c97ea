//! `answer` by two threads that share the store and one table of everything that was answered.

use std::collections::BTreeMap;
use std::io;
use std::net::{SocketAddr, UdpSocket};
use std::sync::{Mutex, PoisonError};
use std::thread;

use crate::store::Store;

#[derive(Default)]
struct State {
    store: Store,
    clients: BTreeMap<SocketAddr, Client>,
    clock: u64,
}

#[derive(Default)]
struct Client {
    heard: u64,
    /// By id: when it was answered, and how.
    replies: BTreeMap<Vec<u8>, (u64, Vec<u8>)>,
    /// The same ids by the time of their answer.
    ages: BTreeMap<u64, Vec<u8>>,
}

/// Answers each request, for ever.
pub fn serve(socket: &UdpSocket) -> io::Result<()> {
    let state = Mutex::new(State::default());
    thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| work(socket, &state));
        }
    });
    Ok(())
}

fn work(socket: &UdpSocket, state: &Mutex<State>) {
    let mut buffer = vec![0; 65_536];
    loop {
        let Ok((length, sender)) = socket.recv_from(&mut buffer) else {
            continue;
        };
        let reply = state
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .reply(sender, &buffer[..length]);
        if let Some(reply) = reply
            && let Err(error) = socket.send_to(&reply, sender)
        {
            eprintln!("{sender}: {error}");
        }
    }
}

impl State {
    fn reply(&mut self, sender: SocketAddr, request: &[u8]) -> Option<Vec<u8>> {
        let blank = request.iter().position(|byte| *byte == b' ')?;
        let id = &request[..blank];
        if !(1..=16).contains(&blank) || !id.iter().all(u8::is_ascii_alphanumeric) {
            return None;
        }
        if !Store::is_operation(&request[blank + 1..]) {
            return None;
        }
        self.clock += 1;
        if let Some(client) = self.clients.get_mut(&sender) {
            client.heard = self.clock;
            if let Some((_, reply)) = client.replies.get(id) {
                return Some(reply.clone());
            }
        }
        let result = self.store.perform(&request[blank + 1..])?;
        let reply = [id, b" ", &result].concat();
        let client = self.clients.entry(sender).or_default();
        client.heard = self.clock;
        client
            .replies
            .insert(id.to_vec(), (self.clock, reply.clone()));
        client.ages.insert(self.clock, id.to_vec());
        if client.ages.len() > 1000
            && let Some((_, oldest)) = client.ages.pop_first()
        {
            client.replies.remove(&oldest);
        }
        while self.clients.len() > 64 {
            let silent = self.clients.iter().min_by_key(|(_, client)| client.heard);
            let silent = silent.map(|(addr, _)| *addr)?;
            self.clients.remove(&silent);
        }
        Some(reply)
    }
}
