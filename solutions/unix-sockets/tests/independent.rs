//! The solution against programs that no one here wrote: socat and python3.

use std::fs;
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::thread;
use std::time::Instant;

use testbench::prelude::*;
use testbench::tool::Tool;

/// Runs a Python program with arguments and gives what it prints.
fn python(program: &str, arguments: &[&str]) -> Outcome<String> {
    let tool = Tool::find("python3")?;
    let printed = tool.run(&[&["-c", program], arguments].concat(), "")?;
    Ok(String::from_utf8_lossy(&printed).into_owned())
}

/// A path as it stands on command lines.
fn text(path: &Path) -> String {
    path.display().to_string()
}

/// The name of an abstract address, without what Rust puts around it.
fn name(addr: &UnixAddr) -> String {
    addr.to_string().replacen("abstract:", "", 1)
}

#[test]
fn socat_gets_its_bytes_back_at_a_path() -> Graded {
    check(|t| {
        let socat = Tool::find("socat")?;
        let folder = t.folder()?;
        let path = folder.path().join("echo.sock");
        let _server = t.serve_unix("path", &UnixAddr::Path(path.clone()), &[])?;
        let payload = t.bytes(1 << 20);
        let peer = format!("UNIX-CONNECT:{}", text(&path));
        let printed = socat.run(&["-t", "20", "-", &peer], payload.clone())?;
        differs("what socat printed", payload, printed)
    })
}

#[test]
fn python_finds_a_socket_of_mode_0600_where_a_killed_server_was() -> Graded {
    const PROGRAM: &str = "
import os, socket, stat, sys
found = os.lstat(sys.argv[1])
peer = socket.socket(socket.AF_UNIX)
peer.connect(sys.argv[1])
peer.sendall(b'ping')
print(stat.S_ISSOCK(found.st_mode), oct(found.st_mode & 0o777), peer.recv(4))
";
    check(|t| {
        let folder = t.folder()?;
        let path = folder.path().join("echo.sock");
        let addr = UnixAddr::Path(path.clone());
        t.serve_unix("path", &addr, &[])?.kill()?;
        let _server = t.serve_unix("path", &addr, &[])?;
        let printed = python(PROGRAM, &[&text(&path)])?;
        differs("what python3 printed", "True 0o600 b'ping'\n", printed)
    })
}

#[test]
fn a_second_server_leaves_socats_socket_alone() -> Graded {
    check(|t| {
        let socat = Tool::find("socat")?;
        let folder = t.folder()?;
        let path = folder.path().join("socat.sock");
        let listen = format!("UNIX-LISTEN:{},fork", text(&path));
        let _theirs = socat.start(&[&listen, "SYSTEM:echo socat"], "")?;
        // Between its bind and its listen a socket looks as if nobody had it.
        let deadline = Instant::now() + PATIENCE;
        while UnixStream::connect(&path).is_err() {
            let soon = Instant::now() < deadline;
            wrong(soon, Saw::Silence, || "socat never listened".to_owned())?;
            thread::yield_now();
        }
        t.start_unix("path", &UnixAddr::Path(path.clone()), &[])?
            .expect_cannot_serve()?;
        let peer = format!("UNIX-CONNECT:{}", text(&path));
        let printed = socat.run(&["-u", &peer, "-"], "")?;
        differs("what socat printed", "socat\n", printed)
    })
}

#[test]
fn socat_and_python_send_datagrams_with_and_without_a_name() -> Graded {
    const NAMED: &str = "
import socket, sys
peer = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
peer.bind(sys.argv[2])
peer.sendto(b'two\\nlines', sys.argv[1])
print(peer.recv(100))
";
    check(|t| {
        let socat = Tool::find("socat")?;
        let folder = t.folder()?;
        let path = folder.path().join("log.sock");
        let flags = ["--log", &folder.arg("log")];
        let _server = t.serve_unix("datagrams", &UnixAddr::Path(path.clone()), &flags)?;
        let peer = format!("UNIX-SENDTO:{}", text(&path));
        socat.run(&["-u", "-", &peer], "no name")?;
        let printed = python(NAMED, &[&text(&path), &folder.arg("named")])?;
        differs("what python3 printed", "b'OK 2'\n", printed)?;
        let named = format!("{peer},bind={}", folder.arg("socat"));
        let printed = socat.run(&["-t", "1", "-", &named], "socat")?;
        differs("what socat printed", "OK 3", printed)?;
        let log = fs::read(folder.path().join("log")).unwrap_or_default();
        differs("the log", "no name\ntwo\\nlines\nsocat\n", log)
    })
}

