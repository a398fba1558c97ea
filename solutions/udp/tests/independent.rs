//! The solution against clients and servers that no one here wrote.

use testbench::prelude::*;
use testbench::tool::Tool;

#[test]
fn curl_gets_files_of_awkward_lengths() -> Graded {
    check(|t| {
        let curl = Tool::find("curl")?;
        let folder = t.folder()?;
        let server = t.serve("tftp", &["--root", &folder.arg("")])?;
        for length in [0, 1, 511, 512, 513, 1024, 51_200, 100_000] {
            let (name, data) = (format!("file-{length}"), t.bytes(length));
            folder.write(&name, &data)?;
            let url = format!("tftp://{}/{name}", server.addr());
            let got = curl.run(&["--silent", "--max-time", "20", &url], "")?;
            differs("what curl got", data, got)?;
        }
        Ok(())
    })
}

/// curl asks for options (RFC 2347) unless told not to, and its block numbers wrap.
#[test]
fn curl_gets_a_file_of_more_than_65535_blocks() -> Graded {
    check(|t| {
        let curl = Tool::find("curl")?;
        let folder = t.folder()?;
        let length = 65_540 * 512;
        let (last, mark) = (length - 1000, t.bytes(1000));
        folder.write_sparse("large", length as u64, &[(last as u64, mark.clone())])?;
        let server = t.serve("tftp", &["--root", &folder.arg("")])?;
        let url = format!("tftp://{}/large", server.addr());
        let got = curl.run(&["--silent", "--max-time", "29", &url], "")?;
        wrong(got.len() == length, Saw::Wrong, || {
            format!("curl got {} bytes of {length}", got.len())
        })?;
        let zeros = got[..last].iter().all(|&byte| byte == 0);
        wrong(zeros, Saw::Wrong, || {
            "curl got other bytes than zeros".to_owned()
        })?;
        differs("the end of what curl got", mark, &got[last..])
    })
}

#[test]
fn curl_is_told_why_not() -> Graded {
    check(|t| {
        let curl = Tool::find("curl")?;
        let folder = t.folder()?;
        folder.write("root/file", "x")?;
        folder.write("secret", "x")?;
        let server = t.serve("tftp", &["--root", &folder.arg("root")])?;
        // Exit codes 68, 69 and 71 of curl are TFTP's errors 1, 2 and 4.
        for (path, more, code) in [
            ("nothing", &[][..], "68"),
            ("../secret", &["--path-as-is"], "69"),
            ("new", &["--upload-file", "-"], "71"),
        ] {
            let url = format!("tftp://{}/{path}", server.addr());
            let told = [
                "--silent",
                "--max-time",
                "20",
                "--write-out",
                "%{exitcode}",
                &url,
            ];
            let printed = curl.run(&[more, &told[..]].concat(), "")?;
            differs("curl's exit code", code, printed)?;
        }
        Ok(())
    })
}

#[test]
fn netcat_gets_its_datagram_back() -> Graded {
    check(|t| {
        let nc = Tool::find("nc")?;
        let server = t.serve("echo", &[])?;
        let (host, port) = (
            server.addr().ip().to_string(),
            server.addr().port().to_string(),
        );
        let word = t.word(300);
        // It ends a second after the last it heard.
        let work = nc.start(&["-u", "-w", "1", &host, &port], word.clone())?;
        let printed = work.wait_for_output(|said| said.len() >= word.len())?;
        differs("what nc printed", word, printed)
    })
}

#[test]
fn socat_gets_its_datagram_back() -> Graded {
    check(|t| {
        let socat = Tool::find("socat")?;
        let server = t.serve("echo", &[])?;
        let payload = t.bytes(8000);
        let peer = format!("UDP4:{}", server.addr());
        // -b: what is read at once is sent as one datagram.
        let work = socat.start(&["-b", "65507", "-t", "10", "-", &peer], payload.clone())?;
        let printed = work.wait_for_output(|said| said.len() >= payload.len())?;
        differs("what socat printed", payload, printed)
    })
}

/// Two sockets, equal ids, duplicates, bytes that are no text.
const PYTHON_CLIENT: &str = r#"
import socket, sys

host, port = sys.argv[1], int(sys.argv[2])
ann, bob = (socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for _ in "ab")
for client in (ann, bob):
    client.settimeout(10)
    client.connect((host, port))

