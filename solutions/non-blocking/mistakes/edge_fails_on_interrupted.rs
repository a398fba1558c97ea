//! Takes an interrupted wait for the end of the service.
//!
//! stage: edge
//! fails: edge::goes_on_after_a_stop
//!        edge::a_long_message_is_drained
//!        edge::half_close_is_answered
//!        edge::accepts_everyone_at_once
//!        edge::a_flood_leaves_turns_to_others
//!        edge::idle_clients_cost_nothing
//! meant: edge::goes_on_after_a_stop
//! says: poll again

use std::collections::{HashMap, VecDeque};
use std::io::{self, ErrorKind, Read, Write};
use std::net::TcpListener;
use std::time::Duration;

use mio::net::TcpStream;
use mio::{Events, Interest, Poll, Token};

const BUDGET: usize = 64 * 1024;

struct Client {
    stream: TcpStream,
    unsent: Vec<u8>,
    readable: bool,
    finished: bool,
}

enum Next {
    Wait,
    Again,
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
        let timeout = if queue.is_empty() {
            None
        } else {
            Some(Duration::ZERO)
        };
        poll.poll(&mut events, timeout)?;
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
                Ok(Next::Again) => queue.push_back(token),
                Ok(Next::Drop) | Err(_) => drop(clients.remove(&token)),
            }
        }
    }
}

fn turn(client: &mut Client, keep: usize) -> io::Result<Next> {
    let mut buffer = [0; 4096];
    let mut budget = BUDGET;
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
        if budget == 0 {
            return Ok(Next::Again);
        }
        match client.stream.read(&mut buffer[..room]) {
            Ok(0) => client.finished = true,
            Ok(n) => {
                client.unsent.extend_from_slice(&buffer[..n]);
                budget = budget.saturating_sub(n);
            }
            Err(error) if error.kind() == ErrorKind::WouldBlock => client.readable = false,
            Err(error) => return Err(error),
        }
    }
}
