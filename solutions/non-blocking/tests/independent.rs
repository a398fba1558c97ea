//! The solution against programs that no one here wrote.

use testbench::prelude::*;
use testbench::tool::Tool;

/// Five hundred clients in one Python program.
const CLIENTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/clients.py");

/// A server's host and port, as tools want them.
fn host_and_port(server: &Server) -> (String, String) {
    let addr = server.addr();
    (addr.ip().to_string(), addr.port().to_string())
}

/// Five hundred of python3's clients are served by the stage.
fn serves_five_hundred(stage: &str) -> Graded {
    check(|t| {
        let python = Tool::find("python3")?;
        let server = t.serve(stage, &[])?;
        let (host, port) = host_and_port(&server);
        let printed = python.run(&[CLIENTS, &host, &port, "500"], "")?;
        differs("what python3 printed", "500 of 500\n", printed)?;
        let threads = server.facts().threads()?;
        wrong(threads == 1, Saw::Excess, || format!("{threads} threads"))
    })
}

#[test]
fn five_hundred_python_clients_talk_to_poll() -> Graded {
    serves_five_hundred("poll")
}

#[test]
fn five_hundred_python_clients_talk_to_backpressure() -> Graded {
    serves_five_hundred("backpressure")
}

#[test]
fn five_hundred_python_clients_talk_to_edge() -> Graded {
    serves_five_hundred("edge")
}

#[test]
fn socat_gets_its_bytes_back_from_every_echo() -> Graded {
    check(|t| {
        let socat = Tool::find("socat")?;
        for stage in ["poll", "backpressure", "edge"] {
            let server = t.serve(stage, &[])?;
            let payload = t.bytes(1 << 20);
            let peer = format!("TCP4:{}", server.addr());
            let printed = socat.run(&["-t", "20", "-", &peer], payload.clone())?;
            differs("what socat printed", payload, printed)?;
        }
        Ok(())
    })
}

#[test]
fn netcat_talks_to_socat_in_the_chat() -> Graded {
    check(|t| {
        let (nc, socat) = (Tool::find("nc")?, Tool::find("socat")?);
        let server = t.serve("chat", &[])?;
        let mut ann = server.connect()?;
        ann.send("ann\n")?;
        ann.expect_line("OK")?;
        let (host, port) = host_and_port(&server);
        // -N: half-close when stdin ends.
        let printed = nc.run(&["-N", &host, &port], "nc\nhello\n")?;
        differs("what nc printed", "OK ann\n", printed)?;
        let peer = format!("TCP4:{}", server.addr());
        let printed = socat.run(&["-t", "20", "-", &peer], "socat\nhello\r\nbye")?;
        differs("what socat printed", "OK ann\n", printed)?;
        let heard = "+nc\nnc: hello\n-nc\n+socat\nsocat: hello\n-socat\n";
        ann.expect(heard)
    })
}

#[test]
fn connect_finds_what_python_listens_on() -> Graded {
    check(|t| {
        let python = Tool::find("python3")?;
        let listens = "import signal, socket, sys\n\
                       servers = [socket.create_server((sys.argv[1], 0)) for _ in range(20)]\n\
                       print(*(server.getsockname()[1] for server in servers), flush=True)\n\
                       signal.pause()\n";
        let ip = t.ip().to_string();
        let work = python.start(&["-c", listens, &ip], "")?;
        let said = work.wait_for_output(|said| said.ends_with(b"\n"))?;
        let said = String::from_utf8_lossy(&said).into_owned();
        let targets: Vec<String> = said
            .split_whitespace()
            .map(|port| format!("{ip}:{port}"))
            .collect();
        let args: Vec<&str> = ["connect"]
            .into_iter()
            .chain(targets.iter().map(String::as_str))
            .collect();
        let program = t.run(&args)?;
        let lines: String = targets
            .iter()
            .map(|target| format!("{target} open\n"))
            .collect();
        program.expect_output(lines)?;
        program.expect_exit(0)
    })
}
