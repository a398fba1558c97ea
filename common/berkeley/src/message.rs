//! Messages with something beside their bytes, descriptors or credentials: `sendmsg`, `recvmsg`.

use std::io::{self, IoSlice, IoSliceMut};
use std::mem::MaybeUninit;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};

use rustix::cmsg_space;
use rustix::net::{
    RecvAncillaryBuffer, RecvAncillaryMessage, SendAncillaryBuffer, SendAncillaryMessage,
};
#[cfg(not(target_vendor = "apple"))]
use rustix::net::{RecvFlags, ReturnFlags};

use crate::address::Addr;
#[cfg(target_os = "linux")]
use crate::credentials;
use crate::credentials::Ucred;
use crate::transfer::MsgFlags;

/// As many descriptors as one message can carry on Linux, `SCM_MAX_FD`: `unix(7)`.
const MOST_RIGHTS: usize = 253;

/// What [`recvmsg`] took: in C, what the call leaves in a `struct msghdr`.
#[derive(Debug)]
pub struct Message {
    /// How many bytes came into the buffer; with `MSG_TRUNC` the message's true length.
    pub len: usize,
    /// The descriptors that came with them, in the order in which they were sent. They are this
    /// program's: dropping one closes it.
    pub rights: Vec<OwnedFd>,
    /// Who has sent it, as the kernel says, if the socket has `SO_PASSCRED` set and a message came;
    /// never at the end of a stream.
    pub credentials: Option<Ucred>,
    /// What else the kernel says: `MSG_TRUNC`, the buffer took less than the message had;
    /// [`MSG_CTRUNC`](crate::MSG_CTRUNC), descriptors were lost on the way.
    pub flags: MsgFlags,
    /// The sender, as [`recvfrom`](crate::recvfrom) tells it.
    pub from: Addr,
}

/// Sends bytes to the peer of a connected Unix socket, and descriptors with them:
/// `man 2 sendmsg`, `man 3 cmsg`, `SCM_RIGHTS` in `man 7 unix`.
///
/// As [`send`](crate::send), and `rights` travel with the **first** of the bytes. The peer
/// gets descriptors of its own, under other numbers, for the same open files, as `dup(2)` would make:
/// both ends share the position in the file. Yours stay open, and are yours to close; you may do
/// so at once, also before the peer has received.
///
/// ```
/// # use berkeley::*;
/// # use std::{fs::File, os::fd::AsFd};
/// # let (one, other) = socketpair(AF_UNIX, SOCK_STREAM, 0)?;
/// let file = File::open("/dev/null")?;
/// sendmsg(&one, b"+", &[file.as_fd()], 0)?;
///
/// let mut buf = [0; 1];
/// let message = recvmsg(&other, &mut buf, 0)?;
/// assert_eq!((message.len, message.rights.len()), (1, 1));
/// # std::io::Result::Ok(())
/// ```
///
/// At least one byte must go with them: without bytes a stream sends nothing at all. In C the
/// descriptors stand in a `struct cmsghdr`, whose alignment and length the macros `CMSG_SPACE`,
/// `CMSG_LEN` and `CMSG_DATA` see to.
///
/// Errors are those of [`send`](crate::send), and:
///
/// | errno | `ErrorKind` | what it means |
/// |---|---|---|
/// | `EINVAL` | `InvalidInput` | more than 253 descriptors |
/// | `ETOOMANYREFS` | - | too many descriptors are on their way, sent and not yet received (as many as `ulimit -n`) |
///
/// **`std` instead:** nothing that is stable.
pub fn sendmsg(
    fd: &impl AsFd,
    buf: &[u8],
    rights: &[BorrowedFd<'_>],
    flags: impl Into<MsgFlags>,
) -> io::Result<usize> {
    let message = SendAncillaryMessage::ScmRights(rights);
    let mut space = vec![MaybeUninit::uninit(); message.size()];
    let mut control = SendAncillaryBuffer::new(&mut space);
    if !rights.is_empty() {
        // There is room: the message said how much it needs.
        control.push(message);
    }
    let flags = flags.into().for_send();
    Ok(rustix::net::sendmsg(
        fd,
        &[IoSlice::new(buf)],
        &mut control,
        flags,
    )?)
}

/// Receives bytes, and the descriptors that came with them: `man 2 recvmsg`.
///
/// As [`recv`](crate::recv), which throws descriptors away: who expects some must receive
/// the bytes they came with by this call. On a stream one call never goes on past such bytes into
/// those of another send, so descriptors of two sends are never mixed.
///
/// There is room for as many as a message can have; each is close-on-exec. (In C the room is
/// `msg_control`, and what does not fit is closed; the mark is `MSG_CMSG_CLOEXEC`, and forgotten
/// often.) A process that has as many descriptors as it may gets fewer than were sent, and
/// [`MSG_CTRUNC`](crate::MSG_CTRUNC) says so.
///
/// Whoever is connected can send descriptors, wanted or not: keep none that you did not ask for.
///
/// Where `SO_PASSCRED` is set, credentials come and descriptors do not: the kernel closes those
/// that were sent, `flags` says [`MSG_CTRUNC`](crate::MSG_CTRUNC), and who has sent that message
/// is told as nobody, the process 0 and the user and group 4294967295.
///
/// Errors are those of [`recv`](crate::recv).
///
/// **`std` instead:** nothing that is stable.
pub fn recvmsg(fd: &impl AsFd, buf: &mut [u8], flags: impl Into<MsgFlags>) -> io::Result<Message> {
    let flags = flags.into();
    // An error means a socket of another family, which has no such option.
    #[cfg(target_os = "linux")]
    if let Ok(true) = rustix::net::sockopt::socket_passcred(fd) {
        return Ok(credentials::receive(fd.as_fd(), buf, flags)?);
    }
    let flags = flags.for_recv();
    #[cfg(not(target_vendor = "apple"))]
    let flags = flags | RecvFlags::CMSG_CLOEXEC;

    let mut space = [MaybeUninit::uninit(); cmsg_space!(ScmRights(MOST_RIGHTS))];
    let mut control = RecvAncillaryBuffer::new(&mut space);
    let told = rustix::net::recvmsg(fd, &mut [IoSliceMut::new(buf)], &mut control, flags)?;
    let mut rights = Vec::new();
    for message in control.drain() {
        if let RecvAncillaryMessage::ScmRights(descriptors) = message {
            rights.extend(descriptors);
        }
    }
    #[cfg(target_vendor = "apple")]
    for descriptor in &rights {
        rustix::io::fcntl_setfd(descriptor, rustix::io::FdFlags::CLOEXEC)?;
    }
    let flags = told.flags;
    // Linux repeats what was asked for; that is no news.
    #[cfg(not(target_vendor = "apple"))]
    let flags = flags.difference(ReturnFlags::CMSG_CLOEXEC);
    Ok(Message {
        len: told.bytes,
        rights,
        credentials: None,
        flags: MsgFlags::from_bits(flags.bits()),
        from: Addr::decode(told.address)?,
    })
}
