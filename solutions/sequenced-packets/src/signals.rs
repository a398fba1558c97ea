//! Leaving on SIGTERM. Given.

use std::io::{self, Read};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process;
use std::thread;

use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::low_level::pipe;

/// From here on SIGTERM, or Ctrl-C, runs `leave` in a thread of its own, while the others go on, and
/// then ends the program: with exit code 0, or with 1 and the reason on stderr.
///
/// A handler may do almost nothing (signal-safety(7)); this one writes a byte to a pipe, which a
/// thread waits for.
pub fn on_sigterm(leave: impl FnOnce() -> io::Result<()> + Send + 'static) -> io::Result<()> {
    let (mut wake, waker) = io::pipe()?;
    pipe::register(SIGINT, waker.try_clone()?)?;
    pipe::register(SIGTERM, waker)?;
    let wait_and_leave = move || {
        let code = match wake
            .read_exact(&mut [0])
            .map(|()| catch_unwind(AssertUnwindSafe(leave)))
        {
            Ok(Ok(Ok(()))) => 0,
            Ok(Ok(Err(error))) | Err(error) => {
                eprintln!("sequenced-packets: cannot leave in order: {error}");
                1
            }
            // What panicked has said so; this is the code of a panic in main.
            Ok(Err(_)) => 101,
        };
        process::exit(code)
    };
    // By this name the testbench knows that it is not the one to look at.
    let thread = thread::Builder::new().name("signals".to_owned());
    thread.spawn(wait_and_leave)?;
    Ok(())
}
