//! Tells its own process, which the client did not ask for.
//!
//! stage: credentials
//! fails: credentials::tells_who_the_peer_is
//!        credentials::a_foreign_user_hears_nothing
//! meant: credentials::tells_who_the_peer_is
//! says: and not your own

use std::io::{self, BufRead, BufReader, Write};
use std::os::unix::net::UnixStream;

use berkeley::{SO_PEERCRED, getsockopt};

pub fn converse(client: &UnixStream, allow_uid: Option<u32>) -> io::Result<()> {
    let mut client = client;
    let peer = getsockopt(client, SO_PEERCRED)?;
    if allow_uid.is_some_and(|uid| uid != peer.uid) {
        return Err(io::ErrorKind::PermissionDenied.into());
    }
    let mut reader = BufReader::new(client);
    let mut line = String::new();
    while reader.read_line(&mut line)? > 0 {
        let reply = if line == "WHOAMI\n" {
            format!("{} {} {}\n", peer.uid, peer.gid, std::process::id())
        } else {
            "ERR what?\n".to_owned()
        };
        client.write_all(reply.as_bytes())?;
        line.clear();
    }
    Ok(())
}
