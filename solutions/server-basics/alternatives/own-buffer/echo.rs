//! `echo` by `std::io::copy`, which is the loop that the solution spells out.

use std::io;
use std::net::{TcpListener, TcpStream};
use std::thread;
use std::time::Duration;

/// Serves one client after another.
pub fn serve(listener: &TcpListener) -> io::Result<()> {
    loop {
        let served = listener
            .accept()
            .map(|(client, peer)| (echo(&client), peer));
        match served {
            Ok((Ok(bytes), peer)) => eprintln!("{peer}: {bytes} bytes there and back"),
            Ok((Err(error), peer)) => eprintln!("{peer}: {error}"),
            Err(error) => {
                eprintln!("accept: {error}");
                thread::sleep(Duration::from_millis(10));
            }
        }
    }
}

fn echo(client: &TcpStream) -> io::Result<u64> {
    let (mut reader, mut writer) = (client, client);
    io::copy(&mut reader, &mut writer)
}