#[test]
fn socat_and_python_find_abstract_names() -> Graded {
    const CLIENT: &str = "
import socket, sys
peer = socket.socket(socket.AF_UNIX)
peer.connect('\\0' + sys.argv[1])
peer.sendall(b'ping')
peer.shutdown(socket.SHUT_WR)
print(peer.recv(100), peer.recv(100))
";
    check(|t| {
        let socat = Tool::find("socat")?;
        let _start = t.folder()?;
        let addr = t.abstract_addr("lab.")?;
        let _server = t.serve_unix("abstract", &addr, &[])?;
        let peer = format!("ABSTRACT-CONNECT:{}", name(&addr));
        let payload = t.bytes(100_000);
        let printed = socat.run(&["-t", "20", "-", &peer], payload.clone())?;
        differs("what socat printed", payload, printed)?;
        let printed = python(CLIENT, &[&name(&addr)])?;
        differs("what python3 printed", "b'ping' b''\n", printed)
    })
}

#[test]
fn the_client_finds_pythons_abstract_name() -> Graded {
    const SERVER: &str = "
import socket, sys
server = socket.socket(socket.AF_UNIX)
server.bind('\\0' + sys.argv[1])
server.listen()
print('listening', flush=True)
peer, _ = server.accept()
received = b''
while part := peer.recv(100):
    received += part
peer.sendall(received[::-1])
";
    check(|t| {
        let tool = Tool::find("python3")?;
        let _start = t.folder()?;
        let addr = t.abstract_addr("python.")?;
        let server = tool.start(&["-c", SERVER, &name(&addr)], "")?;
        server.wait_for_output(|said| said.ends_with(b"\n"))?;
        let client = t.run_typing(&["abstract", "--connect", &addr.to_string()])?;
        client.feed("desserts")?;
        client.expect_output("stressed")?;
        client.expect_exit(0)
    })
}

#[test]
fn python_is_told_who_it_is() -> Graded {
    const PROGRAM: &str = "
import os, socket, sys
peer = socket.socket(socket.AF_UNIX)
peer.connect(sys.argv[1])
peer.sendall(b'WHOAMI\\nWHO\\n')
lines = peer.makefile().readline, f'{os.geteuid()} {os.getegid()} {os.getpid()}\\n'
print(lines[0]() == lines[1], lines[0]().startswith('ERR '))
";
    check(|t| {
        let folder = t.folder()?;
        let path = folder.path().join("ask.sock");
        let _server = t.serve_unix("credentials", &UnixAddr::Path(path.clone()), &[])?;
        let printed = python(PROGRAM, &[&text(&path)])?;
        differs("what python3 printed", "True True\n", printed)
    })
}

/// Another user, for once: as root a test can have one.
#[test]
fn python_as_another_user_is_refused() -> Graded {
    const PROGRAM: &str = "
import os, socket, sys
os.setgid(65534)
os.setuid(65534)
peer = socket.socket(socket.AF_UNIX)
peer.connect('\\0' + sys.argv[1])
print(peer.recv(100))
";
    check(|t| {
        let own = testbench::credentials::Credentials::own().uid;
        if own != 0 {
            return Err(Failure::lack("only root can become another user"));
        }
        let _start = t.folder()?;
        let addr = t.abstract_addr("lab.")?;
        let server = t.serve_unix("credentials", &addr, &["--allow-uid", "0"])?;
        let printed = python(PROGRAM, &[&name(&addr)])?;
        differs("what python3 printed", "b''\n", printed)?;
        let mut client = server.connect()?;
        client.send("WHOAMI\n")?;
        client.expect_line_beginning("0 ")
    })
}

#[test]
fn python_reads_through_the_descriptors_it_is_passed() -> Graded {
    const PROGRAM: &str = "
import os, socket, sys
peer = socket.socket(socket.AF_UNIX)
peer.connect(sys.argv[1])
def ask(request):
    peer.sendall(request)
    reply, descriptors, flags, _ = socket.recv_fds(peer, 100, 4)
    print(reply, [os.read(descriptor, 100) for descriptor in descriptors], flags & socket.MSG_CTRUNC)
ask(b'OPEN a b.txt\\n')
ask(b'OPEN ../secret.txt\\n')
ask(b'OPEN a b.txt\\n')
";
    check(|t| {
        let folder = t.folder()?;
        folder.write("root/a b.txt", "hello")?;
        folder.write("secret.txt", "secret")?;
        let path = folder.path().join("files.sock");
        let flags = ["--root", &folder.arg("root")];
        let _server = t.serve_unix("pass-file", &UnixAddr::Path(path.clone()), &flags)?;
        let printed = python(PROGRAM, &[&text(&path)])?;
        let passed = "b'+' [b'hello'] 0\n";
        let refused = "b'ERR outside of the root\\n' [] 0\n";
        differs(
            "what python3 printed",
            format!("{passed}{refused}{passed}"),
            printed,
        )
    })
}
