//! A program that tries what a confined program must not do, and what it must be able to.
//!
//! `hostile NAME... FOLDER` tries each, and prints a line for each: the name, a tab, and
//! `done` or the error's number. Only the sandbox's own tests start it.

#[cfg(target_os = "linux")]
mod raw;
#[cfg(target_os = "linux")]
mod refused;
#[cfg(target_os = "linux")]
mod trial;
#[cfg(target_os = "linux")]
mod usual;

fn main() {
    #[cfg(target_os = "linux")]
    trial::run(std::env::args().skip(1));
}