def ask(client, request):
    client.send(request)
    print(client.recv(65535))

ask(ann, b"1 PUT hits 41")
ask(ann, b"2 INCR hits")
ask(ann, b"2 INCR hits")
ask(bob, b"2 INCR hits")
ask(bob, b"3 PUT raw \x00\xff\r\n ")
ask(ann, b"4 GET raw")
ask(ann, b"5 GET nothing")
bob.send(b"no request")
ask(bob, b"6 GET hits")
"#;

#[test]
fn python_is_answered_at_most_once() -> Graded {
    check(|t| {
        let python = Tool::find("python3")?;
        let server = t.serve("answer", &[])?;
        let (host, port) = (
            server.addr().ip().to_string(),
            server.addr().port().to_string(),
        );
        let printed = python.run(&["-c", PYTHON_CLIENT, &host, &port], "")?;
        let expected = [
            "b'1 OK 41'",
            "b'2 OK 42'",
            "b'2 OK 42'",
            "b'2 OK 43'",
            r"b'3 OK \x00\xff\r\n '",
            r"b'4 OK \x00\xff\r\n '",
            "b'5 ERR no such key'",
            "b'6 OK 43'",
            "",
        ];
        differs("what python3 printed", expected.join("\n"), printed)
    })
}

/// Answers the second time only, and echoes the first datagrams of whoever sends a PING.
const PYTHON_SERVER: &str = r#"
import socket, sys

server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
server.bind((sys.argv[1], 0))
print(server.getsockname()[1], flush=True)
seen = set()
while True:
    datagram, sender = server.recvfrom(65535)
    id, operation = datagram.split(b" ", 1)
    if id == b"PING":
        server.sendto(datagram, sender)
    elif datagram in seen:
        server.sendto(id + b" OK " + operation.swapcase(), sender)
    seen.add(datagram)
"#;

#[test]
fn the_clients_talk_to_a_python_server() -> Graded {
    check(|t| {
        let python = Tool::find("python3")?;
        let host = t.ip().to_string();
        let work = python.start(&["-c", PYTHON_SERVER, &host], "")?;
        let port = work.wait_for_output(|said| said.ends_with(b"\n"))?;
        let addr = format!("{host}:{}", String::from_utf8_lossy(&port).trim());

        let program = t.run(&["ping", &addr, "--count", "3", "--interval", "10"])?;
        let summary = program.line(4)?;
        wrong(
            summary.starts_with("sent=3 received=3 lost=0 "),
            Saw::Wrong,
            || summary.clone(),
        )?;
        program.expect_exit(0)?;

        let program = t.run(&["ask", &addr, "put", "key", "Value"])?;
        program.expect_output("put KEY vALUE")?;
        program.expect_exit(0)
    })
}

/// One of the course's Python programs.
fn companion(file: &str) -> String {
    format!(
        "{}/../../docs/src/python/{file}",
        env!("CARGO_MANIFEST_DIR")
    )
}

#[test]
fn udp_client_py_is_answered() -> Graded {
    check(|t| {
        let python = Tool::find("python3")?;
        for (stage, text, expected) in [
            ("echo", "ping", "ping\n"),
            ("answer", "a1 PUT hits 7", "a1 OK 7\n"),
        ] {
            let server = t.serve(stage, &[])?;
            let (port, host) = (
                server.addr().port().to_string(),
                server.addr().ip().to_string(),
            );
            let printed = python.run(&[&companion("udp_client.py"), &port, &host, text], "")?;
            differs("what python3 printed", expected, printed)?;
        }
        Ok(())
    })
}

#[test]
fn ping_gets_its_probes_back_from_udp_server_py() -> Graded {
    check(|t| {
        let python = Tool::find("python3")?;
        let work = python.start(&[&companion("udp_server.py")], "")?;
        let said = work.wait_for_output(|said| said.ends_with(b"\n"))?;
        let said = String::from_utf8_lossy(&said).into_owned();
        let addr = said.trim().trim_start_matches("READY ");
        let program = t.run(&["ping", addr, "--count", "3", "--interval", "10"])?;
        let summary = program.line(4)?;
        wrong(
            summary.starts_with("sent=3 received=3 lost=0 "),
            Saw::Wrong,
            || summary.clone(),
        )?;
        program.expect_exit(0)
    })
}
