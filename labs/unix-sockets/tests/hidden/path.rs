//! Stage `path`: who may connect, and what is not the program's to touch.

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::os::unix::net::UnixDatagram;

use testbench::prelude::*;
use testbench::unix_address::LONGEST;

/// A word there and back.
fn exchange(server: &UnixServer, word: &str) -> Outcome<Peer> {
    let mut client = server.connect()?;
    client.send(word)?;
    client.expect(word)?;
    Ok(client)
}

/// The program is READY, and only its own user may write to the socket.
#[test]
fn only_its_own_user_may_connect() -> Graded {
    check(|t| {
        let folder = t.folder()?;
        let path = folder.path().join("echo.sock");
        let server = t.serve_unix("path", &UnixAddr::Path(path.clone()), &[])?;
        let mode = fs::symlink_metadata(&path).map(|file| file.permissions().mode() & 0o7777);
        let mode = mode.map_err(|_| {
            Failure::new(
                Saw::Wrong,
                "the program is READY, and nothing is at its path",
            )
        })?;
        wrong(mode == 0o600, Saw::Wrong, || {
            format!("the socket has mode {mode:04o}; 0600 was expected")
        })
        .teaches(
            "bind gives a socket all permissions that the umask leaves: set the mode to 0600 \
             yourself, best before listen, while nobody can connect yet.",
        )?;
        exchange(&server, &t.word(10)).map(drop)
    })
}

/// A second server is told the path of the first, which has a client.
#[test]
fn a_second_server_disturbs_nobody() -> Graded {
    check(|t| {
        let folder = t.folder()?;
        let path = folder.path().join("echo.sock");
        let addr = UnixAddr::Path(path.clone());
        let server = t.serve_unix("path", &addr, &[])?;
        let mut client = exchange(&server, &t.word(10))?;
        let inode = || fs::symlink_metadata(&path).map(|file| file.ino()).ok();
        let before = inode();

        let lesson = "The first server still has that socket, as a connect that succeeds tells: \
                      leave it alone, also when you fail and tidy up, and return an error.";
        t.start_unix("path", &addr, &[])?
            .expect_cannot_serve()
            .teaches(lesson)?;
        wrong(inode() == before, Saw::Wrong, || {
            "the second program has removed or replaced the socket of the first".to_owned()
        })
        .teaches(lesson)?;
        let word = t.word(10);
        client.send(&word)?;
        client.expect(&word)?;
        client.close();
        exchange(&server, &t.word(10)).map(drop).teaches(lesson)
    })
}

/// Somebody receives datagrams at the path, whom no stream can connect to.
#[test]
fn a_socket_of_another_type_is_left_alone() -> Graded {
    check(|t| {
        let folder = t.folder()?;
        let elsewhere = t.serve_unix("path", &folder.socket("echo.sock"), &[])?;
        exchange(&elsewhere, &t.word(10))?;

        let path = folder.path().join("log.sock");
        let theirs = UnixDatagram::bind(&path)
            .map_err(|error| Failure::grader("bind a datagram socket", error))?;
        let lesson = "Only a refused connect tells that nobody has the socket any more. Another \
                      error, EPROTOTYPE here, tells nothing of the kind: leave the socket to its \
                      owner.";
        t.start_unix("path", &UnixAddr::Path(path.clone()), &[])?
            .expect_cannot_serve()
            .teaches(lesson)?;
        let sent = UnixDatagram::unbound().and_then(|sender| sender.send_to(b"still there", &path));
        wrong(sent.is_ok(), Saw::Wrong, || {
            "the program has removed a socket that somebody else has".to_owned()
        })
        .teaches(lesson)?;
        drop(theirs);
        Ok(())
    })
}

/// A text stands at the path, and a link to it at another.
#[test]
fn what_is_no_socket_stays_as_it_is() -> Graded {
    check(|t| {
        let folder = t.folder()?;
        let elsewhere = t.serve_unix("path", &folder.socket("echo.sock"), &[])?;
        exchange(&elsewhere, &t.word(10))?;

        let text = t.word(40);
        folder.write("thesis.txt", &text)?;
        folder.link("link", "thesis.txt")?;
        for name in ["thesis.txt", "link"] {
            let lesson = "A connect to what is no socket is refused, too. Look first at what is \
                          there, without following links, and touch nothing but sockets.";
            t.start_unix("path", &folder.socket(name), &[])?
                .expect_cannot_serve()
                .teaches(lesson)?;
            let found = fs::read(folder.path().join(name)).unwrap_or_default();
            differs("the file at the path", &text, found).teaches(lesson)?;
        }
        Ok(())
    })
}

/// The longest path that fits an address.
#[test]
fn a_path_may_be_as_long_as_fits() -> Graded {
    check(|t| {
        let folder = t.folder()?;
        let addr = folder.socket_of_length(LONGEST)?;
        let server = t.serve_unix("path", &addr, &[]);
        server
            .and_then(|server| exchange(&server, &t.word(10)))
            .map(drop)
            .teaches(
                "sun_path has 108 bytes with the zero byte at the end, so 107 fit (macOS: 103): \
                 bind the path as it is, with nothing added to it.",
            )
    })
}
