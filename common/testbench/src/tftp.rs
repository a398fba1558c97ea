//! A client of a file server by TFTP (RFC 1350), packet by packet.

use std::net::SocketAddr;
use std::time::Duration;

use crate::datagram::{Datagram, DatagramPeer, Fate};
use crate::failure::{Failure, Outcome, Saw, differs, wrong};
use crate::server::Server;

/// How many bytes of a file stand in each block but the last.
pub const BLOCK: usize = 512;

/// A read request.
pub const RRQ: u16 = 1;
/// A write request.
pub const WRQ: u16 = 2;
const DATA: u16 = 3;
const ACK: u16 = 4;
const ERROR: u16 = 5;

/// A client that says exactly what the check wants it to say.
#[derive(Debug)]
pub struct TftpClient {
    peer: DatagramPeer,
    server: Server,
    /// The server's end of the transfer, once its first block has come.
    transfer: Option<SocketAddr>,
}

/// A packet that begins with those two numbers.
pub fn packet(first: u16, second: u16, rest: &[u8]) -> Vec<u8> {
    [&first.to_be_bytes(), &second.to_be_bytes(), rest].concat()
}

/// A request, `RRQ` or `WRQ`.
pub fn request(operation: u16, name: &str, mode: &str) -> Vec<u8> {
    let strings = format!("{name}\0{mode}\0");
    [&operation.to_be_bytes(), strings.as_bytes()].concat()
}

/// The acknowledgement of a block.
pub fn ack(block: u16) -> Vec<u8> {
    packet(ACK, block, b"")
}

/// An error with that code and message.
pub fn error(code: u16, message: &str) -> Vec<u8> {
    packet(ERROR, code, format!("{message}\0").as_bytes())
}

/// The datagram is an error with that code, a message, and one zero byte.
pub fn expect_error(datagram: &[u8], code: u16) -> Outcome {
    let message = datagram.get(4..).unwrap_or_default();
    let end = message.iter().position(|&byte| byte == 0);
    let ends = end.is_some_and(|end| end + 1 == message.len());
    let right = datagram.starts_with(&packet(ERROR, code, b"")) && ends;
    wrong(right, Saw::Wrong, || {
        format!("the answer is not an ERROR with code {code}, a message, and one zero byte")
    })
    .map_err(|failure| failure.expecting(format!("\\0\\x05\\0\\x{code:02x}…\\0"), datagram))
}

impl TftpClient {
    /// A client of `server`, on a port of its own.
    pub fn of(server: &Server) -> Outcome<Self> {
        Ok(Self {
            peer: server.datagram_client()?,
            server: server.clone(),
            transfer: None,
        })
    }

    /// Asks for the file called `name`, in mode `octet`.
    pub fn ask_for(&mut self, name: &str) -> Outcome {
        self.peer.send(request(RRQ, name, "octet"))
    }

    /// Sends a datagram to the port where requests go.
    pub fn send(&mut self, datagram: impl AsRef<[u8]>) -> Outcome {
        self.peer.send(datagram)
    }

    /// Sends a datagram to the port of the transfer.
    pub fn send_to_transfer(&mut self, datagram: impl AsRef<[u8]>) -> Outcome {
        let transfer = self.transfer()?;
        self.peer.send_to(transfer, datagram)
    }

    /// Acknowledges a block.
    pub fn ack(&mut self, block: u16) -> Outcome {
        self.send_to_transfer(ack(block))
    }

    /// Acknowledges a block, and this becomes of the ACK.
    pub fn ack_as(&mut self, fate: Fate, block: u16) -> Outcome {
        let transfer = self.transfer()?;
        self.peer.send_to_as(fate, transfer, ack(block))
    }

    /// The port of the transfer, once its first block has come.
    pub fn transfer(&self) -> Outcome<SocketAddr> {
        let unknown = || Failure::grader("answer a transfer", "none has begun");
        self.transfer.ok_or_else(unknown)
    }

    /// The next datagram is this block: its number, and exactly these bytes of the file. It comes
    /// from a port of the transfer's own, always the same.
    pub fn expect_block(&mut self, number: u16, data: &[u8]) -> Outcome {
        let datagram = self.receive()?;
        self.judge_block(number, data, &datagram)
    }

    /// As [`Self::expect_block`], when an ACK may have crossed with a further sending of the block
    /// before: that is no fault, and is not looked at.
    pub fn expect_next_block(&mut self, number: u16, data: &[u8]) -> Outcome {
        let before = packet(DATA, number.wrapping_sub(1), b"");
        let mut datagram = self.receive()?;
        while self.transfer == Some(datagram.from) && datagram.bytes.starts_with(&before) {
            datagram = self.receive()?;
        }
        self.judge_block(number, data, &datagram)
    }

    fn judge_block(&mut self, number: u16, data: &[u8], datagram: &Datagram) -> Outcome {
        differs("the block", packet(DATA, number, data), &datagram.bytes)?;
        self.expect_transfer_port(datagram)
    }

    fn expect_transfer_port(&mut self, datagram: &Datagram) -> Outcome {
        let (from, asked) = (datagram.from, self.server.addr());
        let transfer = *self.transfer.get_or_insert(from);
        wrong(from == transfer, Saw::Wrong, || {
            format!("the transfer began at {transfer}, and this block came from {from}")
        })?;
        wrong(from.ip() == asked.ip() && from != asked, Saw::Wrong, || {
            format!("{asked} was asked, and the block came from {from}")
        })
    }

    /// The next datagram is an error with that code and a message.
    pub fn expect_error(&mut self, code: u16) -> Outcome {
        expect_error(&self.receive()?.bytes, code)
    }

    /// Nothing comes in that time.
    pub fn expect_silence(&mut self, time: Duration) -> Outcome {
        self.peer.expect_silence(&self.server, time)
    }

    /// Asks for the file called `name` and acknowledges each block: all of it is `data`.
    pub fn expect_file(&mut self, name: &str, data: &[u8]) -> Outcome {
        self.ask_for(name)?;
        self.expect_blocks(1, data)
    }

    /// From block `first` on the rest of the file comes, which is `data`.
    pub fn expect_blocks(&mut self, first: u16, data: &[u8]) -> Outcome {
        let mut number = first;
        let mut rest = data;
        loop {
            let (block, later) = rest.split_at(rest.len().min(BLOCK));
            self.expect_next_block(number, block)?;
            self.ack(number)?;
            if block.len() < BLOCK {
                return Ok(());
            }
            rest = later;
            number = number.wrapping_add(1);
        }
    }

    fn receive(&mut self) -> Outcome<Datagram> {
        self.peer.receive(&self.server)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packets_are_those_of_the_rfc() {
        assert_eq!(request(RRQ, "a", "octet"), b"\x00\x01a\x00octet\x00");
        assert_eq!(ack(258), b"\x00\x04\x01\x02");
        assert_eq!(error(5, "no"), b"\x00\x05\x00\x05no\x00");
    }

    #[test]
    fn an_error_has_its_code_and_one_zero_byte_at_the_end() {
        assert!(expect_error(&error(4, "no"), 4).is_ok());
        assert!(expect_error(&error(4, ""), 4).is_ok());
        for wrong in [
            &error(4, "no")[..6],
            &error(5, "no"),
            &error(4, "no\0no"),
            b"",
            b"\0\x05\0",
        ] {
            assert!(expect_error(wrong, 4).is_err(), "{wrong:?}");
        }
    }
}
