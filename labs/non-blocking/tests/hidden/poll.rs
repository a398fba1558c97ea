//! Stage `poll`: many clients, some of them odd.

use std::time::Duration;

use testbench::prelude::*;

/// More than the kernel keeps between the program and a client that does not read.
const MUCH: usize = 8 << 20;

/// What a program may use of a processor while it has nothing to do.
const IDLE: f64 = 0.1;

const RESTS: &str = "A client that does not read for a moment is still there: keep what it is owed, and \
                     keep the connection.";

/// A client with little room for what it does not read.
fn reluctant_reader(server: &Server) -> Outcome<Peer> {
    server.connect_as(&Wish::receive_buffer(8 * 1024))
}

/// A word there and back.
fn exchange(t: &Bench, client: &mut Peer) -> Outcome {
    let word = t.word(12);
    client.send(&word)?;
    client.expect(&word)
}

/// The program uses next to nothing of a processor.
fn expect_idle(server: &Server, when: &str) -> Outcome {
    let share = server.facts().busy_share(Duration::from_millis(150))?;
    wrong(share < IDLE, Saw::Spinning, || {
        format!(
            "{when} the program used {:.0} % of a processor",
            share * 100.0
        )
    })
}

/// Reads the echo of `sent` piece by piece.
fn expect_all(client: &mut Peer, sent: &[u8]) -> Outcome {
    sent.chunks(1 << 16)
        .try_for_each(|piece| client.expect(piece))
}

/// The client sends megabytes, half-closes, and only then begins to read.
#[test]
fn half_close_is_answered() -> Graded {
    check(|t| {
        let server = t.serve("poll", &[])?;
        let mut client = server.connect()?;
        exchange(t, &mut client)?;
        client.half_close()?;
        client
            .expect_end()
            .teaches("The client has finished and has got everything: close, so that it learns that you have, too.")?;

        let mut client = reluctant_reader(&server)?;
        let payload = t.bytes(MUCH);
        let went = client.pour(&payload).teaches(RESTS)?;
        client.half_close()?;
        let lesson = "The client stopped talking but still listens: keep it until what it is owed is \
                      sent, then close.";
        expect_all(&mut client, &payload[..went]).teaches(lesson)?;
        client.expect_end().teaches(lesson)
    })
}

/// First nobody is there, then five hundred clients who have nothing to say.
#[test]
fn idle_clients_cost_nothing() -> Graded {
    check(|t| {
        let server = t.serve("poll", &[])?;
        exchange(t, &mut server.connect()?)?;
        expect_idle(&server, "with no clients").teaches("Sleep in poll, not in a loop.")?;

        let mut clients = server.connect_many(500)?;
        exchange(t, &mut clients[499])?;
        expect_idle(&server, "with 500 silent clients").teaches(
            "Let poll wait as long as there is nothing to do, and ask for writability only while you \
             have bytes waiting: a socket with room is always writable.",
        )
    })
}

/// Five hundred clients have sent a word each and read it, the newest first; then all of them again.
#[test]
fn five_hundred_clients() -> Graded {
    check(|t| {
        let lesson = "Every client counts, however many there are: what you keep for them has to grow, \
                      and whoever leaves must not shift the others' places.";
        let server = t.serve("poll", &[])?;
        let mut clients = server.connect_many(500)?;
        for _ in 0..2 {
            let words: Vec<String> = (0..clients.len()).map(|_| t.word(12)).collect();
            for (client, word) in clients.iter_mut().zip(&words) {
                client.send(word).teaches(lesson)?;
            }
            for (client, word) in clients.iter_mut().zip(&words).rev() {
                client.expect(word).teaches(lesson)?;
            }
            // Every tenth leaves.
            let mut index = 0;
            clients.retain(|_| {
                index += 1;
                index % 10 != 0
            });
        }
        Ok(())
    })
}

/// One client sends megabytes and reads nothing; others have a question. Then it reads.
#[test]
fn who_does_not_read_stops_nobody() -> Graded {
    check(|t| {
        let server = t.serve("poll", &[])?;
        let mut bystander = server.connect()?;
        exchange(t, &mut bystander)?;
        let mut stuck = reluctant_reader(&server)?;
        let payload = t.bytes(MUCH);
        let went = stuck.pour(&payload).when(
            Saw::Reset,
            "The client did not read for a moment, and you gave it up. WouldBlock is no failure; and if \
             you thought that this stream blocks: clones of a stream are one open socket, the flag is \
             shared.",
        )?;

        let lesson = "A blocking or looping write stops everyone: keep a buffer per client and wait \
                      for writability.";
        exchange(t, &mut bystander).teaches(lesson)?;
        let newcomer = server.connect();
        newcomer
            .and_then(|mut newcomer| exchange(t, &mut newcomer))
            .teaches(lesson)?;
        expect_all(&mut stuck, &payload[..went])
            .teaches("What did not go at once is still owed to the client, in order and once.")
    })
}

/// A client has sent megabytes and half-closed, and reads nothing: the program waits for it.
#[test]
fn a_finished_client_costs_nothing() -> Graded {
    check(|t| {
        let server = t.serve("poll", &[])?;
        let mut client = reluctant_reader(&server)?;
        exchange(t, &mut client)?;
        client.pour(t.bytes(MUCH)).teaches(RESTS)?;
        client.half_close()?;
        client.pause();
        expect_idle(
            &server,
            "with a client that had half-closed and did not read",
        )
        .teaches("read returned 0: the peer is done sending; stop reading or you will spin.")
    })
}

/// Resets in the middle of an echo and before accept; a bystander goes on, a newcomer comes.
#[test]
fn a_reset_ends_one_connection_only() -> Graded {
    check(|t| {
        let server = t.serve("poll", &[])?;
        let mut bystander = server.connect()?;
        exchange(t, &mut bystander)?;
        let lesson = "An error on one connection belongs to that connection: drop the client, and go on \
                      with the others.";

        let mut rude = reluctant_reader(&server)?;
        rude.pour(t.bytes(MUCH)).teaches(RESTS)?;
        rude.reset()?;
        server.settle();
        exchange(t, &mut bystander)
            .when(Saw::Crash, lesson)
            .teaches(lesson)?;

        server.freeze()?;
        for gone in server.connect_many(8)? {
            gone.reset()?;
        }
        server.thaw()?;
        let lesson = "A connection can be dead before you accept it. That is its error, not the server's, \
                      and accept already gave you its address.";
        exchange(t, &mut bystander)
            .when(Saw::Crash, lesson)
            .teaches(lesson)?;
        let newcomer = server.connect();
        newcomer
            .and_then(|mut newcomer| exchange(t, &mut newcomer))
            .when(Saw::Crash, lesson)
            .teaches(lesson)
    })
}
