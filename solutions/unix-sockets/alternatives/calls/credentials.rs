//! Keeps what was read, and answers whenever a line is complete.

use std::io::{self, Read, Write};
use std::os::unix::net::UnixStream;

use berkeley::{SO_PEERCRED, getsockopt};

pub fn converse(mut client: &UnixStream, allow_uid: Option<u32>) -> io::Result<()> {
    let peer = getsockopt(client, SO_PEERCRED)?;
    if allow_uid.unwrap_or(peer.uid) != peer.uid {
        eprintln!("refused: {peer:?}");
        return Ok(());
    }
    let mut unread = Vec::new();
    let mut chunk = [0; 256];
    loop {
        while let Some(end) = unread.iter().position(|&byte| byte == b'\n') {
            let line: Vec<u8> = unread.drain(..=end).collect();
            if line == b"WHOAMI\n" {
                let reply = format!("{} {} {}\n", peer.uid, peer.gid, peer.pid);
                client.write_all(reply.as_bytes())?;
            } else {
                client.write_all(b"ERR\x20I know WHOAMI only\n")?;
            }
        }
        match client.read(&mut chunk)? {
            0 => return Ok(()),
            n => unread.extend_from_slice(&chunk[..n]),
        }
    }
}
