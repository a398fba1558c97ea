//! Takes another name when its own is taken.
//!
//! stage: abstract
//! fails: abstract::a_name_that_is_taken_stays_with_its_owner
//! meant: abstract::a_name_that_is_taken_stays_with_its_owner
//! says: Under another name no client would find you

use std::io;
use std::os::linux::net::SocketAddrExt;
use std::os::unix::net::{SocketAddr, UnixListener, UnixStream};

pub fn bind(name: &[u8]) -> io::Result<UnixListener> {
    let mut name = name.to_vec();
    loop {
        match UnixListener::bind_addr(&SocketAddr::from_abstract_name(&name)?) {
            Err(error) if error.kind() == io::ErrorKind::AddrInUse => name.push(b'+'),
            bound => return bound,
        }
    }
}

pub fn connect(name: &[u8]) -> io::Result<UnixStream> {
    UnixStream::connect_addr(&SocketAddr::from_abstract_name(name)?)
}
