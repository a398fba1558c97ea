//! `cargo xtask`: the runner.

use std::process::ExitCode;

use clap::Parser;
use xtask::cli::Xtask;

fn main() -> ExitCode {
    let asked = Xtask::parse();
    xtask::shut_descriptors_to_children();
    let outcome = xtask::run(&asked);
    xtask::tell(&outcome)
}
