//! The solution against programs that no one here wrote: socat and python3.

use testbench::prelude::*;
use testbench::tool::{Tool, Work};

/// What `socat` calls this type of socket.
const SEQPACKET: &str = "type=5";

/// Runs a Python program with arguments and gives what it prints.
fn python(program: &str, arguments: &[&str]) -> Outcome<String> {
    let tool = Tool::find("python3")?;
    let printed = tool.run(&[&["-c", program], arguments].concat(), "")?;
    Ok(String::from_utf8_lossy(&printed).into_owned())
}

/// Starts a Python server and waits until it listens.
fn python_server(program: &str, arguments: &[&str]) -> Outcome<Work> {
    let tool = Tool::find("python3")?;
    let server = tool.start(&[&["-c", program], arguments].concat(), "")?;
    server.wait_for_output(|said| said.ends_with(b"listening\n"))?;
    Ok(server)
}

/// A path as `socat` takes it, or an abstract name without what Rust puts around it.
fn name(addr: &UnixAddr) -> String {
    let text = addr.to_string();
    text.split_once(':')
        .map_or(text.clone(), |(_, name)| name.to_owned())
}

#[test]
fn python_makes_the_same_of_the_three_types() -> Graded {
    const PROGRAM: &str = r#"
import socket
sends = [b'hello', b'', b'by\xff\n', b'"\\']
sizes = [4, 10, 1, 3, 5, 2]
for name, kind in [('stream', socket.SOCK_STREAM), ('datagram', socket.SOCK_DGRAM), ('seqpacket', socket.SOCK_SEQPACKET)]:
    one, other = socket.socketpair(socket.AF_UNIX, kind)
    for message in sends:
        one.send(message)
    one.shutdown(socket.SHUT_WR)
    for size in sizes:
        try:
            print(name, list(other.recv(size, socket.MSG_DONTWAIT)))
        except BlockingIOError:
            print(name, 'nothing')
"#;
    check(|t| {
        t.need_packets()?;
        let program = t.run_typing(&["compare"])?;
        program.feed(
            "send \"hello\"\nsend \"\"\nsend \"by\\xff\\n\"\nsend \"\\\"\\\\\"\nend\nreceive 4\n\
             receive 10\nreceive 1\nreceive 3\nreceive 5\nreceive 2\n",
        )?;
        let printed = String::from_utf8_lossy(&program.output()?).into_owned();
        program.expect_exit(0)?;
        let expected: String = python(PROGRAM, &[])?.lines().map(listed).collect();
        differs("what the program printed", expected, printed)
    })
}

/// A line of the Python program above as the program prints it.
fn listed(line: &str) -> String {
    let (kind, result) = line.split_once(' ').unwrap_or_default();
    let Some(numbers) = result
        .strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'))
    else {
        return format!("{line}\n");
    };
    let bytes: Vec<u8> = numbers
        .split(", ")
        .filter_map(|number| number.parse().ok())
        .collect();
    let text = testbench::bytes::escape(&bytes);
    format!("{kind} {} \"{text}\"\n", bytes.len())
}

#[test]
fn python_asks_for_values() -> Graded {
    const PROGRAM: &str = r"
import socket, sys
peers = [socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) for _ in range(2)]
for peer in peers:
    peer.connect(sys.argv[1])
for request in [b'PUT a two\nlines\x00', b'GET a', b'PUT n 41', b'INCR n', b'hello']:
    peers[0].send(request)
peers[1].send(b'GET a')
peers[0].shutdown(socket.SHUT_WR)
print([peers[0].recv(65536) for _ in range(6)], peers[1].recv(65536))
peers[1].send(b'PUT a ' + b'x' * 65530)
print(len(peers[1].recv(1 << 20)))
";
    check(|t| {
        t.need_packets()?;
        let folder = t.folder()?;
        let addr = folder.socket("rpc.sock");
        let _server = t.serve_unix("rpc", &addr, &[])?;
        let printed = python(PROGRAM, &[&name(&addr)])?;
        let replies = r"[b'OK two\nlines\x00', b'OK two\nlines\x00', b'OK 41', b'OK 42', b'ERR no request', b'']";
        differs(
            "what python3 printed",
            format!("{replies} b'ERR no such key'\n65533\n"),
            printed,
        )
    })
}

