//! Tells IPv4 clients what accept says of them.
//! stage: dual
//! fails: dual::an_ipv4_client_is_told_as_ipv4
//! fails: dual::one_socket_is_enough
//! fails: dual::whatever_the_systems_default
//! fails: dual::the_log_has_the_same_lines
//! fails: dual::starts_again_on_the_same_port
//! fails: dual::a_port_of_ipv4_is_taken
//! meant: dual::an_ipv4_client_is_told_as_ipv4
//! says: A dual-stack socket shows IPv4 peers as mapped

use std::io;
use std::io::Write;
use std::net::SocketAddrV6;
use std::net::{SocketAddr, TcpStream};
use std::thread;
use std::time::Duration;

use berkeley::Socket;
use berkeley::{
    AF_INET6, IPV6_V6ONLY, SO_REUSEADDR, SOCK_STREAM, accept, listen, setsockopt, socket,
};

/// Makes a socket that listens on `addr`, and takes IPv4 clients, too, if that is `[::]`.
///
/// An error is for `main`, which tells it and leaves with exit code 1.
pub fn bind(addr: SocketAddrV6) -> io::Result<Socket> {
    let listener = socket(AF_INET6, SOCK_STREAM, 0)?;
    // Both before bind. What a new socket has here is the system's affair (ipv6(7)), and bind is
    // the moment that counts: later it is EINVAL.
    setsockopt(&listener, IPV6_V6ONLY, false)?;
    setsockopt(&listener, SO_REUSEADDR, true)?;
    berkeley::bind(&listener, addr)?;
    listen(&listener, 128)?;
    Ok(listener)
}

/// Tells one client after another its own address, for ever, and logs the same line on stderr.
///
/// Returning ends the program: with an error only when nobody can be served any more.
pub fn serve(listener: &Socket) -> io::Result<()> {
    loop {
        let told = accept(listener).and_then(|(client, peer)| {
            let line = line(peer.try_into()?);
            eprintln!("{line}");
            // The line whole: writeln! would send it and its end apart.
            TcpStream::from(client).write_all(format!("{line}\n").as_bytes())
        });
        if let Err(error) = told {
            // A client that is gone, or a lack: neither is the listener's fault.
            eprintln!("client lost: {error}");
            thread::sleep(BACK_OFF);
        }
    }
}

/// How long to wait when something fails: a lack that lasts (of descriptors, say) would make it
/// fail again at once (accept(2), EMFILE).
const BACK_OFF: Duration = Duration::from_millis(10);

/// A client's family and address. An IPv4 client comes as `::ffff:a.b.c.d` (RFC 3493 3.7), and is
/// told what it knows itself by.
fn line(peer: SocketAddr) -> String {
    match peer {
        SocketAddr::V4(peer) => format!("ipv4 {peer}"),
        SocketAddr::V6(peer) => format!("ipv6 {peer}"),
    }
}
