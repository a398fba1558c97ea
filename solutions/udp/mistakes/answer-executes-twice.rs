//! Remembers nothing: a request that comes again is executed again.
//!
//! stage: answer
//! fails: answer::a_duplicate_is_answered_and_not_executed
//!        answer::a_duplicate_gets_the_reply_of_before
//!        answer::an_old_duplicate_is_still_one
//!        answer::the_64_clients_heard_last_are_remembered
//! meant: answer::a_duplicate_is_answered_and_not_executed
//! says: Retries are normal

use std::io;
use std::net::UdpSocket;
use std::thread;
use std::time::Duration;

use crate::store::Store;

/// Answers each request, for ever; [`crate::store::Store`] performs operations.
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
        // What is no request gets no answer: two servers would never stop answering each other.
        let Some((id, operation)) = parse(&buffer[..length]) else {
            continue;
        };
        let Some(result) = store.perform(operation) else {
            continue;
        };
        let reply = [id, b" ", &result].concat();
        if let Err(error) = socket.send_to(&reply, sender) {
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

/// A request's id, and the operation behind it.
fn parse(request: &[u8]) -> Option<(&[u8], &[u8])> {
    let blank = request.iter().position(|&byte| byte == b' ')?;
    let (id, operation) = (&request[..blank], &request[blank + 1..]);
    let fits = (1..=LONGEST_ID).contains(&id.len());
    (fits && id.iter().all(u8::is_ascii_alphanumeric)).then_some((id, operation))
}
