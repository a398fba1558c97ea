//! From an address to a conversation and to its end: `bind`, `listen`, `accept`, `connect`,
//! `shutdown`.

use std::fmt;
use std::io;
use std::os::fd::AsFd;

use rustix::net::Shutdown;

use crate::address::Addr;
use crate::socket::Socket;

/// Gives a socket its own address: `man 2 bind`.
///
/// `addr` is a `SocketAddr` or an [`Addr`], by value or by reference. Port 0 lets the kernel
/// choose a free one, which `getsockname` tells. `0.0.0.0` and `[::]` mean every address of
/// the machine. A client need not bind: `connect` and `sendto` choose an address for it.
/// `SO_REUSEADDR` and `IPV6_V6ONLY` must be set before; here they are looked at.
///
/// | errno | `ErrorKind` | what it means |
/// |---|---|---|
/// | `EADDRINUSE` | `AddrInUse` | another socket has the port; or old connections from it are in TIME_WAIT and `SO_REUSEADDR` was not set on both sockets; or the Unix path exists, be it left over |
/// | `EADDRNOTAVAIL` | `AddrNotAvailable` | no address of this machine |
/// | `EACCES` | `PermissionDenied` | a port below 1024 without the privilege (`ip(7)`); a directory that may not be written |
/// | `EINVAL` | `InvalidInput` | the socket is bound already, or the address is of another family; an empty path |
/// | `EAFNOSUPPORT` | - | the address is of another family (IPv4 and IPv6 sockets) |
/// | `ENAMETOOLONG` | `InvalidFilename` | a Unix path or abstract name of more than 107 bytes |
/// | `ENOENT`, `ENOTDIR` | `NotFound`, `NotADirectory` | the directory of a Unix path is not there |
///
/// **`std` instead:** part of `TcpListener::bind`, which also makes the socket, sets
/// `SO_REUSEADDR` and listens; `UdpSocket::bind`, which only makes the socket.
pub fn bind(fd: &impl AsFd, addr: impl Into<Addr>) -> io::Result<()> {
    Ok(rustix::net::bind(fd, &addr.into().encode()?)?)
}

/// Lets clients connect: `man 2 listen`.
///
/// From here on the **kernel** completes connections and queues them for `accept`, whether the
/// program calls it or not. `backlog` is how many may wait in the queue. Linux lets in one
/// more than it says (with 1: two), takes at most `/proc/sys/net/core/somaxconn` (4096), and
/// reads a negative number as that. When the queue is full, a TCP client gets no answer and
/// tries again, so its `connect` hangs; a Unix client waits, or gets `EAGAIN` when it is
/// non-blocking. A second `listen` changes the backlog.
///
/// A socket that is not bound gets a free port at all addresses.
///
/// | errno | `ErrorKind` | what it means |
/// |---|---|---|
/// | `EADDRINUSE` | `AddrInUse` | both sockets had `SO_REUSEADDR`, so `bind` let them have one port; only one may listen |
/// | `EOPNOTSUPP` | `Unsupported` | not a type with connections: datagrams have none |
/// | `EINVAL` | `InvalidInput` | the socket is connected; or a Unix socket is not bound |
///
/// **`std` instead:** part of `TcpListener::bind`, with a backlog of 128 on Linux;
/// `UnixListener::bind` takes the largest there is.
pub fn listen(fd: &impl AsFd, backlog: i32) -> io::Result<()> {
    Ok(rustix::net::listen(fd, backlog)?)
}

/// Takes the next connection from the queue: `man 2 accept`.
///
/// Waits when there is none. Returns a **new** socket, which is the conversation with this
/// one client, and the client's address; the listener goes on listening. The new socket is
/// close-on-exec (on Linux this is `accept4` with `SOCK_CLOEXEC`) and blocking, whatever the
/// listener is (macOS copies the listener's mark).
///
/// | errno | `ErrorKind` | what it means |
/// |---|---|---|
/// | `EAGAIN` | `WouldBlock` | the listener is non-blocking, or `SO_RCVTIMEO` has passed, and nobody is waiting |
/// | `EINTR` | `Interrupted` | a signal came: call again |
/// | `ECONNABORTED` | `ConnectionAborted` | the client has gone already: take the next one |
/// | `EMFILE`, `ENFILE` | - | no descriptor is free. The client stays in the queue, so calling again at once spins |
/// | `ENETDOWN`, `EPROTO`, `EHOSTUNREACH` and more | - | Linux passes on errors of the new connection: take the next one (`accept(2)`, Error handling) |
/// | `EINVAL` | `InvalidInput` | not listening: `listen` was not called, or `shutdown` has ended it |
/// | `EOPNOTSUPP` | `Unsupported` | not a type with connections |
///
/// On Linux a client that connected and reset is accepted as usual; `recv` tells.
///
/// **`std` instead:** `TcpListener::accept`, which calls again on `EINTR`.
pub fn accept(fd: &impl AsFd) -> io::Result<(Socket, Addr)> {
    #[cfg(target_os = "linux")]
    let (client, addr) = rustix::net::acceptfrom_with(fd, rustix::net::SocketFlags::CLOEXEC)?;
    #[cfg(not(target_os = "linux"))]
    let (client, addr) = {
        let (client, addr) = rustix::net::acceptfrom(fd)?;
        (crate::socket::prepared(client)?, addr)
    };
    Ok((client.into(), Addr::decode(addr)?))
}

