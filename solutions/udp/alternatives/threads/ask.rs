//! `ask` with a thread that sends and sends again, until it hears that it can stop.

use std::io::{self, ErrorKind};
use std::net::{SocketAddr, UdpSocket};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use crate::arguments::Retry;
use crate::failure::Failure;
use crate::random;

/// Asks the server at `server` to perform `operation`, a request without its id, and gives the
/// value of its answer. Sends again as `retry` says.
pub fn ask(server: SocketAddr, operation: &[u8], retry: Retry) -> Result<Vec<u8>, Failure> {
    let any = if server.is_ipv4() {
        "0.0.0.0:0"
    } else {
        "[::]:0"
    };
    let socket = UdpSocket::bind(any)?;
    socket.connect(server)?;
    let id = base32(random::number());
    let request = [id.as_bytes(), b" ", operation].concat();
    // The last wait is over, or sending failed.
    let over = AtomicBool::new(false);

    thread::scope(|scope| {
        let (stop, stopped) = mpsc::channel::<()>();
        let (sender, asking, done) = (&socket, &request, &over);
        let sending = scope.spawn(move || {
            let mut wait = retry.first;
            let mut sent = Ok(());
            for _ in 0..retry.tries {
                sent = sender.send(asking).map(drop);
                if sent.is_err() || stopped.recv_timeout(wait) != Err(RecvTimeoutError::Timeout) {
                    break;
                }
                wait *= 2;
            }
            done.store(true, Ordering::SeqCst);
            sent
        });
        let answer = listen(&socket, server, &id, request.len(), &over);
        drop(stop);
        let sent: io::Result<()> = sending.join().unwrap_or(Ok(()));
        match sent {
            Err(error) if answer.is_err() && error.kind() == ErrorKind::ConnectionRefused => {
                Err(Failure::No(format!("{server} refuses")))
            }
            _ => answer,
        }
    })
}

fn listen(
    socket: &UdpSocket,
    server: SocketAddr,
    id: &str,
    asked: usize,
    over: &AtomicBool,
) -> Result<Vec<u8>, Failure> {
    let mut buffer = vec![0; 65_536];
    loop {
        if over.load(Ordering::SeqCst) {
            return Err(Failure::Deadline(format!("{server} does not answer")));
        }
        // In short looks, so that the end is not missed by much.
        socket.set_read_timeout(Some(Duration::from_millis(10)))?;
        let length = match socket.recv(&mut buffer) {
            Ok(length) => length,
            Err(error) if error.kind() == ErrorKind::ConnectionRefused => {
                return Err(Failure::No(format!("{server} refuses")));
            }
            Err(_) => continue,
        };
        let datagram = &buffer[..length];
        if *datagram == *format!("TOOBIG {asked}").as_bytes() {
            return Err(Failure::No(format!("{server} takes only shorter requests")));
        }
        let mut words = datagram.splitn(3, |&byte| byte == b' ');
        if words.next() != Some(id.as_bytes()) {
            continue;
        }
        return match (words.next(), words.next()) {
            (Some(b"OK"), Some(value)) => Ok(value.to_vec()),
            (Some(b"ERR"), Some(why)) => Err(Failure::No(String::from_utf8_lossy(why).into())),
            _ => Err(Failure::BrokenProtocol("neither yes nor no".to_owned())),
        };
    }
}

/// Thirteen letters and digits.
fn base32(mut number: u64) -> String {
    const DIGITS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    let mut text = String::new();
    for _ in 0..13 {
        text.push(char::from(DIGITS[(number % 32) as usize]));
        number /= 32;
    }
    text
}
