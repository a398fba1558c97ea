//! Says it once.
//! stage: two-times
//! fails: two_times::says_it_twice
//! meant: two_times::says_it_twice
//! says: Once more

use std::io::{self, Read, Write};
use std::net::TcpListener;

/// Answers.
pub fn serve(listener: &TcpListener) -> io::Result<()> {
    loop {
        let (mut client, _) = listener.accept()?;
        let mut word = Vec::new();
        client.read_to_end(&mut word)?;
        client.write_all(&word)?;
    }
}
