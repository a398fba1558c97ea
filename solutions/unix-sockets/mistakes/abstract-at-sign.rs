//! Takes the @ of listings for the zero byte, and binds a path that begins with it.
//!
//! stage: abstract
//! fails: abstract::is_found_under_its_name
//!        abstract::is_gone_with_its_program
//!        abstract::every_byte_of_the_name_counts
//!        abstract::leaves_no_file
//!        abstract::a_name_that_is_taken_stays_with_its_owner
//! meant: abstract::leaves_no_file
//! says: a path that begins with @ is a path

use std::ffi::OsStr;
use std::io;
use std::os::linux::net::SocketAddrExt;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::net::{SocketAddr, UnixListener, UnixStream};

pub fn bind(name: &[u8]) -> io::Result<UnixListener> {
    let name = [b"@", name].concat();
    UnixListener::bind(OsStr::from_bytes(&name))
}

pub fn connect(name: &[u8]) -> io::Result<UnixStream> {
    UnixStream::connect_addr(&SocketAddr::from_abstract_name(name)?)
}
