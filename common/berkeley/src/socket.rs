//! Making and closing sockets: `socket`, `socketpair`, `close`.

use std::fmt;
use std::io;
use std::num::NonZeroU32;
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, OwnedFd, RawFd};

use rustix::net::{AddressFamily, Protocol};

/// A socket that this program owns: in C, the `int` that [`socket`] and `accept` return.
///
/// It is a file descriptor and nothing more. The kernel knows whether it listens or is
/// connected; the type does not, so a call in the wrong order compiles and fails with an
/// errno, as it does in C. What C leaves to you is done: dropping a `Socket` closes it,
/// and it cannot be used after that.
///
/// Every call of this crate borrows its socket as [`AsFd`], so `std`'s sockets may be
/// passed too, and a `Socket` converts into each of them and back
/// (`TcpStream::from(socket)`). A conversion checks nothing.
///
/// **`std` instead:** one type for each role: `TcpListener`, `TcpStream`, `UdpSocket`,
/// `UnixListener`, `UnixStream`, `UnixDatagram`. What a role cannot do is not a method of it.
#[derive(Debug)]
pub struct Socket(OwnedFd);

impl AsFd for Socket {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.0.as_fd()
    }
}

impl AsRawFd for Socket {
    fn as_raw_fd(&self) -> RawFd {
        self.0.as_raw_fd()
    }
}

impl From<OwnedFd> for Socket {
    /// Takes any descriptor. If it is no socket, the calls say so: `ENOTSOCK`.
    fn from(fd: OwnedFd) -> Self {
        Self(fd)
    }
}

impl From<Socket> for OwnedFd {
    fn from(socket: Socket) -> Self {
        socket.0
    }
}

/// Conversions to and from one of `std`'s socket types.
macro_rules! convert {
    ($($std:ty),+) => {$(
        impl From<$std> for Socket {
            fn from(socket: $std) -> Self {
                Self(socket.into())
            }
        }

        impl From<Socket> for $std {
            /// Checks nothing: that the socket is of this type and in this state is up to you.
            fn from(socket: Socket) -> Self {
                socket.0.into()
            }
        }
    )+};
}

convert!(
    std::net::TcpListener,
    std::net::TcpStream,
    std::net::UdpSocket,
    std::os::unix::net::UnixListener,
    std::os::unix::net::UnixStream,
    std::os::unix::net::UnixDatagram
);

/// An address family: what kind of addresses a socket uses. The first argument of [`socket`].
///
/// Its values are [`AF_INET`], [`AF_INET6`] and [`AF_UNIX`].
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Family(pub(crate) AddressFamily);

/// Addresses are IPv4 addresses and ports: `ip(7)`.
pub const AF_INET: Family = Family(AddressFamily::INET);
/// Addresses are IPv6 addresses and ports: `ipv6(7)`.
pub const AF_INET6: Family = Family(AddressFamily::INET6);
/// Addresses are paths on this machine, or (Linux) abstract names: `unix(7)`.
pub const AF_UNIX: Family = Family(AddressFamily::UNIX);

impl fmt::Debug for Family {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            AF_INET => f.write_str("AF_INET"),
            AF_INET6 => f.write_str("AF_INET6"),
            AF_UNIX => f.write_str("AF_UNIX"),
            Self(other) => write!(f, "AF_({})", other.as_raw()),
        }
    }
}

/// A socket type: what a socket promises about the bytes. The second argument of [`socket`].
///
/// Its values are [`SOCK_STREAM`], [`SOCK_DGRAM`], [`SOCK_SEQPACKET`] and [`SOCK_RAW`].
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct SocketType(pub(crate) rustix::net::SocketType);

