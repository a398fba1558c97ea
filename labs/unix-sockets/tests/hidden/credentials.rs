//! Stage `credentials`: lines, and what a refusal ends.

use testbench::credentials::Credentials;
use testbench::prelude::*;

/// A server that has answered the check's own user, and one that allows another user only.
fn serve_another(t: &Bench, folder: &Folder) -> Outcome<UnixServer> {
    let Credentials { uid, gid, .. } = Credentials::own();
    let serve = |uid: u32| {
        let addr = folder.socket(&format!("{uid}.sock"));
        t.serve_unix("credentials", &addr, &["--allow-uid", &uid.to_string()])
    };
    let server = serve(uid)?;
    let mut client = server.connect()?;
    client.send("WHOAMI\n")?;
    client.expect_line_beginning(&format!("{uid} {gid} "))?;
    serve(uid ^ 1)
}

/// Three lines in one write, the second of which is no request.
#[test]
fn every_line_gets_its_reply() -> Graded {
    check(|t| {
        let folder = t.folder()?;
        let server = t.serve_unix("credentials", &folder.socket("ask.sock"), &[])?;
        let Credentials { uid, gid, .. } = Credentials::own();
        let mut client = server.connect()?;
        client.send("WHOAMI\nWHO\nWHOAMI\n")?;
        let own = format!("{uid} {gid} ");
        let lesson = "One read may bring several lines, for a Unix stream keeps no boundaries \
                      either: reply to each, with ERR to what is no request, and read on.";
        client.expect_line_beginning(&own).teaches(lesson)?;
        client.expect_line_beginning("ERR ").teaches(lesson)?;
        client.expect_line_beginning(&own).teaches(lesson)
    })
}

/// A client that may not ask connects, and says nothing.
#[test]
fn a_silent_foreigner_is_refused_at_once() -> Graded {
    check(|t| {
        let folder = t.folder()?;
        let server = serve_another(t, &folder)?;
        let mut client = server.connect()?;
        client.expect_closed().teaches(
            "The kernel knows the peer from the moment it has connected: look before you read. \
             Who waits for a request first lets strangers hold the door.",
        )
    })
}

/// Three clients that may not ask, one after another.
#[test]
fn a_refusal_ends_one_connection_only() -> Graded {
    check(|t| {
        let folder = t.folder()?;
        let server = serve_another(t, &folder)?;
        let lesson = "A stranger at the door is no fault of the program's: return an error for \
                      this connection, and the next client is served.";
        for _ in 0..3 {
            let refused = server.connect().and_then(|mut client| {
                client.send_until_closed("WHOAMI\n")?;
                client.expect_closed()
            });
            refused.when(Saw::Crash, lesson).teaches(lesson)?;
        }
        server
            .expect_alive()
            .when(Saw::Crash, lesson)
            .teaches(lesson)
    })
}
