//! Stage `edge`: crowds, floods, and rests.

use std::time::Duration;

use testbench::prelude::*;
use testbench::source;

/// More than the kernel keeps between the program and a client that does not read.
const MUCH: usize = 16 << 20;

/// A word there and back.
fn exchange(t: &Bench, client: &mut Peer) -> Outcome {
    let word = t.word(12);
    client.send(&word)?;
    client.expect(&word)
}

/// Reads the echo of `sent` piece by piece.
fn expect_all(client: &mut Peer, sent: &[u8]) -> Outcome {
    sent.chunks(1 << 16)
        .try_for_each(|piece| client.expect(piece))
}

/// All that the client has to say and the end of its stream are there when the program looks.
#[test]
fn half_close_is_answered() -> Graded {
    check(|t| {
        let server = t.serve("edge", &[])?;
        let mut client = server.connect()?;
        exchange(t, &mut client)?;
        let payload = t.bytes(5000);
        server.freeze()?;
        client.send(&payload)?;
        client.half_close()?;
        server.thaw()?;
        client
            .expect(&payload)
            .and_then(|()| client.expect_end())
            .teaches(
                "The bytes and the end of the stream come in one event: what came before the end is \
                 answered first, then close.",
            )
    })
}

/// Clients who connect at the same moment: while the program is stopped, so that one event stands
/// for all of them.
fn connect_at_once(server: &Server, count: usize) -> Outcome<Vec<Peer>> {
    server.freeze()?;
    let clients = server.connect_many(count)?;
    server.thaw()?;
    Ok(clients)
}

/// A hundred clients connect while the program is stopped; each asks, the newest first.
#[test]
fn accepts_everyone_at_once() -> Graded {
    check(|t| {
        let server = t.serve("edge", &[])?;
        exchange(t, &mut server.connect()?)?;
        for client in connect_at_once(&server, 100)?.iter_mut().rev() {
            exchange(t, client).teaches(
                "A hundred clients, one event: accept until WouldBlock, or the others wait for the \
                 next to knock.",
            )?;
        }
        Ok(())
    })
}

/// A client sends until nothing goes any more, rests, and then reads everything.
#[test]
fn reads_on_when_there_is_room_again() -> Graded {
    check(|t| {
        const MOST: u64 = 64 * 1024 + (2 << 20);
        let server = t.serve("edge", &[])?;
        exchange(t, &mut server.connect()?)?;
        let before = server.facts().memory()?;
        let mut client = server.connect_as(&Wish::receive_buffer(8 * 1024))?;
        let payload = t.bytes(MUCH);
        let went = client.pour(&payload)?;
        let grown = server.facts().peak_memory()?.saturating_sub(before);
        wrong(grown <= MOST, Saw::Excess, || {
            format!(
                "while a client sent and did not read, the program's memory grew by {} KiB",
                grown / 1024
            )
        })
        .teaches(
            "--keep holds on edges, too: reading until WouldBlock ends where the buffer is full.",
        )?;

        let sending = client.send_in_background(&payload[went..])?;
        expect_all(&mut client, &payload).teaches(
            "The client reads again, and you do not. You stopped because the buffer was full, not because \
             of WouldBlock: when writing has made room, read on, whether or not an event says so.",
        )?;
        sending.finish()
    })
}

/// Many have sent all that fits while the program is stopped, and one has sent a word, last. When
/// the word is answered the program is stopped again, and what it has not read is counted.
#[test]
fn a_flood_leaves_turns_to_others() -> Graded {
    check(|t| {
        const FLOODS: usize = 32;
        let server = t.serve("edge", &[])?;
        let mut trickle = server.connect()?;
        exchange(t, &mut trickle)?;
        let mut floods = connect_at_once(&server, FLOODS)?;
        let much = t.bytes(MUCH);
        let went = floods[0].pour(&much)?;
        expect_all(&mut floods[0], &much[..went])?;
        // The kernel gives more room to a connection over which much has passed.
        for flood in &mut floods {
            let payload = t.bytes(1 << 20);
            let sending = flood.send_in_background(payload.clone())?;
            expect_all(flood, &payload)?;
            sending.finish()?;
        }
        let payload = t.bytes(1 << 20);
        let (mut unread, mut all) = (0, 0);
        server.give_way()?;
        // Even so the check may look too late on a busy machine; a program that gives turns is seen
        // in time at some attempt, one that does not at none.
        for _ in 0..40 {
            server.freeze()?;
            let mut sent = Vec::new();
            for flood in &mut floods {
                sent.push(flood.pour(&payload)?);
            }
            let word = t.word(3);
            trickle.send(&word)?;
            all = server.unread();
            server.thaw()?;
            trickle.expect(&word)?;
            server.stop_at_once()?;
            unread = server.unread();
            server.thaw()?;
            for (flood, sent) in floods.iter_mut().zip(sent) {
                expect_all(flood, &payload[..sent])?;
            }
            if unread > all / 4 {
                return Ok(());
            }
        }
        let happened = format!(
            "32 clients had sent {all} bytes in all when one more sent 3; when those were answered, \
             {unread} of the others' were still unread"
        );
        Err(Failure::new(Saw::Wrong, happened)).teaches(
            "Reading each client until WouldBlock lets those who send much keep the loop: give each a \
             budget per turn, then come back to it by yourself.",
        )
    })
}

/// Five hundred clients have nothing to say.
#[test]
fn idle_clients_cost_nothing() -> Graded {
    check(|t| {
        let server = t.serve("edge", &[])?;
        let mut clients = Vec::new();
        for _ in 0..5 {
            clients.extend(connect_at_once(&server, 100)?);
            if let Some(newest) = clients.last_mut() {
                exchange(t, newest)?;
            }
        }
        let share = server.facts().busy_share(Duration::from_millis(150))?;
        wrong(share < 0.1, Saw::Spinning, || {
            format!(
                "with 500 silent clients the program used {:.0} % of a processor",
                share * 100.0
            )
        })
        .teaches(
            "Poll without a timeout, but for the time that somebody can get on without an event.",
        )?;
        let threads = server.facts().threads()?;
        wrong(threads == 1, Saw::Excess, || {
            format!("with 500 clients the program had {threads} threads")
        })
        .teaches("One thread for all: that is what the events are for.")
    })
}

/// The program answers, and its source waits with mio.
#[test]
fn it_waits_with_mio() -> Graded {
    check(|t| {
        exchange(t, &mut t.serve("edge", &[])?.connect()?)?;
        let code = source::code("edge.rs")?;
        let lesson = "This stage is about changes, not states: register everyone with a mio::Poll.";
        wrong(
            !source::lines_naming(&code, "mio").is_empty(),
            Saw::Wrong,
            || "src/edge.rs does not name mio".to_owned(),
        )
        .teaches(lesson)?;
        let lines = source::lines_naming(&code, "berkeley");
        wrong(lines.is_empty(), Saw::Wrong, || {
            format!("src/edge.rs names berkeley in line {}", lines[0])
        })
        .teaches(lesson)
    })
}
