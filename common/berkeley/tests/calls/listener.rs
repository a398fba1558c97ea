//! Listening: ports in use, the backlog, wrong turns.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use berkeley::*;

use crate::stage::{errno_of, listener, own_address, wait_for};

/// A listener with one client, from which the server goes first: its side of the connection
/// is then the one in TIME_WAIT (RFC 9293 3.6). Returns the address.
fn served_and_left(reuse: bool) -> io::Result<Addr> {
    let listener = socket(AF_INET, SOCK_STREAM, 0)?;
    setsockopt(&listener, SO_REUSEADDR, reuse)?;
    bind(&listener, own_address())?;
    listen(&listener, 1)?;
    let addr = getsockname(&listener)?;
    let client = socket(AF_INET, SOCK_STREAM, 0)?;
    connect(&client, &addr)?;
    let (server, _) = accept(&listener)?;
    close(server);
    assert_eq!(recv(&client, &mut [0; 8], 0)?, 0);
    close(client);
    close(listener);
    Ok(addr)
}

/// Listens at an address that was used before.
fn started_again(addr: &Addr, reuse: bool) -> io::Result<()> {
    let listener = socket(AF_INET, SOCK_STREAM, 0)?;
    setsockopt(&listener, SO_REUSEADDR, reuse)?;
    bind(&listener, addr)?;
    listen(&listener, 1)
}

#[test]
fn inside_time_wait_the_port_is_in_use() -> io::Result<()> {
    let addr = served_and_left(false)?;
    let error = started_again(&addr, false).unwrap_err();
    assert_eq!(error.raw_os_error(), Some(errno::EADDRINUSE));
    assert_eq!(error.kind(), io::ErrorKind::AddrInUse);
    Ok(())
}

#[test]
fn inside_time_wait_reuseaddr_on_both_lets_the_server_start_again() -> io::Result<()> {
    let addr = served_and_left(true)?;
    started_again(&addr, true)
}

#[test]
#[cfg(target_os = "linux")]
fn inside_time_wait_reuseaddr_on_the_new_listener_alone_is_not_enough() -> io::Result<()> {
    let addr = served_and_left(false)?;
    assert_eq!(errno_of(started_again(&addr, true)), errno::EADDRINUSE);
    Ok(())
}

#[test]
fn two_listeners_do_not_share_a_port_with_reuseaddr() -> io::Result<()> {
    let first = socket(AF_INET, SOCK_STREAM, 0)?;
    setsockopt(&first, SO_REUSEADDR, true)?;
    bind(&first, own_address())?;
    listen(&first, 1)?;
    let refused = started_again(&getsockname(&first)?, true);
    assert_eq!(errno_of(refused), errno::EADDRINUSE);
    Ok(())
}

#[test]
#[cfg(target_os = "linux")]
fn two_sockets_bound_to_one_port_cannot_both_listen() -> io::Result<()> {
    let [first, second] = [
        socket(AF_INET, SOCK_STREAM, 0)?,
        socket(AF_INET, SOCK_STREAM, 0)?,
    ];
    setsockopt(&first, SO_REUSEADDR, true)?;
    setsockopt(&second, SO_REUSEADDR, true)?;
    bind(&first, own_address())?;
    bind(&second, getsockname(&first)?)?;
    listen(&first, 1)?;
    assert_eq!(errno_of(listen(&second, 1)), errno::EADDRINUSE);
    Ok(())
}

#[test]
fn two_listeners_share_a_port_with_reuseport() -> io::Result<()> {
    let first = socket(AF_INET, SOCK_STREAM, 0)?;
    setsockopt(&first, SO_REUSEPORT, true)?;
    bind(&first, own_address())?;
    listen(&first, 1)?;
    let second = socket(AF_INET, SOCK_STREAM, 0)?;
    setsockopt(&second, SO_REUSEPORT, true)?;
    bind(&second, getsockname(&first)?)?;
    listen(&second, 1)
}

