//! Takes `a5` and `A5` for one id.
//!
//! stage: answer
//! fails: answer::stores_counts_and_tells
//! meant: answer::stores_counts_and_tells
//! says: The reply is the id of its request

use std::collections::{HashMap, VecDeque};
use std::io;
use std::net::SocketAddr;
use std::net::UdpSocket;
use std::thread;
use std::time::Duration;

use crate::store::Store;

/// Answers each request, for ever; [`crate::store::Store`] performs operations.
///
/// Returning ends the program: with an error only when nobody can be served any more.
pub fn serve(socket: &UdpSocket) -> io::Result<()> {
    let mut store = Store::new();
    let mut memory = Memory::default();
    let mut buffer = vec![0; LONGEST];
    loop {
        let (length, sender) = match socket.recv_from(&mut buffer) {
            Ok(received) => received,
            Err(error) => {
                eprintln!("receive: {error}");
                thread::sleep(BACK_OFF);
                continue;
            }
        };
        // What is no request gets no answer: two servers would never stop answering each other.
        let Some((id, operation)) = parse(&buffer[..length]) else {
            continue;
        };
        let replies = memory.of(sender);
        let known = id.to_ascii_lowercase();
        if replies.find(&known).is_none()
            && let Some(result) = store.perform(operation)
        {
            replies.add(&known, [id, b" ", &result].concat());
        }
        if let Some(reply) = replies.find(&known)
            && let Err(error) = socket.send_to(reply, sender)
        {
            eprintln!("{sender}: {error}");
        }
    }
}

/// The longest datagram over IPv4, in bytes.
const LONGEST: usize = 65_507;

/// The longest id, in bytes.
const LONGEST_ID: usize = 16;

/// How many clients are remembered.
const CLIENTS: usize = 64;

/// How many replies to each of them.
const REPLIES: usize = 1000;

/// How long to wait when receiving fails: a lack that lasts would make it fail again at once.
const BACK_OFF: Duration = Duration::from_millis(50);

/// A request's id, and the operation behind it. A known id makes no request of what is none.
fn parse(request: &[u8]) -> Option<(&[u8], &[u8])> {
    let blank = request.iter().position(|&byte| byte == b' ')?;
    let (id, operation) = (&request[..blank], &request[blank + 1..]);
    let is_id = (1..=LONGEST_ID).contains(&id.len()) && id.iter().all(u8::is_ascii_alphanumeric);
    (is_id && Store::is_operation(operation)).then_some((id, operation))
}

/// What the clients that were heard last have been answered.
#[derive(Default)]
struct Memory {
    clients: HashMap<SocketAddr, Client>,
    /// Counts requests: a clock that tells who was heard before whom.
    heard: u64,
}

struct Client {
    heard: u64,
    replies: Replies,
}

/// The last replies to one client, by id.
#[derive(Default)]
struct Replies {
    by_id: HashMap<Vec<u8>, Vec<u8>>,
    /// The ids, the oldest first.
    order: VecDeque<Vec<u8>>,
}

impl Memory {
    /// The replies to `client`, who is heard now. Who is new takes the place of who was heard
    /// longest ago.
    fn of(&mut self, client: SocketAddr) -> &mut Replies {
        self.heard += 1;
        let oldest = self.clients.iter().min_by_key(|(_, client)| client.heard);
        if let Some((&oldest, _)) = oldest
            && self.clients.len() == CLIENTS
            && !self.clients.contains_key(&client)
        {
            self.clients.remove(&oldest);
        }
        let known = self.clients.entry(client).or_insert(Client {
            heard: 0,
            replies: Replies::default(),
        });
        known.heard = self.heard;
        &mut known.replies
    }
}

impl Replies {
    fn find(&self, id: &[u8]) -> Option<&[u8]> {
        self.by_id.get(id).map(Vec::as_slice)
    }

    /// Remembers a reply, and forgets the oldest when there are too many.
    fn add(&mut self, id: &[u8], reply: Vec<u8>) {
        if self.order.len() == REPLIES
            && let Some(oldest) = self.order.pop_front()
        {
            self.by_id.remove(&oldest);
        }
        self.order.push_back(id.to_vec());
        self.by_id.insert(id.to_vec(), reply);
    }
}
