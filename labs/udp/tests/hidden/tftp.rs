//! Stage `tftp`: clients that stall, repeat themselves, give up; strangers; names that lead out.

use std::thread;
use std::time::{Duration, Instant};

use testbench::prelude::*;
use testbench::tftp::{BLOCK, RRQ, TftpClient, WRQ, ack, error, expect_error, packet, request};

/// How long the check listens where nothing should come.
const A_WHILE: Duration = Duration::from_millis(300);

/// A folder with a file, and a server of that folder.
fn serve(t: &Bench, file: &[u8], flags: &[&str]) -> Outcome<(Folder, Server)> {
    let folder = t.folder()?;
    folder.write("root/file", file)?;
    let root = folder.arg("root");
    let server = t.serve("tftp", &[&["--root", &root], flags].concat())?;
    Ok((folder, server))
}

/// One client stalls in the middle of a file; another gets it whole meanwhile.
#[test]
fn each_transfer_has_a_port_of_its_own() -> Graded {
    check(|t| {
        let data = t.bytes(3 * BLOCK + 7);
        let (_folder, server) = serve(t, &data, &["--retry-ms", "20000"])?;
        let mut slow = TftpClient::of(&server)?;
        slow.ask_for("file")?;
        slow.expect_block(1, &data[..BLOCK])?;

        let mut quick = TftpClient::of(&server)?;
        quick.expect_file("file", &data).when(
            Saw::Silence,
            "One client has stalled, and another waits for it: let each transfer go its own way.",
        )?;
        let (one, other) = (slow.transfer()?, quick.transfer()?);
        wrong(one != other, Saw::Wrong, || {
            format!("both transfers came from {one}")
        })
        .teaches("Bind a new socket to port 0 for each transfer: its port is what names it.")?;
        slow.ack(1)?;
        slow.expect_blocks(2, &data[BLOCK..])
    })
}

/// The client acknowledges a block, and then again, as if its ACK had been doubled on the way.
#[test]
fn a_duplicate_ack_does_not_double_the_stream() -> Graded {
    check(|t| {
        let data = t.bytes(4 * BLOCK + 50);
        let (_folder, server) = serve(t, &data, &["--retry-ms", "20000"])?;
        let mut client = TftpClient::of(&server)?;
        let lesson = "Ignore an ACK you have already had (Sorcerer's Apprentice): answer it, and \
                      from there on everything is sent twice.";
        client.ask_for("file")?;
        for (number, block) in (1..).zip(data.chunks(BLOCK)) {
            client.expect_block(number, block).teaches(lesson)?;
            if number == 2 || number == 3 {
                client.ack(number - 1)?;
                client.expect_silence(A_WHILE).teaches(lesson)?;
            }
            client.ack(number)?;
        }
        client.expect_silence(A_WHILE).teaches(lesson)
    })
}

/// Old ACKs come all the time, and the block was lost.
#[test]
fn old_acks_do_not_stop_the_clock() -> Graded {
    check(|t| {
        const WAIT: Duration = Duration::from_secs(1);
        let data = t.bytes(BLOCK + 50);
        let (_folder, server) = serve(t, &data, &["--retry-ms", "1000"])?;
        let mut client = TftpClient::of(&server)?;
        client.ask_for("file")?;
        client.expect_block(1, &data[..BLOCK])?;
        client.ack(1)?;
        client.expect_next_block(2, &data[BLOCK..])?;
        let began = Instant::now();
        let mut last = began;
        let mut pause = Duration::ZERO;
        while client.expect_silence(Duration::from_millis(10)).is_ok() {
            wrong(began.elapsed() < PATIENCE, Saw::Silence, || {
                format!(
                    "for {} s old ACKs came every 10 ms, and the block was not sent again",
                    PATIENCE.as_secs()
                )
            })
            .teaches(
                "Set one deadline for each sending: with a read timeout alone, every old ACK \
                 makes you wait from the beginning.",
            )?;
            client.ack(1)?;
            pause = pause.max(last.elapsed());
            last = Instant::now();
        }
        // Where no ACK came for so long, any clock has run down.
        if pause.max(last.elapsed()) > WAIT / 2 {
            return Err(Failure::too_busy("send an ACK every 10 ms"));
        }
        Ok(())
    })
}

/// The client asks and falls silent. Three tries with waits of 200, 400 and 800 ms, and that is all.
#[test]
fn gives_up_after_the_last_try() -> Graded {
    check(|t| {
        let data = t.bytes(50);
        let flags = ["--retry-ms", "200", "--tries", "3"];
        let (_folder, server) = serve(t, &data, &flags)?;
        let mut gone = TftpClient::of(&server)?;
        let began = Instant::now();
        gone.ask_for("file")?;
        for due in [0, 200, 600].map(Duration::from_millis) {
            gone.expect_block(1, &data)?;
            wrong(began.elapsed() >= due, Saw::Wrong, || {
                format!(
                    "a sending that is due after {} ms came {} ms after the request",
                    due.as_millis(),
                    began.elapsed().as_millis()
                )
            })
            .teaches("Wait twice as long before each further sending (RFC 1123 4.2.3.2).")?;
        }
        gone.expect_silence(Duration::from_millis(1500)).teaches(
            "The client is gone: a block is sent --tries times in all, then the transfer is given \
             up.",
        )?;
        let mut next = TftpClient::of(&server)?;
        next.expect_file("file", &data)
    })
}

