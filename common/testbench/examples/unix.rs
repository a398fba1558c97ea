//! Stories about Unix peers for the testbench's own tests, and the program that they are about:
//! `unix STORY` tells one and ends as libtest would, `unix STAGE --bind ADDR` is the program.

use std::io::{Read, Write};
use std::os::unix::net::{UnixDatagram, UnixListener, UnixStream};
use std::process::{ExitCode, Termination};
use std::{env, fs};

use testbench::prelude::*;

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().collect();
    match &arguments[1..] {
        [story] => tell(story).report(),
        [stage, _, addr, ..] => serve(stage, addr.strip_prefix("unix:").unwrap_or(addr)),
        _ => ExitCode::FAILURE,
    }
}

fn tell(story: &str) -> Graded {
    match story {
        "datagrams" => datagrams(),
        "client" => client(),
        "names" => names(),
        stage => exchange(stage),
    }
}

/// Sends `hello` to a stage of the program and wants it back, without a descriptor.
fn exchange(stage: &str) -> Graded {
    check(|t| {
        let folder = t.folder()?;
        let server = t.serve_unix(stage, &folder.socket("socket"), &[])?;
        let mut client = server.connect()?;
        client.send("hello")?;
        client.expect("hello")?;
        client.expect_no_descriptor()?;
        client.half_close()?;
        client.expect_end()
    })
}

/// A sender with a name is answered; one without hears nothing, and is not waited for.
fn datagrams() -> Graded {
    check(|t| {
        let folder = t.folder()?;
        let server = t.serve_unix("mirror", &folder.socket("socket"), &[])?;
        server.unnamed_sender()?.send("nobody")?;
        let sender = server.sender_at(&folder.socket("sender"))?;
        sender.send("")?;
        sender.expect("")?;
        sender.send("again")?;
        sender.expect("never this")
    })
}

/// The program is the client.
fn client() -> Graded {
    check(|t| {
        let folder = t.folder()?;
        let addr = folder.socket("socket");
        let listener = t.listen_unix(&addr)?;
        let program = t.run(&["say", "--connect", &addr.to_string()])?;
        let mut server = listener.accept(&program)?;
        server.expect("said")?;
        server.expect_end()?;
        program.expect_exit(0)
    })
}

/// Nobody is where nobody listens, be it a name, a path, or a file.
fn names() -> Graded {
    check(|t| {
        let folder = t.folder()?;
        let addr = folder.socket_of_length(100)?;
        let server = t.serve_unix("echo", &addr, &[])?;
        folder.write("file", "text")?;
        server.expect_nobody_at(&t.abstract_addr("nobody.")?)?;
        server.expect_nobody_at(&folder.socket("nothing"))?;
        server.expect_nobody_at(&folder.socket("file"))?;
        server.expect_nobody_at(&addr)
    })
}

/// Each stage goes its own way, most of them wrong.
fn serve(stage: &str, path: &str) -> ExitCode {
    match stage {
        "say" => return said(UnixStream::connect(path).and_then(|mut to| to.write_all(b"said"))),
        "mirror" => return said(mirror(path)),
        _ => {}
    }
    let Ok(listener) = UnixListener::bind(path) else {
        return ExitCode::FAILURE;
    };
    println!(
        "READY unix:{}",
        if stage == "elsewhere" { "/tmp" } else { path }
    );
    for stream in listener.incoming().flatten() {
        let sent = match stage {
            "echo" => echo(&stream),
            "gives" => gives(&stream),
            _ => Ok(()),
        };
        if let Err(error) = sent {
            eprintln!("{error}");
        }
    }
    ExitCode::SUCCESS
}

fn said(done: std::io::Result<()>) -> ExitCode {
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn echo(mut stream: &UnixStream) -> std::io::Result<()> {
    let mut buffer = [0; 4096];
    while let count @ 1.. = stream.read(&mut buffer)? {
        stream.write_all(&buffer[..count])?;
    }
    Ok(())
}

/// Echoes, with a descriptor that nobody asked for.
fn gives(mut stream: &UnixStream) -> std::io::Result<()> {
    use rustix::net::{SendAncillaryBuffer, SendAncillaryMessage, SendFlags, sendmsg};
    use std::os::fd::AsFd;

    let mut buffer = [0; 4096];
    let count = stream.read(&mut buffer)?;
    let file = fs::File::open("/dev/null")?;
    let rights = [file.as_fd()];
    let message = SendAncillaryMessage::ScmRights(&rights);
    let mut space = vec![std::mem::MaybeUninit::uninit(); message.size()];
    let mut control = SendAncillaryBuffer::new(&mut space);
    control.push(message);
    let bytes = [std::io::IoSlice::new(&buffer[..count])];
    sendmsg(stream, &bytes, &mut control, SendFlags::empty())?;
    Ok(())
}

/// Sends each datagram back to its sender, if that has a name.
fn mirror(path: &str) -> std::io::Result<()> {
    let socket = UnixDatagram::bind(path)?;
    println!("READY unix:{path}");
    let mut buffer = [0; 4096];
    loop {
        let (count, sender) = socket.recv_from(&mut buffer)?;
        if !sender.is_unnamed() {
            socket.send_to_addr(&buffer[..count], &sender)?;
        }
    }
}
