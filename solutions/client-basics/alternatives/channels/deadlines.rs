//! `deadlines` with a thread that connects and reads, and one that looks at the clock.

use std::io::{self, ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::mpsc::{self, RecvTimeoutError, SyncSender};
use std::thread;
use std::time::{Duration, Instant};

use crate::failure::Failure;
use crate::output::Output;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    pub connect: Option<Duration>,
    pub read: Option<Duration>,
    pub total: Option<Duration>,
}

enum News {
    Connected,
    Came(Vec<u8>),
    Ended,
}

pub fn receive(addr: SocketAddr, limits: Limits, mut output: &Output) -> Result<(), Failure> {
    let began = Instant::now();
    let (tell, news) = mpsc::sync_channel(1);
    thread::spawn(move || {
        if let Err(error) = read(addr, &tell) {
            _ = tell.send(Err(error));
        }
    });
    let (mut option, mut limit) = ("--connect-timeout", limits.connect);
    let mut since = began;
    loop {
        let ends = [
            (option, limit.and_then(|limit| since.checked_add(limit))),
            (
                "--total-timeout",
                limits.total.and_then(|total| began.checked_add(total)),
            ),
        ];
        let first = ends
            .iter()
            .filter_map(|(option, end)| Some(((*end)?, *option)))
            .min();
        let item = match first {
            None => news.recv().map_err(|_| RecvTimeoutError::Disconnected),
            Some((end, _)) => {
                // With bytes always at hand, a wait of no time at all would never time out.
                let left = end.saturating_duration_since(Instant::now());
                if left.is_zero() {
                    Err(RecvTimeoutError::Timeout)
                } else {
                    news.recv_timeout(left)
                }
            }
        };
        match item {
            Ok(Ok(News::Connected)) => (option, limit) = ("--read-timeout", limits.read),
            Ok(Ok(News::Came(bytes))) => output.write_all(&bytes)?,
            Ok(Ok(News::Ended)) => return Ok(()),
            Ok(Err(error)) => return Err(error.into()),
            Err(RecvTimeoutError::Timeout) => {
                let option = first.map_or("", |(_, option)| option);
                return Err(Failure::Deadline(format!("given up, as {option} says")));
            }
            Err(RecvTimeoutError::Disconnected) => {
                return Err(Failure::Failed("the thread that reads has gone".into()));
            }
        }
        since = Instant::now();
    }
}

fn read(addr: SocketAddr, tell: &SyncSender<io::Result<News>>) -> io::Result<()> {
    let mut stream = TcpStream::connect(addr)?;
    let gone = |_| io::Error::from(ErrorKind::BrokenPipe);
    tell.send(Ok(News::Connected)).map_err(gone)?;
    let mut buffer = [0; 8192];
    loop {
        let length = stream.read(&mut buffer)?;
        if length == 0 {
            return tell.send(Ok(News::Ended)).map_err(gone);
        }
        tell.send(Ok(News::Came(buffer[..length].to_vec())))
            .map_err(gone)?;
    }
}