/// Connects a socket to a peer: `man 2 connect`.
///
/// `addr` is a `SocketAddr` or an [`Addr`], by value or by reference. A stream or sequenced
/// packets: waits until the peer's **kernel** has taken the connection; its program may not
/// have called `accept`. Datagrams: sends nothing, only remembers the peer: `send` goes to
/// it, and `recv` takes from nobody else.
///
/// | errno | `ErrorKind` | what it means |
/// |---|---|---|
/// | `ECONNREFUSED` | `ConnectionRefused` | nobody listens there; a Unix path whose server is gone |
/// | `ETIMEDOUT` | `TimedOut` | no answer for minutes: a firewall, a full backlog, or no such machine |
/// | `EINPROGRESS` | - | non-blocking, or `SO_SNDTIMEO` has passed: under way. `poll` for `POLLOUT`, then `getsockopt` `SO_ERROR` |
/// | `EALREADY` | - | non-blocking: still under way |
/// | `EISCONN` | - | it is connected |
/// | `ENETUNREACH`, `EHOSTUNREACH` | `NetworkUnreachable`, `HostUnreachable` | no route there |
/// | `EADDRNOTAVAIL` | `AddrNotAvailable` | no local port is free |
/// | `EAFNOSUPPORT`, `EINVAL` | -, `InvalidInput` | the address is of another family than the socket |
/// | `EPROTOTYPE` | - | Unix: the socket at that path is of another type |
/// | `ENOENT` | `NotFound` | no such Unix path |
/// | `EACCES` | `PermissionDenied` | the Unix path may not be written; a broadcast address without `SO_BROADCAST` |
/// | `EAGAIN` | `WouldBlock` | Unix, non-blocking: the backlog is full. `poll` does not help here: try later |
/// | `EINTR` | `Interrupted` | a signal came. The connection goes on being made: do **not** call again, wait as after `EINPROGRESS` |
///
/// After a refusal, make a new socket: POSIX leaves the state of the old one open.
///
/// **`std` instead:** `TcpStream::connect`, which also makes the socket, and tries every
/// address that a name has; `connect_timeout`, which is the non-blocking way with `poll`.
pub fn connect(fd: &impl AsFd, addr: impl Into<Addr>) -> io::Result<()> {
    Ok(rustix::net::connect(fd, &addr.into().encode()?)?)
}

/// Which half of a connection [`shutdown`] ends: [`SHUT_RD`], [`SHUT_WR`] or [`SHUT_RDWR`].
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct How(Shutdown);

/// Receive no more. TCP tells the peer nothing: what arrives is still taken on Linux. A reader
/// that waits in another thread wakes with 0.
pub const SHUT_RD: How = How(Shutdown::Read);
/// Send no more: after what is queued the peer sees the end of the stream. Receiving goes on.
/// This is the half-close.
pub const SHUT_WR: How = How(Shutdown::Write);
/// Both.
pub const SHUT_RDWR: How = How(Shutdown::Both);

impl fmt::Debug for How {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match *self {
            SHUT_RD => "SHUT_RD",
            SHUT_WR => "SHUT_WR",
            _ => "SHUT_RDWR",
        })
    }
}

/// Ends one half of a connection, or both: `man 2 shutdown`.
///
/// `how` is [`SHUT_RD`], [`SHUT_WR`] or [`SHUT_RDWR`]. Unlike `close` it does not give back the
/// descriptor, and it acts on the connection, whoever else holds a duplicate. On a listener
/// (Linux) it wakes an `accept` that waits in another thread, with `EINVAL`.
///
/// | errno | `ErrorKind` | what it means |
/// |---|---|---|
/// | `ENOTCONN` | `NotConnected` | there is no connection, or none any more: the peer has reset it. When you are leaving anyway, that is no fault |
///
/// **`std` instead:** `TcpStream::shutdown(Shutdown::Write)`, `UnixStream::shutdown`.
pub fn shutdown(fd: &impl AsFd, how: How) -> io::Result<()> {
    Ok(rustix::net::shutdown(fd, how.0)?)
}
