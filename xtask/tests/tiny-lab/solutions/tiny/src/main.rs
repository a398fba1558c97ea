//! Given.
#![forbid(unsafe_code)]

mod hello;
mod two_times;

use lexopt::prelude::*;
use std::net::TcpListener;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut parser = lexopt::Parser::from_env();
    let mut stage = String::new();
    let mut addr = String::new();
    while let Some(argument) = parser.next()? {
        match argument {
            Value(name) => stage = name.string()?,
            Long("bind") => addr = parser.value()?.string()?,
            other => return Err(other.unexpected().into()),
        }
    }
    let listener = TcpListener::bind(addr)?;
    println!("READY {}", listener.local_addr()?);
    match stage.as_str() {
        "hello" => hello::serve(&listener)?,
        _ => two_times::serve(&listener)?,
    }
    Ok(())
}
