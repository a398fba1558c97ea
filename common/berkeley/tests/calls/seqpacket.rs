//! Sequenced packets: a connection that keeps the boundaries of messages.

use std::io;

use berkeley::*;

use crate::stage::{connected, errno_of};

fn conversation() -> io::Result<(Socket, Socket)> {
    let folder = tempfile::tempdir()?;
    connected(SOCK_SEQPACKET, Addr::Path(folder.path().join("socket")))
}

#[test]
fn each_send_is_one_receive() -> io::Result<()> {
    let (client, server) = conversation()?;
    let mut buf = [0; 16];
    send(&client, b"first", 0)?;
    send(&client, b"second", 0)?;
    assert_eq!(recv(&server, &mut buf, 0)?, 5);
    assert_eq!(recv(&server, &mut buf, 0)?, 6);
    assert_eq!(&buf[..6], b"second");
    send(&server, b"reply", 0)?;
    assert_eq!(recv(&client, &mut buf, 0)?, 5);
    Ok(())
}

#[test]
fn trunc_tells_the_true_length_and_the_rest_is_lost() -> io::Result<()> {
    let (client, server) = conversation()?;
    let mut buf = [0; 3];
    send(&client, b"0123456789", 0)?;
    send(&client, b"0123456789", 0)?;
    send(&client, b"end", 0)?;
    assert_eq!(recv(&server, &mut buf, 0)?, 3);
    assert_eq!(recv(&server, &mut buf, MSG_TRUNC)?, 10);
    assert_eq!(recv(&server, &mut buf, 0)?, 3);
    assert_eq!(&buf, b"end");
    Ok(())
}

#[test]
fn an_empty_message_looks_like_the_end() -> io::Result<()> {
    let (client, server) = conversation()?;
    let mut buf = [0; 8];
    send(&client, b"", 0)?;
    send(&client, b"more", 0)?;
    shutdown(&client, SHUT_WR)?;
    assert_eq!(recv(&server, &mut buf, 0)?, 0);
    assert_eq!(recv(&server, &mut buf, 0)?, 4);
    assert_eq!(recv(&server, &mut buf, 0)?, 0);
    Ok(())
}

#[test]
fn a_message_is_bounded_by_the_send_buffer() -> io::Result<()> {
    let (client, _server) = socketpair(AF_UNIX, SOCK_SEQPACKET, 0)?;
    let room = getsockopt(&client, SO_SNDBUF)?;
    let much = vec![0; room + 1];
    assert_eq!(errno_of(send(&client, &much, 0)), errno::EMSGSIZE);
    assert_eq!(send(&client, &much[..room / 2], 0)?, room / 2);
    Ok(())
}

#[test]
fn the_internet_families_have_none() {
    let refused = socket(AF_INET, SOCK_SEQPACKET, 0);
    assert_eq!(errno_of(refused), errno::ESOCKTNOSUPPORT);
}
