//! Descriptors on their way: `sendmsg`, `recvmsg`.

use std::fs::File;
use std::io::{self, Read, Seek, Write};
use std::os::fd::{AsFd, OwnedFd};

use berkeley::*;

use crate::stage::{connected, errno_of, own_address, two_udp};

/// An open file that holds `text`, at its beginning.
fn file(text: &str) -> io::Result<File> {
    let mut file = tempfile::tempfile()?;
    file.write_all(text.as_bytes())?;
    file.rewind()?;
    Ok(file)
}

fn read(fd: OwnedFd) -> io::Result<String> {
    let mut text = String::new();
    File::from(fd).read_to_string(&mut text)?;
    Ok(text)
}

#[test]
fn descriptors_arrive_with_their_bytes_and_in_their_order() -> io::Result<()> {
    for kind in [SOCK_STREAM, SOCK_DGRAM] {
        let (one, other) = socketpair(AF_UNIX, kind, 0)?;
        let (first, second) = (file("first")?, file("second")?);
        let rights = [first.as_fd(), second.as_fd()];
        assert_eq!(sendmsg(&one, b"two", &rights, 0)?, 3);
        // The sender's own may go: what is on its way stays open.
        drop((first, second));

        let mut buf = [0; 8];
        let message = recvmsg(&other, &mut buf, 0)?;
        assert_eq!(&buf[..message.len], b"two");
        assert_eq!((message.from, message.flags), (Addr::Unnamed, 0.into()));
        let texts: io::Result<Vec<_>> = message.rights.into_iter().map(read).collect();
        assert_eq!(texts?, ["first", "second"]);
    }
    Ok(())
}

#[test]
fn both_ends_share_the_position_in_the_file() -> io::Result<()> {
    let (one, other) = socketpair(AF_UNIX, SOCK_STREAM, 0)?;
    let mut file = file("abcdef")?;
    sendmsg(&one, b"+", &[file.as_fd()], 0)?;
    file.read_exact(&mut [0; 3])?;
    let message = recvmsg(&other, &mut [0; 1], 0)?;
    let fd = message.rights.into_iter().next().expect("a descriptor");
    assert_eq!(read(fd)?, "def");
    Ok(())
}

#[test]
fn a_receive_never_mixes_the_descriptors_of_two_sends() -> io::Result<()> {
    let (one, other) = socketpair(AF_UNIX, SOCK_STREAM, 0)?;
    sendmsg(&one, b"plain", &[], 0)?;
    for text in ["first", "second"] {
        sendmsg(&one, b"+", &[file(text)?.as_fd()], 0)?;
    }
    let mut buf = [0; 16];
    let mut texts = Vec::new();
    while texts.len() < 2 {
        let message = recvmsg(&other, &mut buf, 0)?;
        assert!(message.rights.len() <= 1);
        for fd in message.rights {
            texts.push(read(fd)?);
        }
    }
    assert_eq!(texts, ["first", "second"]);
    Ok(())
}

#[test]
fn what_arrives_is_close_on_exec() -> io::Result<()> {
    let (one, other) = socketpair(AF_UNIX, SOCK_STREAM, 0)?;
    sendmsg(&one, b"+", &[file("")?.as_fd()], 0)?;
    let message = recvmsg(&other, &mut [0; 1], 0)?;
    let flags = rustix::io::fcntl_getfd(&message.rights[0])?;
    assert!(flags.contains(rustix::io::FdFlags::CLOEXEC));
    Ok(())
}

#[test]
fn a_plain_receive_throws_descriptors_away() -> io::Result<()> {
    let (one, other) = socketpair(AF_UNIX, SOCK_STREAM, 0)?;
    // A pipe tells when its last reader is gone.
    let (reader, mut writer) = io::pipe()?;
    sendmsg(&one, b"+", &[reader.as_fd()], 0)?;
    drop(reader);
    writer.write_all(b"still open")?;
    assert_eq!(recv(&other, &mut [0; 8], 0)?, 1);
    let error = writer.write_all(b"closed").unwrap_err();
    assert_eq!(error.kind(), io::ErrorKind::BrokenPipe);
    Ok(())
}

#[test]
fn without_bytes_a_stream_sends_nothing() -> io::Result<()> {
    let (one, other) = socketpair(AF_UNIX, SOCK_STREAM, 0)?;
    let file = file("")?;
    assert_eq!(sendmsg(&one, b"", &[file.as_fd()], 0)?, 0);
    assert_eq!(
        errno_of(recvmsg(&other, &mut [0; 8], MSG_DONTWAIT)),
        errno::EAGAIN
    );
    Ok(())
}

#[test]
#[cfg(target_os = "linux")]
fn a_message_carries_253_descriptors_at_most() -> io::Result<()> {
    let (one, other) = socketpair(AF_UNIX, SOCK_STREAM, 0)?;
    let file = file("")?;
    let rights = [file.as_fd(); 254];
    assert_eq!(errno_of(sendmsg(&one, b"+", &rights, 0)), errno::EINVAL);
    sendmsg(&one, b"+", &rights[..253], 0)?;
    let message = recvmsg(&other, &mut [0; 1], 0)?;
    assert_eq!(message.rights.len(), 253);
    assert!(!message.flags.contains(MSG_CTRUNC));
    Ok(())
}

#[test]
#[cfg(target_os = "linux")]
fn truncation_and_the_sender_are_told() -> io::Result<()> {
    let [(one, one_addr), (other, addr)] = two_udp()?;
    sendto(&one, b"0123456789", 0, &addr)?;
    let message = recvmsg(&other, &mut [0; 3], 0)?;
    assert_eq!((message.len, message.from), (3, one_addr));
    assert!(message.flags.contains(MSG_TRUNC));
    Ok(())
}

#[test]
fn tcp_carries_no_descriptors() -> io::Result<()> {
    let (client, server) = connected(SOCK_STREAM, own_address())?;
    assert_eq!(sendmsg(&client, b"plain", &[], 0)?, 5);
    assert_eq!(recvmsg(&server, &mut [0; 8], 0)?.len, 5);
    assert_eq!(
        recvmsg(&server, &mut [0; 8], MSG_DONTWAIT)
            .map_err(|error| error.kind())
            .unwrap_err(),
        io::ErrorKind::WouldBlock
    );
    Ok(())
}

#[test]
#[cfg(target_os = "linux")]
fn a_socket_that_wants_credentials_takes_no_descriptors() -> io::Result<()> {
    let (one, other) = socketpair(AF_UNIX, SOCK_SEQPACKET, 0)?;
    setsockopt(&other, SO_PASSCRED, true)?;
    let (reader, mut writer) = io::pipe()?;
    sendmsg(&one, b"", &[reader.as_fd()], 0)?;
    drop(reader);
    let message = recvmsg(&other, &mut [0; 8], 0)?;
    assert!(message.flags.contains(MSG_CTRUNC));
    assert!(message.rights.is_empty());
    let sender = message.credentials.expect("a message came");
    assert_eq!((sender.pid, sender.uid), (0, u32::MAX));
    // Its last reader is gone: no descriptor was kept in secret.
    let error = writer.write_all(b"x").unwrap_err();
    assert_eq!(error.kind(), io::ErrorKind::BrokenPipe);
    Ok(())
}