/// Twelve blocks; of their ACKs three are lost, three come twice, three come after the next.
#[test]
fn each_block_has_tries_of_its_own() -> Graded {
    check(|t| {
        let fates = [Fate::Lost, Fate::Doubled, Fate::Overtaken, Fate::Delivered].repeat(3);
        let data = t.bytes((fates.len() - 1) * BLOCK + 50);
        let (_folder, server) = serve(t, &data, &["--retry-ms", "200"])?;
        let mut client = TftpClient::of(&server)?;
        let lesson = "Each block has its tries for itself and begins with --retry-ms again: a \
                      long file may lose more ACKs than one block has tries.";
        client.ask_for("file")?;
        for ((number, block), fate) in (1..).zip(data.chunks(BLOCK)).zip(t.shuffled(fates)) {
            client.expect_next_block(number, block).teaches(lesson)?;
            client.ack_as(fate, number)?;
            if matches!(fate, Fate::Lost | Fate::Overtaken) {
                client.expect_block(number, block).teaches(lesson)?;
                client.ack(number)?;
            }
        }
        Ok(())
    })
}

/// A stranger acknowledges the client's block; then a stranger sends an error.
#[test]
fn a_stranger_gets_error_5_and_the_transfer_lives() -> Graded {
    check(|t| {
        let data = t.bytes(2 * BLOCK + 50);
        let (_folder, server) = serve(t, &data, &["--retry-ms", "20000"])?;
        let mut client = TftpClient::of(&server)?;
        let mut stranger = t.datagram_peer("stranger")?;
        client.ask_for("file")?;
        client.expect_block(1, &data[..BLOCK])?;

        stranger.send_to(client.transfer()?, ack(1))?;
        let answer = stranger.receive(&server);
        if answer.is_err() {
            client.expect_silence(Duration::ZERO).teaches(
                "Look at the sender first: the ACK came from a stranger, and the next block went \
                 out.",
            )?;
        }
        let answer = answer.teaches(
            "A stranger may have the wrong port by mistake, and is told so by ERROR 5. To hear \
             strangers at all the socket must not be connected.",
        )?;
        expect_error(&answer.bytes, 5)
            .teaches("What comes from a stranger is answered by ERROR 5, whatever it is.")?;
        let lesson = "A transfer belongs to the port that asked for it: what others send to it \
                      neither moves it on nor ends it.";
        client.expect_silence(A_WHILE).teaches(lesson)?;
        client.ack(1)?;
        client
            .expect_block(2, &data[BLOCK..2 * BLOCK])
            .teaches(lesson)?;

        stranger.send_to(client.transfer()?, error(0, "go away"))?;
        client.ack(2)?;
        client
            .expect_blocks(3, &data[2 * BLOCK..])
            .teaches(lesson)?;
        stranger
            .expect_silence(&server, Duration::ZERO)
            .teaches("An ERROR is never answered, not even by an ERROR: it would go on for ever.")
    })
}

/// A file of 65537 blocks and a bit: after block 65535 come 0, 1 and 2.
#[test]
fn blocks_wrap_past_65535() -> Graded {
    check(|t| {
        let mut data = vec![0; 65_537 * BLOCK + 100];
        let marks: Vec<(u64, Vec<u8>)> = [1, 65_534, 65_535, 65_536, 65_537]
            .into_iter()
            .map(|block| ((block * BLOCK) as u64, t.bytes(100)))
            .collect();
        for (block, (_, mark)) in [1, 65_534, 65_535, 65_536, 65_537].into_iter().zip(&marks) {
            data[block * BLOCK..][..mark.len()].copy_from_slice(mark);
        }
        let folder = t.folder()?;
        folder.write_sparse("large", data.len() as u64, &marks)?;
        let server = t.serve("tftp", &["--root", &folder.arg("")])?;
        let mut client = TftpClient::of(&server)?;
        let lesson = "The number of a block has 16 bits, a file may have more blocks than that: \
                      after 65535 comes 0 (wrapping_add).";
        let came = client.expect_file("large", &data);
        came.when(Saw::Crash, lesson).teaches(lesson)
    })
}

