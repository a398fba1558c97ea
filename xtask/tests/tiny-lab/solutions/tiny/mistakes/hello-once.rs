//! Greets one client and leaves.
//! stage: hello
//! fails: hello::greets_the_next
//! meant: hello::greets_the_next
//! says: Loop over accept

use std::io::{self, Write};
use std::net::TcpListener;

/// Greets.
pub fn serve(listener: &TcpListener) -> io::Result<()> {
    let (mut client, _) = listener.accept()?;
    client.write_all(b"hello\n")
}
