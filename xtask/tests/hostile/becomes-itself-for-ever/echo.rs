//! Starts again from the beginning, without end.

use std::io;
use std::net::TcpListener;
use std::os::unix::process::CommandExt;
use std::process::Command;

pub fn serve(listener: &TcpListener) -> io::Result<()> {
    let addr = listener.local_addr()?.to_string();
    Err(Command::new("/program")
        .args(["echo", "--bind", &addr])
        .exec())
}
