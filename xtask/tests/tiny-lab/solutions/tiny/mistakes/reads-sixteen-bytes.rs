//! Reads once, into sixteen bytes.
//! stage: two-times
//! fails: two_times::answers
//! meant: two_times::answers
//! says: Answer

use std::io::{self, Read, Write};
use std::net::TcpListener;

/// Answers.
pub fn serve(listener: &TcpListener) -> io::Result<()> {
    loop {
        let (mut client, _) = listener.accept()?;
        let mut word = [0; 16];
        let n = client.read(&mut word)?;
        client.write_all(&word[..n].repeat(2))?;
    }
}
