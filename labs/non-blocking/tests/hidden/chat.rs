//! Stage `chat`: guests who are slow, rude, silent, or too many.

use std::time::{Duration, Instant};

use testbench::prelude::*;

/// A client that has joined under that name, when `present` are there.
fn join(server: &Server, name: &str, present: &str) -> Outcome<Peer> {
    let mut client = server.connect()?;
    client.send(format!("{name}\n"))?;
    client.expect_line(format!("OK {present}").trim_end())?;
    Ok(client)
}

/// `from` says something new, and all of `to` hear it.
fn say(t: &Bench, name: &str, from: &mut Peer, to: &mut [&mut Peer]) -> Outcome {
    let text = t.word(20);
    from.send(format!("{text}\n"))?;
    to.iter_mut()
        .try_for_each(|listener| listener.expect_line(&format!("{name}: {text}")))
}

/// One client has half a name, one has none and leaves; two others talk.
#[test]
fn half_a_name_is_invisible() -> Graded {
    check(|t| {
        let lesson = "Who has no name yet is not in the room: it hears nothing, it is not announced, and \
                      nobody hears that it leaves.";
        let server = t.serve("chat", &[])?;
        let mut half = server.connect()?;
        half.send("da")?;
        half.pause();
        let mut shy = server.connect()?;
        let mut ann = join(&server, "ann", "").teaches(lesson)?;
        let mut bob = join(&server, "bob", "ann").teaches(lesson)?;
        ann.expect_line("+bob").teaches(lesson)?;
        say(t, "ann", &mut ann, &mut [&mut bob])?;
        shy.half_close()?;
        shy.expect_end().teaches(lesson)?;
        say(t, "bob", &mut bob, &mut [&mut ann]).teaches(lesson)?;

        half.send("n\n")?;
        half.expect_line("OK ann bob").teaches(lesson)?;
        ann.expect_line("+dan").teaches(lesson)?;
        bob.expect_line("+dan").teaches(lesson)?;
        say(t, "dan", &mut half, &mut [&mut ann, &mut bob])?;
        join(&server, "eve", "ann bob dan").map(drop).teaches(
            "The names stand in the order in which they were said, not in that of the connections.",
        )
    })
}

/// Lines in pieces, many in one segment, with CR LF, with bytes that are no text; a last one unfinished.
#[test]
fn lines_keep_their_order() -> Graded {
    check(|t| {
        let lesson = "Each line of a sender reaches the others once, whole, and in the order in which it \
                      was said, however its bytes came.";
        let server = t.serve("chat", &[])?;
        let mut ann = join(&server, "ann", "")?;
        let mut bob = join(&server, "bob", "ann")?;
        ann.expect_line("+bob")?;

        let line = t.word(30);
        ann.send_in_pieces(format!("{line}\n"), &t.piece_sizes(9))?;
        bob.expect_line(&format!("ann: {line}")).teaches(lesson)?;

        let lines: Vec<String> = (0..100).map(|_| t.word(1 + t.below(60))).collect();
        ann.send(format!("{}\n", lines.join("\n")))?;
        for line in &lines {
            bob.expect_line(&format!("ann: {line}")).teaches(lesson)?;
        }

        let bytes: Vec<u8> = t
            .bytes(200)
            .into_iter()
            .filter(|byte| !b"\r\n".contains(byte))
            .collect();
        ann.send([&bytes[..], b"\r\n\n\r\nend\nunfinished"].concat())?;
        bob.expect([b"ann: ", &bytes[..], b"\nann: end\n"].concat())
            .teaches("A line is bytes: pass them on as they are, without the CR LF or LF that ends it; an empty line is for nobody.")?;
        ann.half_close()?;
        bob.expect_line("-ann")
            .teaches("What has no line end was not said: drop it when its sender leaves.")?;
        ann.expect_end()
    })
}

