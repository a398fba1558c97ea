//! Stage `by-hand`: what std would have done for you.

use testbench::prelude::*;
use testbench::source;

/// A word there and back.
fn exchange(server: &Server, word: &str) -> Outcome<Peer> {
    let mut client = server.connect()?;
    client.send(word)?;
    client.expect(word)?;
    Ok(client)
}

/// One client resets in mid-stream, another before it is accepted.
#[test]
fn a_reset_ends_one_connection_only() -> Graded {
    check(|t| {
        let server = t.serve("by-hand", &[])?;
        let early = exchange(&server, &t.word(10))?;
        let story = || {
            early.reset()?;
            server.freeze()?;
            server.connect()?.reset()?;
            server.thaw()?;
            exchange(&server, &t.word(10)).map(drop)
        };
        let lesson = "An error of recv or send belongs to that connection; log it and accept the \
                      next.";
        story().when(Saw::Crash, lesson).teaches(lesson)
    })
}

/// Nobody accepts, and the queue has room for one, which on Linux means two.
#[test]
fn the_backlog_is_the_one_asked_for() -> Graded {
    check(|t| {
        let server = t.serve("by-hand", &["--backlog", "1", "--hold"])?;
        let _queued = server.connect_many(2).teaches(
            "With a backlog of 1 Linux completes two connections before the first accept.",
        )?;
        server.expect_full().teaches(
            "The second argument of listen is the length of the queue: pass on what --backlog \
             says.",
        )
    })
}

/// The program dies with a connection open, so its end waits in TIME_WAIT; it starts again.
#[test]
fn starts_again_inside_time_wait() -> Graded {
    check(|t| {
        let server = t.serve("by-hand", &[])?;
        let mut client = exchange(&server, &t.word(10))?;
        server.kill()?;
        client.expect_closed()?;
        client.close();

        let again = t.serve_on(server.addr(), "by-hand", &[]);
        again
            .and_then(|server| exchange(&server, &t.word(10)).map(drop))
            .teaches(
                "The old connection is in TIME_WAIT on your side; SO_REUSEADDR on every listener, \
             every time, before bind, allows the restart.",
            )
    })
}

/// A second server is told the port of the first.
#[test]
fn two_servers_do_not_share_the_port() -> Graded {
    check(|t| {
        let server = t.serve("by-hand", &[])?;
        exchange(&server, &t.word(10))?;
        t.start_on(server.addr(), "by-hand", &[])?.expect_cannot_serve().teaches(
            "SO_REUSEPORT lets two servers share a port, and the kernel deals clients to either \
             of them; what you want is SO_REUSEADDR.",
        )?;
        exchange(&server, &t.word(10))
            .map(drop)
            .teaches("The first server goes on.")
    })
}

/// The program answers, and its source names no listener and no stream of std.
#[test]
fn makes_its_sockets_by_hand() -> Graded {
    check(|t| {
        exchange(&t.serve("by-hand", &[])?, &t.word(10))?;
        let code = source::code("by_hand.rs")?;
        for name in ["TcpListener", "TcpStream", "UnixListener", "UnixStream"] {
            let lines = source::lines_naming(&code, name);
            wrong(lines.is_empty(), Saw::Wrong, || {
                format!("src/by_hand.rs names {name} in line {}", lines[0])
            })
            .teaches("This stage is about the calls themselves: make, bind and use the sockets with berkeley.")?;
        }
        Ok(())
    })
}
