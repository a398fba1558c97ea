//! Fills the name up with zero bytes, as C programs do that give the length of the whole structure.
//!
//! stage: abstract
//! fails: abstract::is_found_under_its_name
//!        abstract::is_gone_with_its_program
//!        abstract::every_byte_of_the_name_counts
//!        abstract::leaves_no_file
//!        abstract::a_name_that_is_taken_stays_with_its_owner
//! meant: abstract::is_found_under_its_name
//! says: and nothing to fill up

use std::io;
use std::os::linux::net::SocketAddrExt;
use std::os::unix::net::{SocketAddr, UnixListener, UnixStream};

pub fn bind(name: &[u8]) -> io::Result<UnixListener> {
    let mut sun_path = [0; 107];
    sun_path[..name.len()].copy_from_slice(name);
    UnixListener::bind_addr(&SocketAddr::from_abstract_name(sun_path)?)
}

pub fn connect(name: &[u8]) -> io::Result<UnixStream> {
    UnixStream::connect_addr(&SocketAddr::from_abstract_name(name)?)
}
