//! The solution against servers that no one here wrote.

use std::net::{SocketAddr, TcpStream};
use std::thread;
use std::time::{Duration, Instant};
use std::{fs, io};

use testbench::prelude::*;
use testbench::tool::{Tool, Work};

/// Where socat listens: each test has an address of its own, so all can have the same port.
const PORT: u16 = 4242;

/// Makes a python3 server on the address that its first argument names; it prints its port.
const PYTHON: &str = "
import socket, struct, sys
listener = socket.create_server((sys.argv[1], 0))
print(listener.getsockname()[1], flush=True)
connection, _ = listener.accept()
";

/// Answers lines as the lab before wants it, and closes when the client has.
const PYTHON_LINES: &str = "
stream = connection.makefile('rwb', buffering=0)
for line in stream:
    word, a, b = line.split()
    result = {b'ADD': int(a) + int(b), b'SUB': int(a) - int(b), b'MUL': int(a) * int(b)}[word]
    stream.write(b'%d\\n' % result)
";

/// A server of HTTP/1.1 whose bodies come in chunks, with trailers, on a connection that it keeps open.
const PYTHON_CHUNKS: &str = "
import http.server, sys
class Chunks(http.server.BaseHTTPRequestHandler):
    protocol_version = 'HTTP/1.1'
    def do_GET(self):
        self.send_response_only(103)
        self.end_headers()
        self.send_response(200)
        self.send_header('Transfer-Encoding', 'chunked')
        self.end_headers()
        for n in range(200):
            part = (b'%d ' % n) * (n + 1)
            self.wfile.write(b'%x;n=%d\\r\\n' % (len(part), n) + part + b'\\r\\n')
        self.wfile.write(b'0\\r\\nX-Parts: 200\\r\\n\\r\\n')
server = http.server.ThreadingHTTPServer((sys.argv[1], 0), Chunks)
print(server.server_port, flush=True)
server.serve_forever()
";

/// Starts a python3 server of `script`; gives its address.
fn python(t: &Bench, script: &str) -> Outcome<(Work, SocketAddr)> {
    let ip = t.ip().to_string();
    let work = Tool::find("python3")?.start(&["-c", script, &ip], "")?;
    let port = work.wait_for_output(|said| said.ends_with(b"\n"))?;
    let port = String::from_utf8_lossy(&port).trim().parse();
    let port = port.map_err(|error| Failure::grader("read python3's port", error))?;
    Ok((work, SocketAddr::new(t.ip(), port)))
}

/// Starts one of the course's Python servers, of docs/src/python, on a port of the kernel's choice;
/// gives its address, which it prints behind READY.
fn companion(file: &str) -> Outcome<(Work, SocketAddr)> {
    let path = format!(
        "{}/../../docs/src/python/{file}",
        env!("CARGO_MANIFEST_DIR")
    );
    let work = Tool::find("python3")?.start(&[&path], "")?;
    let said = work.wait_for_output(|said| said.ends_with(b"\n"))?;
    let said = String::from_utf8_lossy(&said).into_owned();
    let addr = said.trim().trim_start_matches("READY ").parse();
    let addr =
        addr.map_err(|error| Failure::grader(&format!("read the address in {said:?}"), error))?;
    Ok((work, addr))
}

/// Starts a socat that serves each client with `what`; gives its address.
fn socat(t: &Bench, what: &str) -> Outcome<(Work, SocketAddr)> {
    let addr = SocketAddr::new(t.ip(), PORT);
    let listen = format!("TCP4-LISTEN:{PORT},bind={},reuseaddr,fork", t.ip());
    // -t: how long it waits for the other direction when one has ended. -b: a pipe counts as
    // writable with room for PIPE_BUF bytes (pipe(7)); a larger write would wait for socat itself.
    let options = ["-t", "20", "-b", "4096"];
    let work = Tool::find("socat")?.start(&[&options[..], &[&listen, what]].concat(), "")?;
    let deadline = Instant::now() + 4 * PATIENCE;
    while let Err(error) = TcpStream::connect(addr) {
        let refused = error.kind() == io::ErrorKind::ConnectionRefused;
        if !refused || Instant::now() > deadline {
            return Err(Failure::grader("reach socat", error));
        }
        thread::sleep(Duration::from_millis(5));
    }
    Ok((work, addr))
}

#[test]
fn receive_prints_what_python_sends() -> Graded {
    check(|t| {
        let script = PYTHON.to_owned() + "connection.sendall(bytes(range(256)) * 5000)\n";
        let (_server, addr) = python(t, &script)?;
        let program = t.run(&["receive", &addr.to_string()])?;
        let every_byte: Vec<u8> = (0..=255).collect();
        program.expect_output(every_byte.repeat(5000))?;
        program.expect_exit(0)
    })
}

#[test]
fn receive_prints_the_greeting_of_server_py() -> Graded {
    check(|t| {
        let (_server, addr) = companion("server.py")?;
        let program = t.run(&["receive", &addr.to_string()])?;
        program.expect_output("Connection is successful")?;
        program.expect_exit(0)
    })
}

