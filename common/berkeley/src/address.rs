//! Socket addresses: `Addr`, `getsockname`, `getpeername`.

mod text;

use std::ffi::OsStr;
use std::io;
use std::net::{SocketAddr, SocketAddrV4, SocketAddrV6};
use std::os::fd::AsFd;
use std::os::unix::ffi::OsStrExt;
use std::path::PathBuf;

use rustix::io::Errno;
use rustix::net::{AddressFamily, SocketAddrAny, SocketAddrUnix};

use crate::socket::{AF_INET, AF_INET6, AF_UNIX, Family};

/// Bytes of `sun_path` in `struct sockaddr_un`: `unix(7)`.
const SUN_PATH: usize = if cfg!(target_os = "linux") { 108 } else { 104 };

/// Where `sun_path` begins: behind the family, two bytes everywhere (on BSD and macOS,
/// a byte of length and a byte of family).
const SUN_PATH_OFFSET: usize = 2;

/// Where a socket is: in C, `struct sockaddr` and its kin.
///
/// An IP address and port is `std`'s [`SocketAddr`], which every call of this crate takes as
/// it is: `bind(&fd, addr)`, `bind(&fd, &addr)`. For Unix sockets name the variant:
///
/// ```
/// use berkeley::*;
///
/// let folder = tempfile::tempdir()?;
/// let fd = socket(AF_UNIX, SOCK_STREAM, 0)?;
/// bind(&fd, Addr::Path(folder.path().join("echo.sock")))?;
/// # std::io::Result::Ok(())
/// ```
///
/// It is shown as `127.0.0.1:80`, `[::1]:80`, `unix:/path`, `abstract:name` (where a byte
/// that is no visible ASCII, or is `%`, stands as `%XX`), and `unnamed`; and read from such
/// text by [`parse`](str::parse), all but the last:
///
/// ```
/// # use berkeley::*;
/// let addr: Addr = "unix:/tmp/echo.sock".parse()?;
/// assert_eq!(addr, Addr::Path("/tmp/echo.sock".into()));
/// # std::io::Result::Ok(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Addr {
    /// An IPv4 or IPv6 address and a port, `sockaddr_in` and `sockaddr_in6`. Port and address
    /// are plain numbers here; C wants them in network byte order, `htons(80)`.
    Inet(SocketAddr),
    /// A file in the file system, `sockaddr_un`: at most 107 bytes (macOS: 103). `bind` makes
    /// the file, nobody removes it.
    Path(PathBuf),
    /// A name that is no file and is gone with the socket, at most 107 bytes, zero bytes
    /// allowed: `unix(7)`. In C, a `sun_path` that begins with a zero byte.
    #[cfg(target_os = "linux")]
    Abstract(Vec<u8>),
    /// A Unix socket that was never bound; or, from `recvfrom` on a connected stream, nothing
    /// told. There is nowhere to send to. `bind` to it on Linux takes a fresh abstract name.
    ///
    /// A peer whose path fills all of `sun_path`, without room for the zero byte at the end,
    /// is told as unnamed too.
    Unnamed,
}

impl Addr {
    /// The IP address and port, or nothing for a Unix socket.
    pub fn inet(&self) -> Option<SocketAddr> {
        match self {
            Self::Inet(addr) => Some(*addr),
            _ => None,
        }
    }

    /// The family that a socket must have to use this address.
    pub fn family(&self) -> Family {
        match self {
            Self::Inet(SocketAddr::V4(_)) => AF_INET,
            Self::Inet(SocketAddr::V6(_)) => AF_INET6,
            _ => AF_UNIX,
        }
    }

    /// As the kernel wants it. `ENAMETOOLONG` when it does not fit `sun_path`, `EINVAL` for a
    /// path that is empty or holds a zero byte.
    pub(crate) fn encode(&self) -> Result<SocketAddrAny, Errno> {
        match self {
            Self::Inet(addr) => Ok((*addr).into()),
            Self::Path(path) => {
                let bytes = path.as_os_str().as_bytes();
                match bytes.len() {
                    // To the kernel an empty path is an abstract or no name.
                    0 => Err(Errno::INVAL),
                    len if len >= SUN_PATH => Err(Errno::NAMETOOLONG),
                    _ => Ok(SocketAddrUnix::new(bytes)?.into()),
                }
            }
            #[cfg(target_os = "linux")]
            Self::Abstract(name) => Ok(SocketAddrUnix::new_abstract_name(name)?.into()),
            #[cfg(target_os = "linux")]
            Self::Unnamed => Ok(SocketAddrUnix::new_unnamed().into()),
            #[cfg(not(target_os = "linux"))]
            Self::Unnamed => Err(Errno::INVAL),
        }
    }

