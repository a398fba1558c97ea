//! Stage `leave`: SIGTERM at every bad moment.

use std::thread;
use std::time::{Duration, Instant};

use testbench::peer::Wish;
use testbench::prelude::*;

/// More than the kernel keeps for the two ends together, so that the program is still sending it.
const LONG: usize = 16_000_000;

fn blob(length: usize) -> Vec<u8> {
    let mut bytes = b"abcdefghijklmnopqrstuvwxyz".repeat(length.div_ceil(26));
    bytes.truncate(length);
    bytes
}

/// A client that has asked for a long reply and has read only its beginning.
fn with_a_reply_under_way(server: &Server) -> Outcome<Peer> {
    let mut client = server.connect_as(&Wish::receive_buffer(16 * 1024))?;
    client.send(format!("BLOB {LONG}\n"))?;
    client.expect(blob(26))?;
    Ok(client)
}

/// SIGTERM comes in the middle of a long reply; the client reads on to its end.
#[test]
fn finishes_the_reply_under_way() -> Graded {
    check(|t| {
        let server = t.serve("leave", &[])?;
        let mut client = with_a_reply_under_way(&server)?;
        server.terminate()?;
        client.pause();

        let lesson = "Stop accepting, finish what you began, then leave.";
        client.expect(blob(LONG - 26)).teaches(lesson)?;
        client.expect_end().teaches(lesson)?;
        client.close();
        server
            .expect_exit(0)
            .teaches("When the last reply is out and the client has closed, exit with 0.")
    })
}

/// SIGTERM comes while a client that was answered says nothing. Who drained first would be waiting
/// for it much longer than it waits for the end.
#[test]
fn an_idle_client_sees_the_end() -> Graded {
    check(|t| {
        let server = t.serve("leave", &["--drain", "60000"])?;
        let mut client = server.connect()?;
        client.send("ADD 1 2\n")?;
        client.expect_line("3")?;
        server.settle();

        server.terminate()?;
        client
            .expect_end()
            .when(
                Saw::Reset,
                "The client sent nothing you had not read: an orderly close ends the stream, it \
                 does not reset it.",
            )
            .teaches(
                "While you wait for the next line, wait for the Stop too; then end your own side \
                 first, without waiting for the client's.",
            )?;
        client.close();
        server
            .expect_exit(0)
            .teaches("SIGTERM asks you to leave, and that is no error: exit with 0.")
    })
}

/// SIGTERM comes in the middle of a long reply, and a newcomer knocks.
#[test]
fn refuses_newcomers() -> Graded {
    check(|t| {
        let server = t.serve("leave", &[])?;
        let mut client = with_a_reply_under_way(&server)?;
        server.terminate()?;
        server.expect_refusal().teaches(
            "As long as the listener is open the kernel accepts for you, and nobody will ever \
             answer: close it first, also while you are still sending. write_all notices no signal.",
        )?;
        client
            .expect(blob(LONG - 26))
            .teaches("The newcomer is refused; who is being served gets the whole reply.")
    })
}

/// A request with 64 KiB of junk behind it; the client keeps its sending side open.
#[test]
fn a_client_still_sending_sees_its_reply() -> Graded {
    check(|t| {
        let server = t.serve("leave", &[])?;
        let mut client = server.connect()?;
        let length = 100_000 + t.below(100_000);
        let mut bytes = format!("BLOB {length}\n").into_bytes();
        bytes.extend(vec![b'x'; 64 * 1024]);
        let sending = client.send_in_background(bytes)?;

        let lesson = "Closing with unread data makes TCP send RST, which can destroy your last \
                      reply: shut down writing, drain, then close.";
        client.expect(blob(length)).teaches(lesson)?;
        client.expect_line("ERR too long").teaches(lesson)?;
        client.expect_end().teaches(lesson)?;
        sending.finish().teaches(lesson)
    })
}

/// The server has said good-bye; the client goes on sending for ever.
#[test]
fn draining_has_an_end() -> Graded {
    check(|t| {
        const DRAIN: Duration = Duration::from_secs(1);
        let server = t.serve("leave", &["--drain", "1000"])?;
        let mut client = server.connect()?;
        client.send("ADD 1 2\n")?;
        client.expect_line("3")?;
        server.settle();

        let asked = Instant::now();
        server.terminate()?;
        // More than a line may have: who waits for a line's end is not kept from draining.
        client.send_until_closed("x".repeat(4096))?;
        while asked.elapsed() < PATIENCE && server.expect_alive().is_ok() {
            client.send_until_closed("x")?;
            // Far more often than any read timeout ends, also on a busy machine.
            thread::sleep(Duration::from_millis(1));
        }
        let took = asked.elapsed();
        wrong(took < PATIENCE, Saw::Silence, || {
            format!(
                "the client went on sending for {} s, and the program stayed",
                took.as_secs()
            )
        })
        .teaches(
            "Drain against one deadline: a client that goes on sending restarts a read timeout \
             with every byte, and without any timeout it holds you for ever.",
        )?;
        server.expect_exit(0)?;
        wrong(took >= DRAIN, Saw::Exit, || {
            format!("the program left {} ms after SIGTERM", took.as_millis())
        })
        .teaches("The client had not closed yet: it has --drain milliseconds to do so.")
    })
}
