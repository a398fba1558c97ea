//! Has the assembler put a file into the program.

use std::io;
use std::net::TcpListener;

std::arch::global_asm!(".incbin \"/etc/passwd\"");
std::arch::global_asm!(".include \"/proc/self/environ\"");

pub fn serve(listener: &TcpListener) -> io::Result<()> {
    let _ = listener;
    Ok(())
}
