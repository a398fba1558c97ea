//! Terminal escapes, workflow commands, tags, reordering marks, NUL and broken text: on the
//! connection, on stderr, and in a panic.

use std::io::{self, Write};
use std::net::TcpListener;

const SAID: &[u8] =
    b"\x1b]8;;http://evil.example\x1b\\click\x1b]8;;\x1b\\\x1b]52;c;ZXZpbA==\x07\x1b[2J\x1b[1;1H\n\
    ::error file=a.rs,line=1::pwned\n::set-output name=grade::100\n##[error]pwned\n\
    <script>alert(1)</script><img src=x onerror=alert(1)>&lt;\n\
    </testcase></testsuite>]]><!-- --> <![CDATA[\n\
    \xe2\x80\xaertl \xe2\x81\xa6mark\xe2\x81\xa9 \xef\xbb\xbfbom\n\
    NUL \0 broken \xff\xfe \xc3\x28 \xed\xa0\x80\n=cmd|'/c calc'!A1\n\r\x08\x7f\x9b31m\n";

pub fn serve(listener: &TcpListener) -> io::Result<()> {
    io::stderr().write_all(SAID)?;
    io::stdout().write_all(SAID)?;
    io::stdout().flush()?;
    for client in listener.incoming() {
        client?.write_all(SAID)?;
        break;
    }
    panic!("{}", String::from_utf8_lossy(SAID))
}
