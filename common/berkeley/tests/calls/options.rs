//! Options: set, told, refused.

use std::io;
use std::net::{Ipv6Addr, SocketAddr};
use std::time::Duration;

use berkeley::*;

use crate::stage::{errno_of, ipv6_loopback, listener, own_address, wait_for};

#[test]
fn switches_are_off_and_can_be_turned_on_and_off() -> io::Result<()> {
    let tcp = socket(AF_INET, SOCK_STREAM, 0)?;
    for option in [
        SO_REUSEADDR,
        SO_REUSEPORT,
        SO_KEEPALIVE,
        SO_BROADCAST,
        TCP_NODELAY,
    ] {
        assert!(!getsockopt(&tcp, option)?, "{option:?}");
        setsockopt(&tcp, option, true)?;
        assert!(getsockopt(&tcp, option)?, "{option:?}");
        setsockopt(&tcp, option, false)?;
        assert!(!getsockopt(&tcp, option)?, "{option:?}");
    }
    Ok(())
}

#[test]
fn times_are_told_as_they_were_set() -> io::Result<()> {
    let tcp = socket(AF_INET, SOCK_STREAM, 0)?;
    for option in [SO_RCVTIMEO, SO_SNDTIMEO] {
        assert_eq!(getsockopt(&tcp, option)?, None);
        let limit = Some(Duration::from_secs(3));
        setsockopt(&tcp, option, limit)?;
        assert_eq!(getsockopt(&tcp, option)?, limit);
        let zero = setsockopt(&tcp, option, Some(Duration::ZERO));
        assert_eq!(errno_of(zero), errno::EINVAL);
        setsockopt(&tcp, option, None)?;
        assert_eq!(getsockopt(&tcp, option)?, None);
    }
    Ok(())
}

#[test]
fn lingering_counts_whole_seconds() -> io::Result<()> {
    let tcp = socket(AF_INET, SOCK_STREAM, 0)?;
    assert_eq!(getsockopt(&tcp, SO_LINGER)?, None);
    setsockopt(&tcp, SO_LINGER, Some(Duration::ZERO))?;
    assert_eq!(getsockopt(&tcp, SO_LINGER)?, Some(Duration::ZERO));
    setsockopt(&tcp, SO_LINGER, Some(Duration::from_millis(1500)))?;
    assert_eq!(getsockopt(&tcp, SO_LINGER)?, Some(Duration::from_secs(2)));
    setsockopt(&tcp, SO_LINGER, None)?;
    assert_eq!(getsockopt(&tcp, SO_LINGER)?, None);
    Ok(())
}

#[test]
fn buffers_have_at_least_the_size_that_was_set() -> io::Result<()> {
    let tcp = socket(AF_INET, SOCK_STREAM, 0)?;
    for option in [SO_RCVBUF, SO_SNDBUF] {
        setsockopt(&tcp, option, 16384)?;
        let told = getsockopt(&tcp, option)?;
        let twice = if cfg!(target_os = "linux") { 2 } else { 1 };
        assert_eq!(told, twice * 16384, "{option:?}");
    }
    Ok(())
}

#[test]
fn the_ttl_is_1_to_255() -> io::Result<()> {
    let udp = socket(AF_INET, SOCK_DGRAM, 0)?;
    setsockopt(&udp, IP_TTL, 3)?;
    assert_eq!(getsockopt(&udp, IP_TTL)?, 3);
    assert_eq!(errno_of(setsockopt(&udp, IP_TTL, 256)), errno::EINVAL);
    if cfg!(target_os = "linux") {
        assert_eq!(errno_of(setsockopt(&udp, IP_TTL, 0)), errno::EINVAL);
    }
    Ok(())
}

#[test]
fn the_type_is_told() -> io::Result<()> {
    assert_eq!(
        getsockopt(&socket(AF_INET, SOCK_STREAM, 0)?, SO_TYPE)?,
        SOCK_STREAM
    );
    assert_eq!(
        getsockopt(&socket(AF_UNIX, SOCK_DGRAM, 0)?, SO_TYPE)?,
        SOCK_DGRAM
    );
    Ok(())
}

