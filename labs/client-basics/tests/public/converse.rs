//! Stage `converse`: lines there, lines back.

use testbench::prelude::*;

/// Three requests on stdin and its end; when all have come, the replies and the server's end.
#[test]
fn prints_the_replies() -> Graded {
    check(|t| {
        let (program, mut server) = t.meet("converse", &[])?;
        let requests: Vec<String> = (0..3).map(|_| format!("ADD {} 1", t.below(1000))).collect();
        let replies: String = (0..3).map(|_| format!("{}\n", t.below(1000))).collect();
        program.feed(requests.join("\n") + "\n")?;
        for request in &requests {
            server
                .expect_line(request)
                .teaches("Send each line of stdin as it is, and nothing else.")?;
        }
        server.expect_end().teaches(
            "stdin has ended, and the server does not know it yet: shut down your sending side.",
        )?;
        server.send(&replies)?;
        server.close();
        program
            .expect_output(&replies)
            .teaches("What the server sends goes to stdout as it is, and nothing else does.")?;
        program
            .expect_exit(0)
            .teaches("Every line has had its reply, and both ends have finished: exit 0.")
    })
}

/// A server that answers when it has seen the end of the requests, and not before.
#[test]
fn says_when_it_has_finished() -> Graded {
    check(|t| {
        let (program, mut server) = t.meet("converse", &[])?;
        let (request, reply) = (t.word(12), t.word(12));
        program.feed(format!("{request}\n"))?;
        server.expect_line(&request)?;
        server
            .expect_end()
            .when(
                Saw::Reset,
                "The end of stdin ends one direction only: shutdown(Write), and keep the stream.",
            )
            .teaches(
                "Say 'I have finished' with shutdown(Write); otherwise the server keeps waiting.",
            )?;
        server.send(format!("{reply}\n"))?;
        server.close();
        program.expect_output(format!("{reply}\n")).teaches(
            "The end of stdin is not the end of the conversation: stop sending, go on printing \
             until the server ends its stream.",
        )
    })
}

/// Somebody types a line, reads its reply, and types the next.
#[test]
fn is_interactive() -> Graded {
    check(|t| {
        let (program, mut server) = t.meet("converse", &[])?;
        let mut printed = String::new();
        for _ in 0..3 {
            let (request, reply) = (t.word(12), t.word(12));
            program.type_in(format!("{request}\n"))?;
            server.expect_line(&request).teaches(
                "A line of stdin is complete with its newline: send it then, the next may depend \
                 on its reply.",
            )?;
            let reply = reply + "\n";
            server.send(&reply)?;
            printed += &reply;
            program.expect_output_so_far(&printed).teaches(
                "Who typed the line waits for its reply: print it while stdin is still open.",
            )?;
        }
        Ok(())
    })
}
