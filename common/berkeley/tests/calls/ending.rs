//! How a conversation ends: resets, broken pipes, descriptors.

use std::io;
use std::os::unix::net::UnixStream;
use std::thread;
use std::time::Duration;

use berkeley::*;

use crate::stage::{connected, errno_of, listener, own_address, wait_for};

#[test]
fn lingering_for_zero_seconds_resets() -> io::Result<()> {
    let (client, server) = connected(SOCK_STREAM, own_address())?;
    setsockopt(&client, SO_LINGER, Some(Duration::ZERO))?;
    close(client);
    let error = recv(&server, &mut [0; 8], 0).unwrap_err();
    assert_eq!(error.raw_os_error(), Some(errno::ECONNRESET));
    assert_eq!(error.kind(), io::ErrorKind::ConnectionReset);
    // Told once; there is nobody any more.
    assert_eq!(errno_of(send(&server, b"x", 0)), errno::EPIPE);
    assert_eq!(errno_of(getpeername(&server)), errno::ENOTCONN);
    assert_eq!(errno_of(shutdown(&server, SHUT_WR)), errno::ENOTCONN);
    Ok(())
}

#[test]
fn a_send_tells_the_reset_once_too() -> io::Result<()> {
    let (client, server) = connected(SOCK_STREAM, own_address())?;
    setsockopt(&client, SO_LINGER, Some(Duration::ZERO))?;
    close(client);
    wait_for(&server, POLLHUP)?;
    assert_eq!(errno_of(send(&server, b"x", 0)), errno::ECONNRESET);
    assert_eq!(errno_of(send(&server, b"x", 0)), errno::EPIPE);
    Ok(())
}

#[test]
fn closing_with_unread_bytes_resets_tcp() -> io::Result<()> {
    let (client, server) = connected(SOCK_STREAM, own_address())?;
    send(&server, b"unread", 0)?;
    wait_for(&client, POLLIN)?;
    close(client);
    assert_eq!(errno_of(recv(&server, &mut [0; 8], 0)), errno::ECONNRESET);
    Ok(())
}

#[test]
#[cfg(target_os = "linux")]
fn closing_with_unread_bytes_resets_unix_streams() -> io::Result<()> {
    let (one, other) = socketpair(AF_UNIX, SOCK_STREAM, 0)?;
    send(&one, b"unread", 0)?;
    close(other);
    assert_eq!(errno_of(recv(&one, &mut [0; 8], 0)), errno::ECONNRESET);
    Ok(())
}

#[test]
fn sending_after_one_has_shut_down_sending_breaks_the_pipe() -> io::Result<()> {
    let (client, _server) = connected(SOCK_STREAM, own_address())?;
    shutdown(&client, SHUT_WR)?;
    let error = send(&client, b"x", 0).unwrap_err();
    assert_eq!(error.raw_os_error(), Some(errno::EPIPE));
    assert_eq!(error.kind(), io::ErrorKind::BrokenPipe);
    Ok(())
}

#[test]
fn sending_to_a_peer_that_is_gone_breaks_the_pipe() -> io::Result<()> {
    let (one, other) = socketpair(AF_UNIX, SOCK_STREAM, 0)?;
    close(other);
    assert_eq!(errno_of(send(&one, b"x", 0)), errno::EPIPE);
    assert_eq!(recv(&one, &mut [0; 8], 0)?, 0);
    Ok(())
}

#[test]
#[cfg(target_os = "linux")]
fn a_client_that_reset_is_accepted_and_receiving_tells() -> io::Result<()> {
    let (listener, addr) = listener(SOCK_STREAM, own_address())?;
    let client = socket(AF_INET, SOCK_STREAM, 0)?;
    connect(&client, &addr)?;
    let name = getsockname(&client)?;
    setsockopt(&client, SO_LINGER, Some(Duration::ZERO))?;
    close(client);
    let (server, from) = accept(&listener)?;
    assert_eq!(from, name);
    assert_eq!(errno_of(getpeername(&server)), errno::ENOTCONN);
    assert_eq!(errno_of(recv(&server, &mut [0; 8], 0)), errno::ECONNRESET);
    Ok(())
}

#[test]
fn a_duplicate_keeps_the_connection_open_and_shutdown_does_not_care() -> io::Result<()> {
    let (one, other) = socketpair(AF_UNIX, SOCK_STREAM, 0)?;
    let one = UnixStream::from(one);
    let duplicate = one.try_clone()?;
    close(one);
    assert_eq!(
        errno_of(recv(&other, &mut [0; 8], MSG_DONTWAIT)),
        errno::EAGAIN
    );
    shutdown(&duplicate, SHUT_RDWR)?;
    assert_eq!(recv(&other, &mut [0; 8], 0)?, 0);
    Ok(())
}

#[test]
fn shutting_down_receiving_wakes_the_reader() -> io::Result<()> {
    let (client, _server) = connected(SOCK_STREAM, own_address())?;
    thread::scope(|scope| {
        let reader = scope.spawn(|| recv(&client, &mut [0; 8], 0));
        shutdown(&client, SHUT_RD)?;
        assert_eq!(reader.join().expect("no panic")?, 0);
        Ok(())
    })
}

#[test]
#[cfg(target_os = "linux")]
fn shutting_down_a_listener_ends_accept() -> io::Result<()> {
    let (listener, _) = listener(SOCK_STREAM, own_address())?;
    thread::scope(|scope| {
        let server = scope.spawn(|| accept(&listener));
        shutdown(&listener, SHUT_RDWR)?;
        let ended = server.join().expect("no panic");
        assert_eq!(errno_of(ended), errno::EINVAL);
        Ok(())
    })
}

#[test]
fn programs_that_this_one_starts_inherit_no_socket() -> io::Result<()> {
    let (listener, addr) = listener(SOCK_STREAM, own_address())?;
    let client = socket(AF_INET, SOCK_STREAM, 0)?;
    connect(&client, &addr)?;
    let (server, _) = accept(&listener)?;
    let (one, other) = socketpair(AF_UNIX, SOCK_DGRAM, 0)?;
    for fd in [listener, client, server, one, other] {
        let flags = rustix::io::fcntl_getfd(&fd)?;
        assert!(flags.contains(rustix::io::FdFlags::CLOEXEC), "{fd:?}");
    }
    Ok(())
}
