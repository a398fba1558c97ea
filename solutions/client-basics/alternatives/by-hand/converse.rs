//! `converse` in one thread: poll waits for stdin, for the server, and for room to send.

use std::fs::File;
use std::io::{self, ErrorKind, Read, Write};
use std::net::SocketAddr;

use berkeley::{
    Addr, MSG_DONTWAIT, POLLIN, POLLOUT, PollFd, SHUT_WR, SOCK_STREAM, Socket, poll, recv, send,
    shutdown, socket,
};

use crate::failure::Failure;
use crate::output::Output;

/// How much of stdin may wait to be sent.
const ROOM: usize = 64 * 1024;

pub fn connect(addr: SocketAddr) -> io::Result<Socket> {
    let socket = socket(Addr::from(addr).family(), SOCK_STREAM, 0)?;
    berkeley::connect(&socket, addr)?;
    Ok(socket)
}

pub fn converse(server: Socket, mut stdin: File, mut output: &Output) -> Result<(), Failure> {
    let mut unsent: Vec<u8> = Vec::new();
    let mut stdin_open = true;
    let mut speaking = true;
    let mut ended_well = true;
    let mut balance = 0_i64;
    let mut buffer = [0; 8192];
    loop {
        let mut wanted = vec![(POLLIN, true)];
        if !unsent.is_empty() {
            wanted[0].0 |= POLLOUT;
        }
        if stdin_open && unsent.len() < ROOM {
            wanted.push((POLLIN, false));
        }
        let mut fds: Vec<PollFd> = Vec::new();
        for (events, of_server) in &wanted {
            fds.push(if *of_server {
                PollFd::new(&server, *events)
            } else {
                PollFd::new(&stdin, *events)
            });
        }
        match poll(&mut fds, None) {
            Err(error) if error.kind() == ErrorKind::Interrupted => continue,
            outcome => outcome?,
        };
        let server_ready = !fds[0].revents.is_empty();
        let stdin_ready = fds.get(1).is_some_and(|fd| !fd.revents.is_empty());
        drop(fds);

        if stdin_ready {
            let length = stdin.read(&mut buffer)?;
            if length == 0 {
                stdin_open = false;
                if !ended_well {
                    unsent.push(b'\n');
                    balance += 1;
                }
            } else {
                unsent.extend_from_slice(&buffer[..length]);
                balance += lines(&buffer[..length]);
                ended_well = buffer[length - 1] == b'\n';
            }
        }
        if server_ready {
            match recv(&server, &mut buffer, MSG_DONTWAIT) {
                Ok(0) => break,
                Ok(length) => {
                    output.write_all(&buffer[..length])?;
                    balance -= lines(&buffer[..length]);
                }
                Err(error) if no_matter(&error) => {}
                Err(error) => return Err(error.into()),
            }
        }
        while !unsent.is_empty() {
            match send(&server, &unsent, MSG_DONTWAIT) {
                Ok(taken) => drop(unsent.drain(..taken)),
                Err(error) if no_matter(&error) => break,
                // The server has gone; what it said last is still to be read.
                Err(_) => unsent.clear(),
            }
        }
        if speaking && !stdin_open && unsent.is_empty() {
            speaking = false;
            shutdown(&server, SHUT_WR)?;
        }
    }
    if speaking || balance > 0 {
        return Err(Failure::Protocol(String::from(
            "the server left before it had answered everything",
        )));
    }
    Ok(())
}

fn lines(bytes: &[u8]) -> i64 {
    bytes.iter().map(|byte| i64::from(*byte == b'\n')).sum()
}

fn no_matter(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::Interrupted)
}
