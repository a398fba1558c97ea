//! Clients that are served side by side, a thread each. Given: that was lab 1.

use std::io;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use berkeley::{Socket, accept};

/// How long to wait when accept fails: the listener is sound, but a lack that lasts (of
/// descriptors, say) would make it fail again at once (accept(2), Error handling).
const BACK_OFF: Duration = Duration::from_millis(50);

/// Accepts clients for ever, and converses with each in a thread of its own.
///
/// When `converse` returns, the connection is closed; an error ends that conversation only.
pub fn each_in_a_thread(
    listener: &Socket,
    converse: impl Fn(&Socket) -> io::Result<()> + Send + Sync + 'static,
) -> ! {
    let converse = Arc::new(converse);
    loop {
        let conversing = Arc::clone(&converse);
        let served = accept(listener).and_then(|(client, _)| {
            let serve = move || {
                if let Err(error) = conversing(&client) {
                    eprintln!("client: {error}");
                }
            };
            thread::Builder::new().spawn(serve)
        });
        if let Err(error) = served {
            eprintln!("accept: {error}");
            thread::sleep(BACK_OFF);
        }
    }
}