/// A connection that carries bytes, in order and without loss, and keeps **no** message
/// boundaries. With [`AF_INET`] this is TCP.
pub const SOCK_STREAM: SocketType = SocketType(rustix::net::SocketType::STREAM);
/// Messages, each whole or not at all, without a connection. With [`AF_INET`] this is UDP,
/// which may lose, double and reorder them; with [`AF_UNIX`] they arrive, in order.
pub const SOCK_DGRAM: SocketType = SocketType(rustix::net::SocketType::DGRAM);
/// A connection that carries messages, in order and without loss. Linux has it for [`AF_UNIX`]
/// (and for SCTP); [`AF_INET`] without SCTP says `ESOCKTNOSUPPORT`, macOS `EPROTONOSUPPORT`.
pub const SOCK_SEQPACKET: SocketType = SocketType(rustix::net::SocketType::SEQPACKET);
/// Packets below TCP and UDP: `raw(7)`. Needs `CAP_NET_RAW`, else `EPERM`.
pub const SOCK_RAW: SocketType = SocketType(rustix::net::SocketType::RAW);

impl fmt::Debug for SocketType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            SOCK_STREAM => f.write_str("SOCK_STREAM"),
            SOCK_DGRAM => f.write_str("SOCK_DGRAM"),
            SOCK_SEQPACKET => f.write_str("SOCK_SEQPACKET"),
            SOCK_RAW => f.write_str("SOCK_RAW"),
            Self(other) => write!(f, "SOCK_({})", other.as_raw()),
        }
    }
}

/// A protocol for [`socket`]: ICMP, for raw sockets and (Linux) ping sockets, `icmp(7)`.
pub const IPPROTO_ICMP: u32 = 1;
/// A protocol for [`socket`]: TCP, which is what 0 means for a stream.
pub const IPPROTO_TCP: u32 = 6;
/// A protocol for [`socket`]: UDP, which is what 0 means for datagrams.
pub const IPPROTO_UDP: u32 = 17;
/// A protocol for [`socket`]: ICMPv6.
pub const IPPROTO_ICMPV6: u32 = 58;

/// Makes a socket: `man 2 socket`.
///
/// - `family`: [`AF_INET`], [`AF_INET6`] or [`AF_UNIX`];
/// - `kind`: [`SOCK_STREAM`], [`SOCK_DGRAM`], [`SOCK_SEQPACKET`] or [`SOCK_RAW`];
/// - `protocol`: 0 for the usual one of the two, else a number of the Internet protocols,
///   [`IPPROTO_ICMP`] for instance.
///
/// Returns a socket without an address and without a peer. It is blocking, and
/// close-on-exec: a program that this one starts does not inherit it. (In C that is
/// `SOCK_CLOEXEC`, and forgotten often. macOS has no such flag: there the mark is set by a
/// second call.)
///
/// | errno | `ErrorKind` | what it means |
/// |---|---|---|
/// | `EAFNOSUPPORT` | - | this kernel does not have the family: IPv6 is switched off, perhaps |
/// | `ESOCKTNOSUPPORT`, `EPROTONOSUPPORT` | - | the family has no such type or protocol |
/// | `EPERM`, `EACCES` | `PermissionDenied` | raw sockets are for the privileged, `CAP_NET_RAW` |
/// | `EMFILE` | - | this process has as many descriptors as it may (`ulimit -n`): something is not closed |
/// | `ENFILE` | - | the whole machine has |
/// | `EINVAL` | `InvalidInput` | no such family, type or protocol number at all |
///
/// **`std` instead:** no call of its own: `TcpListener::bind`, `TcpStream::connect` and
/// `UdpSocket::bind` make the socket too. Raw and sequenced-packet sockets `std` has not.
pub fn socket(family: Family, kind: SocketType, protocol: u32) -> io::Result<Socket> {
    let protocol = NonZeroU32::new(protocol).map(Protocol::from_raw);
    #[cfg(target_os = "linux")]
    let fd = rustix::net::socket_with(
        family.0,
        kind.0,
        rustix::net::SocketFlags::CLOEXEC,
        protocol,
    )?;
    #[cfg(not(target_os = "linux"))]
    let fd = prepared(rustix::net::socket(family.0, kind.0, protocol)?)?;
    Ok(Socket(fd))
}

