//! Stage `abstract`: a name that is no file.

use testbench::prelude::*;

/// A word there and back.
fn exchange(server: &UnixServer, word: &str) -> Outcome {
    let mut client = server.connect()?;
    client.send(word)?;
    client.half_close()?;
    client.expect(word)?;
    client.expect_end()
}

/// Two clients find the server under its name.
#[test]
fn is_found_under_its_name() -> Graded {
    check(|t| {
        let _start = t.folder()?;
        let server = t.serve_unix("abstract", &t.abstract_addr("lab.")?, &[])?;
        for _ in 0..2 {
            exchange(&server, &t.word(20)).when(
                Saw::Refused,
                "Nobody listens under exactly that name. An abstract name begins with a zero byte \
                 in sun_path, which listings show as @; behind it stand the bytes that were \
                 given, as many as were given, and nothing to fill up.",
            )?;
        }
        Ok(())
    })
}

/// The server is killed; nothing is left that would be in the way of the next one.
#[test]
fn is_gone_with_its_program() -> Graded {
    check(|t| {
        let _start = t.folder()?;
        let addr = t.abstract_addr("lab.")?;
        let server = t.serve_unix("abstract", &addr, &[])?;
        exchange(&server, &t.word(20))?;
        server.kill()?;
        server.expect_nobody_at(&addr)?;
        t.serve_unix("abstract", &addr, &[])
            .and_then(|server| exchange(&server, &t.word(20)))
            .teaches("An abstract name is gone with its socket: there is nothing to clean up.")
    })
}

/// The program is the client, and the server answers something else than it was told.
#[test]
fn the_client_reaches_its_server() -> Graded {
    check(|t| {
        let _start = t.folder()?;
        let addr = t.abstract_addr("lab.")?;
        let listener = t.listen_unix(&addr)?;
        let client = t.run_typing(&["abstract", "--connect", &addr.to_string()])?;
        let mut server = listener
            .accept(&client)
            .teaches("Connect to the abstract name that you are given, byte for byte.")?;
        let (asked, answered) = (t.word(20), t.bytes(500));
        client.type_in(&asked)?;
        server.expect(&asked)?;
        client.end_input();
        server.expect_end()?;
        server.send(&answered)?;
        server.close();
        client.expect_output(&answered)?;
        client.expect_exit(0)
    })
}
