//! The socket calls by their historical names, safe and thin, for learners.
//!
//! 4.2BSD, made at Berkeley in 1983, gave programs the calls `socket`, `bind`, `listen`,
//! `accept`, `connect`, `send` and `recv`; every system has them since, and every library for
//! networks stands on them. Here they are, one function for one call, so that you see what
//! [`std::net`] does for you, and can do what it leaves out.
//!
//! # An echo server and its client
//!
//! ```
//! use berkeley::*;
//! use std::{io, net::SocketAddr, thread};
//!
//! /// What the client sends goes back, until it has finished speaking.
//! fn echo(client: &Socket) -> io::Result<()> {
//!     let mut buf = [0; 4096];
//!     loop {
//!         let received = recv(client, &mut buf, 0)?;
//!         if received == 0 {
//!             // The end of its stream: answer with the end of ours.
//!             return shutdown(client, SHUT_WR);
//!         }
//!         let mut sent = 0;
//!         while sent < received {
//!             sent += send(client, &buf[sent..received], 0)?;
//!         }
//!     }
//! }
//!
//! fn serve(listener: &Socket, clients: usize) -> io::Result<()> {
//!     for _ in 0..clients {
//!         let (client, from) = accept(listener)?;
//!         if let Err(error) = echo(&client) {
//!             // It ends this conversation, not the service.
//!             eprintln!("{from}: {error}");
//!         }
//!         close(client);
//!     }
//!     Ok(())
//! }
//!
//! fn main() -> io::Result<()> {
//!     let listener = socket(AF_INET, SOCK_STREAM, 0)?;
//!     setsockopt(&listener, SO_REUSEADDR, true)?;
//!     bind(&listener, SocketAddr::from(([127, 0, 0, 1], 0)))?;
//!     listen(&listener, 128)?;
//!     let addr = getsockname(&listener)?;
//!     let server = thread::spawn(move || serve(&listener, 1));
//!
//!     let client = socket(addr.family(), SOCK_STREAM, 0)?;
//!     connect(&client, &addr)?;
//!     send(&client, b"ping", 0)?;
//!     shutdown(&client, SHUT_WR)?;
//!     let (mut reply, mut buf) = (Vec::new(), [0; 4096]);
//!     loop {
//!         match recv(&client, &mut buf, 0)? {
//!             0 => break,
//!             n => reply.extend_from_slice(&buf[..n]),
//!         }
//!     }
//!     close(client);
//!
//!     assert_eq!(reply, b"ping");
//!     server.join().unwrap()
//! }
//! ```
//!
//! # The calls
//!
//! | call | what it does | `std`'s counterpart |
//! |---|---|---|
//! | [`socket`] | makes a socket | part of `TcpListener::bind`, `TcpStream::connect`, `UdpSocket::bind` |
//! | [`socketpair`] | makes two, connected to each other | `UnixStream::pair` |
//! | [`setsockopt`], [`getsockopt`] | sets and tells an option | `set_nodelay`, `set_read_timeout`, `take_error`, a few more |
//! | [`bind`] | gives it its own address | `TcpListener::bind`, `UdpSocket::bind` |
//! | [`listen`] | lets clients connect | part of `TcpListener::bind` |
//! | [`accept`] | takes the next client | `TcpListener::accept` |
//! | [`connect`] | connects to a server | `TcpStream::connect`, `UdpSocket::connect` |
//! | [`send`] | sends to the peer | `write`, `UdpSocket::send` |
//! | [`recv`] | receives | `read`, `peek`, `UdpSocket::recv` |
//! | [`sendto`] | sends one message to an address | `UdpSocket::send_to` |
//! | [`recvfrom`] | receives one message and its sender's address | `UdpSocket::recv_from` |
//! | [`sendmsg`] | sends to the peer, and descriptors of open files with it | - |
//! | [`recvmsg`] | receives, and the descriptors or credentials that came too | - |
//! | [`shutdown`] | ends one direction, or both | `TcpStream::shutdown` |
//! | [`close`] | gives the socket back | `drop` |
//! | [`poll`] | waits for several descriptors at once | - |
//! | [`set_nonblocking`] | lets calls fail instead of wait | `set_nonblocking` |
//! | [`getsockname`] | tells the socket's own address | `local_addr` |
//! | [`getpeername`] | tells the peer's address | `peer_addr` |
//! | [`gethostname`] | tells the machine's name | - |
//! | [`gethostbyname`] | finds a name's IPv4 addresses, as of old | - |
//! | [`getaddrinfo`] | finds a name's addresses | `ToSocketAddrs` |
//!
//! # What differs from C
//!
//! - A socket is a [`Socket`], not a number: it is closed when it is dropped, and not usable after.
//! - Errors are [`std::io::Error`], so `?` works beside `std`. Each call lists its errnos, and
//!   [`errno`] has their numbers. `EINTR` is passed on, as in C: a call that a signal has interrupted
//!   is yours to repeat. (`std` repeats many of them.)
//! - Every descriptor is **close-on-exec**: programs that this one starts do not inherit it.
//! - A send to a peer that is gone fails with `EPIPE`, and **never raises SIGPIPE**.
//! - Constants have types: `bind` does not take `SOCK_STREAM`, nor [`SO_LINGER`] a `bool`.
//! - Addresses are [`SocketAddr`](std::net::SocketAddr), or an [`Addr`] where Unix sockets come in;
//!   nothing needs `htons`.
//!
//! Linux and macOS have these calls; what only one has says so.

mod address;
mod connection;
mod credentials;
pub mod errno;
mod message;
mod names;
mod options;
mod poll;
mod socket;
mod transfer;

pub use address::*;
pub use connection::*;
pub use credentials::Ucred;
pub use message::*;
pub use names::*;
pub use options::*;
pub use poll::*;
pub use socket::*;
pub use transfer::*;
