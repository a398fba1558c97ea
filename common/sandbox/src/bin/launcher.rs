//! Confines itself and becomes the program it is given, or prepares a box; started by
//! the `sandbox` library, never by hand.

use std::process::ExitCode;

fn main() -> ExitCode {
    sandbox::launch(std::env::args_os())
}