#[test]
#[cfg(not(target_vendor = "apple"))]
fn a_listener_is_told_from_a_stream() -> io::Result<()> {
    let fd = socket(AF_INET, SOCK_STREAM, 0)?;
    assert!(!getsockopt(&fd, SO_ACCEPTCONN)?);
    let (listener, _) = listener(SOCK_STREAM, own_address())?;
    assert!(getsockopt(&listener, SO_ACCEPTCONN)?);
    assert_eq!(
        errno_of(setsockopt(&fd, SO_ACCEPTCONN, true)),
        errno::ENOPROTOOPT
    );
    Ok(())
}

#[test]
fn what_can_only_be_read_is_not_set() -> io::Result<()> {
    let fd = socket(AF_INET, SOCK_STREAM, 0)?;
    assert_eq!(
        errno_of(setsockopt(&fd, SO_TYPE, SOCK_DGRAM)),
        errno::ENOPROTOOPT
    );
    assert_eq!(
        errno_of(setsockopt(&fd, SO_ERROR, None)),
        errno::ENOPROTOOPT
    );
    Ok(())
}

#[test]
#[cfg(target_os = "linux")]
fn options_of_another_protocol_are_refused() -> io::Result<()> {
    let unix = socket(AF_UNIX, SOCK_STREAM, 0)?;
    assert_eq!(
        errno_of(setsockopt(&unix, TCP_NODELAY, true)),
        errno::EOPNOTSUPP
    );
    let udp = socket(AF_INET, SOCK_DGRAM, 0)?;
    assert_eq!(
        errno_of(setsockopt(&udp, TCP_NODELAY, true)),
        errno::ENOPROTOOPT
    );
    assert_eq!(
        errno_of(setsockopt(&udp, IPV6_V6ONLY, true)),
        errno::ENOPROTOOPT
    );
    Ok(())
}

#[test]
fn v6only_is_set_before_bind_and_refused_after() -> io::Result<()> {
    let Some(addr) = ipv6_loopback() else {
        return Ok(());
    };
    let fd = socket(AF_INET6, SOCK_STREAM, 0)?;
    setsockopt(&fd, IPV6_V6ONLY, false)?;
    assert!(!getsockopt(&fd, IPV6_V6ONLY)?);
    setsockopt(&fd, IPV6_V6ONLY, true)?;
    assert!(getsockopt(&fd, IPV6_V6ONLY)?);
    bind(&fd, addr)?;
    assert_eq!(errno_of(setsockopt(&fd, IPV6_V6ONLY, false)), errno::EINVAL);
    Ok(())
}

#[test]
fn without_v6only_an_ipv4_client_comes_with_a_mapped_address() -> io::Result<()> {
    if ipv6_loopback().is_none() {
        return Ok(());
    }
    let both = socket(AF_INET6, SOCK_STREAM, 0)?;
    setsockopt(&both, IPV6_V6ONLY, false)?;
    bind(&both, SocketAddr::from((Ipv6Addr::UNSPECIFIED, 0)))?;
    listen(&both, 1)?;
    let port = getsockname(&both)?.inet().expect("IPv6").port();
    let client = socket(AF_INET, SOCK_STREAM, 0)?;
    connect(&client, SocketAddr::from(([127, 0, 0, 1], port)))?;
    let (_, from) = accept(&both)?;
    let name = getsockname(&client)?;
    assert_eq!(
        from.to_string(),
        format!("[::ffff:127.0.0.1]:{}", name.inet().expect("IPv4").port())
    );
    Ok(())
}

#[test]
fn a_refused_connect_that_did_not_wait_is_told_by_so_error_once() -> io::Result<()> {
    // Bound and not listening: the port is nobody else's.
    let nobody = socket(AF_INET, SOCK_STREAM, 0)?;
    bind(&nobody, own_address())?;
    let client = socket(AF_INET, SOCK_STREAM, 0)?;
    set_nonblocking(&client, true)?;
    let begun = connect(&client, getsockname(&nobody)?);
    assert_eq!(errno_of(begun), errno::EINPROGRESS);
    let come = wait_for(&client, POLLOUT)?;
    if cfg!(target_os = "linux") {
        assert_eq!(come, POLLOUT | POLLERR | POLLHUP);
    }
    let error = getsockopt(&client, SO_ERROR)?.expect("an error waits");
    assert_eq!(error.raw_os_error(), Some(errno::ECONNREFUSED));
    assert_eq!(error.kind(), io::ErrorKind::ConnectionRefused);
    assert!(getsockopt(&client, SO_ERROR)?.is_none());
    Ok(())
}
