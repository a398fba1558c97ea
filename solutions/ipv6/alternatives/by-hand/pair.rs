//! Stage 4, `pair`: the IPv4 socket first, and blocking accepts behind poll.

use std::io::{self, ErrorKind};
use std::net::{Ipv4Addr, SocketAddr, SocketAddrV6};

use berkeley::{
    AF_INET, AF_INET6, IPV6_V6ONLY, POLLIN, PollFd, SO_REUSEADDR, SOCK_STREAM, Socket, accept,
    bind as bind_socket, getsockname, listen, poll, send, setsockopt, socket,
};

/// Two sockets that listen, at the same port.
#[derive(Debug)]
pub struct Pair {
    /// For IPv6 alone.
    pub ipv6: Socket,
    /// For IPv4.
    pub ipv4: Socket,
}

/// Makes both; while a port of the kernel's choice is taken for the other, it is kept and another
/// one asked for.
pub fn bind(ipv6: SocketAddrV6, ipv4: Ipv4Addr) -> io::Result<Pair> {
    let mut kept = Vec::new();
    loop {
        let four = socket(AF_INET, SOCK_STREAM, 0)?;
        setsockopt(&four, SO_REUSEADDR, true)?;
        bind_socket(&four, SocketAddr::from((ipv4, ipv6.port())))?;
        let port = SocketAddr::try_from(getsockname(&four)?)?.port();
        let six = socket(AF_INET6, SOCK_STREAM, 0)?;
        setsockopt(&six, SO_REUSEADDR, true)?;
        setsockopt(&six, IPV6_V6ONLY, true)?;
        match bind_socket(&six, SocketAddrV6::new(*ipv6.ip(), port, 0, 0)) {
            Err(error) if error.kind() == ErrorKind::AddrInUse && ipv6.port() == 0 => {
                kept.push(four);
                if kept.len() > 10 {
                    return Err(error);
                }
            }
            Err(error) => return Err(error),
            Ok(()) => {
                listen(&six, 64)?;
                listen(&four, 64)?;
                return Ok(Pair {
                    ipv6: six,
                    ipv4: four,
                });
            }
        }
    }
}

/// Waits for both, and takes one client of each that has one.
pub fn serve(pair: &Pair) -> io::Result<()> {
    loop {
        let mut fds = [
            PollFd::new(&pair.ipv4, POLLIN),
            PollFd::new(&pair.ipv6, POLLIN),
        ];
        if poll(&mut fds, None).is_err() {
            continue;
        }
        let [four, six] = fds.map(|fd| fd.revents.contains(POLLIN));
        let answered = [
            four.then(|| answer(&pair.ipv4, "ipv4")),
            six.then(|| answer(&pair.ipv6, "ipv6")),
        ];
        for error in answered.into_iter().flatten().filter_map(Result::err) {
            eprintln!("a client is gone: {error}");
        }
    }
}

fn answer(listener: &Socket, family: &str) -> io::Result<()> {
    let (client, peer) = accept(listener)?;
    send(&client, format!("{family} {peer}\n").as_bytes(), 0).map(drop)
}
