//! Refuses requests of exactly 512 bytes.
//!
//! stage: limits
//! fails: limits::takes_512_bytes
//! meant: limits::takes_512_bytes
//! says: 512 bytes are not too many

use std::io;
use std::net::UdpSocket;
use std::thread;
use std::time::Duration;

use crate::store::Store;

/// How many bytes a request may have.
pub const LIMIT: usize = 512;

/// Answers each request, for ever, and refuses those of more than [`LIMIT`] bytes;
/// [`crate::store::Store`] performs operations.
///
/// Returning ends the program: with an error only when nobody can be served any more.
pub fn serve(socket: &UdpSocket) -> io::Result<()> {
    let mut store = Store::new();
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
        let reply = if length >= LIMIT {
            Some(format!("TOOBIG {length}").into_bytes())
        } else {
            answer(&mut store, &buffer[..length])
        };
        if let Some(reply) = reply
            && let Err(error) = socket.send_to(&reply, sender)
        {
            eprintln!("{sender}: {error}");
        }
    }
}

/// The longest datagram over IPv4, in bytes.
const LONGEST: usize = 65_507;

/// The longest id, in bytes.
const LONGEST_ID: usize = 16;

/// How long to wait when receiving fails: a lack that lasts would make it fail again at once.
const BACK_OFF: Duration = Duration::from_millis(50);

/// The reply to a request; nothing when it is none.
fn answer(store: &mut Store, request: &[u8]) -> Option<Vec<u8>> {
    let blank = request.iter().position(|&byte| byte == b' ')?;
    let (id, operation) = (&request[..blank], &request[blank + 1..]);
    let fits = (1..=LONGEST_ID).contains(&id.len());
    if !fits || !id.iter().all(u8::is_ascii_alphanumeric) {
        return None;
    }
    let result = store.perform(operation)?;
    Some([id, b" ", &result].concat())
}
