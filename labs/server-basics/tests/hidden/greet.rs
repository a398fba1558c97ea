//! Stage `greet`: clients that do not behave, and the address itself.

use std::net::{SocketAddr, TcpListener};

use testbench::prelude::*;

const GREETING: &str = "Connection is successful";

/// Two clients are gone before the program sees them: one has reset, one has closed.
#[test]
fn a_client_that_resets_ends_nothing() -> Graded {
    check(|t| {
        let server = t.serve("greet", &[])?;
        server.connect()?.expect(GREETING)?;

        server.freeze()?;
        let (hasty, shy) = (server.connect()?, server.connect()?);
        hasty.reset()?;
        shy.close();
        server.thaw()?;

        let next = server
            .connect()
            .and_then(|mut client| client.expect(GREETING));
        next.teaches(
            "Greeting a client that is gone fails, and that error is that client's alone: log it \
             and accept the next.",
        )
    })
}

/// A client finds the server where it was told to be, and not next door.
#[test]
fn listens_where_it_was_told() -> Graded {
    check(|t| {
        let server = t.serve("greet", &[])?;
        server.connect()?.expect(GREETING)?;

        let next_door = SocketAddr::new(t.other_ip()?, server.addr().port());
        server.expect_refused_at(next_door).teaches(
            "You are listening on every interface; --bind names one address, and nobody should \
             find you anywhere else.",
        )?;
        let (told, found) = (t.ip(), server.addr().ip());
        wrong(found == told, Saw::Wrong, || {
            format!("--bind said {told}, READY says {found}")
        })
        .teaches(
            "Bind the address you were given, as it is: localhost, or an address written into \
                 the program, may be another one.",
        )
    })
}

/// Somebody has the port already.
#[test]
fn a_busy_port_is_an_error() -> Graded {
    check(|t| {
        t.serve("greet", &[])?;

        let taken =
            TcpListener::bind((t.ip(), 0)).and_then(|holder| Ok((holder.local_addr()?, holder)));
        let (addr, _holder) = taken.map_err(|error| Failure::grader("hold a port", error))?;
        t.start_on(addr, "greet", &[])?
            .expect_cannot_serve()
            .teaches(
                "The port was taken. Whoever starts you relies on the address they gave: pass the \
             error on instead of serving elsewhere.",
            )
    })
}

/// The server closed first, so its end of the connection waits in TIME_WAIT when it starts again.
#[test]
fn starts_again_on_the_same_port() -> Graded {
    check(|t| {
        let server = t.serve("greet", &[])?;
        let mut client = server.connect()?;
        client.expect(GREETING)?;
        client.expect_end()?;
        client.close();
        server.kill()?;

        let again = t.serve_on(server.addr(), "greet", &[]);
        again
            .and_then(|server| server.connect()?.expect(GREETING))
            .teaches(
                "Your last connection is still in TIME_WAIT on that port. With SO_REUSEADDR before \
             bind you can start again; std's TcpListener::bind sets it for you.",
            )
    })
}
