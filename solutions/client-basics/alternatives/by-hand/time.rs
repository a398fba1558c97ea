//! `time` with the calls themselves, one byte after another.

use std::io;
use std::net::SocketAddr;

use berkeley::{Addr, SOCK_STREAM, Socket, recv, socket};

use crate::failure::Failure;

pub fn connect(addr: SocketAddr) -> io::Result<Socket> {
    let socket = socket(Addr::from(addr).family(), SOCK_STREAM, 0)?;
    berkeley::connect(&socket, addr)?;
    Ok(socket)
}

pub fn seconds(server: &Socket) -> Result<i64, Failure> {
    let mut since_1900 = 0_i64;
    for received in 0..4 {
        let mut byte = [0];
        if recv(server, &mut byte, 0)? == 0 {
            return Err(if received == 0 {
                Failure::Failed(String::from("no time came"))
            } else {
                Failure::Protocol(format!("a time has 4 bytes, not {received}"))
            });
        }
        since_1900 = since_1900 << 8 | i64::from(byte[0]);
    }
    Ok(since_1900 - 2_208_988_800)
}
