//! Datagrams: boundaries, truncation, senders, refusals.

use std::io;

use berkeley::*;

use crate::stage::{errno_of, own_address, two_udp, wait_for};

#[test]
fn each_send_is_one_receive_and_the_sender_is_told() -> io::Result<()> {
    let [(one, one_addr), (other, other_addr)] = two_udp()?;
    let mut buf = [0; 16];
    assert_eq!(sendto(&one, b"first", 0, &other_addr)?, 5);
    assert_eq!(sendto(&one, b"", 0, &other_addr)?, 0);
    assert_eq!(
        sendto(&one, b"third", 0, other_addr.inet().expect("UDP"))?,
        5
    );
    assert_eq!(recvfrom(&other, &mut buf, 0)?, (5, one_addr.clone()));
    assert_eq!(&buf[..5], b"first");
    assert_eq!(recvfrom(&other, &mut buf, 0)?, (0, one_addr.clone()));
    assert_eq!(recvfrom(&other, &mut buf, 0)?, (5, one_addr.clone()));
    assert_eq!(&buf[..5], b"third");
    sendto(&other, b"reply", 0, &one_addr)?;
    assert_eq!(recvfrom(&one, &mut buf, 0)?, (5, other_addr));
    Ok(())
}

#[test]
fn what_does_not_fit_is_lost_without_a_word() -> io::Result<()> {
    let [(one, _), (other, addr)] = two_udp()?;
    let mut buf = [0; 3];
    sendto(&one, b"0123456789", 0, &addr)?;
    sendto(&one, b"next", 0, &addr)?;
    assert_eq!(recv(&other, &mut buf, 0)?, 3);
    assert_eq!(&buf, b"012");
    assert_eq!(recv(&other, &mut buf, 0)?, 3);
    assert_eq!(&buf, b"nex");
    Ok(())
}

#[test]
#[cfg(target_os = "linux")]
fn trunc_tells_the_true_length() -> io::Result<()> {
    let [(one, one_addr), (other, addr)] = two_udp()?;
    let mut buf = [b'-'; 4];
    sendto(&one, b"0123456789", 0, &addr)?;
    assert_eq!(recv(&other, &mut [], MSG_PEEK | MSG_TRUNC)?, 10);
    assert_eq!(recv(&other, &mut buf[..3], MSG_PEEK | MSG_TRUNC)?, 10);
    let told = recvfrom(&other, &mut buf[..3], MSG_TRUNC)?;
    assert_eq!(told, (10, one_addr));
    assert_eq!(&buf, b"012-");
    Ok(())
}

#[test]
#[cfg(target_os = "linux")]
fn a_connected_socket_learns_of_a_refusal_with_its_next_call() -> io::Result<()> {
    let [(one, _), (other, addr)] = two_udp()?;
    connect(&one, &addr)?;
    close(other);
    assert_eq!(send(&one, b"nobody", 0)?, 6, "the first send knows nothing");
    wait_for(&one, POLLERR)?;
    let error = recv(&one, &mut [0; 8], 0).unwrap_err();
    assert_eq!(error.raw_os_error(), Some(errno::ECONNREFUSED));
    assert_eq!(error.kind(), io::ErrorKind::ConnectionRefused);
    Ok(())
}

#[test]
fn a_connected_socket_hears_its_peer_only() -> io::Result<()> {
    let [(one, one_addr), (other, other_addr)] = two_udp()?;
    let stranger = socket(AF_INET, SOCK_DGRAM, 0)?;
    bind(&stranger, own_address())?;
    connect(&one, &other_addr)?;
    assert_eq!(getpeername(&one)?, other_addr);
    sendto(&stranger, b"stranger", 0, &one_addr)?;
    sendto(&other, b"peer", 0, &one_addr)?;
    let mut buf = [0; 16];
    assert_eq!(recv(&one, &mut buf, 0)?, 4);
    assert_eq!(&buf[..4], b"peer");
    Ok(())
}

#[test]
fn a_datagram_has_65507_bytes_at_most() -> io::Result<()> {
    let [(one, _), (_other, addr)] = two_udp()?;
    let much = vec![0; 65508];
    assert_eq!(errno_of(sendto(&one, &much, 0, &addr)), errno::EMSGSIZE);
    if cfg!(target_os = "linux") {
        assert_eq!(sendto(&one, &much[..65507], 0, &addr)?, 65507);
    }
    Ok(())
}

