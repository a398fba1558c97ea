//! Splits the stream into lines with an iterator.

use std::io::{self, BufRead, BufReader, ErrorKind, Write};
use std::os::unix::net::UnixStream;

use berkeley::{SO_PEERCRED, Ucred, getsockopt};

pub fn converse(client: &UnixStream, allow_uid: Option<u32>) -> io::Result<()> {
    let Ucred { pid, uid, gid } = getsockopt(client, SO_PEERCRED)?;
    match allow_uid {
        Some(allowed) if allowed != uid => Err(ErrorKind::PermissionDenied.into()),
        _ => answer(client, &format!("{uid} {gid} {pid}\n")),
    }
}

fn answer(mut client: &UnixStream, who: &str) -> io::Result<()> {
    for line in BufReader::new(client).split(b'\n') {
        if line? == b"WHOAMI" {
            client.write_all(who.as_bytes())?;
        } else {
            client.write_all(b"ERR the only request is WHOAMI\n")?;
        }
    }
    Ok(())
}
