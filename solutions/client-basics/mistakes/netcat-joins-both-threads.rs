//! Waits for both directions, of which one waits for stdin.
//!
//! stage: netcat
//! fails: netcat::the_servers_end_is_the_end
//!        netcat::a_reset_is_told
//! meant: netcat::the_servers_end_is_the_end
//! says: leave, though a read of stdin may wait for ever

use std::fs::File;
use std::io::{self, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::thread;

use crate::failure::Failure;
use crate::output::Output;

pub fn connect(addr: SocketAddr) -> io::Result<TcpStream> {
    TcpStream::connect(addr)
}

pub fn exchange(
    mut stream: TcpStream,
    mut input: File,
    mut output: &Output,
) -> Result<(), Failure> {
    let mut sending = stream.try_clone()?;
    thread::scope(|scope| {
        scope.spawn(move || {
            if pass(&mut input, &mut sending).is_ok() {
                _ = sending.shutdown(Shutdown::Write);
            }
        });
        pass(&mut stream, &mut output)
    })?;
    Ok(())
}

fn pass(from: &mut impl Read, to: &mut impl Write) -> io::Result<()> {
    let mut buffer = [0; 16384];
    loop {
        let length = from.read(&mut buffer)?;
        if length == 0 {
            return Ok(());
        }
        to.write_all(&buffer[..length])?;
    }
}
