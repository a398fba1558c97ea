//! The numbers of the errors that socket calls give, by their names: `man 3 errno`.
//!
//! The calls of this crate return `std::io::Error`. Most errors have a `kind()`; for those that
//! have none that is stable, compare the number:
//!
//! ```
//! use berkeley::{errno, *};
//!
//! let fd = socket(AF_INET, SOCK_DGRAM, 0)?;
//! let error = listen(&fd, 1).unwrap_err();
//! assert_eq!(error.raw_os_error(), Some(errno::EOPNOTSUPP));
//! # std::io::Result::Ok(())
//! ```

use rustix::io::Errno;

/// An errno's meaning and name, and `rustix`'s name for it.
macro_rules! errnos {
    ($($(#[$doc:meta])* $name:ident = $rustix:ident;)+) => {$(
        $(#[$doc])*
        pub const $name: i32 = Errno::$rustix.raw_os_error();
    )+};
}

errnos! {
    /// Permission denied: a port below 1024, a path's mode, a broadcast address.
    EACCES = ACCESS;
    /// The address is in use.
    EADDRINUSE = ADDRINUSE;
    /// No address of this machine, or no port is free.
    EADDRNOTAVAIL = ADDRNOTAVAIL;
    /// The address is of a family that the socket, or the kernel, does not have.
    EAFNOSUPPORT = AFNOSUPPORT;
    /// It would have to wait, and was told not to. The same as `EWOULDBLOCK`.
    EAGAIN = AGAIN;
    /// A connection is being made already.
    EALREADY = ALREADY;
    /// No open descriptor.
    EBADF = BADF;
    /// The client went away before it was accepted.
    ECONNABORTED = CONNABORTED;
    /// Nobody listens there.
    ECONNREFUSED = CONNREFUSED;
    /// The peer has reset the connection.
    ECONNRESET = CONNRESET;
    /// No address was given, and none is remembered.
    EDESTADDRREQ = DESTADDRREQ;
    /// No route to the machine.
    EHOSTUNREACH = HOSTUNREACH;
    /// The connection is being made; it is no failure.
    EINPROGRESS = INPROGRESS;
    /// A signal came first.
    EINTR = INTR;
    /// The argument, or the state of the socket, does not allow it.
    EINVAL = INVAL;
    /// Connected already.
    EISCONN = ISCONN;
    /// The process has as many descriptors as it may.
    EMFILE = MFILE;
    /// The message is too long to go in one piece.
    EMSGSIZE = MSGSIZE;
    /// The path or name is too long.
    ENAMETOOLONG = NAMETOOLONG;
    /// No route to the network.
    ENETUNREACH = NETUNREACH;
    /// The machine has as many open files as it may.
    ENFILE = NFILE;
    /// No such path.
    ENOENT = NOENT;
    /// No such option for this socket.
    ENOPROTOOPT = NOPROTOOPT;
    /// Not connected.
    ENOTCONN = NOTCONN;
    /// The descriptor is no socket.
    ENOTSOCK = NOTSOCK;
    /// This type of socket cannot do that.
    EOPNOTSUPP = OPNOTSUPP;
    /// The process lacks the privilege.
    EPERM = PERM;
    /// Nobody will read what is sent.
    EPIPE = PIPE;
    /// The family has no such protocol.
    EPROTONOSUPPORT = PROTONOSUPPORT;
    /// The peer's socket is of another type.
    EPROTOTYPE = PROTOTYPE;
    /// The family has no such type of socket.
    ESOCKTNOSUPPORT = SOCKTNOSUPPORT;
    /// The peer did not answer.
    ETIMEDOUT = TIMEDOUT;
    /// Too many descriptors are on their way between processes.
    ETOOMANYREFS = TOOMANYREFS;
    /// It would have to wait, and was told not to. The same as `EAGAIN`.
    EWOULDBLOCK = WOULDBLOCK;
}
