//! Bytes in and out: `send`, `recv`, `sendto`, `recvfrom` and their flags.

use std::io;
use std::ops::BitOr;
use std::os::fd::AsFd;

use rustix::net::{RecvFlags, ReturnFlags, SendFlags};

use crate::address::Addr;

/// Flags of one send or receive: 0, or `MSG_` constants joined with `|`.
///
/// ```
/// # use berkeley::*;
/// # let (one, other) = socketpair(AF_UNIX, SOCK_DGRAM, 0)?;
/// # send(&other, b"ping", 0)?;
/// # let mut buf = [0; 4];
/// recv(&one, &mut buf, MSG_PEEK | MSG_DONTWAIT)?;
/// recv(&one, &mut buf, 0)?;
/// # std::io::Result::Ok(())
/// ```
///
/// A number is taken as it is, bit for bit, so that flags without a name here can be given
/// by their value on the platform.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MsgFlags(u32);

/// Receive a copy: the bytes stay in the queue, and the next receive gets them again.
pub const MSG_PEEK: MsgFlags = MsgFlags(RecvFlags::PEEK.bits());
/// This one call does not wait: `EAGAIN` (`WouldBlock`) instead.
pub const MSG_DONTWAIT: MsgFlags = MsgFlags(RecvFlags::DONTWAIT.bits());
/// Receive from a stream until the buffer is full; less only at the end of the stream, after
/// an error or a signal. Not a deadline.
pub const MSG_WAITALL: MsgFlags = MsgFlags(RecvFlags::WAITALL.bits());
/// Receive: return the message's true length, though the buffer took less of it. For datagrams
/// and sequenced packets. On a TCP stream it means another thing, throw the bytes away
/// (`tcp(7)`). Linux only.
#[cfg(target_os = "linux")]
pub const MSG_TRUNC: MsgFlags = MsgFlags(RecvFlags::TRUNC.bits());

/// In what [`recvmsg`](crate::recvmsg) returns: descriptors that came with the message are lost,
/// because this process may have no more of them.
pub const MSG_CTRUNC: MsgFlags = MsgFlags(ReturnFlags::CTRUNC.bits());

impl From<i32> for MsgFlags {
    fn from(bits: i32) -> Self {
        Self(bits.cast_unsigned())
    }
}

impl BitOr for MsgFlags {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

impl MsgFlags {
    /// Whether all of `flags` are among these.
    pub fn contains(self, flags: Self) -> bool {
        self.0 & flags.0 == flags.0
    }

    pub(crate) fn from_bits(bits: u32) -> Self {
        Self(bits)
    }

    pub(crate) fn for_send(self) -> SendFlags {
        let flags = SendFlags::from_bits_retain(self.0);
        // macOS has no such flag: there each socket is marked when it is made.
        #[cfg(not(target_vendor = "apple"))]
        let flags = flags | SendFlags::NOSIGNAL;
        flags
    }

