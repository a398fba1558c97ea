//! Who is at the other end.

use std::io;
use std::os::unix::process::CommandExt;
use std::process::Command;

use berkeley::*;

use crate::stage::{connected, errno_of};

/// What the kernel should say of this process.
fn own() -> Ucred {
    Ucred {
        pid: rustix::process::getpid().as_raw_nonzero().get(),
        uid: rustix::process::geteuid().as_raw(),
        gid: rustix::process::getegid().as_raw(),
    }
}

#[test]
fn both_ends_of_a_connection_know_each_other() -> io::Result<()> {
    let folder = tempfile::tempdir()?;
    let (client, server) = connected(SOCK_STREAM, Addr::Path(folder.path().join("socket")))?;
    assert_eq!(getsockopt(&server, SO_PEERCRED)?, own());
    assert_eq!(getsockopt(&client, SO_PEERCRED)?, own());
    let (one, other) = socketpair(AF_UNIX, SOCK_DGRAM, 0)?;
    assert_eq!(getsockopt(&one, SO_PEERCRED)?, own());
    close(one);
    assert_eq!(getsockopt(&other, SO_PEERCRED)?, own(), "also afterwards");
    Ok(())
}

#[test]
#[cfg(target_os = "linux")]
fn without_a_peer_there_is_no_process() -> io::Result<()> {
    let alone = socket(AF_UNIX, SOCK_STREAM, 0)?;
    let nobody = Ucred {
        pid: 0,
        uid: u32::MAX,
        gid: u32::MAX,
    };
    assert_eq!(getsockopt(&alone, SO_PEERCRED)?, nobody);
    Ok(())
}

#[test]
fn the_credentials_cannot_be_set() -> io::Result<()> {
    let (one, _other) = socketpair(AF_UNIX, SOCK_STREAM, 0)?;
    assert_eq!(
        errno_of(setsockopt(&one, SO_PEERCRED, own())),
        errno::ENOPROTOOPT
    );
    Ok(())
}

#[test]
#[cfg(target_os = "linux")]
fn each_message_brings_its_sender_and_the_end_brings_none() -> io::Result<()> {
    let (one, other) = socketpair(AF_UNIX, SOCK_SEQPACKET, 0)?;
    setsockopt(&other, SO_PASSCRED, true)?;
    assert!(getsockopt(&other, SO_PASSCRED)?);
    for message in [&b"0123456789"[..], b"", b""] {
        send(&one, message, 0)?;
    }
    shutdown(&one, SHUT_WR)?;
    let mut buf = [0; 3];
    for length in [10, 0, 0] {
        let message = recvmsg(&other, &mut buf, MSG_TRUNC)?;
        assert_eq!((message.len, message.credentials), (length, Some(own())));
    }
    assert_eq!(&buf, b"012");
    for _ in 0..2 {
        let end = recvmsg(&other, &mut buf, MSG_TRUNC)?;
        assert_eq!((end.len, end.credentials), (0, None));
    }
    Ok(())
}

#[test]
#[cfg(target_os = "linux")]
fn a_message_sent_before_credentials_were_wanted_is_told_too() -> io::Result<()> {
    let (one, other) = socketpair(AF_UNIX, SOCK_SEQPACKET, 0)?;
    send(&one, b"early", 0)?;
    setsockopt(&other, SO_PASSCRED, true)?;
    let message = recvmsg(&other, &mut [0; 8], 0)?;
    assert_eq!(message.len, 5);
    assert!(message.credentials.is_some());
    Ok(())
}

#[test]
#[cfg(target_os = "linux")]
fn a_sender_has_its_credentials_and_its_name() -> io::Result<()> {
    let folder = tempfile::tempdir()?;
    let made = |addr: Addr| -> io::Result<Socket> {
        let fd = socket(AF_UNIX, SOCK_DGRAM, 0)?;
        bind(&fd, addr)?;
        Ok(fd)
    };
    let path = Addr::Path(folder.path().join("receiver"));
    let receiver = made(path.clone())?;
    setsockopt(&receiver, SO_PASSCRED, true)?;
    let name = format!("berkeley-{}\0x", std::process::id());
    for from in [
        Addr::Path(folder.path().join("sender")),
        Addr::Abstract(name.into_bytes()),
    ] {
        sendto(&made(from.clone())?, b"x", 0, &path)?;
        let message = recvmsg(&receiver, &mut [0; 8], MSG_DONTWAIT)?;
        assert_eq!((message.credentials, message.from), (Some(own()), from));
    }
    sendto(&socket(AF_UNIX, SOCK_DGRAM, 0)?, b"x", 0, &path)?;
    assert_eq!(recvmsg(&receiver, &mut [0; 8], 0)?.from, Addr::Unnamed);
    Ok(())
}

/// Becoming another user takes root; as anyone else there is no foreign user to be had.
#[test]
fn another_user_is_told() -> io::Result<()> {
    if !rustix::process::geteuid().is_root() {
        println!("skipped: only root can start a process of another user");
        return Ok(());
    }
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("socket");
    let (listener, _) = crate::stage::listener(SOCK_STREAM, Addr::Path(path.clone()))?;
    for open in [folder.path(), &path] {
        std::fs::set_permissions(open, std::os::unix::fs::PermissionsExt::from_mode(0o777))?;
    }
    let script = "import socket, sys\n\
                  s = socket.socket(socket.AF_UNIX)\n\
                  s.connect(sys.argv[1])\n\
                  s.recv(1)";
    let python = Command::new("python3")
        .args(["-c", script])
        .arg(&path)
        .uid(65534)
        .gid(65533)
        .spawn();
    let Ok(mut python) = python else {
        println!("skipped: there is no python3");
        return Ok(());
    };
    let (server, _) = accept(&listener)?;
    let told = getsockopt(&server, SO_PEERCRED)?;
    assert_eq!((told.uid, told.gid), (65534, 65533));
    assert_ne!(told.pid, own().pid);
    close(server);
    python.wait()?;
    Ok(())
}
