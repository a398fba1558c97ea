//! Addresses: what goes in comes out, and what does not fit.

use std::io;
use std::net::{Ipv6Addr, SocketAddr, SocketAddrV6};
use std::path::PathBuf;

use berkeley::*;

use crate::stage::{errno_of, own_address};

#[test]
fn an_unbound_socket_has_no_address() -> io::Result<()> {
    let inet = socket(AF_INET, SOCK_STREAM, 0)?;
    assert_eq!(getsockname(&inet)?.to_string(), "0.0.0.0:0");
    let unix = socket(AF_UNIX, SOCK_STREAM, 0)?;
    assert_eq!(getsockname(&unix)?, Addr::Unnamed);
    let (one, _other) = socketpair(AF_UNIX, SOCK_STREAM, 0)?;
    assert_eq!(getpeername(&one)?, Addr::Unnamed);
    Ok(())
}

#[test]
fn port_zero_lets_the_kernel_choose() -> io::Result<()> {
    let fd = socket(AF_INET, SOCK_STREAM, 0)?;
    let asked = own_address();
    bind(&fd, asked)?;
    let told = getsockname(&fd)?.inet().expect("IPv4");
    assert_eq!(told.ip(), asked.ip());
    assert_ne!(told.port(), 0);
    Ok(())
}

/// A path of exactly so many bytes in a folder.
fn path_of(folder: &tempfile::TempDir, len: usize) -> PathBuf {
    let fill = len - folder.path().as_os_str().len() - 1;
    folder.path().join("x".repeat(fill))
}

#[test]
#[cfg(target_os = "linux")]
fn a_path_has_107_bytes_at_most() -> io::Result<()> {
    let folder = tempfile::tempdir()?;
    let longest = Addr::Path(path_of(&folder, 107));
    let fd = socket(AF_UNIX, SOCK_STREAM, 0)?;
    bind(&fd, &longest)?;
    listen(&fd, 1)?;
    assert_eq!(getsockname(&fd)?, longest);
    let client = socket(AF_UNIX, SOCK_STREAM, 0)?;
    connect(&client, &longest)?;
    assert_eq!(getpeername(&client)?, longest);

    let longer = Addr::Path(path_of(&folder, 108));
    let fd = socket(AF_UNIX, SOCK_STREAM, 0)?;
    assert_eq!(errno_of(bind(&fd, &longer)), errno::ENAMETOOLONG);
    Ok(())
}

#[test]
#[cfg(target_os = "linux")]
fn a_peer_with_a_path_too_long_is_unnamed_and_harms_nobody() -> io::Result<()> {
    use rustix::net::SocketAddrUnix;

    let folder = tempfile::tempdir()?;
    let server_addr = Addr::Path(folder.path().join("server"));
    let server = socket(AF_UNIX, SOCK_STREAM, 0)?;
    bind(&server, &server_addr)?;
    listen(&server, 1)?;
    let client = socket(AF_UNIX, SOCK_STREAM, 0)?;
    // The kernel takes all 108 bytes, and adds the zero byte itself.
    rustix::net::bind(&client, &SocketAddrUnix::new(path_of(&folder, 108))?)?;
    connect(&client, &server_addr)?;
    assert_eq!(getsockname(&client)?, Addr::Unnamed);
    let (_, from) = accept(&server)?;
    assert_eq!(from, Addr::Unnamed);
    Ok(())
}

#[test]
fn paths_that_are_none_are_refused() -> io::Result<()> {
    let folder = tempfile::tempdir()?;
    let fd = socket(AF_UNIX, SOCK_STREAM, 0)?;
    assert_eq!(errno_of(bind(&fd, Addr::Path("".into()))), errno::EINVAL);
    assert_eq!(
        errno_of(bind(&fd, Addr::Path("a\0b".into()))),
        errno::EINVAL
    );
    let nowhere = Addr::Path(folder.path().join("no/such/folder"));
    assert_eq!(errno_of(bind(&fd, &nowhere)), errno::ENOENT);
    assert_eq!(errno_of(connect(&fd, &nowhere)), errno::ENOENT);
    Ok(())
}

#[test]
fn a_path_left_over_is_in_use_and_refuses() -> io::Result<()> {
    let folder = tempfile::tempdir()?;
    let addr = Addr::Path(folder.path().join("socket"));
    let first = socket(AF_UNIX, SOCK_STREAM, 0)?;
    bind(&first, &addr)?;
    listen(&first, 1)?;
    close(first);
    let second = socket(AF_UNIX, SOCK_STREAM, 0)?;
    assert_eq!(errno_of(bind(&second, &addr)), errno::EADDRINUSE);
    assert_eq!(errno_of(connect(&second, &addr)), errno::ECONNREFUSED);
    Ok(())
}

