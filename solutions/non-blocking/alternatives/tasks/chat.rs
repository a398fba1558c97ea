//! A chat in a single loop over a list of members; what they are owed is sent at the end of a round.

use std::io::{self, ErrorKind, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::time::{Duration, Instant};

use berkeley::{POLLIN, POLLOUT, PollFd, poll};

use crate::protocol::{self, Lines};

/// What the server grants to clients.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// How many bytes are kept for a client that does not read, at least one.
    pub keep: usize,
    /// How long a client may be silent; never zero.
    pub idle: Duration,
}

struct Member {
    stream: TcpStream,
    /// Empty until it is known.
    name: String,
    joined: Option<Instant>,
    lines: Lines,
    out: Vec<u8>,
    heard: Instant,
    is_leaving: bool,
    is_gone: bool,
}

/// Serves one room for ever.
pub fn serve(listener: &TcpListener, limits: Limits) -> io::Result<()> {
    listener.set_nonblocking(true)?;
    let mut members: Vec<Member> = Vec::new();
    let mut accept_from = Instant::now();
    loop {
        let now = Instant::now();
        let mut wake = members
            .iter()
            .map(|member| member.heard + limits.idle)
            .min();
        if accept_from > now {
            wake = Some(wake.map_or(accept_from, |wake| wake.min(accept_from)));
        }
        let mut fds: Vec<PollFd> = members
            .iter()
            .map(|member| match (member.is_leaving, member.out.is_empty()) {
                (true, _) => PollFd::new(&member.stream, POLLOUT),
                (false, true) => PollFd::new(&member.stream, POLLIN),
                (false, false) => PollFd::new(&member.stream, POLLIN | POLLOUT),
            })
            .collect();
        if accept_from <= now {
            fds.push(PollFd::new(listener, POLLIN));
        }
        match poll(
            &mut fds,
            wake.map(|wake| wake.saturating_duration_since(now)),
        ) {
            Err(error) if error.kind() != ErrorKind::Interrupted => return Err(error),
            _ => {}
        }
        let ready: Vec<bool> = fds.iter().map(|fd| !fd.revents.is_empty()).collect();
        for index in 0..members.len() {
            if ready[index] && !members[index].is_leaving {
                listen_to(&mut members, index, limits.keep);
            }
        }
        for member in &mut members {
            member.is_gone |= member.heard.elapsed() >= limits.idle;
        }
        loop {
            for member in &mut members {
                member.send(limits.keep);
            }
            let Some(index) = members.iter().position(|member| {
                (member.is_gone || member.is_leaving) && !member.name.is_empty()
            }) else {
                break;
            };
            let name = std::mem::take(&mut members[index].name);
            tell_others(&mut members, index, &protocol::left(&name), limits.keep);
        }
        members.retain(|member| !member.is_gone && !(member.is_leaving && member.out.is_empty()));
        while accept_from <= now {
            match listener.accept() {
                Ok((stream, _)) if stream.set_nonblocking(true).is_ok() => members.push(Member {
                    stream,
                    name: String::new(),
                    joined: None,
                    lines: Lines::default(),
                    out: Vec::new(),
                    heard: Instant::now(),
                    is_leaving: false,
                    is_gone: false,
                }),
                Ok(_) => {}
                Err(error) if error.kind() == ErrorKind::WouldBlock => break,
                Err(_) => accept_from = now + Duration::from_millis(100),
            }
        }
    }
}

impl Member {
    fn send(&mut self, keep: usize) {
        while !self.out.is_empty() && !self.is_gone {
            match self.stream.write(&self.out) {
                Ok(taken) => drop(self.out.drain(..taken)),
                Err(error) if error.kind() == ErrorKind::WouldBlock => break,
                Err(_) => self.is_gone = true,
            }
        }
        self.is_gone |= self.out.len() > keep;
    }
}

fn tell_others(members: &mut [Member], from: usize, bytes: &[u8], keep: usize) {
    for (index, member) in members.iter_mut().enumerate() {
        if index != from && !member.name.is_empty() && !member.is_leaving && !member.is_gone {
            member.out.extend_from_slice(bytes);
            if member.out.len() > keep {
                member.send(keep);
            }
        }
    }
}

fn listen_to(members: &mut [Member], index: usize, keep: usize) {
    let member = &mut members[index];
    let mut chunk = [0; 2000];
    match member.stream.read(&mut chunk) {
        Ok(0) => member.is_leaving = true,
        Ok(received) => {
            member.heard = Instant::now();
            member.lines.push(&chunk[..received]);
        }
        Err(error) if error.kind() == ErrorKind::WouldBlock => {}
        Err(_) => member.is_gone = true,
    }
    while !members[index].is_leaving && !members[index].is_gone {
        let line = match members[index].lines.next_line() {
            Ok(Some(line)) => line,
            Ok(None) => return,
            Err(_) => {
                members[index].out.extend_from_slice(protocol::TOO_LONG);
                members[index].is_leaving = true;
                return;
            }
        };
        if members[index].name.is_empty() {
            enter(members, index, &line, keep);
        } else if !line.is_empty() {
            let said = protocol::said(&members[index].name, &line);
            tell_others(members, index, &said, keep);
        }
    }
}

fn enter(members: &mut [Member], index: usize, line: &[u8], keep: usize) {
    let mut here: Vec<&Member> = members
        .iter()
        .filter(|member| !member.is_leaving && !member.is_gone && !member.name.is_empty())
        .collect();
    here.sort_by_key(|member| member.joined);
    let names: Vec<&str> = here.iter().map(|member| member.name.as_str()).collect();
    let Some(name) = protocol::name(line) else {
        members[index].out.extend_from_slice(protocol::BAD_NAME);
        return;
    };
    if names.contains(&name) {
        members[index].out.extend_from_slice(protocol::NAME_TAKEN);
        return;
    }
    let welcome = protocol::welcome(names);
    members[index].out.extend(welcome);
    name.clone_into(&mut members[index].name);
    members[index].joined = Some(Instant::now());
    tell_others(members, index, &protocol::joined(name), keep);
}
