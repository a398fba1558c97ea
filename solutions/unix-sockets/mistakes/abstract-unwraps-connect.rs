//! Expects a server to be there, and panics when there is none.
//!
//! stage: abstract
//! fails: abstract::nobody_there_is_told
//! meant: abstract::nobody_there_is_told
//! says: no surprise to a client

use std::io;
use std::os::linux::net::SocketAddrExt;
use std::os::unix::net::{SocketAddr, UnixListener, UnixStream};

pub fn bind(name: &[u8]) -> io::Result<UnixListener> {
    UnixListener::bind_addr(&SocketAddr::from_abstract_name(name)?)
}

pub fn connect(name: &[u8]) -> io::Result<UnixStream> {
    let addr = SocketAddr::from_abstract_name(name)?;
    Ok(UnixStream::connect_addr(&addr).unwrap())
}
