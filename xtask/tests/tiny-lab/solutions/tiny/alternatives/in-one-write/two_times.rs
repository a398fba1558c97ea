//! Says everything twice, in one write.

use std::io::{self, Read, Write};
use std::net::TcpListener;

/// Says to each client what it says, twice.
pub fn serve(listener: &TcpListener) -> io::Result<()> {
    for client in listener.incoming() {
        let mut client = client?;
        let mut word = Vec::new();
        client.read_to_end(&mut word)?;
        client.write_all(&word.repeat(2))?;
    }
    Ok(())
}