#[test]
#[cfg(target_os = "linux")]
fn a_backlog_of_one_lets_two_connect_and_the_third_waits() -> io::Result<()> {
    let listener = socket(AF_INET, SOCK_STREAM, 0)?;
    bind(&listener, own_address())?;
    listen(&listener, 1)?;
    let addr = getsockname(&listener)?;
    let [first, second, third] = [
        socket(AF_INET, SOCK_STREAM, 0)?,
        socket(AF_INET, SOCK_STREAM, 0)?,
        socket(AF_INET, SOCK_STREAM, 0)?,
    ];
    connect(&first, &addr)?;
    connect(&second, &addr)?;
    set_nonblocking(&third, true)?;
    assert_eq!(errno_of(connect(&third, &addr)), errno::EINPROGRESS);
    let mut fds = [PollFd::new(&third, POLLOUT)];
    assert_eq!(poll(&mut fds, Some(Duration::from_millis(200)))?, 0);
    assert_eq!(errno_of(connect(&third, &addr)), errno::EALREADY);

    // A place in the queue: the third's next attempt, within seconds, gets it.
    accept(&listener)?;
    assert_eq!(wait_for(&third, POLLOUT)?, POLLOUT);
    assert!(getsockopt(&third, SO_ERROR)?.is_none());
    assert_eq!(getpeername(&third)?, addr);
    // Asked the first time, Linux reports the success.
    connect(&third, &addr)?;
    assert_eq!(errno_of(connect(&third, &addr)), errno::EISCONN);
    Ok(())
}

#[test]
#[cfg(target_os = "linux")]
fn a_full_unix_backlog_is_told_to_a_client_that_does_not_wait() -> io::Result<()> {
    let folder = tempfile::tempdir()?;
    let addr = Addr::Path(folder.path().join("socket"));
    let listener = socket(AF_UNIX, SOCK_STREAM, 0)?;
    bind(&listener, &addr)?;
    listen(&listener, 0)?;
    let [first, second] = [
        socket(AF_UNIX, SOCK_STREAM, 0)?,
        socket(AF_UNIX, SOCK_STREAM, 0)?,
    ];
    connect(&first, &addr)?;
    set_nonblocking(&second, true)?;
    assert_eq!(errno_of(connect(&second, &addr)), errno::EAGAIN);
    Ok(())
}

#[test]
#[cfg(target_os = "linux")]
fn the_timeout_of_sending_bounds_connect() -> io::Result<()> {
    let listener = socket(AF_INET, SOCK_STREAM, 0)?;
    bind(&listener, own_address())?;
    listen(&listener, 0)?;
    let addr = getsockname(&listener)?;
    let [first, second] = [
        socket(AF_INET, SOCK_STREAM, 0)?,
        socket(AF_INET, SOCK_STREAM, 0)?,
    ];
    connect(&first, &addr)?;
    setsockopt(&second, SO_SNDTIMEO, Some(Duration::from_millis(30)))?;
    assert_eq!(errno_of(connect(&second, &addr)), errno::EINPROGRESS);
    Ok(())
}

#[test]
fn a_listener_that_was_not_bound_gets_a_port() -> io::Result<()> {
    let fd = socket(AF_INET, SOCK_STREAM, 0)?;
    listen(&fd, 1)?;
    let addr = getsockname(&fd)?.inet().expect("IPv4");
    assert!(addr.ip().is_unspecified());
    assert_ne!(addr.port(), 0);
    Ok(())
}

#[test]
fn accept_tells_the_client_and_gives_a_socket_of_its_own() -> io::Result<()> {
    let (listener, addr) = listener(SOCK_STREAM, own_address())?;
    let client = socket(AF_INET, SOCK_STREAM, 0)?;
    connect(&client, &addr)?;
    let (server, from) = accept(&listener)?;
    assert_eq!(from, getsockname(&client)?);
    assert_eq!(getpeername(&server)?, from);
    assert_eq!(getsockname(&server)?, addr);
    assert_eq!(getpeername(&client)?, addr);
    Ok(())
}

