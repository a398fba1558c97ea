//! Stage `credentials`: who asks?

use testbench::credentials::Credentials;
use testbench::prelude::*;

/// Two clients ask who they are.
#[test]
fn tells_who_the_peer_is() -> Graded {
    check(|t| {
        let folder = t.folder()?;
        let server = t.serve_unix("credentials", &folder.socket("ask.sock"), &[])?;
        let Credentials { uid, gid, pid } = Credentials::own();
        for _ in 0..2 {
            let mut client = server.connect()?;
            client.send("WHOAMI\n")?;
            client
                .expect_line(&format!("{uid} {gid} {pid}"))
                .when(
                    Saw::Silence,
                    "A request is complete with its line end: answer it then, the client waits.",
                )
                .teaches(
                    "SO_PEERCRED of this client's socket tells who has connected: answer its user, \
                     its group and its process, in this order, and not your own.",
                )?;
            client.close();
        }
        Ok(())
    })
}

/// The server first allows the check's own user, then another one.
#[test]
fn a_foreign_user_hears_nothing() -> Graded {
    check(|t| {
        let folder = t.folder()?;
        let Credentials { uid, gid, pid } = Credentials::own();
        let own = ["--allow-uid", &uid.to_string()];
        let server = t.serve_unix("credentials", &folder.socket("own.sock"), &own)?;
        let mut client = server.connect()?;
        client.send("WHOAMI\n")?;
        client
            .expect_line(&format!("{uid} {gid} {pid}"))
            .teaches("--allow-uid names the user who may ask, and this is the one.")?;

        let foreign = ["--allow-uid", &(uid ^ 1).to_string()];
        let server = t.serve_unix("credentials", &folder.socket("foreign.sock"), &foreign)?;
        let mut client = server.connect()?;
        client.send_until_closed("WHOAMI\n")?;
        client.expect_closed().teaches(
            "Compare the peer's user with --allow-uid before you answer anything; who is another \
             user gets the end of the connection, and not a single byte.",
        )
    })
}
