//! Attributes of a crate's root, in a file that is none.
#![feature(proc_macro, plugin, rustc_private, test)]
#![crate_type = "proc-macro"]
#![no_main]
#![plugin(evil)]

extern crate libc;
extern crate proc_macro;
extern crate test;

use std::io;
use std::net::TcpListener;

pub fn serve(listener: &TcpListener) -> io::Result<()> {
    let _ = listener;
    Ok(())
}
