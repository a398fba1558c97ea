//! Stage `netcat`: both ways, and both ends.

use testbench::prelude::*;

/// A byte here, some bytes there, each seen before the next is sent; none of them a line.
#[test]
fn passes_bytes_both_ways() -> Graded {
    check(|t| {
        let (program, mut server) = t.meet("netcat", &[])?;
        let mut printed = Vec::new();
        for length in [1, 256, 30] {
            let (ping, pong) = (t.bytes(length), t.bytes(length));
            program.type_in(&ping)?;
            server.expect(&ping).teaches(
                "Send what a read of stdin gives you, at once and as it is: there are no lines \
                 here, and neither a newline nor the end need come.",
            )?;
            server.send(&pong)?;
            printed.extend(pong);
            program.expect_output_so_far(&printed).teaches(
                "Print what a read of the socket gives you, at once and as it is, while stdin is \
                 open.",
            )?;
        }
        Ok(())
    })
}

/// stdin ends; the server sees that, and only then says what it has to say.
#[test]
fn the_end_of_stdin_is_not_the_end() -> Graded {
    check(|t| {
        let (program, mut server) = t.meet("netcat", &[])?;
        let (question, answer) = (t.bytes(500), t.bytes(5000));
        program.feed(question.clone())?;
        server.expect(&question)?;
        let lesson = "End of input is not end of output: stop writing, keep reading.";
        server.expect_end().when(Saw::Reset, lesson).teaches(
            "The server cannot see that stdin has ended: tell it, with shutdown(Write), that \
                 there is no more to come.",
        )?;
        server.pause();
        server.send(&answer).teaches(lesson)?;
        server.close();
        program.expect_output(&answer).teaches(lesson)?;
        program
            .expect_exit(0)
            .teaches("stdin has ended, and so has the server: exit 0.")
    })
}

/// The server says its last word and ends the stream; stdin stays open.
#[test]
fn the_servers_end_is_the_end() -> Graded {
    check(|t| {
        let (program, mut server) = t.meet("netcat", &[])?;
        let (question, answer) = (t.bytes(20), t.bytes(500));
        program.type_in(&question)?;
        server.expect(&question)?;
        server.send(&answer)?;
        server.close();
        program.expect_output_so_far(&answer)?;
        program.expect_exit(0).teaches(
            "The server has finished: leave, though a read of stdin may wait for ever. A thread \
             that waits there cannot be woken, but main can return without it.",
        )
    })
}
