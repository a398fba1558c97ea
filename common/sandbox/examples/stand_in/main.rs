//! Stands in for a check process: it is not confined, and looks at the box around it, or
//! at a confined program that it starts. Only the sandbox's own tests start it.
//!
//! - `stand_in look` prints what a box shows.
//! - `stand_in watch COMMAND...` starts a program that waits for a client, looks at it
//!   from outside, and prints a line for each thing that works.

#[cfg(target_os = "linux")]
mod look;
#[cfg(target_os = "linux")]
mod watch;

use std::io;

fn main() -> io::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.split_first() {
        #[cfg(target_os = "linux")]
        Some((role, [])) if role == "look" => look::look(),
        #[cfg(target_os = "linux")]
        Some((role, command)) if role == "watch" => watch::watch(command),
        _ => Err(io::Error::other(
            "stand_in look, or stand_in watch COMMAND...",
        )),
    }
}