#[test]
#[cfg(target_os = "linux")]
fn abstract_names_are_bytes_and_gone_with_the_socket() -> io::Result<()> {
    // The folder's name makes it unique on this machine.
    let folder = tempfile::tempdir()?;
    let mut name = b"berkeley\0%".to_vec();
    name.extend_from_slice(folder.path().as_os_str().as_encoded_bytes());
    let addr = Addr::Abstract(name.clone());
    let fd = socket(AF_UNIX, SOCK_STREAM, 0)?;
    bind(&fd, &addr)?;
    listen(&fd, 1)?;
    assert_eq!(getsockname(&fd)?, addr);
    let client = socket(AF_UNIX, SOCK_STREAM, 0)?;
    connect(&client, &addr)?;
    assert!(addr.to_string().starts_with("abstract:berkeley%00%25/"));
    close(fd);
    let late = socket(AF_UNIX, SOCK_STREAM, 0)?;
    assert_eq!(errno_of(connect(&late, &addr)), errno::ECONNREFUSED);

    name.resize(108, b'x');
    let longer = Addr::Abstract(name);
    assert_eq!(errno_of(bind(&late, longer)), errno::ENAMETOOLONG);
    Ok(())
}

#[test]
#[cfg(target_os = "linux")]
fn a_family_that_has_no_address_here_is_told_as_unsupported() -> io::Result<()> {
    use rustix::net::{AddressFamily, SocketType};

    let netlink = rustix::net::socket(AddressFamily::NETLINK, SocketType::DGRAM, None)?;
    assert_eq!(errno_of(getsockname(&netlink)), errno::EAFNOSUPPORT);
    Ok(())
}

#[test]
#[cfg(target_os = "linux")]
fn binding_to_no_name_takes_a_fresh_abstract_one() -> io::Result<()> {
    let fd = socket(AF_UNIX, SOCK_DGRAM, 0)?;
    bind(&fd, Addr::Unnamed)?;
    // Five hexadecimal digits: unix(7), autobind.
    match getsockname(&fd)? {
        Addr::Abstract(name) => assert_eq!(name.len(), 5, "{name:?}"),
        other => panic!("{other:?}"),
    }
    Ok(())
}

#[test]
fn addresses_know_their_family_and_show_as_text() {
    let four = Addr::from(SocketAddr::from(([127, 0, 0, 1], 80)));
    let six = Addr::from(SocketAddrV6::new(Ipv6Addr::LOCALHOST, 80, 0, 0));
    let path = Addr::Path("/tmp/a b".into());
    assert_eq!(
        (four.family(), six.family(), path.family()),
        (AF_INET, AF_INET6, AF_UNIX)
    );
    assert_eq!(four.to_string(), "127.0.0.1:80");
    assert_eq!(six.to_string(), "[::1]:80");
    assert_eq!(path.to_string(), "unix:/tmp/a b");
    assert_eq!(Addr::Unnamed.to_string(), "unnamed");
    assert_eq!(SocketAddr::try_from(four).ok(), "127.0.0.1:80".parse().ok());
    assert_eq!(errno_of(SocketAddr::try_from(path)), errno::EAFNOSUPPORT);
}

#[test]
fn text_is_read_as_it_is_shown() -> io::Result<()> {
    for text in ["127.0.0.1:80", "[::1]:80", "unix:/tmp/a b%20c", "unix:x"] {
        assert_eq!(text.parse::<Addr>()?.to_string(), text);
    }
    for text in ["", "unix:", "unnamed", "/tmp/a", "localhost:80", "127.1:80"] {
        let error = text.parse::<Addr>().unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::InvalidInput, "{text:?}");
    }
    Ok(())
}

#[test]
#[cfg(target_os = "linux")]
fn any_byte_of_an_abstract_name_can_be_written() -> io::Result<()> {
    let addr: Addr = "abstract:a%00b%2f%FF @é".parse()?;
    assert_eq!(addr, Addr::Abstract(b"a\0b/\xff @\xc3\xa9".to_vec()));
    assert_eq!(addr.to_string(), "abstract:a%00b/%FF%20@%C3%A9");
    assert_eq!(addr.to_string().parse::<Addr>()?, addr);
    for text in ["abstract:%", "abstract:%4", "abstract:%+1", "abstract:%g0"] {
        let error = text.parse::<Addr>().unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::InvalidInput, "{text:?}");
    }
    Ok(())
}
