//! Byte streams: round trips, the end of the stream, flags.

use std::io;
use std::sync::mpsc;
use std::thread;
use std::time::Instant;

use berkeley::*;

use crate::stage::{connected, errno_of, ipv6_loopback, own_address, wait_for};

/// A few bytes there, a few others back.
fn round_trip(addr: impl Into<Addr>) -> io::Result<()> {
    let (client, server) = connected(SOCK_STREAM, addr)?;
    let mut buf = [0; 16];
    assert_eq!(send(&client, b"ping\0\xff", 0)?, 6);
    assert_eq!(recv(&server, &mut buf[..6], MSG_WAITALL)?, 6);
    assert_eq!(&buf[..6], b"ping\0\xff");
    assert_eq!(send(&server, b"pong", 0)?, 4);
    assert_eq!(recv(&client, &mut buf[..4], MSG_WAITALL)?, 4);
    assert_eq!(&buf[..4], b"pong");
    Ok(())
}

#[test]
fn bytes_come_back_over_ipv4() -> io::Result<()> {
    round_trip(own_address())
}

#[test]
fn bytes_come_back_over_ipv6() -> io::Result<()> {
    match ipv6_loopback() {
        Some(addr) => round_trip(addr),
        None => Ok(()),
    }
}

#[test]
fn bytes_come_back_over_a_unix_path() -> io::Result<()> {
    let folder = tempfile::tempdir()?;
    round_trip(Addr::Path(folder.path().join("socket")))
}

#[test]
fn bytes_come_back_through_a_pair() -> io::Result<()> {
    let (one, other) = socketpair(AF_UNIX, SOCK_STREAM, 0)?;
    let mut buf = [0; 8];
    assert_eq!(send(&one, b"ping", 0)?, 4);
    assert_eq!(recv(&other, &mut buf, 0)?, 4);
    assert_eq!(&buf[..4], b"ping");
    Ok(())
}

#[test]
fn the_end_of_the_stream_is_zero_and_the_other_half_goes_on() -> io::Result<()> {
    let (client, server) = connected(SOCK_STREAM, own_address())?;
    let mut buf = [0; 8];
    send(&client, b"last", 0)?;
    shutdown(&client, SHUT_WR)?;
    assert_eq!(recv(&server, &mut buf, MSG_WAITALL)?, 4);
    assert_eq!(recv(&server, &mut buf, 0)?, 0);
    assert_eq!(recv(&server, &mut buf, 0)?, 0, "it stays the end");
    send(&server, b"reply", 0)?;
    assert_eq!(recv(&client, &mut buf, 0)?, 5);
    Ok(())
}

#[test]
fn an_empty_buffer_gets_zero_which_is_not_the_end() -> io::Result<()> {
    let (client, server) = connected(SOCK_STREAM, own_address())?;
    send(&client, b"x", 0)?;
    wait_for(&server, POLLIN)?;
    assert_eq!(recv(&server, &mut [], 0)?, 0);
    assert_eq!(recv(&server, &mut [0; 8], 0)?, 1);
    Ok(())
}

#[test]
fn peek_leaves_the_bytes_where_they_are() -> io::Result<()> {
    let (client, server) = connected(SOCK_STREAM, own_address())?;
    let mut buf = [0; 8];
    send(&client, b"abc", 0)?;
    assert_eq!(recv(&server, &mut buf[..2], MSG_PEEK)?, 2);
    assert_eq!(&buf[..2], b"ab");
    assert_eq!(recv(&server, &mut buf, 0)?, 3);
    assert_eq!(&buf[..3], b"abc");
    Ok(())
}

#[test]
fn waitall_waits_for_the_second_half() -> io::Result<()> {
    let (client, server) = connected(SOCK_STREAM, own_address())?;
    let (told, hears) = mpsc::channel();
    send(&client, b"ab", 0)?;
    wait_for(&server, POLLIN)?;
    let sender = thread::spawn(move || {
        hears.recv().expect("the receiver lives");
        send(&client, b"cd", 0).map(|_| client)
    });
    told.send(()).expect("the sender lives");
    let mut buf = [0; 4];
    assert_eq!(recv(&server, &mut buf, MSG_WAITALL)?, 4);
    assert_eq!(&buf, b"abcd");
    sender.join().expect("no panic")?;
    Ok(())
}

