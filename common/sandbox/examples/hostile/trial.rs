//! Trying what was asked for, by name.

use std::io;
use std::net::TcpStream;
use std::path::PathBuf;

use super::{refused, usual};

/// Something to try, by name.
pub(crate) type Attempt = (&'static str, fn() -> io::Result<()>);

/// Tries each, and says how it went.
pub(crate) fn run(names: impl Iterator<Item = String>) {
    for name in names.filter(|name| !name.contains('/')) {
        let found = [refused::ATTEMPTS, usual::ATTEMPTS]
            .concat()
            .into_iter()
            .find(|(known, _)| *known == name);
        let attempted = match name.strip_prefix("connect to ") {
            Some(address) => Some(TcpStream::connect(address).map(drop)),
            None => found.map(|(_, attempt)| attempt()),
        };
        let outcome = match attempted {
            Some(Ok(())) => "done".to_owned(),
            Some(Err(error)) => error
                .raw_os_error()
                .map_or_else(|| error.to_string(), |number| number.to_string()),
            None => "no such attempt".to_owned(),
        };
        println!("{name}\t{outcome}");
    }
}

/// The folder that a test has made for this program; what it may do there varies.
pub(crate) fn folder() -> PathBuf {
    std::env::args_os().next_back().unwrap_or_default().into()
}
