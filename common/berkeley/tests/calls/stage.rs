//! What the tests begin with: addresses of their own, and connected sockets.

use std::fmt::Debug;
use std::io;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::atomic::{AtomicU8, Ordering};
use std::time::Duration;

use berkeley::*;

/// Longer than any wait that ends well, on a machine under full load.
pub(crate) const DEADLINE: Duration = Duration::from_secs(20);

/// A loopback address that no other test uses, and port 0. The tests run side by side, and a port
/// that one has freed must not be given to another before it is bound again.
pub(crate) fn own_address() -> SocketAddr {
    static NEXT: AtomicU8 = AtomicU8::new(1);
    let ip = if cfg!(target_os = "linux") {
        Ipv4Addr::new(127, 98, NEXT.fetch_add(1, Ordering::Relaxed), 1)
    } else {
        Ipv4Addr::LOCALHOST
    };
    (ip, 0).into()
}

/// `[::1]:0`; nothing, and the reason printed, on a machine without it.
pub(crate) fn ipv6_loopback() -> Option<SocketAddr> {
    let addr = SocketAddr::from((Ipv6Addr::LOCALHOST, 0));
    match socket(AF_INET6, SOCK_STREAM, 0).and_then(|fd| bind(&fd, addr)) {
        Ok(()) => Some(addr),
        Err(error) => {
            println!("skipped: this machine has no ::1: {error}");
            None
        }
    }
}

/// A listener at an address, and where it is.
pub(crate) fn listener(kind: SocketType, addr: impl Into<Addr>) -> io::Result<(Socket, Addr)> {
    let addr = addr.into();
    let fd = socket(addr.family(), kind, 0)?;
    bind(&fd, &addr)?;
    listen(&fd, 8)?;
    let addr = getsockname(&fd)?;
    Ok((fd, addr))
}

/// A client and the server's end of it. No receive waits for ever.
pub(crate) fn connected(kind: SocketType, addr: impl Into<Addr>) -> io::Result<(Socket, Socket)> {
    let (listener, addr) = listener(kind, addr)?;
    let client = socket(addr.family(), kind, 0)?;
    connect(&client, &addr)?;
    let (server, _) = accept(&listener)?;
    for fd in [&client, &server] {
        setsockopt(fd, SO_RCVTIMEO, Some(DEADLINE))?;
    }
    Ok((client, server))
}

/// Two UDP sockets with addresses of their own. No receive waits for ever.
pub(crate) fn two_udp() -> io::Result<[(Socket, Addr); 2]> {
    let made = || {
        let fd = socket(AF_INET, SOCK_DGRAM, 0)?;
        bind(&fd, own_address())?;
        setsockopt(&fd, SO_RCVTIMEO, Some(DEADLINE))?;
        let addr = getsockname(&fd)?;
        io::Result::Ok((fd, addr))
    };
    Ok([made()?, made()?])
}

/// Waits until `events` have come, and returns all that have.
pub(crate) fn wait_for(fd: &Socket, events: Events) -> io::Result<Events> {
    let mut fds = [PollFd::new(fd, events)];
    assert_eq!(poll(&mut fds, Some(DEADLINE))?, 1, "{events:?} never came");
    Ok(fds[0].revents)
}

/// The errno of a call that must fail.
pub(crate) fn errno_of<T: Debug>(result: io::Result<T>) -> i32 {
    let error = result.expect_err("the call should have failed");
    error
        .raw_os_error()
        .unwrap_or_else(|| panic!("no errno: {error:?}"))
}