#[test]
fn a_receive_that_may_not_wait_would_block() -> io::Result<()> {
    let (client, _server) = connected(SOCK_STREAM, own_address())?;
    let error = recv(&client, &mut [0; 8], MSG_DONTWAIT).unwrap_err();
    assert_eq!(error.kind(), io::ErrorKind::WouldBlock);
    set_nonblocking(&client, true)?;
    assert_eq!(errno_of(recv(&client, &mut [0; 8], 0)), errno::EAGAIN);
    Ok(())
}

#[test]
fn a_timeout_of_receiving_passes_and_would_block() -> io::Result<()> {
    let (client, _server) = connected(SOCK_STREAM, own_address())?;
    let limit = std::time::Duration::from_millis(30);
    setsockopt(&client, SO_RCVTIMEO, Some(limit))?;
    let began = Instant::now();
    assert_eq!(errno_of(recv(&client, &mut [0; 8], 0)), errno::EWOULDBLOCK);
    assert!(began.elapsed() >= limit);
    Ok(())
}

#[test]
fn a_send_that_may_not_wait_is_short_and_then_would_block() -> io::Result<()> {
    let (client, _server) = connected(SOCK_STREAM, own_address())?;
    let much = vec![b'x'; 64 << 20];
    let sent = send(&client, &much, MSG_DONTWAIT)?;
    assert!(0 < sent && sent < much.len(), "{sent}");
    set_nonblocking(&client, true)?;
    // The kernel may still find a little room; in the end there is none.
    let full = loop {
        if let Err(error) = send(&client, &much, 0) {
            break error;
        }
    };
    assert_eq!(full.kind(), io::ErrorKind::WouldBlock);
    Ok(())
}

#[test]
fn a_stream_without_a_peer_says_so() -> io::Result<()> {
    let fd = socket(AF_INET, SOCK_STREAM, 0)?;
    assert_eq!(errno_of(recv(&fd, &mut [0; 8], 0)), errno::ENOTCONN);
    assert_eq!(errno_of(getpeername(&fd)), errno::ENOTCONN);
    assert_eq!(errno_of(shutdown(&fd, SHUT_WR)), errno::ENOTCONN);
    let unix = socket(AF_UNIX, SOCK_STREAM, 0)?;
    assert_eq!(errno_of(send(&unix, b"x", 0)), errno::ENOTCONN);
    Ok(())
}

#[test]
#[cfg(target_os = "linux")]
fn a_tcp_stream_without_a_peer_breaks_the_pipe() -> io::Result<()> {
    let fd = socket(AF_INET, SOCK_STREAM, 0)?;
    assert_eq!(errno_of(send(&fd, b"x", 0)), errno::EPIPE);
    Ok(())
}

#[test]
#[cfg(target_os = "linux")]
fn a_stream_takes_no_address_with_a_send() -> io::Result<()> {
    let (client, server) = connected(SOCK_STREAM, own_address())?;
    sendto(&client, b"x", 0, own_address())?;
    assert_eq!(recv(&server, &mut [0; 8], 0)?, 1, "TCP ignores it");
    let (one, _other) = socketpair(AF_UNIX, SOCK_STREAM, 0)?;
    let anywhere = Addr::Abstract(b"anywhere".to_vec());
    assert_eq!(errno_of(sendto(&one, b"x", 0, anywhere)), errno::EISCONN);
    Ok(())
}

#[test]
#[cfg(target_os = "linux")]
fn trunc_throws_the_bytes_of_a_tcp_stream_away() -> io::Result<()> {
    let (client, server) = connected(SOCK_STREAM, own_address())?;
    let mut buf = [b'-'; 4];
    send(&client, b"abcd", 0)?;
    assert_eq!(recv(&server, &mut buf[..2], MSG_TRUNC)?, 2);
    assert_eq!(&buf, b"----");
    assert_eq!(recv(&server, &mut buf, 0)?, 2);
    assert_eq!(&buf[..2], b"cd");
    Ok(())
}

#[test]
fn a_receive_from_a_stream_tells_no_sender() -> io::Result<()> {
    let (client, server) = connected(SOCK_STREAM, own_address())?;
    send(&client, b"abc", 0)?;
    let (n, from) = recvfrom(&server, &mut [0; 8], 0)?;
    assert_eq!((n, from), (3, Addr::Unnamed));
    Ok(())
}
