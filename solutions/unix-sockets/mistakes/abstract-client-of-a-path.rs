//! The client connects to a path that begins with @.
//!
//! stage: abstract
//! fails: abstract::the_client_reaches_its_server
//!        abstract::nobody_there_is_told
//! meant: abstract::the_client_reaches_its_server
//! says: Connect to the abstract name that you are given

use std::ffi::OsStr;
use std::io;
use std::os::linux::net::SocketAddrExt;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::net::{SocketAddr, UnixListener, UnixStream};

pub fn bind(name: &[u8]) -> io::Result<UnixListener> {
    UnixListener::bind_addr(&SocketAddr::from_abstract_name(name)?)
}

pub fn connect(name: &[u8]) -> io::Result<UnixStream> {
    let name = [b"@", name].concat();
    UnixStream::connect(OsStr::from_bytes(&name))
}
