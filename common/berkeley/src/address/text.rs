//! Addresses as text, both ways.

use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::str::FromStr;

use super::Addr;

impl fmt::Display for Addr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Inet(addr) => addr.fmt(f),
            Self::Path(path) => write!(f, "unix:{}", path.display()),
            #[cfg(target_os = "linux")]
            Self::Abstract(name) => {
                f.write_str("abstract:")?;
                for &byte in name {
                    if byte.is_ascii_graphic() && byte != b'%' {
                        write!(f, "{}", char::from(byte))?;
                    } else {
                        write!(f, "%{byte:02X}")?;
                    }
                }
                Ok(())
            }
            Self::Unnamed => f.write_str("unnamed"),
        }
    }
}

impl FromStr for Addr {
    type Err = io::Error;

    /// Reads what `Display` shows. Behind `abstract:` any character may stand as it is, and any
    /// byte as `%XX`; behind `unix:` the path stands as it is. Whether an address can be used,
    /// whether it is too long for instance, is for the calls to say.
    ///
    /// The error is `InvalidInput` with a sentence.
    fn from_str(text: &str) -> io::Result<Self> {
        if let Some(path) = text.strip_prefix("unix:") {
            return match path {
                "" => Err(refused("behind unix: stands the path of a socket")),
                _ => Ok(Self::Path(path.into())),
            };
        }
        if let Some(name) = text.strip_prefix("abstract:") {
            return named(name);
        }
        let addr: Result<SocketAddr, _> = text.parse();
        addr.map(Self::Inet).map_err(|_| {
            refused("an address is 127.0.0.1:80, [::1]:80, unix:/path or abstract:name")
        })
    }
}

#[cfg(target_os = "linux")]
fn named(text: &str) -> io::Result<Addr> {
    let mut name = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, behind @ ..] = rest {
        rest = behind;
        if *first == b'%' {
            let Some((digits, behind)) = rest.split_first_chunk::<2>() else {
                return Err(refused("behind % stand two hexadecimal digits"));
            };
            name.push(byte(*digits)?);
            rest = behind;
        } else {
            name.push(*first);
        }
    }
    Ok(Addr::Abstract(name))
}

#[cfg(not(target_os = "linux"))]
fn named(_: &str) -> io::Result<Addr> {
    Err(refused("abstract names are Linux's alone, unix(7)"))
}

/// The byte that two hexadecimal digits stand for.
#[cfg(target_os = "linux")]
fn byte(digits: [u8; 2]) -> io::Result<u8> {
    let value = |digit: u8| char::from(digit).to_digit(16);
    digits
        .iter()
        .try_fold(0, |sum, &digit| Some(sum * 16 + value(digit)?))
        .and_then(|byte| u8::try_from(byte).ok())
        .ok_or_else(|| refused("behind % stand two hexadecimal digits"))
}

fn refused(why: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidInput, why)
}
