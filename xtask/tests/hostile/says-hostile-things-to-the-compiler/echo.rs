//! Errors whose text is hostile.

use std::io;
use std::net::TcpListener;

compile_error!(
    "\u{1b}]52;c;ZXZpbA==\u{7}\u{1b}[2J\n::error file=x::pwned\n</testcase>]]><script>alert(1)</script> \u{202e}gnp\0 done"
);
const OTHER: () = panic!("\u{1b}]8;;http://evil.example\u{1b}\\\n::set-output name=x::y");

pub fn serve(listener: &TcpListener) -> io::Result<()> {
    let _ = listener;
    Ok(OTHER)
}
