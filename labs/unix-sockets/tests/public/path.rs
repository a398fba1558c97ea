//! Stage `path`: a socket that is a file, from bind to its end.

use std::fs;
use std::os::unix::fs::FileTypeExt;

use testbench::prelude::*;

/// A word there and back.
fn exchange(server: &UnixServer, word: &str) -> Outcome {
    let mut client = server.connect()?;
    client.send(word)?;
    client.expect(word)
}

/// Two clients, one after another, say all they have to say, half-close, and get it back.
#[test]
fn echoes() -> Graded {
    check(|t| {
        let folder = t.folder()?;
        let server = t.serve_unix("path", &folder.socket("echo.sock"), &[])?;
        for _ in 0..2 {
            let mut client = server.connect().teaches(
                "bind makes the file, and listen lets clients in: do both before you return the \
                 listener. Without listen a connect is refused, and accept says Invalid argument.",
            )?;
            let payload = t.bytes(2000);
            client.send(&payload)?;
            client.half_close()?;
            client.expect(&payload)?;
            client.expect_end()?;
        }
        Ok(())
    })
}

/// The socket is there while the server runs, and gone when SIGTERM has ended it.
#[test]
fn is_gone_after_sigterm() -> Graded {
    check(|t| {
        let folder = t.folder()?;
        let path = folder.path().join("echo.sock");
        let server = t.serve_unix("path", &UnixAddr::Path(path.clone()), &[])?;
        exchange(&server, &t.word(10))?;
        let is_socket = fs::symlink_metadata(&path).is_ok_and(|file| file.file_type().is_socket());
        wrong(is_socket, Saw::Wrong, || {
            "while the server runs, there is no socket at its path".to_owned()
        })
        .teaches("Listen at the very path of --bind.")?;

        let lesson = "The kernel leaves a socket's file where it is when the socket is gone: who \
                      made it removes it, in leave.";
        server.terminate()?;
        server.expect_exit(0).teaches(lesson)?;
        wrong(fs::symlink_metadata(&path).is_err(), Saw::Wrong, || {
            "the program has ended, and its socket is still in the file system".to_owned()
        })
        .teaches(lesson)
    })
}

/// A server is killed and leaves its socket behind; the next one starts there.
#[test]
fn starts_again_after_a_crash() -> Graded {
    check(|t| {
        let folder = t.folder()?;
        let addr = folder.socket("echo.sock");
        let server = t.serve_unix("path", &addr, &[])?;
        exchange(&server, &t.word(10))?;
        server.kill()?;

        let again = t.serve_unix("path", &addr, &[]);
        again
            .and_then(|server| exchange(&server, &t.word(10)))
            .teaches(
                "A server that was killed could not clean up: bind finds its socket in use. Probe \
                 it by connecting; refused means that nobody has it any more, and it may be \
                 removed.",
            )
    })
}
