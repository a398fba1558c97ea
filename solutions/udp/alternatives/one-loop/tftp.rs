//! `tftp` in one thread: a list of transfers, each of which knows when it has to send again.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::{self, ErrorKind};
use std::net::{SocketAddr, UdpSocket};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::time::{Duration, Instant};

use berkeley::{POLLIN, PollFd, poll};

use crate::arguments::Retry;

/// Serves the files under `root`, an absolute path without links.
pub fn serve(socket: &UdpSocket, root: &Path, retry: Retry) -> io::Result<()> {
    socket.set_nonblocking(true)?;
    let mut transfers: Vec<Transfer> = Vec::new();
    loop {
        let now = Instant::now();
        let left = |transfer: &Transfer| transfer.due.saturating_duration_since(now);
        let sleep = transfers.iter().map(left).min();
        let mut fds = vec![PollFd::new(socket, POLLIN)];
        fds.extend(transfers.iter().map(|one| PollFd::new(&one.socket, POLLIN)));
        poll(&mut fds, sleep)?;
        transfers.retain_mut(|transfer| transfer.go_on(retry));

        let mut buffer = [0; 1 << 16];
        while let Ok((length, client)) = socket.recv_from(&mut buffer) {
            let begun = match request(root, &buffer[..length]) {
                None => continue,
                Some(Ok(_)) if transfers.len() == 16 => Err(error(0, "come back later")),
                Some(Ok(file)) => Transfer::begin(socket, client, file, retry)
                    .map_err(|failure| error(0, &failure.to_string())),
                Some(Err(answer)) => Err(answer),
            };
            match begun {
                Ok(transfer) => transfers.push(transfer),
                Err(answer) => drop(socket.send_to(&answer, client)),
            }
        }
    }
}

struct Transfer {
    socket: UdpSocket,
    client: SocketAddr,
    file: File,
    /// Counts from 1 and does not wrap; its low half goes on the wire.
    block: u64,
    packet: Vec<u8>,
    sent: u32,
    wait: Duration,
    due: Instant,
}

impl Transfer {
    fn begin(main: &UdpSocket, client: SocketAddr, file: File, retry: Retry) -> io::Result<Self> {
        let socket = UdpSocket::bind((main.local_addr()?.ip(), 0))?;
        socket.set_nonblocking(true)?;
        let mut transfer = Self {
            socket,
            client,
            file,
            block: 0,
            packet: Vec::new(),
            sent: 0,
            wait: retry.first,
            due: Instant::now(),
        };
        transfer.next_block(retry)?;
        Ok(transfer)
    }

    fn next_block(&mut self, retry: Retry) -> io::Result<()> {
        let mut data = [0; 512];
        let mut length = 0;
        while length < 512 {
            match self
                .file
                .read_at(&mut data[length..], self.block * 512 + length as u64)?
            {
                0 => break,
                count => length += count,
            }
        }
        self.block += 1;
        let low = self.block.to_be_bytes();
        self.packet = [&[0, 3, low[6], low[7]], &data[..length]].concat();
        self.sent = 0;
        self.wait = retry.first;
        self.send()
    }

    fn send(&mut self) -> io::Result<()> {
        self.sent += 1;
        self.due = Instant::now() + self.wait;
        self.wait += self.wait;
        self.socket.send_to(&self.packet, self.client).map(drop)
    }

    /// Hears what has come, and sends again what is due. Whether there is more to do.
    fn go_on(&mut self, retry: Retry) -> bool {
        self.hear(retry).unwrap_or_else(|failure| {
            eprintln!("{}: {failure}", self.client);
            false
        })
    }

    fn hear(&mut self, retry: Retry) -> io::Result<bool> {
        let mut buffer = [0; 600];
        loop {
            let (length, sender) = match self.socket.recv_from(&mut buffer) {
                Ok(came) => came,
                Err(error) if error.kind() == ErrorKind::WouldBlock => break,
                Err(error) => return Err(error),
            };
            let low = self.block.to_be_bytes();
            match &buffer[..length] {
                [0, 5, ..] => {
                    if sender == self.client {
                        return Ok(false);
                    }
                }
                _ if sender != self.client => {
                    self.socket
                        .send_to(&error(5, "you are a stranger"), sender)?;
                }
                [0, 4, high, lower, ..] if [*high, *lower] == low[6..] => {
                    if self.packet.len() < 4 + 512 {
                        return Ok(false);
                    }
                    self.next_block(retry)?;
                }
                _ => {}
            }
        }
        if Instant::now() >= self.due {
            if self.sent == retry.tries {
                return Ok(false);
            }
            self.send()?;
        }
        Ok(true)
    }
}

fn error(code: u8, message: &str) -> Vec<u8> {
    [&[0, 5, 0, code], message.as_bytes(), &[0]].concat()
}

/// The file that was asked for, or the answer to who cannot have it; nothing for what is no request.
fn request(root: &Path, packet: &[u8]) -> Option<Result<File, Vec<u8>>> {
    let illegal = || Some(Err(error(4, "read in octet mode, please")));
    let strings = match packet {
        [0, 1, strings @ ..] => strings,
        [0, 2, ..] => return illegal(),
        _ => return None,
    };
    // Each string has its zero byte; behind the last one stands what is no string.
    let strings: Vec<&[u8]> = strings.split(|&byte| byte == 0).collect();
    match &strings[..] {
        [name, mode, _, ..] if mode.eq_ignore_ascii_case(b"OCTET") => Some(open(root, name)),
        _ => illegal(),
    }
}

fn open(root: &Path, name: &[u8]) -> Result<File, Vec<u8>> {
    let leads_out =
        name.starts_with(b"/") || name.split(|&byte| byte == b'/').any(|part| part == b"..");
    if leads_out {
        return Err(error(2, "keep inside"));
    }
    let path = fs::canonicalize(root.join(OsStr::from_bytes(name)));
    let path = path.map_err(|_| error(1, "no such file"))?;
    if path.strip_prefix(root).is_err() || !path.is_file() {
        return Err(error(2, "not for you"));
    }
    File::open(path).map_err(|_| error(2, "not for me"))
}
