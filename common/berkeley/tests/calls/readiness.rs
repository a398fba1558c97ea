//! `poll`: time, readiness, several descriptors.

use std::io;
use std::time::{Duration, Instant};

use berkeley::*;

use crate::stage::{DEADLINE, connected, errno_of, listener, own_address, wait_for};

#[test]
fn when_nothing_happens_the_time_passes() -> io::Result<()> {
    let (one, _other) = socketpair(AF_UNIX, SOCK_STREAM, 0)?;
    let mut fds = [PollFd::new(&one, POLLIN)];
    let limit = Duration::from_millis(30);
    let began = Instant::now();
    assert_eq!(poll(&mut fds, Some(limit))?, 0);
    assert!(began.elapsed() >= limit);
    assert!(fds[0].revents.is_empty());
    assert_eq!(poll(&mut fds, Some(Duration::ZERO))?, 0);
    Ok(())
}

#[test]
fn a_listener_is_readable_when_a_client_waits() -> io::Result<()> {
    let (listener, addr) = listener(SOCK_STREAM, own_address())?;
    let mut fds = [PollFd::new(&listener, POLLIN)];
    assert_eq!(poll(&mut fds, Some(Duration::ZERO))?, 0);
    let client = socket(AF_INET, SOCK_STREAM, 0)?;
    connect(&client, &addr)?;
    assert_eq!(poll(&mut fds, None)?, 1);
    assert_eq!(fds[0].revents, POLLIN);
    accept(&listener)?;
    assert_eq!(poll(&mut fds, Some(Duration::ZERO))?, 0);
    assert!(fds[0].revents.is_empty(), "it is written anew");
    Ok(())
}

#[test]
fn each_of_several_tells_its_own() -> io::Result<()> {
    let (one, one_peer) = socketpair(AF_UNIX, SOCK_STREAM, 0)?;
    let (two, _two_peer) = socketpair(AF_UNIX, SOCK_STREAM, 0)?;
    let (pipe, _writer) = io::pipe()?;
    send(&one_peer, b"x", 0)?;
    let mut fds = [
        PollFd::new(&one, POLLIN),
        PollFd::new(&two, POLLIN | POLLOUT),
        PollFd::new(&pipe, POLLIN),
    ];
    assert_eq!(poll(&mut fds, Some(DEADLINE))?, 2);
    assert_eq!(fds[0].revents, POLLIN);
    assert_eq!(fds[1].revents, POLLOUT);
    assert_eq!(fds[2].revents, Events::empty());
    Ok(())
}

#[test]
fn unread_bytes_stay_readable() -> io::Result<()> {
    let (client, server) = connected(SOCK_STREAM, own_address())?;
    send(&client, b"xy", 0)?;
    for _ in 0..2 {
        assert_eq!(wait_for(&server, POLLIN)?, POLLIN);
    }
    recv(&server, &mut [0; 1], 0)?;
    assert_eq!(wait_for(&server, POLLIN)?, POLLIN);
    Ok(())
}

#[test]
fn the_end_of_the_stream_is_readable_too() -> io::Result<()> {
    let (client, server) = connected(SOCK_STREAM, own_address())?;
    shutdown(&client, SHUT_WR)?;
    assert_eq!(wait_for(&server, POLLIN)?, POLLIN);
    assert_eq!(recv(&server, &mut [0; 8], 0)?, 0);
    Ok(())
}

#[test]
#[cfg(target_os = "linux")]
fn a_peer_that_sends_no_more_is_told_to_who_asks() -> io::Result<()> {
    let (client, server) = connected(SOCK_STREAM, own_address())?;
    shutdown(&client, SHUT_WR)?;
    assert_eq!(wait_for(&server, POLLRDHUP)?, POLLRDHUP);
    Ok(())
}

#[test]
fn a_hang_up_comes_unasked() -> io::Result<()> {
    let (one, other) = socketpair(AF_UNIX, SOCK_STREAM, 0)?;
    close(other);
    let come = wait_for(&one, Events::empty())?;
    assert!(come.contains(POLLHUP), "{come:?}");
    Ok(())
}

#[test]
fn a_reset_comes_unasked() -> io::Result<()> {
    let (client, server) = connected(SOCK_STREAM, own_address())?;
    setsockopt(&client, SO_LINGER, Some(Duration::ZERO))?;
    close(client);
    let come = wait_for(&server, Events::empty())?;
    assert!(come.contains(POLLHUP), "{come:?}");
    let told = wait_for(&server, POLLIN)?;
    assert!(told.intersects(POLLIN | POLLERR), "{told:?}");
    Ok(())
}

#[test]
fn a_time_beyond_counting_is_refused() {
    let forever = poll(&mut [], Some(Duration::MAX));
    assert_eq!(errno_of(forever), errno::EINVAL);
}

#[test]
fn events_are_shown_by_their_names() {
    assert_eq!(format!("{:?}", POLLIN | POLLHUP), "POLLIN | POLLHUP");
    assert_eq!(format!("{:?}", Events::empty()), "0");
    let mut both = POLLIN;
    both |= POLLOUT;
    assert!(both.contains(POLLIN | POLLOUT));
    assert!(!both.contains(POLLIN | POLLERR));
    assert!(both.intersects(POLLIN | POLLERR));
}