    /// From what the kernel told. `EAFNOSUPPORT` for a family that has no variant here.
    pub(crate) fn decode(addr: Option<SocketAddrAny>) -> Result<Self, Errno> {
        let Some(addr) = addr else {
            return Ok(Self::Unnamed);
        };
        if addr.address_family() != AddressFamily::UNIX {
            return Ok(Self::Inet(addr.try_into()?));
        }
        // Decided by the length: decoded, no name and an empty abstract one look the same.
        // More than `sun_path` holds is a path whose end the kernel had no room for.
        let told = addr.addr_len() as usize;
        if told <= SUN_PATH_OFFSET || told > SUN_PATH_OFFSET + SUN_PATH {
            return Ok(Self::Unnamed);
        }
        let unix = SocketAddrUnix::try_from(addr)?;
        #[cfg(target_os = "linux")]
        if let Some(name) = unix.abstract_name() {
            return Ok(Self::Abstract(name.to_vec()));
        }
        let path = unix.path_bytes().unwrap_or_default();
        // At full length the zero byte at the end is left on.
        let path = path.strip_suffix(b"\0").unwrap_or(path);
        if path.is_empty() {
            return Ok(Self::Unnamed);
        }
        Ok(Self::Path(OsStr::from_bytes(path).into()))
    }
}

impl From<SocketAddr> for Addr {
    fn from(addr: SocketAddr) -> Self {
        Self::Inet(addr)
    }
}

impl From<&SocketAddr> for Addr {
    fn from(addr: &SocketAddr) -> Self {
        Self::Inet(*addr)
    }
}

impl From<SocketAddrV4> for Addr {
    fn from(addr: SocketAddrV4) -> Self {
        Self::Inet(addr.into())
    }
}

impl From<SocketAddrV6> for Addr {
    fn from(addr: SocketAddrV6) -> Self {
        Self::Inet(addr.into())
    }
}

impl From<&Addr> for Addr {
    fn from(addr: &Addr) -> Self {
        addr.clone()
    }
}

impl TryFrom<Addr> for SocketAddr {
    type Error = io::Error;

    /// `EAFNOSUPPORT` for the address of a Unix socket.
    fn try_from(addr: Addr) -> io::Result<Self> {
        addr.inet().ok_or_else(|| Errno::AFNOSUPPORT.into())
    }
}

/// Tells a socket's own address: `man 2 getsockname`.
///
/// After `bind` to port 0 this tells the port that the kernel chose. Before `bind` it is
/// `0.0.0.0:0` or `[::]:0`, or [`Addr::Unnamed`]. A server bound to `0.0.0.0` learns from an
/// accepted socket's name which of its addresses the client used.
///
/// | errno | `ErrorKind` | what it means |
/// |---|---|---|
/// | `ENOTSOCK` | - | the descriptor is something else, a file for instance |
/// | `EAFNOSUPPORT` | - | the socket has a family that [`Addr`] has not |
///
/// **`std` instead:** `local_addr` of every socket type.
pub fn getsockname(fd: &impl AsFd) -> io::Result<Addr> {
    Ok(Addr::decode(Some(rustix::net::getsockname(fd)?))?)
}

/// Tells the address of the peer that a socket is connected to: `man 2 getpeername`.
///
/// For UDP, the address given to `connect`. For a Unix client that did not bind,
/// [`Addr::Unnamed`].
///
/// | errno | `ErrorKind` | what it means |
/// |---|---|---|
/// | `ENOTCONN` | `NotConnected` | it has no peer: not connected, still connecting, or the peer has reset the connection meanwhile |
/// | `ENOTSOCK` | - | the descriptor is something else |
///
/// **`std` instead:** `peer_addr`.
pub fn getpeername(fd: &impl AsFd) -> io::Result<Addr> {
    Ok(Addr::decode(rustix::net::getpeername(fd)?)?)
}
