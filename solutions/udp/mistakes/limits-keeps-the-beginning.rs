//! Has room for 512 bytes, and takes the beginning of a longer datagram for the whole.
//!
//! stage: limits
//! fails: limits::refuses_513_bytes
//!        limits::the_size_told_is_true
//!        limits::nothing_of_it_is_stored
//!        limits::what_is_no_request_can_be_too_big
//! meant: limits::refuses_513_bytes
//! says: The rest of that datagram is gone

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
    let mut buffer = [0; LIMIT];
    loop {
        let (length, sender) = match socket.recv_from(&mut buffer) {
            Ok(received) => received,
            Err(error) => {
                eprintln!("receive: {error}");
                thread::sleep(BACK_OFF);
                continue;
            }
        };
        if let Some(reply) = answer(&mut store, &buffer[..length])
            && let Err(error) = socket.send_to(&reply, sender)
        {
            eprintln!("{sender}: {error}");
        }
    }
}

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
