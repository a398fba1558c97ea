//! Stage `receive`: what the server says, to its end.

use testbench::prelude::*;

/// Bytes of every value, some of them more than once, then the end of the stream.
#[test]
fn copies_what_comes() -> Graded {
    check(|t| {
        let (program, mut server) = t.meet("receive", &[])?;
        let mut said: Vec<u8> = (0..=255).collect();
        said.extend(t.bytes(2000));
        server.send(&said)?;
        server.close();
        program
            .expect_output(&said)
            .when(
                Saw::Silence,
                "read returned 0: that is the end of the server's stream, and of your program.",
            )
            .when(
                Saw::Spinning,
                "read returned 0: the server has finished; a loop that goes on reading spins.",
            )
            .teaches(
                "Sockets carry bytes: write to stdout exactly what read put into your buffer, \
                 &buffer[..n], and decode nothing.",
            )?;
        program
            .expect_exit(0)
            .teaches("The server's end of stream is no error: return Ok.")
    })
}

/// Three pieces, each of which must be on stdout before the next is sent.
#[test]
fn prints_as_it_comes() -> Graded {
    check(|t| {
        let (program, mut server) = t.meet("receive", &[])?;
        let mut said = Vec::new();
        for piece in [t.bytes(40), t.word(10).into_bytes(), t.bytes(1)] {
            server.send(&piece)?;
            said.extend(piece);
            program.expect_output_so_far(&said).teaches(
                "Print what each read gives you at once: the next bytes may come much later, and \
                 the end of the stream never.",
            )?;
        }
        server.close();
        program
            .expect_exit(0)
            .teaches("The server has ended its stream: leave with exit code 0.")
    })
}
