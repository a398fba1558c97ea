//! Stage `pass-file`: an open file, handed over.

use std::fs::File;
use std::io::Read;

use testbench::prelude::*;

/// All that is left to read of a regular file.
fn read(mut file: File) -> Outcome<Vec<u8>> {
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
    file.read_to_end(&mut text).map_err(failed)?;
    Ok(text)
}

/// Two files, opened one after another, and read through their descriptors.
#[test]
fn passes_an_open_file() -> Graded {
    check(|t| {
        let folder = t.folder()?;
        let files = [("motd.txt", t.word(100)), ("folder/b.bin", t.word(5000))];
        for (name, text) in &files {
            folder.write(&format!("root/{name}"), text)?;
        }
        let flags = ["--root", &folder.arg("root")];
        let server = t.serve_unix("pass-file", &folder.socket("files.sock"), &flags)?;
        let mut client = server.connect()?;
        let lesson = "sendmsg sends the byte + and, beside it, the descriptor of the file you \
                      opened: the client reads through that. The file's bytes do not go over the \
                      socket. At least one byte must go with a descriptor: a sendmsg of none \
                      sends nothing.";
        for (name, text) in files {
            client.send(format!("OPEN {name}\n"))?;
            let file = client.expect_with_descriptor("+").teaches(lesson)?;
            differs("what the descriptor reads", text, read(file)?).teaches(lesson)?;
        }
        client.expect_no_descriptor().teaches(lesson)
    })
}

/// A name that does not exist, then one that does.
#[test]
fn what_is_missing_is_told() -> Graded {
    check(|t| {
        let folder = t.folder()?;
        let text = t.word(20);
        folder.write("root/motd.txt", &text)?;
        let flags = ["--root", &folder.arg("root")];
        let server = t.serve_unix("pass-file", &folder.socket("files.sock"), &flags)?;
        let mut client = server.connect()?;
        let lesson = "A file that is missing is an answer like any other: ERR and the reason, no \
                      descriptor, and the conversation goes on.";
        for line in ["OPEN nothing.txt", "OPEN", "CLOSE motd.txt"] {
            client.send(format!("{line}\n")).teaches(lesson)?;
            let told = client.expect_line_beginning("ERR ");
            told.when(Saw::Crash, lesson).teaches(lesson)?;
            client.expect_no_descriptor().teaches(lesson)?;
        }
        client.send("OPEN motd.txt\n").teaches(lesson)?;
        let file = client.expect_with_descriptor("+").teaches(lesson)?;
        differs("what the descriptor reads", text, read(file)?)
    })
}
