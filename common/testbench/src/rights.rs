//! Descriptors that come with bytes, SCM_RIGHTS: unix(7), cmsg(3).

use std::fs::File;
use std::io::{self, IoSliceMut};
use std::mem::MaybeUninit;
use std::os::fd::OwnedFd;

use rustix::cmsg_space;
use rustix::fs::{OFlags, fcntl_getfl};
use rustix::net::{RecvAncillaryBuffer, RecvAncillaryMessage, RecvFlags, recvmsg};
use socket2::Socket;

use crate::failure::{Failure, Outcome, Saw, wrong};
use crate::peer::Peer;

/// As many descriptors as one message can carry, SCM_MAX_FD.
const MOST: usize = 253;

/// Receives bytes, and what descriptors come with them.
pub(crate) fn receive(stream: &Socket, chunk: &mut [u8]) -> io::Result<(usize, Vec<OwnedFd>)> {
    let mut space = [MaybeUninit::uninit(); cmsg_space!(ScmRights(MOST))];
    let mut control = RecvAncillaryBuffer::new(&mut space);
    #[cfg(target_os = "linux")]
    let flags = RecvFlags::CMSG_CLOEXEC;
    #[cfg(not(target_os = "linux"))]
    let flags = RecvFlags::empty();
    let told = recvmsg(stream, &mut [IoSliceMut::new(chunk)], &mut control, flags)?;
    let mut descriptors = Vec::new();
    for message in control.drain() {
        if let RecvAncillaryMessage::ScmRights(rights) = message {
            descriptors.extend(rights);
        }
    }
    Ok((told.bytes, descriptors))
}

impl Peer {
    /// The next bytes are exactly these, and one descriptor comes with them.
    pub fn expect_with_descriptor(&mut self, expected: impl AsRef<[u8]>) -> Outcome<File> {
        self.expect(expected)?;
        if self.descriptors.is_empty() {
            let happened = format!("{} got the reply, and no descriptor with it", self.name());
            return Err(Failure::new(Saw::Wrong, happened));
        }
        Ok(self.descriptors.remove(0).into())
    }

    /// No descriptor has come that was not asked for.
    pub fn expect_no_descriptor(&self) -> Outcome {
        wrong(self.descriptors.is_empty(), Saw::Wrong, || {
            format!(
                "{} got a descriptor where none should have come",
                self.name()
            )
        })
    }
}

/// Whether `file` is open for writing, too.
pub fn is_writable(file: &File) -> Outcome<bool> {
    let flags =
        fcntl_getfl(file).map_err(|error| Failure::grader("look at a descriptor", error))?;
    Ok(flags.intersects(OFlags::WRONLY | OFlags::RDWR))
}
