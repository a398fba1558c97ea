//! `ask` by a timetable: all sendings and the end are known from the beginning.

use std::collections::VecDeque;
use std::io::{self, ErrorKind};
use std::net::SocketAddr;
use std::time::Instant;

use berkeley::{Addr, MSG_DONTWAIT, POLLIN, PollFd, SOCK_DGRAM, poll, recv, send, socket};

use crate::arguments::Retry;
use crate::failure::Failure;
use crate::random;

/// Asks the server at `server` to perform `operation`, a request without its id, and gives the
/// value of its answer. Sends again as `retry` says.
pub fn ask(server: SocketAddr, operation: &[u8], retry: Retry) -> Result<Vec<u8>, Failure> {
    let refused = |error: io::Error| match error.kind() {
        ErrorKind::ConnectionRefused => Failure::No("the port is closed".to_owned()),
        _ => Failure::from(error),
    };
    let socket = socket(Addr::from(server).family(), SOCK_DGRAM, 0)?;
    berkeley::connect(&socket, server)?;
    let mut request = format!("{:x} ", random::number()).into_bytes();
    let id = request.clone();
    request.extend_from_slice(operation);

    let mut timetable = VecDeque::new();
    let (mut time, mut wait) = (Instant::now(), retry.first);
    for _ in 0..=retry.tries {
        timetable.push_back(time);
        time += wait;
        wait += wait;
    }
    let mut buffer = vec![0; 1 << 16];
    while let Some(next) = timetable.front() {
        let left = next.saturating_duration_since(Instant::now());
        if left.is_zero() {
            timetable.pop_front();
            if !timetable.is_empty() {
                send(&socket, &request, 0).map_err(refused)?;
            }
            continue;
        }
        if poll(&mut [PollFd::new(&socket, POLLIN)], Some(left))? == 0 {
            continue;
        }
        match recv(&socket, &mut buffer, MSG_DONTWAIT) {
            Ok(length) => {
                if let Some(outcome) = read(&buffer[..length], &id, request.len()) {
                    return outcome;
                }
            }
            Err(error) if error.kind() == ErrorKind::WouldBlock => {}
            Err(error) => return Err(refused(error)),
        }
    }
    Err(Failure::Deadline("there is no answer".to_owned()))
}

/// `id` has its blank behind it.
fn read(answer: &[u8], id: &[u8], asked: usize) -> Option<Result<Vec<u8>, Failure>> {
    if answer.strip_prefix(b"TOOBIG ") == Some(asked.to_string().as_bytes()) {
        return Some(Err(Failure::No("the request is too long".to_owned())));
    }
    let answer = answer.strip_prefix(id)?;
    Some(match answer.split_at(answer.len().min(3)) {
        (b"OK ", value) => Ok(value.to_vec()),
        (b"ERR", reason) if reason.starts_with(b" ") => Err(Failure::No(
            String::from_utf8_lossy(reason).trim().to_owned(),
        )),
        _ => Err(Failure::BrokenProtocol("that is no answer".to_owned())),
    })
}
