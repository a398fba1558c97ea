//! Waiting for several descriptors at once: `poll`.

use std::fmt;
use std::io;
use std::ops::{BitOr, BitOrAssign};
use std::os::fd::{AsFd, BorrowedFd};
use std::time::Duration;

use rustix::event::{PollFlags, Timespec};
use rustix::io::Errno;

/// A set of `POLL` constants: what to wait for, or what has come.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Events(PollFlags);

/// Reading will not wait: bytes or a message are there, or the end of the stream; on a
/// listener, a client.
pub const POLLIN: Events = Events(PollFlags::IN);
/// Urgent data on a TCP socket: `tcp(7)`.
pub const POLLPRI: Events = Events(PollFlags::PRI);
/// Writing will not wait: there is room in the queue; a `connect` under way has ended.
pub const POLLOUT: Events = Events(PollFlags::OUT);
/// The socket has an error: `getsockopt` `SO_ERROR` tells it. Comes unasked.
pub const POLLERR: Events = Events(PollFlags::ERR);
/// Both directions have ended. What was received before can still be read: `POLLIN`, too, as
/// long as there is some. Comes unasked.
pub const POLLHUP: Events = Events(PollFlags::HUP);
/// The peer will send no more. Must be asked for. Linux only.
#[cfg(target_os = "linux")]
pub const POLLRDHUP: Events = Events(PollFlags::RDHUP);

impl Events {
    /// Nothing.
    pub const fn empty() -> Self {
        Self(PollFlags::empty())
    }

    /// Whether nothing is in it.
    pub fn is_empty(self) -> bool {
        self.0.is_empty()
    }

    /// Whether **all** of `events` are in it.
    pub fn contains(self, events: Self) -> bool {
        self.0.contains(events.0)
    }

    /// Whether **any** of `events` is in it: in C, `revents & (POLLIN | POLLHUP)`.
    pub fn intersects(self, events: Self) -> bool {
        self.0.intersects(events.0)
    }
}

impl BitOr for Events {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

impl BitOrAssign for Events {
    fn bitor_assign(&mut self, other: Self) {
        *self = *self | other;
    }
}

impl fmt::Debug for Events {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut separator = "";
        for (name, _) in self.0.iter_names() {
            write!(f, "{separator}POLL{name}")?;
            separator = " | ";
        }
        if separator.is_empty() {
            f.write_str("0")?;
        }
        Ok(())
    }
}

/// One descriptor to wait for: in C, `struct pollfd`. It borrows the descriptor.
#[derive(Debug, Clone)]
pub struct PollFd<'fd> {
    fd: BorrowedFd<'fd>,
    /// What to wait for. Empty: for an error or a hang-up only.
    pub events: Events,
    /// What has come; [`poll`] writes it, each time anew.
    pub revents: Events,
}

impl<'fd> PollFd<'fd> {
    /// Waits for `events` on `fd`, which is whatever has a descriptor: a socket of this crate or
    /// of `std`, a pipe, standard input.
    pub fn new(fd: &'fd impl AsFd, events: Events) -> Self {
        Self {
            fd: fd.as_fd(),
            events,
            revents: Events::empty(),
        }
    }
}

/// Waits until something happens on one of several descriptors: `man 2 poll`.
///
/// `timeout` is how long at most; `None` for ever, zero not at all. (In C it is a number of
/// milliseconds, and -1 for ever.) Returns how many of `fds` have something in `revents`, 0 when
/// the time has passed. Look at **all** of them: several may be ready.
///
/// ```
/// # use berkeley::*;
/// # use std::time::Duration;
/// # let (listener, other) = socketpair(AF_UNIX, SOCK_STREAM, 0)?;
/// # let (stop, _keep) = socketpair(AF_UNIX, SOCK_STREAM, 0)?;
/// # send(&other, b"x", 0)?;
/// let mut fds = [PollFd::new(&listener, POLLIN), PollFd::new(&stop, POLLIN)];
/// let ready = poll(&mut fds, Some(Duration::from_secs(1)))?;
/// if ready > 0 && !fds[1].revents.is_empty() {
///     println!("told to stop");
/// } else if !fds[0].revents.is_empty() {
///     println!("a client, or an error: accept tells");
/// }
/// # std::io::Result::Ok(())
/// ```
///
/// What is ready when `poll` returns may have gone when you use it (a client that resets before
/// `accept`): where waiting would be a fault, use non-blocking sockets. `poll` tells the
/// **state**: as long as bytes are unread, it returns at once. Do not ask for `POLLOUT` when
/// there is nothing to send: a socket is nearly always writable.
///
/// | errno | `ErrorKind` | what it means |
/// |---|---|---|
/// | `EINTR` | `Interrupted` | a signal came: call again with the time that is left. `poll` is never restarted by itself, whatever the handler says (`signal(7)`) |
/// | `EINVAL` | `InvalidInput` | more descriptors than this process may have open; a timeout beyond what the kernel can count |
///
/// A descriptor that is closed cannot be in `fds`, since each is borrowed; C gets `POLLNVAL`.
///
/// **`std` instead:** nothing; `set_read_timeout` bounds the wait for a single socket.
pub fn poll(fds: &mut [PollFd<'_>], timeout: Option<Duration>) -> io::Result<usize> {
    let timeout = timeout
        .map(|limit| Timespec::try_from(limit).map_err(|_| Errno::INVAL))
        .transpose()?;
    let mut entries: Vec<_> = fds
        .iter()
        .map(|entry| rustix::event::PollFd::from_borrowed_fd(entry.fd, entry.events.0))
        .collect();
    let ready = rustix::event::poll(&mut entries, timeout.as_ref())?;
    for (fd, entry) in fds.iter_mut().zip(&entries) {
        fd.revents = Events(entry.revents());
    }
    Ok(ready)
}
