//! `limits` with a buffer of 512 bytes: the kernel tells the true length of what did not fit.

use std::io;
use std::net::UdpSocket;

use berkeley::{recvfrom, sendto};

use crate::store::Store;

/// How many bytes a request may have.
pub const LIMIT: usize = 512;

#[cfg(target_os = "linux")]
const ROOM: usize = LIMIT;
#[cfg(target_os = "linux")]
use berkeley::MSG_TRUNC as TRUE_LENGTH;
// Elsewhere the only way is to have room for the longest.
#[cfg(not(target_os = "linux"))]
const ROOM: usize = 65_507;
#[cfg(not(target_os = "linux"))]
const TRUE_LENGTH: i32 = 0;

/// Answers each request, for ever, and refuses those of more than [`LIMIT`] bytes.
pub fn serve(socket: &UdpSocket) -> io::Result<()> {
    let mut store = Store::new();
    let mut buffer = [0; ROOM];
    loop {
        let (length, sender) = recvfrom(socket, &mut buffer, TRUE_LENGTH)?;
        let reply = if length > LIMIT {
            format!("TOOBIG {length}").into_bytes()
        } else {
            let mut parts = buffer[..length].splitn(2, |&byte| byte == b' ');
            let (Some(id), Some(operation)) = (parts.next(), parts.next()) else {
                continue;
            };
            if id.is_empty() || id.len() > 16 || !id.iter().all(u8::is_ascii_alphanumeric) {
                continue;
            }
            let Some(result) = store.perform(operation) else {
                continue;
            };
            [id, b" ", &result].concat()
        };
        if let Err(error) = sendto(socket, &reply, 0, &sender) {
            eprintln!("{sender}: {error}");
        }
    }
}
