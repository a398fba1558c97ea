//! Greets, and says goodbye, too.
//! stage: hello
//! fails: hello::greets
//! meant: hello::greets
//! says: no more than hello

use std::io::{self, Write};
use std::net::TcpListener;

/// Greets.
pub fn serve(listener: &TcpListener) -> io::Result<()> {
    loop {
        let (mut client, _) = listener.accept()?;
        client.write_all(b"hello\ngoodbye\n")?;
    }
}
