//! Stays with a client until there is nothing more to read.
//!
//! stage: edge
//! fails: edge::a_flood_leaves_turns_to_others
//! meant: edge::a_flood_leaves_turns_to_others
//! says: give each a budget per turn

use std::collections::{HashMap, VecDeque};
use std::io::{self, ErrorKind, Read, Write};
use std::net::TcpListener;

use mio::net::TcpStream;
use mio::{Events, Interest, Poll, Token};

struct Client {
    stream: TcpStream,
    unsent: Vec<u8>,
    readable: bool,
    finished: bool,
}

enum Next {
    Wait,
    Drop,
}

/// Serves all clients at once, keeping at most `keep` bytes for each.
pub fn serve(listener: TcpListener, keep: usize) -> io::Result<()> {
    listener.set_nonblocking(true)?;
    let mut listener = mio::net::TcpListener::from_std(listener);
    let mut poll = Poll::new()?;
    poll.registry()
        .register(&mut listener, Token(0), Interest::READABLE)?;
    let mut clients: HashMap<Token, Client> = HashMap::new();
    let mut next = 1;
    let mut queue: VecDeque<Token> = VecDeque::new();
    let mut events = Events::with_capacity(256);
    loop {
        match poll.poll(&mut events, None) {
            Err(error) if error.kind() == ErrorKind::Interrupted => continue,
            outcome => outcome?,
        }
        for event in &events {
            if event.token() == Token(0) {
                while let Ok((mut stream, _)) = listener.accept() {
                    let both = Interest::READABLE | Interest::WRITABLE;
                    poll.registry().register(&mut stream, Token(next), both)?;
                    let client = Client {
                        stream,
                        unsent: Vec::new(),
                        readable: false,
                        finished: false,
                    };
                    clients.insert(Token(next), client);
                    next += 1;
                }
            } else if let Some(client) = clients.get_mut(&event.token()) {
                client.readable |= event.is_readable();
                if !queue.contains(&event.token()) {
                    queue.push_back(event.token());
                }
            }
        }
        for token in std::mem::take(&mut queue) {
            let Some(client) = clients.get_mut(&token) else {
                continue;
            };
            match turn(client, keep) {
                Ok(Next::Wait) => {}
                Ok(Next::Drop) | Err(_) => drop(clients.remove(&token)),
            }
        }
    }
}

fn turn(client: &mut Client, keep: usize) -> io::Result<Next> {
    let mut buffer = [0; 4096];
    loop {
        while !client.unsent.is_empty() {
            match client.stream.write(&client.unsent) {
                Ok(n) => drop(client.unsent.drain(..n)),
                Err(error) if error.kind() == ErrorKind::WouldBlock => break,
                Err(error) => return Err(error),
            }
        }
        if client.finished && client.unsent.is_empty() {
            return Ok(Next::Drop);
        }
        let room = keep.saturating_sub(client.unsent.len()).min(buffer.len());
        if client.finished || !client.readable || room == 0 {
            return Ok(Next::Wait);
        }
        match client.stream.read(&mut buffer[..room]) {
            Ok(0) => client.finished = true,
            Ok(n) => client.unsent.extend_from_slice(&buffer[..n]),
            Err(error) if error.kind() == ErrorKind::WouldBlock => client.readable = false,
            Err(error) => return Err(error),
        }
    }
}