    pub(crate) fn for_recv(self) -> RecvFlags {
        RecvFlags::from_bits_retain(self.0)
    }
}

/// Sends to the peer of a connected socket: `man 2 send`.
///
/// `flags` is 0 or [`MSG_DONTWAIT`]. Returns how many bytes the **kernel** took into its queue;
/// that is not yet delivery, let alone that the peer has read them.
/// - Stream: it may be fewer than `buf` has; send the rest again. A blocking socket takes all,
///   unless a signal comes or `SO_SNDTIMEO` passes. While the queue is full, it waits.
/// - Datagrams and sequenced packets: all or nothing, one message each. An empty `buf` sends an
///   empty message; on a stream it sends nothing.
///
/// | errno | `ErrorKind` | what it means |
/// |---|---|---|
/// | `EPIPE` | `BrokenPipe` | nobody will read it: the peer has reset the connection, or you have shut down sending. **Never** the signal SIGPIPE, which in C kills the program here |
/// | `ECONNRESET` | `ConnectionReset` | the peer has reset the connection; the next send says `EPIPE` |
/// | `EAGAIN` | `WouldBlock` | the queue is full, and you do not wait (non-blocking, [`MSG_DONTWAIT`], `SO_SNDTIMEO`) |
/// | `EINTR` | `Interrupted` | a signal came before anything was taken: call again |
/// | `EMSGSIZE` | - | the message is too long: UDP over IPv4 takes 65507 bytes, Unix sockets what the send buffer holds |
/// | `ECONNREFUSED` | `ConnectionRefused` | UDP: an **earlier** datagram found no socket at the peer's port; this one was not sent |
/// | `ENOTCONN`, `EDESTADDRREQ` | `NotConnected`, - | the socket has no peer (Unix streams; datagrams). TCP says `EPIPE` on Linux |
///
/// **`std` instead:** `write` of `TcpStream` and `UnixStream`, `send` of `UdpSocket`; and
/// `write_all`, which is the loop that sends the rest.
pub fn send(fd: &impl AsFd, buf: &[u8], flags: impl Into<MsgFlags>) -> io::Result<usize> {
    Ok(rustix::net::send(fd, buf, flags.into().for_send())?)
}

/// Receives from a socket: `man 2 recv`.
///
/// Waits until there is something, then fills `buf` from its beginning. `flags` is 0, or of
/// [`MSG_PEEK`], [`MSG_DONTWAIT`], [`MSG_WAITALL`] and `MSG_TRUNC`. Returns how many bytes came:
/// - Stream: **1 to `buf.len()`, whatever is there**. One send may come in several receives and
///   several sends in one. 0 is the end of the stream: the peer has shut down sending. (0 is
///   also the answer to an empty `buf`.)
/// - Datagrams and sequenced packets: one message. What does not fit is lost, and without
///   `MSG_TRUNC` nothing says so; with it the return value is the true length, which may
///   **exceed `buf.len()`**: take `buf[..n.min(buf.len())]`. 0 is an empty message; with
///   sequenced packets it is also the end.
///
/// It works on any connected socket, UDP too, and on an unconnected one that does not care
/// about the sender.
///
/// | errno | `ErrorKind` | what it means |
/// |---|---|---|
/// | `EAGAIN` | `WouldBlock` | nothing there, and you do not wait; or `SO_RCVTIMEO` has passed |
/// | `EINTR` | `Interrupted` | a signal came: call again |
/// | `ECONNRESET` | `ConnectionReset` | the peer has reset the connection: it died, closed with bytes unread, or meant to |
/// | `ECONNREFUSED` | `ConnectionRefused` | UDP, connected: an earlier datagram found no socket at the peer's port |
/// | `ETIMEDOUT` | `TimedOut` | the peer no longer answers at all (keep-alive, or what was sent is not acknowledged) |
/// | `ENOTCONN` | `NotConnected` | a stream that is not connected, or a listener |
///
/// **`std` instead:** `read` of `TcpStream` and `UnixStream`, `recv` of `UdpSocket`; `peek`.
/// `std` has no `MSG_TRUNC`.
pub fn recv(fd: &impl AsFd, buf: &mut [u8], flags: impl Into<MsgFlags>) -> io::Result<usize> {
    let (_, len) = rustix::net::recv(fd, buf, flags.into().for_recv())?;
    Ok(len)
}

/// Sends one message to an address: `man 2 sendto`.
///
/// As [`send`], for sockets without a connection. `addr` is a `SocketAddr` or an [`Addr`], by
/// value or by reference. A socket that is not bound gets a free port first (UDP).
///
/// Errors are those of [`send`], and:
///
/// | errno | `ErrorKind` | what it means |
/// |---|---|---|
/// | `EISCONN` | - | a Unix stream, which is connected. (TCP ignores the address; UDP sends there, connected or not) |
/// | `EACCES` | `PermissionDenied` | a broadcast address without `SO_BROADCAST` |
/// | `ENETUNREACH` | `NetworkUnreachable` | no route there |
/// | `EAFNOSUPPORT`, `EINVAL` | -, `InvalidInput` | the address is of another family, has port 0, or is [`Addr::Unnamed`] |
/// | `ECONNREFUSED`, `ENOENT` | `ConnectionRefused`, `NotFound` | Unix: no socket there (any more), no such path. UDP without a connection learns nothing of the kind |
///
/// **`std` instead:** `send_to` of `UdpSocket` and `UnixDatagram`.
pub fn sendto(
    fd: &impl AsFd,
    buf: &[u8],
    flags: impl Into<MsgFlags>,
    addr: impl Into<Addr>,
) -> io::Result<usize> {
    let flags = flags.into().for_send();
    Ok(rustix::net::sendto(fd, buf, flags, &addr.into().encode()?)?)
}

/// Receives one message and its sender's address: `man 2 recvfrom`.
///
/// As [`recv`]. The address is where to answer with [`sendto`], which takes it as it is; the
/// `send_to` of `std` does not. It is [`Addr::Unnamed`] for a Unix sender that did not bind, and
/// for a connected stream, which tells none.
///
/// ```
/// # use std::net::UdpSocket;
/// # use berkeley::*;
/// # let client = UdpSocket::bind("127.0.0.1:0")?;
/// let socket = UdpSocket::bind("127.0.0.1:0")?;
/// # client.send_to(b"ping", socket.local_addr()?)?;
/// let mut buf = [0; 512];
/// let (n, sender) = recvfrom(&socket, &mut buf, 0)?;
/// sendto(&socket, &buf[..n], 0, sender)?;
/// # assert_eq!(client.recv(&mut buf)?, 4);
/// # std::io::Result::Ok(())
/// ```
///
/// Errors are those of [`recv`].
///
/// **`std` instead:** `recv_from` of `UdpSocket` and `UnixDatagram`.
pub fn recvfrom(
    fd: &impl AsFd,
    buf: &mut [u8],
    flags: impl Into<MsgFlags>,
) -> io::Result<(usize, Addr)> {
    let (_, len, from) = rustix::net::recvfrom(fd, buf, flags.into().for_recv())?;
    Ok((len, Addr::decode(from)?))
}