#[test]
fn socat_asks_for_a_value_and_a_stream_is_refused() -> Graded {
    check(|t| {
        t.need_packets()?;
        let socat = Tool::find("socat")?;
        let folder = t.folder()?;
        let addr = folder.socket("rpc.sock");
        let server = t.serve_unix("rpc", &addr, &[])?;
        let peer = format!("UNIX-CONNECT:{},{SEQPACKET}", name(&addr));
        let printed = socat.run(&["-t", "20", "-", &peer], "PUT k  v \n")?;
        differs("what socat printed", "OK  v \n", printed)?;
        wrong(server.connect().is_err(), Saw::Wrong, || {
            "a stream was let in".to_owned()
        })
    })
}

#[test]
fn python_is_told_lengths_and_empty_messages() -> Graded {
    const PROGRAM: &str = r"
import socket, sys
peer = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
peer.connect('\0' + sys.argv[1])
for request in [b'abc', b'0123456789', b'', b'x' * 200000, b'', b'']:
    peer.send(request)
    if request == b'x' * 200000:
        print(peer.recv(100), peer.recv(100), peer.recv(100), peer.recv(100))
peer.shutdown(socket.SHUT_WR)
print(peer.recv(100), peer.recv(100), peer.recv(100))
";
    check(|t| {
        t.need_packets()?;
        let _start = t.folder()?;
        let addr = t.abstract_addr("lab.")?;
        let _server = t.serve_unix("truncation", &addr, &["--max", "3"])?;
        let printed = python(PROGRAM, &[&name(&addr)])?;
        let expected = "b'OK abc' b'TOOBIG 10' b'EMPTY' b'TOOBIG 200000'\nb'EMPTY' b'EMPTY' b''\n";
        differs("what python3 printed", expected, printed)
    })
}

#[test]
fn python_receives_what_is_told_as_sent() -> Graded {
    const SERVER: &str = r"
import socket, sys
server = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
server.bind(sys.argv[1])
server.listen()
print('listening', flush=True)
peer, _ = server.accept()
peer.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
while True:
    message, beside, _, _ = peer.recvmsg(1 << 22, 100)
    if not beside:
        break
    print(len(message), message[:3])
";
    check(|t| {
        t.need_packets()?;
        let folder = t.folder()?;
        let addr = folder.socket("python.sock");
        let server = python_server(SERVER, &[&name(&addr)])?;
        let most = t.longest_packet()?;
        let program = t.run_typing(&["limits", &addr.to_string()])?;
        let lines = [
            "disk full",
            "",
            &"x".repeat(most),
            &"y".repeat(most + 1),
            "bye",
        ];
        program.feed(lines.join("\n"))?;
        let over = most + 1;
        program.expect_output(format!(
            "SENT 9\nSENT 0\nSENT {most}\nTOOLONG {over} {most}\nSENT 3\n"
        ))?;
        program.expect_exit(1)?;
        let printed = server.finish()?;
        let expected = format!("listening\n9 b'dis'\n0 b''\n{most} b'xxx'\n3 b'bye'\n");
        differs("what python3 printed", expected, printed)
    })
}

#[test]
fn a_server_that_never_receives_fills_the_queue() -> Graded {
    const SERVER: &str = r"
import signal, socket, sys
server = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
server.bind(sys.argv[1])
server.listen()
print('listening', flush=True)
peer, _ = server.accept()
signal.pause()
";
    check(|t| {
        t.need_packets()?;
        let folder = t.folder()?;
        let addr = folder.socket("deaf.sock");
        let _deaf = python_server(SERVER, &[&name(&addr)])?;
        let fit = t.packets_that_fit(4)?;
        let program = t.run_typing(&["limits", &addr.to_string(), "--wait", "0"])?;
        program.feed("wait\n".repeat(fit + 10))?;
        program.expect_output("SENT 4\n".repeat(fit) + "FULL 4\n")?;
        program.expect_failure(4)
    })
}
