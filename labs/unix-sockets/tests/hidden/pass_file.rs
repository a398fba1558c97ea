//! Stage `pass-file`: what is passed, what must not be, and what stays behind.

use std::fs::File;
use std::io::Read;

use testbench::prelude::*;
use testbench::rights::is_writable;

/// A server for the files under `root` in `folder`.
fn serve(t: &Bench, folder: &Folder) -> Outcome<UnixServer> {
    let flags = ["--root", &folder.arg("root")];
    t.serve_unix("pass-file", &folder.socket("files.sock"), &flags)
}

/// Asks for a file and gives what comes with the `+`.
fn open(client: &mut Peer, name: &str) -> Outcome<File> {
    client.send(format!("OPEN {name}\n"))?;
    client.expect_with_descriptor("+")
}

/// Asks for a name that must not be opened.
fn expect_refused(client: &mut Peer, name: &str) -> Outcome {
    client.send(format!("OPEN {name}\n"))?;
    client.expect_line_beginning("ERR ")?;
    client.expect_no_descriptor()
}

/// At most `most` bytes of a regular file, from where it stands.
fn read(file: &mut File, most: u64) -> Outcome<Vec<u8>> {
    let failed = |error| {
        Failure::new(
            Saw::Wrong,
            format!("the descriptor cannot be read: {error}"),
        )
    };
    wrong(
        file.metadata().map_err(failed)?.is_file(),
        Saw::Wrong,
        || "the descriptor is not that of a file".to_owned(),
    )?;
    let mut text = Vec::new();
    file.take(most).read_to_end(&mut text).map_err(failed)?;
    Ok(text)
}

/// One file for two clients, the second of whom comes when the first has read a little.
#[test]
fn each_open_starts_at_the_beginning() -> Graded {
    check(|t| {
        let folder = t.folder()?;
        let text = t.word(1000);
        folder.write("root/a.txt", &text)?;
        let server = serve(t, &folder)?;
        let lesson = "A passed descriptor is a duplicate: all of them share one open file and \
                      its position. Open the file anew for each request.";
        let mut first = server.connect()?;
        let mut one = open(&mut first, "a.txt")?;
        differs(
            "what the first 100 bytes are",
            &text[..100],
            read(&mut one, 100)?,
        )?;
        let mut two = open(&mut first, "a.txt")?;
        differs(
            "what the second descriptor reads",
            &text,
            read(&mut two, 2000)?,
        )
        .teaches(lesson)?;
        first.close();

        let mut second = server.connect()?;
        let mut three = open(&mut second, "a.txt")?;
        differs(
            "what the second client reads",
            &text,
            read(&mut three, 2000)?,
        )
        .teaches(lesson)?;
        differs(
            "what the first client reads on",
            &text[100..],
            read(&mut one, 2000)?,
        )
        .teaches(lesson)
    })
}

/// Whoever gets the descriptor may read through it, and not write.
#[test]
fn the_descriptor_is_for_reading_only() -> Graded {
    check(|t| {
        let folder = t.folder()?;
        folder.write("root/a.txt", t.word(10))?;
        let server = serve(t, &folder)?;
        let mut client = server.connect()?;
        let file = open(&mut client, "a.txt")?;
        wrong(!is_writable(&file)?, Saw::Wrong, || {
            "the client can write to the file through its descriptor".to_owned()
        })
        .teaches(
            "With the descriptor you hand over what it was opened for: nobody looks at the file's \
             mode again. Open it for reading, and for nothing else.",
        )
    })
}

/// A folder, then a FIFO that nobody writes to; afterwards a file.
#[test]
fn only_regular_files_are_passed() -> Graded {
    check(|t| {
        let folder = t.folder()?;
        folder.write("root/folder/a.txt", t.word(10))?;
        folder.fifo("root/fifo")?;
        let server = serve(t, &folder)?;
        let mut client = server.connect()?;
        let lesson = "Not all that has a name is a regular file. With a folder's descriptor \
                      everything under it can be opened, and what is above it; and opening a FIFO \
                      waits for its writer. Look at the type first.";
        for name in ["folder", "fifo"] {
            expect_refused(&mut client, name).teaches(lesson)?;
        }
        open(&mut client, "folder/a.txt").map(drop)
    })
}

