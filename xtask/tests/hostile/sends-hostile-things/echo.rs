//! The same on the connection alone: it stands in `seen` and in the transcript.

use std::io::{self, Write};
use std::net::TcpListener;

const SAID: &[u8] = b"\x1b]8;;http://evil.example\x1b\\\x1b]52;c;ZXZpbA==\x07\n::error::pwned\n\
    <script>alert(1)</script></testcase>]]>\n\xe2\x80\xae\0\xff\r\x9b2J\n";

pub fn serve(listener: &TcpListener) -> io::Result<()> {
    loop {
        let (mut client, _) = listener.accept()?;
        client.write_all(SAID)?;
    }
}
