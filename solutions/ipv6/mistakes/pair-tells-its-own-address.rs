//! Tells the client the address that it has connected to.
//!
//! stage: pair
//! fails: pair::both_families_are_answered
//!        pair::both_have_all_addresses
//!        pair::two_sockets_at_the_addresses_given
//!        pair::whoever_comes_is_answered
//!        pair::one_thread_waits_for_both
//!        pair::half_a_pair_is_none
//! meant: pair::both_families_are_answered
//! says: hears its family, a blank, its address and port

use std::io;
use std::io::{ErrorKind, Write};
use std::net::{Ipv4Addr, SocketAddrV6};
use std::net::{SocketAddr, SocketAddrV4, TcpStream};
use std::thread;
use std::time::Duration;

use berkeley::Socket;
use berkeley::{
    Addr, IPV6_V6ONLY, POLLIN, PollFd, SO_REUSEADDR, SOCK_STREAM, accept, getsockname, listen,
    poll, set_nonblocking, setsockopt, socket,
};

/// Two sockets that listen, at the same port.
#[derive(Debug)]
pub struct Pair {
    /// For IPv6 alone.
    pub ipv6: Socket,
    /// For IPv4.
    pub ipv4: Socket,
}

/// Makes both: one on `ipv6`, one on `ipv4` at the same port. With port 0 the kernel chooses one.
///
/// An error is for `main`, which tells it and leaves with exit code 1.
pub fn bind(ipv6: SocketAddrV6, ipv4: Ipv4Addr) -> io::Result<Pair> {
    let mut tries = 1;
    loop {
        match bind_both(ipv6, ipv4) {
            // The kernel chose a port that is free for IPv6, and somebody has it for IPv4.
            Err(error)
                if error.kind() == ErrorKind::AddrInUse && ipv6.port() == 0 && tries < TRIES =>
            {
                tries += 1;
            }
            outcome => return outcome,
        }
    }
}

/// Tells each client, of either socket, its own address, for ever, in the thread that calls it.
///
/// Returning ends the program: with an error only when nobody can be served any more.
pub fn serve(pair: &Pair) -> io::Result<()> {
    let listeners = [&pair.ipv6, &pair.ipv4];
    loop {
        let mut fds = listeners.map(|listener| PollFd::new(listener, POLLIN));
        match poll(&mut fds, None) {
            Err(error) if error.kind() == ErrorKind::Interrupted => continue,
            waited => waited?,
        };
        let ready = fds.map(|fd| !fd.revents.is_empty());
        // Both may have one.
        for (listener, ready) in listeners.into_iter().zip(ready) {
            if ready && let Err(error) = answer(listener) {
                eprintln!("client lost: {error}");
                thread::sleep(BACK_OFF);
            }
        }
    }
}

/// How many ports of the kernel's choice are tried.
const TRIES: u32 = 100;

/// How long to wait when something fails: a lack that lasts (of descriptors, say) would make it
/// fail again at once (accept(2), EMFILE).
const BACK_OFF: Duration = Duration::from_millis(10);

fn bind_both(ipv6: SocketAddrV6, ipv4: Ipv4Addr) -> io::Result<Pair> {
    let ipv6 = listening(ipv6.into())?;
    let port = SocketAddr::try_from(getsockname(&ipv6)?)?.port();
    let ipv4 = listening(SocketAddrV4::new(ipv4, port).into())?;
    Ok(Pair { ipv6, ipv4 })
}

/// A socket that listens on `addr`, and takes its own family only.
fn listening(addr: SocketAddr) -> io::Result<Socket> {
    let listener = socket(Addr::from(addr).family(), SOCK_STREAM, 0)?;
    if addr.is_ipv6() {
        // Otherwise [::] has the port for IPv4, too, and the other socket cannot (ipv6(7)).
        setsockopt(&listener, IPV6_V6ONLY, true)?;
    }
    setsockopt(&listener, SO_REUSEADDR, true)?;
    berkeley::bind(&listener, addr)?;
    listen(&listener, 128)?;
    // A client that is gone again between poll and accept must not make accept wait.
    set_nonblocking(&listener, true)?;
    Ok(listener)
}

/// Takes one client, and tells it its family and its address.
fn answer(listener: &Socket) -> io::Result<()> {
    let (client, _) = match accept(listener) {
        Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(()),
        accepted => accepted?,
    };
    let line = match SocketAddr::try_from(getsockname(&client)?)? {
        SocketAddr::V4(peer) => format!("ipv4 {peer}\n"),
        SocketAddr::V6(peer) => format!("ipv6 {peer}\n"),
    };
    TcpStream::from(client).write_all(line.as_bytes())
}
