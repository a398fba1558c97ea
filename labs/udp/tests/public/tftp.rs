//! Stage `tftp`: a file, a lost block, and what is refused.

use testbench::prelude::*;
use testbench::tftp::{BLOCK, RRQ, TftpClient, WRQ, expect_error, packet, request};

/// A file of a few blocks, then one in a folder of a folder.
#[test]
fn sends_a_file() -> Graded {
    check(|t| {
        let folder = t.folder()?;
        let data = t.bytes(2 * BLOCK + 1 + t.below(BLOCK - 1));
        folder.write("notes.bin", &data)?;
        folder.write("deep/er/few", &data[..20])?;
        let server = t.serve("tftp", &["--root", &folder.arg("")])?;
        let lesson = "A read request is answered by block 1 from a port of its own, and each ACK \
                      by the next block: \\0\\3, its number in two bytes, the high one first, and \
                      512 bytes of the file. Blocks count from 1; the last one has what is left, \
                      and nothing behind it.";
        let mut client = TftpClient::of(&server)?;
        client.expect_file("notes.bin", &data).teaches(lesson)?;
        let mut client = TftpClient::of(&server)?;
        client
            .expect_file("deep/er/few", &data[..20])
            .teaches(lesson)
    })
}

/// Files whose length is a multiple of 512, and an empty one.
#[test]
fn the_last_block_is_short_even_if_empty() -> Graded {
    check(|t| {
        let folder = t.folder()?;
        let server = t.serve("tftp", &["--root", &folder.arg("")])?;
        for blocks in [1, 3, 0] {
            let data = t.bytes(blocks * BLOCK);
            folder.write("even", &data)?;
            let mut client = TftpClient::of(&server)?;
            client.expect_file("even", &data).teaches(
                "The client knows the end by a block of fewer than 512 bytes: when the last one \
                 is full, an empty one has to follow.",
            )?;
        }
        Ok(())
    })
}

/// A block or its ACK is lost: the client says nothing, and the block comes again.
#[test]
fn lost_data_is_sent_again() -> Graded {
    check(|t| {
        let folder = t.folder()?;
        let data = t.bytes(BLOCK + 100);
        folder.write("notes", &data)?;
        let server = t.serve("tftp", &["--root", &folder.arg(""), "--retry-ms", "200"])?;
        let mut client = TftpClient::of(&server)?;
        let lesson = "No ACK came: the block may be lost, or its ACK. Send the same block again \
                      when the wait is over.";
        client.ask_for("notes")?;
        for (number, block) in [(1, &data[..BLOCK]), (2, &data[BLOCK..])] {
            client.expect_next_block(number, block)?;
            client.expect_block(number, block).teaches(lesson)?;
            client.expect_block(number, block).teaches(lesson)?;
            client.ack(number)?;
        }
        Ok(())
    })
}

/// The client gets an ERROR with that code; `lesson` says why.
fn refuses(client: &mut DatagramPeer, server: &Server, code: u16, lesson: &'static str) -> Outcome {
    let came = client.receive(server).teaches(lesson)?;
    let told = expect_error(&came.bytes, code);
    if came.bytes.starts_with(&packet(5, code, b"")) {
        return told.teaches(
            "The code is right. Behind it stand a message, which may be empty, and one zero byte.",
        );
    }
    told.teaches(lesson)
}

/// Writing, other modes, and a file that is not there.
#[test]
fn tells_what_it_does_not_do() -> Graded {
    check(|t| {
        let folder = t.folder()?;
        let data = t.bytes(100);
        folder.write("there", &data)?;
        let server = t.serve("tftp", &["--root", &folder.arg("")])?;
        let mut client = server.datagram_client()?;
        client.send(request(WRQ, "new", "octet"))?;
        refuses(
            &mut client,
            &server,
            4,
            "This server does not take files: a write request gets ERROR 4.",
        )?;
        for mode in ["netascii", "mail", "octets", ""] {
            client.send(request(RRQ, "there", mode))?;
            refuses(
                &mut client,
                &server,
                4,
                "Any mode but octet gets ERROR 4: sending something else than what was asked for \
                 would spoil the file.",
            )?;
        }
        client.send(request(RRQ, "not-there", "octet"))?;
        refuses(
            &mut client,
            &server,
            1,
            "A file that is not there: ERROR 1, so that the client need not wait.",
        )?;
        let mut client = TftpClient::of(&server)?;
        client.send(request(RRQ, "there", "OcTeT"))?;
        client.expect_blocks(1, &data).teaches(
            "Modes are compared without regard to capital letters (rule 1 of this stage; RFC \
             1350 5).",
        )
    })
}
