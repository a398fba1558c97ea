//! Stage `limits`: a line is a message.

use testbench::prelude::*;

/// The program as a client of a server at `folder`, and the server's end of its connection.
fn meet(t: &Bench, folder: &Folder) -> Outcome<(Program, PacketPeer)> {
    let listener = t.listen_packets(&folder.socket("packets.sock"))?;
    let program = t.run_typing(&["limits", &listener.addr().to_string()])?;
    let server = listener.accept(&program)?;
    Ok((program, server))
}

/// Four lines at once, one of them empty; then the end of stdin.
#[test]
fn each_line_is_a_message() -> Graded {
    check(|t| {
        let folder = t.folder()?;
        let (program, mut server) = meet(t, &folder)
            .teaches("The server takes sequenced packets: make the socket with SOCK_SEQPACKET.")?;
        let lines = [
            t.word(12),
            String::new(),
            format!(" {}\t ", t.word(3)),
            t.word(1),
        ];
        program.type_in(lines.join("\n") + "\n")?;
        program.end_input();
        for line in &lines {
            server.expect(line).teaches(
                "One call of send is one message: exactly the bytes of the line, without its line \
                 end, and none at all where the line is empty.",
            )?;
        }
        server.expect_end()?;
        program.expect_output("SENT 12\nSENT 0\nSENT 6\nSENT 1\n")?;
        program.expect_exit(0)
    })
}

/// The socket is there, and nobody listens.
#[test]
fn nobody_there_is_told() -> Graded {
    check(|t| {
        t.need_packets()?;
        let folder = t.folder()?;
        let addr = folder.socket("packets.sock");
        drop(t.listen_packets(&addr)?);
        let program = t.run_typing(&["limits", &addr.to_string()])?;
        program.type_in("hello\n")?;
        program.end_input();
        let lesson = "That nobody listens is an answer, not an accident: return the error.";
        program
            .expect_failure(1)
            .when(Saw::Crash, lesson)
            .teaches(lesson)?;
        program.expect_output("")
    })
}

/// A message of twice the length that can be sent, between two short ones.
#[test]
fn a_message_too_long_is_told() -> Graded {
    check(|t| {
        let folder = t.folder()?;
        let most = t.longest_packet()?;
        let (program, mut server) = meet(t, &folder)?;
        let (before, after) = (t.word(5), t.word(7));
        program.feed(format!("{before}\n{}\n{after}\n", "x".repeat(2 * most)))?;
        let lesson = "A message goes whole or not at all. EMSGSIZE says that it never will: send no \
                      part of it, say how long one may be (SO_SNDBUF less 32 bytes, unix(7)), and \
                      go on with the next.";
        server.expect(&before)?;
        server.expect(&after).teaches(lesson)?;
        server.expect_end()?;
        let told = format!("SENT 5\nTOOLONG {} {most}\nSENT 7\n", 2 * most);
        program.expect_output(told).teaches(lesson)?;
        program.expect_exit(1)
    })
}
