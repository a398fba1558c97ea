//! `std`'s pairs where it has them, read and written as `std` does; the third kind by socketpair, in
//! the clothes of a stream.

use std::io::{self, ErrorKind, Read, Write};
use std::net::Shutdown;
use std::os::unix::net::{UnixDatagram, UnixStream};

use berkeley::{AF_UNIX, SOCK_DGRAM, SOCK_STREAM, SocketType, socketpair};

use crate::script::{Received, Step};

pub fn take(kind: SocketType, steps: &[Step]) -> io::Result<Vec<Received>> {
    match kind {
        SOCK_DGRAM => {
            let (sender, receiver) = UnixDatagram::pair()?;
            receiver.set_nonblocking(true)?;
            all(
                steps,
                |bytes| sender.send(bytes).map(drop),
                |buffer| receiver.recv(buffer),
                || sender.shutdown(Shutdown::Write),
            )
        }
        _ => {
            let (sender, receiver): (UnixStream, UnixStream) = if kind == SOCK_STREAM {
                UnixStream::pair()?
            } else {
                let (one, other) = socketpair(AF_UNIX, kind, 0)?;
                (one.into(), other.into())
            };
            receiver.set_nonblocking(true)?;
            all(
                steps,
                |bytes| (&sender).write(bytes).map(drop),
                |buffer| (&receiver).read(buffer),
                || sender.shutdown(Shutdown::Write),
            )
        }
    }
}

fn all(
    steps: &[Step],
    send: impl Fn(&[u8]) -> io::Result<()>,
    receive: impl Fn(&mut [u8]) -> io::Result<usize>,
    end: impl Fn() -> io::Result<()>,
) -> io::Result<Vec<Received>> {
    let mut results = Vec::new();
    for step in steps {
        match step {
            Step::Send(bytes) => send(bytes)?,
            Step::End => end()?,
            Step::Receive(size) => {
                let mut buffer = vec![0; *size];
                results.push(match receive(&mut buffer) {
                    Ok(length) => Received::Bytes(buffer[..length].to_vec()),
                    Err(error) if error.kind() == ErrorKind::WouldBlock => Received::Nothing,
                    Err(error) => return Err(error),
                });
            }
        }
    }
    Ok(results)
}