#[test]
fn a_send_to_nowhere_wants_an_address() -> io::Result<()> {
    let [(one, _), _] = two_udp()?;
    assert_eq!(errno_of(send(&one, b"x", 0)), errno::EDESTADDRREQ);
    Ok(())
}

#[test]
#[cfg(target_os = "linux")]
fn an_address_wins_over_the_peer_that_is_remembered() -> io::Result<()> {
    let [(one, one_addr), (other, other_addr)] = two_udp()?;
    connect(&one, &one_addr)?;
    sendto(&one, b"x", 0, &other_addr)?;
    assert_eq!(recv(&other, &mut [0; 8], 0)?, 1);
    Ok(())
}

#[test]
fn a_broadcast_wants_leave() -> io::Result<()> {
    let [(one, _), _] = two_udp()?;
    let everybody = std::net::SocketAddr::from(([255, 255, 255, 255], 9));
    assert_eq!(errno_of(connect(&one, everybody)), errno::EACCES);
    Ok(())
}

#[test]
#[cfg(target_os = "linux")]
fn two_udp_sockets_with_reuseaddr_share_a_port_and_the_last_one_gets_it() -> io::Result<()> {
    let first = socket(AF_INET, SOCK_DGRAM, 0)?;
    setsockopt(&first, SO_REUSEADDR, true)?;
    bind(&first, own_address())?;
    let addr = getsockname(&first)?;
    let last = socket(AF_INET, SOCK_DGRAM, 0)?;
    assert_eq!(errno_of(bind(&last, &addr)), errno::EADDRINUSE);
    setsockopt(&last, SO_REUSEADDR, true)?;
    bind(&last, &addr)?;
    sendto(&socket(AF_INET, SOCK_DGRAM, 0)?, b"x", 0, &addr)?;
    wait_for(&last, POLLIN)?;
    assert_eq!(
        errno_of(recv(&first, &mut [0; 8], MSG_DONTWAIT)),
        errno::EAGAIN
    );
    Ok(())
}

#[test]
fn unix_datagrams_tell_a_bound_sender_and_no_other() -> io::Result<()> {
    let folder = tempfile::tempdir()?;
    let server_addr = Addr::Path(folder.path().join("server"));
    let client_addr = Addr::Path(folder.path().join("client"));
    let server = socket(AF_UNIX, SOCK_DGRAM, 0)?;
    bind(&server, &server_addr)?;
    let client = socket(AF_UNIX, SOCK_DGRAM, 0)?;
    let mut buf = [0; 16];

    sendto(&client, b"unnamed", 0, &server_addr)?;
    let (n, from) = recvfrom(&server, &mut buf, 0)?;
    assert_eq!((n, &from), (7, &Addr::Unnamed));
    assert_eq!(errno_of(sendto(&server, b"x", 0, &from)), errno::EINVAL);
    let stream = socket(AF_UNIX, SOCK_STREAM, 0)?;
    let wrong_type = connect(&stream, &server_addr);
    assert_eq!(errno_of(wrong_type), errno::EPROTOTYPE);

    bind(&client, &client_addr)?;
    sendto(&client, b"named", 0, &server_addr)?;
    let (n, from) = recvfrom(&server, &mut buf, 0)?;
    assert_eq!((n, &from), (5, &client_addr));
    sendto(&server, b"reply", 0, &from)?;
    assert_eq!(recv(&client, &mut buf, 0)?, 5);
    Ok(())
}

#[test]
fn unix_datagrams_to_nobody_are_refused_at_once() -> io::Result<()> {
    let folder = tempfile::tempdir()?;
    let addr = Addr::Path(folder.path().join("server"));
    let client = socket(AF_UNIX, SOCK_DGRAM, 0)?;
    assert_eq!(errno_of(sendto(&client, b"x", 0, &addr)), errno::ENOENT);
    let server = socket(AF_UNIX, SOCK_DGRAM, 0)?;
    bind(&server, &addr)?;
    close(server);
    assert_eq!(
        errno_of(sendto(&client, b"x", 0, &addr)),
        errno::ECONNREFUSED
    );
    Ok(())
}

#[test]
#[cfg(target_os = "linux")]
fn unix_datagrams_are_told_in_full_length_too() -> io::Result<()> {
    let (one, other) = socketpair(AF_UNIX, SOCK_DGRAM, 0)?;
    send(&one, b"0123456789", 0)?;
    assert_eq!(recv(&other, &mut [0; 3], MSG_TRUNC)?, 10);
    Ok(())
}