/// Names that lead out of the folder: upwards, from the root, by a link; and names of no file.
#[test]
fn stays_inside_its_folder() -> Graded {
    check(|t| {
        let data = t.bytes(100);
        let (folder, server) = serve(t, &data, &[])?;
        folder.write("secret", t.bytes(100))?;
        folder.write("root/sub/file", &data)?;
        folder.write("rootless/secret", t.bytes(100))?;
        folder.link("root/leak", "../secret")?;
        folder.link("root/out", "..")?;
        folder.link("root/next-door", "../rootless")?;
        folder.link("root/within", "sub/file")?;

        let mut client = TftpClient::of(&server)?;
        for name in [
            "../secret",
            "sub/../../secret",
            "sub/../file",
            "sub/..",
            &folder.arg("secret"),
            &folder.arg("root/file"),
            "leak",
            "out/secret",
            "next-door/secret",
            "sub",
            "",
        ] {
            client.ask_for(name)?;
            client.expect_error(2).teaches(
                "A name comes from a stranger: refuse `/` and `..`, follow the links \
                 (canonicalize), and look whether where they end is still under the folder.",
            )?;
        }
        client
            .expect_file("within", &data)
            .teaches("A link that stays inside is as good as the file it leads to.")
    })
}

/// The client would like larger blocks and to know the size; it gets neither, and its file.
#[test]
fn options_are_ignored() -> Graded {
    check(|t| {
        let data = t.bytes(BLOCK + 50);
        let (_folder, server) = serve(t, &data, &[])?;
        let mut client = TftpClient::of(&server)?;
        let options = b"blksize\x001024\0tsize\x000\0timeout\x001\0";
        client.send([&request(RRQ, "file", "octet"), &options[..]].concat())?;
        client.expect_blocks(1, &data).teaches(
            "Newer clients put options behind the mode (RFC 2347). Read the name and the mode, \
             leave the rest alone: a server that knows no options just sends the file.",
        )
    })
}

/// The client has no room for the file and says so; an ACK that was late on its way comes after.
#[test]
fn an_error_ends_the_transfer() -> Graded {
    check(|t| {
        let data = t.bytes(BLOCK + 50);
        let (_folder, server) = serve(t, &data, &["--retry-ms", "20000"])?;
        let mut client = TftpClient::of(&server)?;
        client.ask_for("file")?;
        client.expect_block(1, &data[..BLOCK])?;
        client.send_to_transfer(error(3, "disk full"))?;
        client.ack(1)?;
        client.expect_silence(A_WHILE).teaches(
            "The client has given up and said so: nothing is sent to it any more, neither a \
             block nor an answer to its ERROR.",
        )?;
        let mut next = TftpClient::of(&server)?;
        next.expect_file("file", &data)
    })
}

/// Requests cut short, packets that are no requests, nothing at all; then a request.
#[test]
fn junk_is_survived() -> Graded {
    check(|t| {
        let data = t.bytes(50);
        let (_folder, server) = serve(t, &data, &[])?;
        let mut client = TftpClient::of(&server)?;
        let lesson = "Any bytes may come, also none: look whether there are enough before you \
                      take them apart.";
        let whole = request(RRQ, "file", "octet");
        for length in [2, 3, 6, 7, 9, whole.len() - 1] {
            client.send(&whole[..length])?;
            let told = client.expect_error(4);
            told.when(Saw::Crash, lesson)
                .teaches("A request without its zero bytes is cut short: ERROR 4.")?;
        }
        client.send(&request(WRQ, "file", "octet")[..4])?;
        client.expect_error(4)?;
        let mut unknown = t.bytes(100);
        unknown[..2].copy_from_slice(&[0, 9]);
        for junk in [
            b"".to_vec(),
            b"\0".to_vec(),
            b"\x01".to_vec(),
            packet(3, 1, b"data"),
            ack(1),
            error(0, "go away"),
            error(5, "unknown transfer ID"),
            unknown,
        ] {
            client.send(junk)?;
        }
        let next = client.expect_file("file", &data);
        next.when(Saw::Crash, lesson)
            .teaches("What is no request gets no answer at the port for requests.")
    })
}

/// Sixteen clients have their first block; a seventeenth asks, and asks again when one is done.
#[test]
fn sixteen_transfers_at_once() -> Graded {
    check(|t| {
        let data = t.bytes(50);
        let (_folder, server) = serve(t, &data, &["--retry-ms", "20000"])?;
        let mut clients = Vec::new();
        for _ in 0..16 {
            let mut client = TftpClient::of(&server)?;
            client.ask_for("file")?;
            client
                .expect_block(1, &data)
                .teaches("Sixteen clients may have a transfer each, at the same time.")?;
            clients.push(client);
        }
        let mut late = TftpClient::of(&server)?;
        late.ask_for("file")?;
        late.expect_error(0).teaches(
            "Each transfer costs a thread and two descriptors, and anyone can ask: set a limit, \
             and tell the next one so.",
        )?;
        clients[3].ack(1)?;
        let deadline = Instant::now() + PATIENCE;
        loop {
            let mut next = TftpClient::of(&server)?;
            let served = next.expect_file("file", &data);
            if served.is_ok() || Instant::now() > deadline {
                return served.teaches("When a transfer ends, its place must be free again.");
            }
            thread::sleep(Duration::from_millis(1));
        }
    })
}
