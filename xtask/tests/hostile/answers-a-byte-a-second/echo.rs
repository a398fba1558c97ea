//! Right bytes, one a second: every wait for the next one ends well.

use std::io::{self, Read, Write};
use std::net::TcpListener;
use std::thread;
use std::time::Duration;

pub fn serve(listener: &TcpListener) -> io::Result<()> {
    loop {
        let (client, _) = listener.accept()?;
        thread::spawn(move || {
            for byte in (&client).bytes().map_while(Result::ok) {
                thread::sleep(Duration::from_secs(1));
                if (&client).write_all(&[byte]).is_err() {
                    break;
                }
            }
        });
    }
}
