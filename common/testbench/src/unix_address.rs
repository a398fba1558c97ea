//! Addresses of Unix sockets, unix(7): paths and, on Linux, abstract names.

use std::ffi::OsStr;
use std::fmt;
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::path::PathBuf;
use std::process;
use std::sync::atomic::{AtomicU32, Ordering};

use socket2::SockAddr;

use crate::bench::Bench;
use crate::failure::{Failure, Outcome};
use crate::folder::Folder;

/// How many bytes a path or an abstract name may have.
pub const LONGEST: usize = if cfg!(target_os = "linux") { 107 } else { 103 };

/// Where a Unix socket is. As text, `unix:/path` or `abstract:name`, where a byte that is no
/// visible ASCII, or is `%`, stands as `%XX`: what READY says and `--bind` takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum UnixAddr {
    /// A file.
    Path(PathBuf),
    /// A name that is no file.
    Abstract(Vec<u8>),
}

impl UnixAddr {
    /// For a socket call.
    pub(crate) fn socket_addr(&self) -> io::Result<SockAddr> {
        match self {
            Self::Path(path) => SockAddr::unix(path),
            Self::Abstract(name) => {
                let name = [b"\0", &name[..]].concat();
                SockAddr::unix(OsStr::from_bytes(&name))
            }
        }
    }
}

impl fmt::Display for UnixAddr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Path(path) => write!(f, "unix:{}", path.display()),
            Self::Abstract(name) => {
                f.write_str("abstract:")?;
                name.iter().try_for_each(|&byte| match byte {
                    b'%' => f.write_str("%25"),
                    b'!'..=b'~' => write!(f, "{}", char::from(byte)),
                    _ => write!(f, "%{byte:02X}"),
                })
            }
        }
    }
}

impl Folder {
    /// The address of a socket called `name` in it.
    pub fn socket(&self, name: &str) -> UnixAddr {
        UnixAddr::Path(self.path().join(name))
    }

    /// The address of a socket in it whose path has exactly `length` bytes.
    pub fn socket_of_length(&self, length: usize) -> Outcome<UnixAddr> {
        let used = self.path().as_os_str().len() + 1;
        match length.checked_sub(used) {
            Some(fill @ 1..) => Ok(self.socket(&"x".repeat(fill))),
            _ => Err(Failure::lack(
                "this machine's folder for temporary files has a path that is too long for sockets",
            )),
        }
    }
}

impl Bench {
    /// An abstract name that nobody else has: `beginning`, and numbers behind it. Not from the seed,
    /// for checks of one seed may run side by side on a machine whose names they share.
    pub fn abstract_addr(&self, beginning: impl AsRef<[u8]>) -> Outcome<UnixAddr> {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        if !cfg!(target_os = "linux") {
            return Err(Failure::lack("only Linux has abstract names"));
        }
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let own = format!("socket-labs-{}-{number}", process::id());
        Ok(UnixAddr::Abstract(
            [beginning.as_ref(), own.as_bytes()].concat(),
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_shown_as_ready_tells_them() {
        let path = UnixAddr::Path("/tmp/a b%".into());
        assert_eq!(path.to_string(), "unix:/tmp/a b%");
        let name = UnixAddr::Abstract(b"a\0% ~\xff".to_vec());
        assert_eq!(name.to_string(), "abstract:a%00%25%20~%FF");
    }

    #[test]
    fn an_abstract_name_has_exactly_its_bytes() {
        let addr = UnixAddr::Abstract(b"a\0b".to_vec())
            .socket_addr()
            .expect("an address");
        // The family, the zero byte before the name, the name.
        assert_eq!(addr.len(), 2 + 1 + 3);
    }
}