/// One never reads; two others talk until it is put out, and go on talking.
#[test]
fn a_stuck_reader_is_put_out() -> Graded {
    check(|t| {
        /// More than the kernel keeps for somebody who does not read, and `--keep`.
        const MOST: usize = 8 << 20;
        const BUNCH: usize = 32;
        // However long it takes, nobody is silent for too long.
        let idle = ["--idle", "600000"];
        let stopped = "One who does not read must not stop the others: write to each what goes, keep the \
                       rest for it, and turn to the next.";
        let server = t.serve("chat", &idle)?;
        let mut ann = join(&server, "ann", "")?;
        let mut bob = join(&server, "bob", "ann")?;
        ann.expect_line("+bob")?;
        let mut stuck = server.connect_as(&Wish::receive_buffer(4 * 1024))?;
        stuck.send("stuck\n")?;
        stuck.expect_line("OK ann bob")?;
        ann.expect_line("+stuck")?;
        bob.expect_line("+stuck")?;

        let mut said = 0;
        loop {
            let bunch: Vec<String> = (0..BUNCH).map(|_| t.word(1000)).collect();
            said += BUNCH * 1000;
            ann.send(format!("{}\n", bunch.join("\n")))
                .teaches(stopped)?;
            // The notice comes between two lines; which, is the program's affair.
            let mut put_out = false;
            for line in &bunch {
                let mut heard = bob.line().teaches(stopped)?;
                if heard == b"-stuck" && !put_out {
                    put_out = true;
                    heard = bob.line().teaches(stopped)?;
                }
                differs("what bob heard", format!("ann: {line}"), heard)?;
            }
            if put_out {
                break;
            }
            if bob.hears_within(Duration::ZERO)? {
                bob.expect_line("-stuck").teaches(stopped)?;
                break;
            }
            wrong(said < MOST, Saw::Excess, || {
                format!("one client was sent {said} bytes, read nothing, and was still in the room")
            })
            .teaches("What waits for one reader is bounded: when it would be more than --keep, that reader is put out, and the others are told.")?;
        }
        ann.expect_line("-stuck").teaches(stopped)?;
        say(t, "bob", &mut bob, &mut [&mut ann]).teaches(stopped)?;
        drop(stuck);
        join(&server, "stuck", "ann bob")
            .map(drop)
            .teaches("Who was put out may come back, under the same name.")
    })
}

/// Three are gone, by reset, when somebody speaks to all.
#[test]
fn a_reset_ends_one_visit_only() -> Graded {
    check(|t| {
        let lesson = "Writing to one who is gone fails, and that is the end of one visit: tell the others, \
                      and serve them as before.";
        let server = t.serve("chat", &[])?;
        let mut ann = join(&server, "ann", "")?;
        let rude = [
            join(&server, "r1", "ann")?,
            join(&server, "r2", "ann r1")?,
            join(&server, "r3", "ann r1 r2")?,
        ];
        let mut bob = join(&server, "bob", "ann r1 r2 r3")?;
        for notice in ["+r1", "+r2", "+r3", "+bob"] {
            ann.expect_line(notice)?;
        }
        server.freeze()?;
        let text = t.word(20);
        ann.send(format!("{text}\n"))?;
        for rude in rude {
            rude.reset()?;
        }
        server.thaw()?;

        // Bob hears the line and three notices, in whatever order the program came upon them.
        let mut heard = Vec::new();
        for _ in 0..4 {
            heard.push(bob.line().when(Saw::Crash, lesson).teaches(lesson)?);
        }
        heard.sort();
        let expected = format!("-r1\n-r2\n-r3\nann: {text}");
        differs("what bob heard, sorted,", expected, heard.join(&b'\n')).teaches(lesson)?;
        let mut told: Vec<Vec<u8>> = Vec::new();
        for _ in 0..3 {
            told.push(ann.line().teaches(lesson)?);
        }
        told.sort();
        differs(
            "what ann heard, sorted,",
            "-r1\n-r2\n-r3",
            told.join(&b'\n'),
        )
        .teaches(lesson)?;
        say(t, "bob", &mut bob, &mut [&mut ann]).teaches(lesson)?;
        join(&server, "r1", "ann bob").map(drop).teaches(lesson)
    })
}

/// One says nothing any more, one never said its name, and one talks on.
#[test]
fn silence_ends_at_the_idle_limit() -> Graded {
    check(|t| {
        const IDLE: Duration = Duration::from_millis(400);
        // On a busy machine it may be this check that falls silent; then it begins again.
        for _ in 0..10 {
            let server = t.serve("chat", &["--idle", "400"])?;
            let mut talker = join(&server, "talker", "")?;
            let mut last = Instant::now();
            let mut longest = Duration::ZERO;
            let nameless = server.connect()?;
            let began = Instant::now();
            let mut silent = server.connect()?;
            silent.send("silent\n")?;
            // An empty line is heard by nobody, and is a sign of life.
            while began.elapsed() < 5 * IDLE / 2 {
                if talker.send("\n").is_err() {
                    break;
                }
                longest = longest.max(last.elapsed());
                last = Instant::now();
                std::thread::sleep(IDLE / 10);
            }
            longest = longest.max(last.elapsed());
            if longest <= IDLE / 2 {
                return judge_silence(talker, nameless, silent);
            }
        }
        Err(Failure::too_busy("send a line every 40 ms"))
    })
}