/// Makes two sockets that are connected to each other: `man 2 socketpair`.
///
/// `family` must be [`AF_UNIX`]; `kind` and `protocol` are as for [`socket`]. Neither socket
/// has a name. Both are blocking and close-on-exec.
///
/// Errors are those of [`socket`], and `EOPNOTSUPP` where the family has no pairs:
/// [`AF_INET`] for instance.
///
/// **`std` instead:** `UnixStream::pair`, `UnixDatagram::pair`; none for sequenced packets.
pub fn socketpair(family: Family, kind: SocketType, protocol: u32) -> io::Result<(Socket, Socket)> {
    use rustix::net::SocketFlags;

    let protocol = NonZeroU32::new(protocol).map(Protocol::from_raw);
    #[cfg(target_os = "linux")]
    let (one, other) = rustix::net::socketpair(family.0, kind.0, SocketFlags::CLOEXEC, protocol)?;
    #[cfg(not(target_os = "linux"))]
    let (one, other) = {
        let pair = rustix::net::socketpair(family.0, kind.0, SocketFlags::empty(), protocol)?;
        (prepared(pair.0)?, prepared(pair.1)?)
    };
    Ok((Socket(one), Socket(other)))
}

/// Where the kernel has no flags for it: marks a new socket close-on-exec, and on macOS
/// also keeps sends from raising SIGPIPE, which has no flag of `send` there.
#[cfg(not(target_os = "linux"))]
pub(crate) fn prepared(fd: OwnedFd) -> io::Result<OwnedFd> {
    rustix::io::fcntl_setfd(&fd, rustix::io::FdFlags::CLOEXEC)?;
    #[cfg(target_vendor = "apple")]
    rustix::net::sockopt::set_socket_nosigpipe(&fd, true)?;
    Ok(fd)
}

/// Gives a socket back to the kernel: `man 2 close`.
///
/// Takes the socket itself, so using it afterwards does not compile; in C the number is
/// still there, and may by then be somebody else's descriptor. Dropping a socket does the
/// same; the call is for saying so at a certain place.
///
/// What closing does to the connection:
/// - What was sent and is still queued goes out, in the background, and then the end of the
///   stream. That `close` returned says nothing about its arrival.
/// - If something was received and **not read**, TCP sends a reset instead (RFC 9293 3.6.1,
///   RFC 2525 2.17), which may destroy what the peer has not read yet. Unix streams too
///   answer with `ECONNRESET` then. To end well: `shutdown` sending, read to the end, close.
/// - `SO_LINGER` with zero always sends a reset.
/// - A descriptor duplicated elsewhere (`TcpStream::try_clone`) keeps the socket open.
/// - A call that blocks on the socket in another thread cannot happen: that thread borrows it.
///   Through a duplicate it can, and `close` does **not** wake it; `shutdown` does.
///
/// Returns nothing. C's `close` can report `EBADF`, which ownership makes impossible, and
/// errors of writing back to a disk, which a socket does not have; Linux frees the descriptor
/// even when it reports an error, so there is nothing to try again.
///
/// **`std` instead:** dropping the value; `drop(stream)` says it aloud.
pub fn close(socket: impl Into<OwnedFd>) {
    drop(socket.into());
}

/// Makes calls on a socket return at once (`true`) or wait (`false`): in C,
/// `fcntl(fd, F_SETFL, O_NONBLOCK)` or `ioctl(fd, FIONBIO, &on)`.
///
/// A call that would have to wait then fails with `EAGAIN` (`WouldBlock`), and `connect`
/// with `EINPROGRESS`. The mark belongs to the open socket, not to the descriptor:
/// duplicates share it. Accepted sockets do not inherit it on Linux; on macOS they do.
///
/// No socket refuses it.
///
/// **`std` instead:** `set_nonblocking` of every socket type.
pub fn set_nonblocking(fd: &impl AsFd, nonblocking: bool) -> io::Result<()> {
    Ok(rustix::io::ioctl_fionbio(fd, nonblocking)?)
}