#[test]
#[cfg(target_os = "linux")]
fn accepted_sockets_do_not_inherit_that_the_listener_does_not_wait() -> io::Result<()> {
    let (listener, addr) = listener(SOCK_STREAM, own_address())?;
    set_nonblocking(&listener, true)?;
    assert_eq!(errno_of(accept(&listener)), errno::EAGAIN);
    let client = socket(AF_INET, SOCK_STREAM, 0)?;
    connect(&client, &addr)?;
    let (server, _) = accept(&listener)?;
    let flags = rustix::fs::fcntl_getfl(&server)?;
    assert!(!flags.contains(rustix::fs::OFlags::NONBLOCK));
    Ok(())
}

#[test]
fn nobody_listens_there() -> io::Result<()> {
    // Bound and not listening: the port is nobody else's.
    let fd = socket(AF_INET, SOCK_STREAM, 0)?;
    bind(&fd, own_address())?;
    let client = socket(AF_INET, SOCK_STREAM, 0)?;
    let error = connect(&client, getsockname(&fd)?).unwrap_err();
    assert_eq!(error.raw_os_error(), Some(errno::ECONNREFUSED));
    assert_eq!(error.kind(), io::ErrorKind::ConnectionRefused);
    Ok(())
}

#[test]
fn calls_in_the_wrong_order_say_so() -> io::Result<()> {
    let stream = socket(AF_INET, SOCK_STREAM, 0)?;
    assert_eq!(errno_of(accept(&stream)), errno::EINVAL);
    bind(&stream, own_address())?;
    assert_eq!(errno_of(bind(&stream, own_address())), errno::EINVAL);
    let datagrams = socket(AF_INET, SOCK_DGRAM, 0)?;
    assert_eq!(errno_of(listen(&datagrams, 1)), errno::EOPNOTSUPP);
    assert_eq!(errno_of(accept(&datagrams)), errno::EOPNOTSUPP);
    let unix = socket(AF_UNIX, SOCK_STREAM, 0)?;
    assert_eq!(errno_of(listen(&unix, 1)), errno::EINVAL);
    let file = tempfile::tempfile()?;
    assert_eq!(errno_of(listen(&file, 1)), errno::ENOTSOCK);
    Ok(())
}

#[test]
#[cfg(target_os = "linux")]
fn addresses_of_another_machine_or_family_are_refused() -> io::Result<()> {
    let fd = socket(AF_INET, SOCK_STREAM, 0)?;
    // TEST-NET-1, RFC 5737: no machine has it.
    let foreign = SocketAddr::from(([192, 0, 2, 1], 0));
    assert_eq!(errno_of(bind(&fd, foreign)), errno::EADDRNOTAVAIL);
    let six = SocketAddr::from((std::net::Ipv6Addr::LOCALHOST, 0));
    assert_eq!(errno_of(bind(&fd, six)), errno::EAFNOSUPPORT);
    assert_eq!(errno_of(connect(&fd, six)), errno::EAFNOSUPPORT);
    let path = Addr::Path("/nowhere/at/all".into());
    assert_eq!(errno_of(bind(&fd, &path)), errno::EAFNOSUPPORT);
    assert_eq!(errno_of(connect(&fd, &path)), errno::EAFNOSUPPORT);
    let unix = socket(AF_UNIX, SOCK_STREAM, 0)?;
    assert_eq!(errno_of(bind(&unix, own_address())), errno::EINVAL);
    assert_eq!(errno_of(connect(&unix, own_address())), errno::EINVAL);
    if let Ok(inet6) = socket(AF_INET6, SOCK_STREAM, 0) {
        assert_eq!(errno_of(bind(&inet6, own_address())), errno::EINVAL);
    }
    Ok(())
}
