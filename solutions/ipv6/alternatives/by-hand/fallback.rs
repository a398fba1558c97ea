//! Stage 5, `fallback`: looks at every attempt each few milliseconds.

use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};

use berkeley::{
    Addr, POLLOUT, PollFd, SO_ERROR, SOCK_STREAM, Socket, errno, getsockopt, poll, set_nonblocking,
    socket,
};

use crate::dead::Dead;

/// How often attempts are looked at.
const LOOK: Duration = Duration::from_millis(5);

/// An address, and its socket while it is being connected.
type Attempt = (SocketAddr, Option<Socket>);

/// Connects to the first of `addrs` that answers.
pub fn connect(
    addrs: &[SocketAddr],
    delay: Duration,
    timeout: Duration,
) -> Result<TcpStream, Dead> {
    let began = Instant::now();
    let mut attempts: Vec<Attempt> = Vec::new();
    let mut last = None;
    let mut next_at = began;
    loop {
        for (addr, slot) in &mut attempts {
            let Some(socket) = slot else { continue };
            let mut fds = [PollFd::new(socket, POLLOUT)];
            if poll(&mut fds, Some(Duration::ZERO)).is_ok_and(|ready| ready == 0) {
                continue;
            }
            match getsockopt(socket, SO_ERROR) {
                Ok(None) => {
                    if let Some(socket) = slot.take()
                        && set_nonblocking(&socket, false).is_ok()
                    {
                        return Ok(socket.into());
                    }
                }
                Ok(Some(error)) | Err(error) => {
                    last = Some((*addr, error));
                    *slot = None;
                    next_at = Instant::now();
                }
            }
        }
        if began.elapsed() >= timeout {
            return Err(Dead::Late);
        }
        if attempts.len() < addrs.len() {
            if Instant::now() >= next_at {
                let addr = addrs[attempts.len()];
                next_at = Instant::now() + delay;
                match begin(addr) {
                    Ok(socket) => attempts.push((addr, Some(socket))),
                    Err(error) => {
                        attempts.push((addr, None));
                        last = Some((addr, error));
                        next_at = Instant::now();
                    }
                }
                continue;
            }
        } else if attempts.iter().all(|(_, socket)| socket.is_none())
            && let Some((last, error)) = last
        {
            return Err(Dead::All { last, error });
        }
        std::thread::sleep(LOOK);
    }
}

fn begin(addr: SocketAddr) -> std::io::Result<Socket> {
    let socket = socket(Addr::from(addr).family(), SOCK_STREAM, 0)?;
    set_nonblocking(&socket, true)?;
    match berkeley::connect(&socket, addr) {
        Err(error) if error.raw_os_error() != Some(errno::EINPROGRESS) => Err(error),
        _ => Ok(socket),
    }
}
