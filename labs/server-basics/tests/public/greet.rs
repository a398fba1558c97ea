//! Stage `greet`: the server speaks first, to everyone.

use testbench::prelude::*;

/// Three clients come one after another, say nothing, and listen to the end.
#[test]
fn every_client_is_greeted() -> Graded {
    check(|t| {
        let server = t.serve("greet", &[])?;
        let mut first = server.connect()?;
        first.expect("Connection is successful").teaches(
            "A greeting waits for nobody: accept gives you the connection, write the text to it \
             at once.",
        )?;
        first.expect_closed().teaches(
            "Nothing follows the text but the end of the stream: no line end, no second greeting, \
             and the stream is closed.",
        )?;
        for _ in 0..2 {
            let next = server.connect().and_then(|mut client| {
                client.expect("Connection is successful")?;
                client.expect_closed()
            });
            next.teaches("accept returns one connection; loop to serve the next.")?;
        }
        Ok(())
    })
}

/// The text comes from the command line, and spaces at its ends belong to it.
#[test]
fn the_text_is_the_one_asked_for() -> Graded {
    check(|t| {
        let text = format!("  {} größer {}\t ", t.word(8), t.word(300));
        let server = t.serve("greet", &["--text", &text])?;
        let mut client = server.connect()?;
        client
            .expect(&text)
            .and_then(|()| client.expect_closed())
            .teaches("Send the bytes of the text you were given, all of them and no others.")
    })
}
