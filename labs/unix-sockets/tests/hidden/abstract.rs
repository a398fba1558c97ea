//! Stage `abstract`: what is in a name, and whose it is.

use std::fs;

use testbench::prelude::*;

/// A word there and back.
fn exchange(server: &UnixServer, word: &str) -> Outcome<Peer> {
    let mut client = server.connect()?;
    client.send(word)?;
    client.expect(word)?;
    Ok(client)
}

/// A name with a zero byte, a blank and a byte that is no text in it; names that are nearly the same are nobody's.
#[test]
fn every_byte_of_the_name_counts() -> Graded {
    check(|t| {
        let _start = t.folder()?;
        let UnixAddr::Abstract(mut name) = t.abstract_addr("")? else {
            return Err(Failure::grader("make an abstract name", "it is a path"));
        };
        let shorter = UnixAddr::Abstract(name.clone());
        name.extend_from_slice(b"\0 \xff%");
        let addr = UnixAddr::Abstract(name.clone());
        name.push(0);
        let longer = UnixAddr::Abstract(name);

        let lesson = "Zero bytes mean nothing in an abstract name, and it need not be text: hand \
                      on all of its bytes, and how many they are.";
        let server = t.serve_unix("abstract", &addr, &[]).teaches(lesson)?;
        exchange(&server, &t.word(10)).teaches(lesson)?;
        server.expect_nobody_at(&shorter).teaches(lesson)?;
        server.expect_nobody_at(&longer).teaches(lesson)
    })
}

/// The folder that the program has started in is as empty as before.
#[test]
fn leaves_no_file() -> Graded {
    check(|t| {
        let folder = t.folder()?;
        let server = t.serve_unix("abstract", &t.abstract_addr("lab.")?, &[])?;
        let listed = fs::read_dir(folder.path())
            .and_then(Iterator::collect::<Result<Vec<_>, _>>)
            .map_err(|error| Failure::grader("list a folder", error))?;
        wrong(listed.is_empty(), Saw::Wrong, || {
            let names: Vec<_> = listed.iter().map(fs::DirEntry::file_name).collect();
            format!("the program has made {names:?} in the folder it was started in")
        })
        .teaches(
            "@ only stands for the zero byte when people write such a name down: a path that \
             begins with @ is a path, and bind makes a file of it.",
        )?;
        exchange(&server, &t.word(10)).map(drop)
    })
}

/// A second server is told the name of the first.
#[test]
fn a_name_that_is_taken_stays_with_its_owner() -> Graded {
    check(|t| {
        let _start = t.folder()?;
        let addr = t.abstract_addr("lab.")?;
        let server = t.serve_unix("abstract", &addr, &[])?;
        let mut client = exchange(&server, &t.word(10))?;
        t.start_unix("abstract", &addr, &[])?
            .expect_cannot_serve()
            .teaches(
                "The name is taken, and its owner lives, or it would be free: return the error. \
                 Under another name no client would find you.",
            )?;
        let word = t.word(10);
        client.send(&word)?;
        client.expect(&word)
    })
}

/// First somebody is there, then nobody.
#[test]
fn nobody_there_is_told() -> Graded {
    check(|t| {
        let _start = t.folder()?;
        let addr = t.abstract_addr("lab.")?;
        let listener = t.listen_unix(&addr)?;
        let connect = ["abstract", "--connect", &addr.to_string()];
        let client = t.run(&connect)?;
        listener.accept(&client)?.close();
        client.expect_exit(0)?;
        drop(listener);

        let lesson = "That nobody listens is no surprise to a client: return the error of \
                      connect, and main tells it.";
        let client = t.run(&connect)?;
        client
            .expect_failure(1)
            .and_then(|()| client.expect_output(""))
            .when(Saw::Crash, lesson)
            .teaches(lesson)
    })
}
