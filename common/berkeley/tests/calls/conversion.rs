//! To `std`'s sockets and back; `std`'s sockets as arguments.

use std::io::{self, Read, Write};
use std::net::{TcpListener, TcpStream, UdpSocket};
use std::os::fd::{AsRawFd, OwnedFd};
use std::os::unix::net::{UnixDatagram, UnixListener, UnixStream};

use berkeley::*;

use crate::stage::{connected, listener, own_address, two_udp};

#[test]
fn streams_become_std_streams() -> io::Result<()> {
    let (client, server) = connected(SOCK_STREAM, own_address())?;
    let (mut client, server) = (
        TcpStream::from(client),
        Socket::from(TcpStream::from(server)),
    );
    client.write_all(b"ping")?;
    let mut buf = [0; 4];
    assert_eq!(recv(&server, &mut buf, MSG_WAITALL)?, 4);
    send(&server, b"pong", 0)?;
    client.read_exact(&mut buf)?;
    assert_eq!(&buf, b"pong");
    Ok(())
}

#[test]
fn listeners_become_std_listeners() -> io::Result<()> {
    let (fd, addr) = listener(SOCK_STREAM, own_address())?;
    let server = TcpListener::from(fd);
    assert_eq!(Addr::from(server.local_addr()?), addr);
    let client = TcpStream::connect(addr.inet().expect("IPv4"))?;
    let (_, from) = server.accept()?;
    assert_eq!(Addr::from(from), getsockname(&client)?);
    Ok(())
}

#[test]
fn datagram_sockets_become_std_sockets() -> io::Result<()> {
    let [(one, _), (other, addr)] = two_udp()?;
    let (one, other) = (UdpSocket::from(one), Socket::from(UdpSocket::from(other)));
    one.send_to(b"ping", addr.inet().expect("IPv4"))?;
    assert_eq!(recv(&other, &mut [0; 8], 0)?, 4);
    Ok(())
}

#[test]
fn unix_sockets_become_std_sockets() -> io::Result<()> {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("socket");
    let (fd, _) = listener(SOCK_STREAM, Addr::Path(path.clone()))?;
    let server = UnixListener::from(fd);
    let mut client = UnixStream::connect(path)?;
    let (stream, _) = server.accept()?;
    client.write_all(b"ping")?;
    assert_eq!(recv(&Socket::from(stream), &mut [0; 8], 0)?, 4);

    let (one, other) = socketpair(AF_UNIX, SOCK_DGRAM, 0)?;
    UnixDatagram::from(one).send(b"ping")?;
    assert_eq!(recv(&other, &mut [0; 8], 0)?, 4);
    Ok(())
}

#[test]
fn std_sockets_are_taken_by_every_call() -> io::Result<()> {
    let server = TcpListener::bind(own_address())?;
    // What `TcpListener::bind` does unsaid.
    assert!(getsockopt(&server, SO_REUSEADDR)?);
    let addr = getsockname(&server)?;
    let client = TcpStream::connect(addr.inet().expect("IPv4"))?;
    let (stream, _) = accept(&server)?;
    send(&client, b"ping", 0)?;
    let mut fds = [PollFd::new(&stream, POLLIN), PollFd::new(&client, POLLIN)];
    assert_eq!(poll(&mut fds, None)?, 1);
    shutdown(&client, SHUT_WR)?;
    close(client);
    Ok(())
}

#[test]
fn a_conversion_keeps_the_descriptor() -> io::Result<()> {
    let fd = socket(AF_INET, SOCK_DGRAM, 0)?;
    let number = fd.as_raw_fd();
    let fd = Socket::from(OwnedFd::from(fd));
    assert_eq!(UdpSocket::from(fd).as_raw_fd(), number);
    Ok(())
}
