//! Clients of a stream socket, one after another. Given: that was lab 1.

use std::io::{self, Read, Write};
use std::net::Shutdown;
use std::os::unix::net::{UnixListener, UnixStream};
use std::thread;
use std::time::Duration;

/// How long to wait when accept fails: the listener is sound, but a lack that lasts (of
/// descriptors, say) would make it fail again at once (accept(2), EMFILE).
const BACK_OFF: Duration = Duration::from_millis(50);

/// Accepts one client after another, for ever, and converses with each.
///
/// When `converse` returns, the connection is closed; an error ends that conversation only.
pub fn one_by_one(
    listener: &UnixListener,
    mut converse: impl FnMut(&UnixStream) -> io::Result<()>,
) -> io::Result<()> {
    loop {
        match listener.accept() {
            Ok((client, _)) => {
                if let Err(error) = converse(&client) {
                    eprintln!("client: {error}");
                }
            }
            Err(error) => {
                eprintln!("accept: {error}");
                thread::sleep(BACK_OFF);
            }
        }
    }
}

/// Sends back what comes until the end of the stream.
pub fn echo(mut client: &UnixStream) -> io::Result<()> {
    let mut buffer = [0; 16 * 1024];
    loop {
        let n = client.read(&mut buffer)?;
        if n == 0 {
            return Ok(());
        }
        client.write_all(&buffer[..n])?;
    }
}

/// A client's part: stdin goes to the server, and its end too; what comes from the server goes to
/// stdout, until the server's end of stream.
pub fn converse(mut server: &UnixStream) -> io::Result<()> {
    let sending = server.try_clone()?;
    // Nobody waits for this thread: when the server has ended the conversation, the rest of stdin
    // is for nobody.
    thread::spawn(move || {
        if let Err(error) = io::copy(&mut io::stdin().lock(), &mut &sending) {
            eprintln!("sending: {error}");
        }
        // It fails when the server is gone; receiving tells that too.
        _ = sending.shutdown(Shutdown::Write);
    });
    let mut stdout = io::stdout().lock();
    io::copy(&mut server, &mut stdout)?;
    stdout.flush()
}
