//! `tftp` with the whole file in memory, one thread a transfer, and a guard for each place.

use std::ffi::OsStr;
use std::io;
use std::net::{SocketAddr, UdpSocket};
use std::os::unix::ffi::OsStrExt;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;
use std::{fs, thread};

use crate::arguments::Retry;

/// One of the sixteen places; the drop gives it back.
struct Place(Arc<AtomicUsize>);

impl Place {
    fn take(taken: &Arc<AtomicUsize>) -> Option<Self> {
        let place = Self(Arc::clone(taken));
        // The drop of a place too many takes back what it has added.
        (taken.fetch_add(1, Ordering::SeqCst) < 16).then_some(place)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

/// Serves the files under `root`, an absolute path without links.
pub fn serve(socket: &UdpSocket, root: &Path, retry: Retry) -> io::Result<()> {
    let taken = Arc::new(AtomicUsize::new(0));
    let ip = socket.local_addr()?.ip();
    let mut buffer = vec![0; 65_536];
    loop {
        let (length, client) = socket.recv_from(&mut buffer)?;
        let (code, message) = match wanted(root, &buffer[..length]) {
            Wanted::Nothing => continue,
            Wanted::Refused(code, message) => (code, message),
            Wanted::File(path) => match (Place::take(&taken), UdpSocket::bind((ip, 0))) {
                (Some(place), Ok(own)) => {
                    thread::spawn(move || {
                        if let Err(error) = send(&own, client, &path, retry) {
                            eprintln!("{client}: {error}");
                        }
                        drop(place);
                    });
                    continue;
                }
                _ => (0, "busy"),
            },
        };
        socket.send_to(&error(code, message), client)?;
    }
}

fn error(code: u16, message: &str) -> Vec<u8> {
    let mut packet = vec![0, 5];
    packet.extend(code.to_be_bytes());
    packet.extend(message.bytes());
    packet.push(0);
    packet
}

enum Wanted {
    Nothing,
    Refused(u16, &'static str),
    File(PathBuf),
}

fn wanted(root: &Path, packet: &[u8]) -> Wanted {
    let rest = match packet {
        [0, 1, rest @ ..] => rest,
        [0, 2, ..] => return Wanted::Refused(4, "nothing can be written here"),
        _ => return Wanted::Nothing,
    };
    let mut pieces = rest.split_inclusive(|byte| *byte == 0);
    let mut text = || pieces.next()?.strip_suffix(&[0]);
    let (Some(name), Some(mode)) = (text(), text()) else {
        return Wanted::Refused(4, "the request is cut short");
    };
    if !mode.eq_ignore_ascii_case(b"octet") {
        return Wanted::Refused(4, "octet is the only mode here");
    }
    find(root, Path::new(OsStr::from_bytes(name)))
}

/// Follows the name part by part.
fn find(root: &Path, name: &Path) -> Wanted {
    let mut path = root.to_owned();
    for part in name.components() {
        match part {
            Component::Normal(part) => path.push(part),
            Component::CurDir => {}
            _ => return Wanted::Refused(2, "the name leads out"),
        }
    }
    match path.canonicalize() {
        Ok(end) if end.starts_with(root) && end.is_file() => Wanted::File(end),
        Ok(_) => Wanted::Refused(2, "that is no file for you"),
        Err(_) => Wanted::Refused(1, "there is no such file"),
    }
}

fn send(own: &UdpSocket, client: SocketAddr, path: &Path, retry: Retry) -> io::Result<()> {
    let data = fs::read(path)?;
    for index in 0..=data.len() / 512 {
        let block = u16::try_from((index + 1) % 65_536)
            .unwrap_or(0)
            .to_be_bytes();
        let rest = &data[index * 512..];
        let mut packet = vec![0, 3, block[0], block[1]];
        packet.extend(&rest[..rest.len().min(512)]);
        if !acknowledged(own, client, &packet, block, retry)? {
            return Ok(());
        }
    }
    Ok(())
}

/// Whether the block has arrived; if not, the transfer is over.
fn acknowledged(
    own: &UdpSocket,
    client: SocketAddr,
    packet: &[u8],
    block: [u8; 2],
    retry: Retry,
) -> io::Result<bool> {
    let mut buffer = [0; 1024];
    for sending in 0..retry.tries {
        own.send_to(packet, client)?;
        let end = Instant::now() + retry.first * 2_u32.pow(sending);
        loop {
            let left = end.saturating_duration_since(Instant::now());
            if left.is_zero() {
                break;
            }
            own.set_read_timeout(Some(left))?;
            let Ok((length, sender)) = own.recv_from(&mut buffer) else {
                continue;
            };
            match &buffer[..length] {
                [0, 5, ..] if sender == client => return Ok(false),
                [0, 5, ..] => {}
                _ if sender != client => drop(own.send_to(&error(5, "who are you?"), sender)),
                [0, 4, high, low, ..] if [*high, *low] == block => return Ok(true),
                _ => {}
            }
        }
    }
    Ok(false)
}
