//! Stage `limits`: just under, just over, and a queue that is full.

use std::time::{Duration, Instant};

use testbench::prelude::*;

/// What a pipe holds, so that the program has all its lines at once.
const PIPE: usize = 60_000;

/// What a program may use of a processor while it waits.
const IDLE: f64 = 0.1;

/// The program as a client of a server at `addr`, and the server's end of its connection.
fn meet(t: &Bench, addr: &UnixAddr, flags: &[&str]) -> Outcome<(Program, PacketPeer)> {
    let listener = t.listen_packets(addr)?;
    let addr = addr.to_string();
    let program = t.run_typing(&[&["limits", &addr], flags].concat())?;
    let server = listener.accept(&program)?;
    Ok((program, server))
}

/// Twice as many lines as fit the queue.
fn too_many_lines(t: &Bench) -> Outcome<Vec<String>> {
    let fit = t.packets_that_fit(10)?;
    if 2 * fit * 11 > PIPE {
        return Err(Failure::lack(
            "this machine's send buffers are too large to be filled",
        ));
    }
    Ok((0..2 * fit).map(|_| t.word(10)).collect())
}

/// One byte less than the longest, the longest, one byte more, and a few more: each from a program
/// of its own, so that there is room for it.
#[test]
fn just_under_and_just_over() -> Graded {
    check(|t| {
        let folder = t.folder()?;
        let most = t.longest_packet()?;
        let lesson = "The socket itself knows how long a message may be: SO_SNDBUF, less the 32 \
                      bytes that the kernel keeps for itself (unix(7)). Let send judge, and pass on \
                      whole what it takes.";
        for length in [65_508, most - 1, most, most + 1, most + 32, most + 33] {
            let (program, mut server) = meet(t, &folder.socket(&length.to_string()), &[])?;
            let line = t.word(length);
            program.feed(format!("{line}\n"))?;
            let goes = length <= most;
            if goes {
                server.expect(line).teaches(lesson)?;
            }
            server.expect_end().teaches(lesson)?;
            let told = if goes {
                format!("SENT {length}\n")
            } else {
                format!("TOOLONG {length} {most}\n")
            };
            program.expect_output(told).teaches(lesson)?;
            program.expect_exit(i32::from(!goes))?;
        }
        Ok(())
    })
}

/// The server receives nothing until the program waits for it; then it receives all.
#[test]
fn a_full_queue_is_waited_for() -> Graded {
    check(|t| {
        let folder = t.folder()?;
        let lines = too_many_lines(t)?;
        let (program, mut server) = meet(t, &folder.socket("packets.sock"), &["--wait", "60000"])?;
        program.type_in(lines.join("\n") + "\n")?;
        program.end_input();
        let lesson = "EAGAIN means not now, and drops nothing: the message is still yours. Wait until \
                      the queue has room, asleep in poll for POLLOUT, and send it again.";
        program.line(1).teaches(lesson)?;
        program.settle();
        let share = program
            .facts()
            .busy_share(Duration::from_millis(150))
            .teaches(lesson)?;
        wrong(share < IDLE, Saw::Spinning, || {
            let percent = share * 100.0;
            format!("with a full queue the program used {percent:.0} % of a processor")
        })
        .teaches(lesson)?;
        for line in &lines {
            server.expect(line).teaches(lesson)?;
        }
        server.expect_end().teaches(lesson)?;
        program
            .expect_output("SENT 10\n".repeat(lines.len()))
            .teaches(lesson)?;
        program.expect_exit(0)
    })
}

/// The server receives nothing until the program has given up.
#[test]
fn no_room_in_time_is_told() -> Graded {
    check(|t| {
        const WAIT: Duration = Duration::from_millis(1500);
        let folder = t.folder()?;
        let lines = too_many_lines(t)?;
        let wait = WAIT.as_millis().to_string();
        let began = Instant::now();
        let (program, mut server) = meet(t, &folder.socket("packets.sock"), &["--wait", &wait])?;
        program.type_in(lines.join("\n") + "\n")?;
        program.end_input();
        let lesson = "A queue that stays full must not hold you for ever, nor make you give up at \
                      once: wait as long as --wait says, measured from the first try.";
        program.expect_exit(4).teaches(lesson)?;
        wrong(began.elapsed() >= WAIT, Saw::Exit, || {
            format!("the program gave up before {wait} ms had passed")
        })
        .teaches(lesson)?;
        let came = server.receive_to_end()?;
        let told = "SENT 10\n".repeat(came.len()) + "FULL 10\n";
        program.expect_output(told).teaches(lesson)?;
        let sent: Vec<u8> = lines[..came.len()].concat().into_bytes();
        differs("what the server got", sent, came.concat()).teaches(lesson)
    })
}

/// The server goes away between two lines.
#[test]
fn a_server_that_is_gone_is_told() -> Graded {
    check(|t| {
        let folder = t.folder()?;
        let (program, mut server) = meet(t, &folder.socket("packets.sock"), &[])?;
        let word = t.word(9);
        program.type_in(format!("{word}\n"))?;
        server.expect(word)?;
        program.line(1)?;
        server.close();
        program.type_in(format!("{}\n", t.word(8)))?;
        let lesson = "Not every error of send is about room: when nobody will receive any more \
                      (EPIPE, ECONNRESET), no waiting helps. Return the error, and claim nothing sent.";
        program
            .expect_failure(1)
            .when(Saw::Crash, lesson)
            .teaches(lesson)?;
        program.expect_output("SENT 9\n").teaches(lesson)
    })
}