/// Names with `..`, from the root of all, and of a folder whose name begins like the root's.
#[test]
fn no_name_leads_out() -> Graded {
    check(|t| {
        let folder = t.folder()?;
        let text = t.word(10);
        folder.write("root/folder/a.txt", &text)?;
        for secret in ["secret.txt", "root-private/secret.txt"] {
            folder.write(secret, t.word(10))?;
        }
        let server = serve(t, &folder)?;
        let mut client = server.connect()?;
        open(&mut client, "folder/a.txt")?;
        let names = [
            "../secret.txt".to_owned(),
            "folder/../../secret.txt".to_owned(),
            "../root-private/secret.txt".to_owned(),
            folder.arg("secret.txt"),
        ];
        for name in names {
            expect_refused(&mut client, &name).teaches(
                "A name that a client chose may lead anywhere: .. leads up, joining a path with \
                 one that begins with / forgets the first, and /root-private begins like /root. \
                 Resolve it, and compare with the root component by component.",
            )?;
        }
        open(&mut client, "folder/a.txt").map(drop)
    })
}

/// Links to a file and to a folder outside.
#[test]
fn no_link_leads_out() -> Graded {
    check(|t| {
        let folder = t.folder()?;
        folder.write("root/a.txt", t.word(10))?;
        folder.write("private/secret.txt", t.word(10))?;
        folder.link("root/link.txt", "../private/secret.txt")?;
        folder.link("root/link", folder.path().join("private"))?;
        let server = serve(t, &folder)?;
        let mut client = server.connect()?;
        open(&mut client, "a.txt")?;
        for name in ["link.txt", "link/secret.txt"] {
            expect_refused(&mut client, name).teaches(
                "A symbolic link makes an innocent name lead out, and open follows it: look at \
                 where the whole path ends, links resolved, not at how it is written.",
            )?;
        }
        Ok(())
    })
}

/// Names with blanks and other letters.
#[test]
fn a_name_is_the_rest_of_the_line() -> Graded {
    check(|t| {
        let folder = t.folder()?;
        let server = {
            folder.write("root/a.txt", t.word(10))?;
            serve(t, &folder)?
        };
        let mut client = server.connect()?;
        open(&mut client, "a.txt")?;
        for name in ["two words.txt", " blank  folder /größe.txt ", "OPEN a.txt"] {
            let text = t.word(30);
            folder.write(&format!("root/{name}"), &text)?;
            let lesson = "Everything between OPEN and the line end is the name, byte for byte, \
                          blanks too: neither split it nor trim it.";
            let mut file = open(&mut client, name).teaches(lesson)?;
            differs("what the descriptor reads", text, read(&mut file, 100)?).teaches(lesson)?;
        }
        Ok(())
    })
}

/// Three lines in one write, the second of which is no request.
#[test]
fn every_line_gets_its_reply() -> Graded {
    check(|t| {
        let folder = t.folder()?;
        let texts = [t.word(20), t.word(20)];
        folder.write("root/a.txt", &texts[0])?;
        folder.write("root/b.txt", &texts[1])?;
        let server = serve(t, &folder)?;
        let mut client = server.connect()?;
        let lesson = "One read may bring several lines: each gets its reply, and each + its own \
                      descriptor.";
        client.send("OPEN a.txt\nHELLO\nOPEN b.txt\n")?;
        let mut first = client.expect_with_descriptor("+").teaches(lesson)?;
        client.expect_line_beginning("ERR ").teaches(lesson)?;
        let mut second = client.expect_with_descriptor("+").teaches(lesson)?;
        differs("what the first reads", &texts[0], read(&mut first, 100)?).teaches(lesson)?;
        differs("what the second reads", &texts[1], read(&mut second, 100)?).teaches(lesson)
    })
}

/// One client opens a file a thousand times.
#[test]
fn a_thousand_files_leave_no_descriptor_behind() -> Graded {
    check(|t| {
        let folder = t.folder()?;
        folder.write("root/a.txt", t.word(10))?;
        let server = serve(t, &folder)?;
        let mut client = server.connect()?;
        open(&mut client, "a.txt")?;
        let lesson = "What is sent is a duplicate, which lives by itself: close your own \
                      descriptor when sendmsg has returned.";
        let before = server.facts().descriptors()?;
        for number in 1..=1000 {
            open(&mut client, "a.txt").teaches(lesson)?;
            if number % 100 == 0 {
                let count = server.facts().descriptors()?;
                wrong(count <= before + 2, Saw::Excess, || {
                    format!(
                        "after {number} files the program had {count} descriptors, after one {before}"
                    )
                })
                .teaches(lesson)?;
            }
        }
        Ok(())
    })
}