/// When 1000 ms have passed with a limit of 400.
fn judge_silence(mut talker: Peer, mut nameless: Peer, mut silent: Peer) -> Outcome {
    const STAYS: &str =
        "Who talks may stay: the limit begins again with everything that comes, an empty line too.";
    let lesson = "--idle is for whom nothing comes from, with a name or without: let poll wait no longer \
                  than until the first of them has been silent for so long.";
    silent.expect_line("OK talker")?;
    // It was there, and heard nothing but who else was.
    silent
        .expect_closed()
        .when(Saw::Wrong, STAYS)
        .teaches(lesson)?;
    nameless.expect_closed().teaches(lesson)?;
    talker.expect_line("+silent").teaches(STAYS)?;
    talker
        .expect_line("-silent")
        .when(Saw::End, STAYS)
        .teaches("The others are told of one who was put out, as of any who leaves.")
}

/// A line of 1024 bytes is said; one of 1025 ends the visit, and so does one that never ends.
#[test]
fn a_line_too_long_ends_the_visit() -> Graded {
    check(|t| {
        let server = t.serve("chat", &[])?;
        let mut ann = join(&server, "ann", "")?;
        let mut bob = join(&server, "bob", "ann")?;
        ann.expect_line("+bob")?;
        let line = t.word(1024);
        bob.send(format!("{line}\r\n"))?;
        ann.expect_line(&format!("bob: {line}"))
            .teaches("A line may have 1024 bytes, its line end not counted.")?;
        let lesson = "A line longer than 1024 bytes is answered by ERR too long, and its sender is put \
                      out like anybody else.";
        bob.send(t.word(1025) + "\n")?;
        bob.expect_line("ERR too long").teaches(lesson)?;
        bob.expect_closed().teaches(lesson)?;
        ann.expect_line("-bob").teaches(lesson)?;
        let mut cat = server.connect()?;
        cat.send_until_closed(t.word(1 << 20))?;
        cat.read_to_close(1 << 16)
            .teaches("A name that never ends is a line too long, too.")?;
        join(&server, "bob", "ann").map(drop).teaches(lesson)
    })
}

/// There are descriptors for three more, and eight come; then those leave.
#[test]
fn survives_being_out_of_descriptors() -> Graded {
    check(|t| {
        let server = t.serve("chat", &[])?;
        let mut ann = join(&server, "ann", "")?;
        let mut bob = join(&server, "bob", "ann")?;
        ann.expect_line("+bob")?;
        server.leave_descriptors(3)?;
        let dies = "accept can fail although the listener is sound: go on with those who are there, and \
                    try again.";
        let crowd = server.connect_many(8).teaches(dies)?;
        crowd[7].pause();
        let share = server
            .facts()
            .busy_share(Duration::from_millis(150))
            .teaches(dies)?;
        wrong(share < 0.5, Saw::Spinning, || {
            format!("out of descriptors, the program used {:.0} % of a processor", share * 100.0)
        })
        .teaches(
            "The newcomer stays queued, so the listener stays ready and poll returns at once: leave the \
             listener out of it for a moment.",
        )?;
        for _ in 0..20 {
            say(t, "ann", &mut ann, &mut [&mut bob]).teaches(dies)?;
            say(t, "bob", &mut bob, &mut [&mut ann]).teaches(dies)?;
        }
        drop(crowd);
        join(&server, "cat", "ann bob").map(drop).teaches(dies)
    })
}

/// Thirty are in the room and say nothing.
#[test]
fn one_thread_that_sleeps() -> Graded {
    check(|t| {
        let server = t.serve("chat", &[])?;
        let mut room = Vec::new();
        let mut present = String::new();
        for number in 0..30 {
            let name = format!("guest{number}");
            room.push(join(&server, &name, &present)?);
            present = format!("{present} {name}").trim_start().to_owned();
        }
        let threads = server.facts().threads()?;
        wrong(threads == 1, Saw::Excess, || {
            format!("with 30 clients the program had {threads} threads")
        })
        .teaches("Threads would need locks to talk to each other; in one thread everybody's buffer is at hand.")?;
        let share = server.facts().busy_share(Duration::from_millis(150))?;
        wrong(share < 0.1, Saw::Spinning, || {
            format!("with 30 silent clients the program used {:.0} % of a processor", share * 100.0)
        })
        .teaches("While nothing is said there is nothing to do: the next silence that is too long is all that poll has to wake for.")
    })
}
