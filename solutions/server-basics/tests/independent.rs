//! The solution against clients that no one here wrote.

use testbench::prelude::*;
use testbench::tool::Tool;

/// The course's Python client, the outline's program for Python 3.
const PYTHON_CLIENT: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../../docs/src/python/client.py"
);

#[test]
fn python_receives_the_greeting() -> Graded {
    check(|t| {
        let python = Tool::find("python3")?;
        let server = t.serve("greet", &[])?;
        let (port, host) = (
            server.addr().port().to_string(),
            server.addr().ip().to_string(),
        );
        let printed = python.run(&[PYTHON_CLIENT, &port, &host], "")?;
        differs(
            "what python3 printed",
            "Connection is successful\n",
            printed,
        )
    })
}

#[test]
fn curl_converses_with_lines() -> Graded {
    check(|t| {
        let curl = Tool::find("curl")?;
        let server = t.serve("lines", &[])?;
        let url = format!("telnet://{}", server.addr());
        let args = ["--silent", "--no-buffer", "--max-time", "20", &url];
        let work = curl.start(&args, "ADD 2 3\nDIV 1 0\nMUL 6 7\n")?;
        let printed = work.wait_for_output(|said| said.ends_with(b"42\n"))?;
        wrong(
            printed.starts_with(b"5\nERR ") && printed.ends_with(b"\n42\n"),
            Saw::Wrong,
            || format!("curl printed {}", String::from_utf8_lossy(&printed)),
        )
    })
}

#[test]
fn netcat_converses_with_lines_and_sees_the_end() -> Graded {
    check(|t| {
        let nc = Tool::find("nc")?;
        let server = t.serve("lines", &[])?;
        let (host, port) = (
            server.addr().ip().to_string(),
            server.addr().port().to_string(),
        );
        // -N: half-close when stdin ends.
        let printed = nc.run(&["-N", &host, &port], "ADD 2 3\nSUB 2 3\n")?;
        differs("what nc printed", "5\n-1\n", printed)
    })
}

#[test]
fn socat_gets_its_bytes_back_from_both_echoes() -> Graded {
    check(|t| {
        let socat = Tool::find("socat")?;
        for stage in ["echo", "by-hand"] {
            let server = t.serve(stage, &[])?;
            let payload = t.bytes(1 << 20);
            let peer = format!("TCP4:{}", server.addr());
            let printed = socat.run(&["-t", "20", "-", &peer], payload.clone())?;
            differs("what socat printed", payload, printed)?;
        }
        Ok(())
    })
}