#[test]
fn receive_prints_what_socat_sends() -> Graded {
    check(|t| {
        let (_server, addr) = socat(t, "EXEC:cat Cargo.toml")?;
        let program = t.run(&["receive", &addr.to_string()])?;
        let file = fs::read("Cargo.toml");
        let file = file.map_err(|error| Failure::grader("read Cargo.toml", error))?;
        program.expect_output(file)?;
        program.expect_exit(0)
    })
}

#[test]
fn time_reads_what_python_packs() -> Graded {
    check(|t| {
        let script =
            PYTHON.to_owned() + "connection.sendall(struct.pack('!I', 2208988800 + 1734466916))\n";
        let (_server, addr) = python(t, &script)?;
        let program = t.run(&["time", &addr.to_string()])?;
        program.expect_output("1734466916\n")?;
        program.expect_exit(0)
    })
}

#[test]
fn converse_asks_python() -> Graded {
    check(|t| {
        let (_server, addr) = python(t, &(PYTHON.to_owned() + PYTHON_LINES))?;
        let program = t.run_typing(&["converse", &addr.to_string()])?;
        program.type_in("ADD 2 3\n")?;
        program.expect_output_so_far("5\n")?;
        program.feed("MUL 111111111 111111111\r\nSUB 2 3")?;
        program.expect_output("5\n12345678987654321\n-1\n")?;
        program.expect_exit(0)
    })
}

#[test]
fn converse_asks_sed_behind_socat() -> Graded {
    check(|t| {
        let (_server, addr) = socat(t, "EXEC:sed -u s/ping/pong/")?;
        let program = t.run_typing(&["converse", &addr.to_string()])?;
        program.type_in("ping 1\n")?;
        program.expect_output_so_far("pong 1\n")?;
        program.feed("ping 2\nping 3\n")?;
        program.expect_output("pong 1\npong 2\npong 3\n")?;
        program.expect_exit(0)
    })
}

#[test]
fn webget_gets_files_from_pythons_http_server() -> Graded {
    check(|t| {
        let ip = t.ip().to_string();
        let args = ["-u", "-m", "http.server", "0", "--bind", &ip];
        let server = Tool::find("python3")?.start(&args, "")?;
        // Serving HTTP on 127.0.0.1 port 40123 (http://127.0.0.1:40123/) ...
        let said = server.wait_for_output(|said| said.ends_with(b"\n"))?;
        let said = String::from_utf8_lossy(&said).into_owned();
        let url = said
            .split_once('(')
            .and_then(|(_, rest)| rest.split_once("/)"));
        let (url, _) = url.ok_or_else(|| Failure::grader("read python3's URL", &said))?;

        let file = fs::read("src/webget.rs");
        let file = file.map_err(|error| Failure::grader("read src/webget.rs", error))?;
        let program = t.run(&["webget", &format!("{url}/src/webget.rs?query#fragment")])?;
        program.expect_output(file)?;
        program.expect_exit(0)?;
        program.expect_said("HTTP/1.0 200 OK\n")?;

        let program = t.run(&["webget", &format!("{url}/nowhere")])?;
        program.expect_failure(1)?;
        program.expect_said("HTTP/1.0 404 File not found\n")?;
        let page = program.output()?;
        wrong(page.starts_with(b"<!DOCTYPE"), Saw::Wrong, || {
            format!("not a page: {}", String::from_utf8_lossy(&page))
        })
    })
}

#[test]
fn webget_gets_chunks_from_python() -> Graded {
    check(|t| {
        let (_server, addr) = python(t, PYTHON_CHUNKS)?;
        let program = t.run(&["webget", &format!("http://{addr}/")])?;
        let body: String = (0..200).map(|n| format!("{n} ").repeat(n + 1)).collect();
        program.expect_output(body)?;
        program.expect_exit(0)?;
        program.expect_said("HTTP/1.1 200 OK\n")
    })
}

#[test]
fn webget_gets_the_page_of_page_py() -> Graded {
    check(|t| {
        let (_server, addr) = companion("page.py")?;
        let program = t.run(&["webget", &format!("http://{addr}/")])?;
        program.expect_output("hello world")?;
        program.expect_exit(0)?;
        program.expect_said("HTTP/1.1 200 OK\n")
    })
}

#[test]
fn deadlines_gives_up_a_silent_python() -> Graded {
    check(|t| {
        let script = PYTHON.to_owned() + "connection.sendall(b'tick')\nconnection.recv(1)\n";
        let (_server, addr) = python(t, &script)?;
        let program = t.run(&["deadlines", &addr.to_string(), "--read-timeout", "300"])?;
        program.expect_failure(4)?;
        program.expect_output("tick")
    })
}

#[test]
fn netcat_moves_64_mebibytes_through_socats_echo() -> Graded {
    check(|t| {
        let (_server, addr) = socat(t, "PIPE")?;
        let payload = t.bytes(64 << 20);
        let program = t.run_typing(&["netcat", &addr.to_string()])?;
        let began = Instant::now();
        program.feed(payload.clone())?;
        while program.expect_alive().is_ok() && began.elapsed() < 12 * PATIENCE {
            thread::sleep(Duration::from_millis(5));
        }
        program.expect_exit(0)?;
        println!("64 MiB there and back in {:?}", began.elapsed());
        program.expect_output(payload)
    })
}
