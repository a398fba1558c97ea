//! Other systems make no such link; nothing here is ever opened.

/// Frames at the far end of the link.
pub(super) mod device {
    use std::io::{self, ErrorKind};
    use std::os::fd::OwnedFd;
    use std::time::Duration;

    pub(in super::super) fn open(_device: &str) -> io::Result<OwnedFd> {
        Err(ErrorKind::Unsupported.into())
    }

    pub(in super::super) fn receive(
        _socket: &OwnedFd,
        _time: Duration,
    ) -> io::Result<Option<Vec<u8>>> {
        Err(ErrorKind::Unsupported.into())
    }

    pub(in super::super) fn send(_socket: &OwnedFd, _packet: &[u8]) -> io::Result<()> {
        Err(ErrorKind::Unsupported.into())
    }
}

/// Making the link.
pub(super) mod netlink {
    use std::io::{self, ErrorKind};
    use std::net::Ipv4Addr;

    pub(in super::super) const FAR: &str = "v1";

    pub(in super::super) fn make_link(_own: Ipv4Addr) -> io::Result<()> {
        Err(ErrorKind::Unsupported.into())
    }
}
