//! `netcat` in one thread: poll waits for both, and each direction has a buffer of its own.

use std::fs::File;
use std::io::{self, ErrorKind, Read, Write};
use std::net::SocketAddr;

use berkeley::{
    Addr, MSG_DONTWAIT, POLLIN, POLLOUT, PollFd, SHUT_WR, SOCK_STREAM, Socket, TCP_NODELAY, poll,
    recv, send, setsockopt, shutdown, socket,
};

use crate::failure::Failure;
use crate::output::Output;

pub fn connect(addr: SocketAddr) -> io::Result<Socket> {
    let socket = socket(Addr::from(addr).family(), SOCK_STREAM, 0)?;
    berkeley::connect(&socket, addr)?;
    setsockopt(&socket, TCP_NODELAY, true)?;
    Ok(socket)
}

pub fn exchange(server: Socket, mut stdin: File, mut output: &Output) -> Result<(), Failure> {
    let mut buffer = [0; 16 * 1024];
    let mut pending: Option<(usize, usize)> = None;
    let mut incoming = [0; 16 * 1024];
    let mut stdin_open = true;
    loop {
        // stdin is asked only when there is room for it, and never again after its end.
        let of_server = if pending.is_some() {
            POLLIN | POLLOUT
        } else {
            POLLIN
        };
        let mut fds = vec![PollFd::new(&server, of_server)];
        if stdin_open && pending.is_none() {
            fds.push(PollFd::new(&stdin, POLLIN));
        }
        if let Err(error) = poll(&mut fds, None) {
            if error.kind() == ErrorKind::Interrupted {
                continue;
            }
            return Err(error.into());
        }
        let stdin_ready = fds.get(1).is_some_and(|fd| !fd.revents.is_empty());
        drop(fds);

        match recv(&server, &mut incoming, MSG_DONTWAIT) {
            Ok(0) => return Ok(()),
            Ok(length) => output.write_all(&incoming[..length])?,
            Err(error) if error.kind() == ErrorKind::WouldBlock => {}
            Err(error) => return Err(error.into()),
        }
        if stdin_ready {
            match stdin.read(&mut buffer)? {
                0 => {
                    stdin_open = false;
                    shutdown(&server, SHUT_WR)?;
                }
                length => pending = Some((0, length)),
            }
        }
        if let Some((from, to)) = pending {
            match send(&server, &buffer[from..to], MSG_DONTWAIT) {
                Ok(taken) if from + taken == to => pending = None,
                Ok(taken) => pending = Some((from + taken, to)),
                Err(error) if error.kind() == ErrorKind::WouldBlock => {}
                Err(error) => return Err(error.into()),
            }
        }
    }
}
