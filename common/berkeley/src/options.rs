//! What can be set and asked about a socket: `setsockopt`, `getsockopt`, the options.

use std::fmt;
use std::io;
use std::os::fd::{AsFd, BorrowedFd};
use std::time::Duration;

use rustix::io::{Errno, Result};
use rustix::net::sockopt::{self, Timeout};

use crate::credentials::{self, Ucred};
use crate::socket::SocketType;

/// An option of a socket whose value is a `T`: [`SO_REUSEADDR`] and its kin.
///
/// In C an option is two numbers, a level and a name, and its value is bytes behind a pointer;
/// here the option knows all three, so a value of the wrong type does not compile.
pub struct SockOpt<T> {
    name: &'static str,
    get: fn(BorrowedFd<'_>) -> Result<T>,
    set: fn(BorrowedFd<'_>, T) -> Result<()>,
}

impl<T> Clone for SockOpt<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for SockOpt<T> {}

impl<T> fmt::Debug for SockOpt<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

/// The kernel's own answer when such an option is set.
fn read_only<T>(_: BorrowedFd<'_>, _: T) -> Result<()> {
    Err(Errno::NOPROTOOPT)
}

/// Sets an option of a socket: `man 2 setsockopt`.
///
/// ```
/// # use berkeley::*;
/// # use std::time::Duration;
/// # let fd = socket(AF_INET, SOCK_STREAM, 0)?;
/// setsockopt(&fd, SO_REUSEADDR, true)?;
/// setsockopt(&fd, SO_RCVTIMEO, Some(Duration::from_millis(250)))?;
/// # std::io::Result::Ok(())
/// ```
///
/// | errno | `ErrorKind` | what it means |
/// |---|---|---|
/// | `ENOPROTOOPT` | - | this type of socket has no such option, or it can only be read |
/// | `EOPNOTSUPP` | `Unsupported` | this type of socket has no such option (Unix sockets) |
/// | `EINVAL` | `InvalidInput` | the value is out of its range, or it is too late: `IPV6_V6ONLY` after `bind` |
/// | `EPERM` | `PermissionDenied` | this process may not |
/// | `ENOTSOCK` | - | the descriptor is something else |
///
/// **`std` instead:** a method for each of a few: `set_nodelay`, `set_ttl`, `set_broadcast`,
/// `set_read_timeout`, `set_write_timeout`. For none before `bind`.
pub fn setsockopt<T>(fd: &impl AsFd, option: SockOpt<T>, value: T) -> io::Result<()> {
    Ok((option.set)(fd.as_fd(), value)?)
}

/// Asks for an option of a socket: `man 2 getsockopt`.
///
/// ```
/// # use berkeley::*;
/// # let fd = socket(AF_INET, SOCK_STREAM, 0)?;
/// assert_eq!(getsockopt(&fd, SO_TYPE)?, SOCK_STREAM);
/// if let Some(error) = getsockopt(&fd, SO_ERROR)? {
///     eprintln!("it has failed: {error}");
/// }
/// # std::io::Result::Ok(())
/// ```
///
/// Errors are those of [`setsockopt`], too late aside.
///
/// **`std` instead:** `nodelay`, `ttl`, `broadcast`, `read_timeout`, `write_timeout`, and
/// `take_error` for [`SO_ERROR`].
pub fn getsockopt<T>(fd: &impl AsFd, option: SockOpt<T>) -> io::Result<T> {
    Ok((option.get)(fd.as_fd())?)
}

/// An option's documentation, name, type, and the two functions behind it.
macro_rules! options {
    ($($(#[$doc:meta])* $name:ident: $value:ty, $get:expr, $set:expr;)+) => {$(
        $(#[$doc])*
        pub const $name: SockOpt<$value> = SockOpt {
            name: stringify!($name),
            get: $get,
            set: $set,
        };
    )+};
}

options! {
    /// Bind though old connections from this address are in TIME_WAIT; `socket(7)`, `ip(7)`.
    ///
    /// Set it on every listener, each time, before `bind`: old connections inherit it from
    /// their listener, and Linux asks for it on both sides. Two TCP sockets that **listen** still
    /// cannot share a port. Two UDP sockets can, and the last one bound gets the datagrams.
    /// On macOS it also lets `0.0.0.0` and a single address of the machine share a port.
    SO_REUSEADDR: bool,
        |fd| sockopt::socket_reuseaddr(fd),
        |fd, on| sockopt::set_socket_reuseaddr(fd, on);

    /// Share the port with other sockets of the same user that have this set too; the kernel
    /// spreads clients over them. `socket(7)`.
    ///
    /// Not a stronger [`SO_REUSEADDR`]: with it a second server starts without an error and
    /// takes half of the clients.
    SO_REUSEPORT: bool,
        |fd| sockopt::socket_reuseport(fd),
        |fd, on| sockopt::set_socket_reuseport(fd, on);

    /// Ask a silent peer now and then whether it is still there; `tcp(7)`.
    ///
    /// The first question comes after two hours, unless `TCP_KEEPIDLE` says otherwise. A peer
    /// that is gone shows as `ETIMEDOUT` or `ECONNRESET`.
    SO_KEEPALIVE: bool,
        |fd| sockopt::socket_keepalive(fd),
        |fd, on| sockopt::set_socket_keepalive(fd, on);

    /// What `close` does about bytes that are not sent yet; `socket(7)`. In seconds, parts of
    /// one count as one.
    ///
    /// - `None`, the default: `close` returns at once, the kernel goes on sending.
    /// - `Some(t)`: `close` waits until they are sent and acknowledged, or t has passed.
    /// - `Some(Duration::ZERO)`: they are thrown away, and TCP sends a reset: the peer's `recv`
    ///   gives `ECONNRESET`. No TIME_WAIT follows.
    SO_LINGER: Option<Duration>,
        |fd| sockopt::socket_linger(fd),
        |fd, linger| sockopt::set_socket_linger(fd, linger);

    /// How long `recv`, `recvfrom` and `accept` wait; `socket(7)`. `None`, the default: for ever.
    ///
    /// When it has passed, they fail with `EAGAIN` (`WouldBlock`), not with `ETIMEDOUT`. Zero is
    /// `EINVAL` here as in `std`, because to the kernel it means for ever. The time begins anew
    /// with each call, so it does not bound a conversation. Microseconds count, the kernel
    /// rounds up to its own ticks.
    SO_RCVTIMEO: Option<Duration>,
        |fd| sockopt::socket_timeout(fd, Timeout::Recv),
        |fd, limit| sockopt::set_socket_timeout(fd, Timeout::Recv, limit);

    /// How long `send` and `sendto` wait for room in the queue, and on Linux `connect` for an
    /// answer; `socket(7)`. `None`, the default: for ever.
    ///
    /// As [`SO_RCVTIMEO`]; a `send` that has sent a part returns it, `connect` gives
    /// `EINPROGRESS`.
    SO_SNDTIMEO: Option<Duration>,
        |fd| sockopt::socket_timeout(fd, Timeout::Send),
        |fd, limit| sockopt::set_socket_timeout(fd, Timeout::Send, limit);

    /// The error that waits at the socket, or nothing. Reading **clears** it. Read only.
    /// `socket(7)`.
    ///
    /// This is how a non-blocking `connect` tells its outcome, once `poll` says `POLLOUT`.
    SO_ERROR: Option<io::Error>,
        |fd| Ok(sockopt::socket_error(fd)?.err().map(io::Error::from)),
        read_only;

    /// Bytes that may wait to be read; `socket(7)`.
    ///
    /// Linux doubles the value that is set, for its own bookkeeping, and tells the double; it takes
    /// at most twice `/proc/sys/net/core/rmem_max`. Setting it ends TCP's own tuning. UDP drops
    /// what does not fit.
    SO_RCVBUF: usize,
        |fd| sockopt::socket_recv_buffer_size(fd),
        |fd, bytes| sockopt::set_socket_recv_buffer_size(fd, bytes);

    /// Bytes that may wait to be sent; `socket(7)`. As [`SO_RCVBUF`], with `wmem_max`.
    ///
    /// For Unix datagrams and sequenced packets it bounds a single message.
    SO_SNDBUF: usize,
        |fd| sockopt::socket_send_buffer_size(fd),
        |fd, bytes| sockopt::set_socket_send_buffer_size(fd, bytes);

    /// Datagrams may be sent to broadcast addresses; without it `EACCES`. `socket(7)`.
    SO_BROADCAST: bool,
        |fd| sockopt::socket_broadcast(fd),
        |fd, on| sockopt::set_socket_broadcast(fd, on);

    /// The type that the socket was made with. Read only. `socket(7)`.
    SO_TYPE: SocketType,
        |fd| Ok(SocketType(sockopt::socket_type(fd)?)),
        read_only;

    /// Who is at the other end of a Unix socket. Read only. `unix(7)`.
    ///
    /// The **kernel** tells it, so a peer cannot lie: which process called `connect` (asked by
    /// the server's end), `listen` (asked by a client) or `socketpair`, and the user and group
    /// it had at that moment. Whether the process still lives, and whether it still is the one that
    /// holds the socket, is another question.
    ///
    /// Asked of a socket that is not connected, Linux answers with the process 0 and the user and
    /// group 4294967295. A process that cannot be seen from here, in a container for instance,
    /// has the number 0 too. macOS calls this `LOCAL_PEERCRED` and `LOCAL_PEERPID`.
    SO_PEERCRED: Ucred,
        credentials::of_peer,
        read_only;

    /// Whether [`recvmsg`](crate::recvmsg) gives each message's sender beside it; `unix(7)`. Linux only.
    ///
    /// The kernel then adds the credentials of who sent it to **every** message, to an empty one
    /// too, and to the end of the stream it adds nothing: where both are 0 bytes, with sequenced
    /// packets, this tells them apart. It is looked at when a message is received; one that
    /// was sent before it was set may be told as nobody's.
    ///
    /// Set it on a socket that is connected or bound: on another one Linux makes up an abstract
    /// name for it when it connects or sends.
    #[cfg(target_os = "linux")]
    SO_PASSCRED: bool,
        |fd| sockopt::socket_passcred(fd),
        |fd, on| sockopt::set_socket_passcred(fd, on);

    /// Whether the socket listens. Read only. `socket(7)`. Not on macOS.
    #[cfg(not(target_vendor = "apple"))]
    SO_ACCEPTCONN: bool,
        |fd| sockopt::socket_acceptconn(fd),
        read_only;

    /// Send small pieces at once; `tcp(7)`. The default, off, is Nagle's algorithm
    /// (RFC 9293 3.7.4): while something is not acknowledged, small pieces wait for it.
    ///
    /// With the peer's delayed acknowledgement that can cost 40 ms for a request in two writes.
    TCP_NODELAY: bool,
        |fd| sockopt::tcp_nodelay(fd),
        |fd, on| sockopt::set_tcp_nodelay(fd, on);

    /// Whether an IPv6 socket is for IPv6 alone; `ipv6(7)`, RFC 3493 5.3.
    ///
    /// Off, a socket bound to `[::]` takes IPv4 clients too and shows them as `::ffff:a.b.c.d`.
    /// Set it before `bind`, and always: the default differs between systems. Afterwards: `EINVAL`.
    IPV6_V6ONLY: bool,
        |fd| sockopt::ipv6_v6only(fd),
        |fd, on| sockopt::set_ipv6_v6only(fd, on);

    /// How many routers a packet may pass, 1 to 255; `ip(7)`. The default is 64. IPv4 sockets.
    IP_TTL: u32,
        |fd| sockopt::ip_ttl(fd),
        |fd, hops| sockopt::set_ip_ttl(fd, hops);
}
