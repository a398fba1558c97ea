//! A record that nobody graded: every status, and programs that say nasty things.

use serde_json::{Value, json};
use testbench::record::{Event, Record};

/// Rubrics for the labs of [`record()`], for their titles.
pub(crate) const RUBRICS: [(&str, &str); 2] = [
    (
        "server-basics",
        r#"title = "Server basics"
summary = "TCP servers."
[[stage]]
name = "greet"
title = "Greet every client"
[[stage.check]]
id = "greet::a"
title = "a"
points = 1
must = [1]
visibility = "public"
[[stage]]
name = "echo"
title = "Echo until the client has finished"
[[stage.check]]
id = "echo::a"
title = "a"
points = 1
must = [1]
visibility = "public"
[[stage]]
name = "lines"
title = "Find the lines in the stream"
[[stage.check]]
id = "lines::a"
title = "a"
points = 1
must = [1]
visibility = "public"
[[stage]]
name = "many"
title = "Serve many, within limits"
[[stage.check]]
id = "many::a"
title = "a"
points = 1
must = [1]
visibility = "public"
[[stage]]
name = "leave"
title = "Leave well"
[[stage.check]]
id = "leave::a"
title = "a"
points = 1
must = [1]
visibility = "public"
"#,
    ),
    (
        "udp",
        r#"title = "Datagrams"
summary = "UDP."
[[stage]]
name = "ping"
title = "Count what comes back, and when, and from whom it came, whatever it is"
[[stage.check]]
id = "ping::a"
title = "a"
points = 1
must = [1]
visibility = "public"
"#,
    ),
];

/// One check, as far as the report shows it; the rest is filled in.
struct Check {
    id: &'static str,
    title: &'static str,
    points: u32,
    status: &'static str,
    because: Option<&'static str>,
    finding: Value,
}

impl Check {
    fn new(id: &'static str, title: &'static str, points: u32, status: &'static str) -> Self {
        Self {
            id,
            title,
            points,
            status,
            because: None,
            finding: json!({}),
        }
    }

    fn because(mut self, id: &'static str) -> Self {
        self.because = Some(id);
        self
    }

    fn found(mut self, finding: Value) -> Self {
        self.finding = finding;
        self
    }

    fn json(self, lab: &str) -> Value {
        let (module, function) = self.id.split_once("::").expect("an id is a path");
        let mut check = json!({
            "id": self.id,
            "stage": module,
            "title": self.title,
            "visibility": "public",
            "points": if self.status == "pass" { self.points } else { 0 },
            "max_points": self.points,
            "status": self.status,
            "because": self.because,
            "ms": 7,
            "feedback": null,
            "happened": null,
            "expected": null,
            "seen": null,
            "differs_at": null,
            "transcript": [],
            "program": null,
            "notes": format!("docs/src/labs/{lab}.md#{module}-1"),
            "replay": format!("cargo xtask grade {lab}/{module}/{function} --seed 00c0ffee00c0ffee"),
            "attempts": [],
        });
        for (key, value) in self.finding.as_object().expect("a finding is an object") {
            check[key] = value.clone();
        }
        check
    }
}

fn event(ms: f64, from: &str, to: &str, event: &str, bytes: Option<(&str, usize)>) -> Value {
    let event = Event {
        ms,
        from: from.to_owned(),
        to: Some(to.to_owned()).filter(|to| !to.is_empty()),
        event: event.to_owned(),
        bytes: bytes.map(|(text, _)| text.to_owned()),
        len: bytes.map(|(_, len)| len),
    };
    json!(event)
}

fn echo() -> Vec<Check> {
    let wrong = json!({
        "happened": "the connection ended when 4 of 11 bytes had come back",
        "expected": r"ADD 2 3\nMUL",
        "seen": "ADD ",
        "differs_at": 4,
        "feedback": "A half-close says that the client has finished speaking, not that it has stopped listening: answer all that came before it, then close.",
        "transcript": [
            event(0.1, "client", "program", "connects", None),
            event(0.3, "client", "program", "sends", Some((r"ADD 2 3\nMUL", 11))),
            event(0.4, "client", "program", "half-closes", None),
            event(5.6, "program", "client", "sends", Some(("ADD ", 4))),
            event(5.8, "program", "client", "closes", None),
            event(6.0, "grader", "", "waits for the program to end", None),
        ],
        "program": {
            "exit": "stopped by the grader",
            "panic": null,
            "stderr_head": "127.0.0.1:40123: got 11 bytes\n\u{202e}echo\u{202c}\n",
            "stderr_tail": null,
        },
        "ms": 112,
        "attempts": [],
    });
    vec![
        Check::new("echo::returns_what_it_got", "bytes of every value come back", 3, "pass"),
        Check::new("echo::half_close_is_answered", "what was sent before a half-close is answered in full", 3, "fail").found(wrong),
        Check::new("echo::closes", "the client's end of stream is answered", 2, "fail").because("echo::half_close_is_answered"),
        Check::new("echo::serves_the_next_client", "three clients, one after another", 2, "timeout").because("echo::closes"),
        Check::new("echo::a_reset_ends_one_connection_only", "a reset in mid-stream ends one connection only", 2, "crash")
            .found(json!({"happened": "the program panicked at labs/server-basics/src/echo.rs:31:5: called `Result::unwrap()` on an `Err` value; then the connection was refused"})),
        Check::new("echo::a_megabyte_comes_back_whole", "a megabyte comes back whole", 2, "memory")
            .found(json!({"happened": "the program wanted more memory than it may have"})),
        Check::new("echo::says_little", "what is logged stays small", 2, "output-limit")
            .found(json!({"happened": "the program wrote more than it may"})),
    ]
}

fn many() -> Vec<Check> {
    let hangs = json!({
        "happened": "the grader waited 5 s for a reply; the program was in accept()",
        "expected": r"5\n",
        "seen": "",
        "feedback": "As long as you are in one client's read, you are in nobody else's.",
        "transcript": (0..40_u32).map(|index| event(f64::from(index) * 12.5, "client 12", "program", "sends", Some((r"ADD 2 3\nADD 2 3\nADD 2 3\nADD 2 3\nADD 2 3\nADD 2 3\nADD 2 3\n…", 1_048_576)))).collect::<Vec<_>>(),
        "program": {
            "exit": "signal 6 (SIGABRT)",
            "panic": {"at": "labs/server-basics/src/many.rs:44:9", "message": "a very long message that does not fit into one row of a terminal, \x1b]0;evil\x07 and tries to be clever"},
            "stderr_head": (0..30).map(|index| format!("line {index}\n")).collect::<String>(),
            "stderr_tail": "the last line",
        },
        "ms": 5012,
        "attempts": [{"status": "timeout", "ms": 5001, "feedback": null}],
    });
    vec![
        Check::new(
            "many::an_idle_client_delays_nobody",
            "silent clients delay nobody",
            4,
            "timeout",
        )
        .found(hangs),
    ]
}

fn to_do(id: &'static str, title: &'static str) -> Check {
    Check::new(id, title, 4, "crash").found(json!({
        "happened": "this stage is not written yet",
        "program": {
            "exit": "exit 101",
            "panic": {"at": "labs/server-basics/src/leave.rs:18:5", "message": "not yet implemented: answer lines and blobs until you are told to stop, then drop the listener and leave; TcpListener { fd: 3 }"},
            "stderr_head": "thread 'main' panicked",
            "stderr_tail": null,
        },
    }))
}

fn ping() -> Vec<Check> {
    let lacks = |id, title| {
        Check::new(id, title, 3, "skipped").found(json!({"happened": "this machine has no IPv6"}))
    };
    vec![
        Check::new("ping::counts", "replies are counted", 5, "pass")
            .found(json!({"attempts": [{"status": "timeout", "ms": 5000, "feedback": "Too late."}]})),
        lacks("ping::over_ipv6", "the same over IPv6"),
        lacks("ping::with_a_zone", "an address with a zone"),
        Check::new("ping::a_stranger_is_not_counted", "a stranger's reply is not counted", 2, "grader-error")
            .found(json!({"happened": "the grader could not bind a socket: Address already in use (os error 98)"})),
    ]
}

fn lab(id: &str, checks: Vec<Check>, diagnostics: &Value) -> Value {
    let checks: Vec<Value> = checks.into_iter().map(|check| check.json(id)).collect();
    let sum = |key: &str| -> u64 {
        let counted = checks
            .iter()
            .filter(|check| check["status"] != "skipped" && check["status"] != "grader-error");
        counted.filter_map(|check| check[key].as_u64()).sum()
    };
    json!({
        "id": id,
        "sources": {"digest": "00", "files": ["src/greet.rs"], "ignored": [{"path": "src/main.rs", "why": "given by the course"}]},
        "compile": {"ms": 130, "diagnostics": diagnostics},
        "points": sum("points"),
        "max_points": sum("max_points"),
        "checks": checks,
    })
}

/// The record.
pub(crate) fn record() -> Record {
    let broken = Check::new(
        "lines::answers",
        "a line is answered by a line",
        20,
        "build-error",
    )
    .found(json!({"happened": "its stage does not compile"}));
    let mut server = vec![Check::new(
        "greet::every_client_is_greeted",
        "three clients in a row get the text",
        12,
        "pass",
    )];
    server.extend(echo());
    server.push(broken);
    server.extend(many());
    server.push(to_do("leave::converses", "lines and blobs are answered"));
    server.push(to_do("leave::leaves_when_told", "SIGTERM while it waits"));
    let error = "error[E0425]: cannot find value `lne` in this scope\n  --> labs/server-basics/src/lines.rs:12:5\n   |\n12 |     lne\n   |     ^^^ help: a local variable with a similar name exists: `line`\n";
    let diagnostics = json!([
        {"stage": "lines", "text": error},
        {"stage": "lines", "text": "error: a second one\n"},
        {"stage": "lines", "text": "error: a third one\n"},
    ]);
    let labs = [
        lab("server-basics", server, &diagnostics),
        lab("udp", ping(), &json!([])),
    ];
    let sum = |key: &str| -> u64 { labs.iter().filter_map(|lab| lab[key].as_u64()).sum() };
    let record = json!({
        "schema": "socket-labs/record/v1",
        "submission": "workspace",
        "graded_at": "2025-01-31T08:15:00Z",
        "edition": "instructor",
        "course": {"digest": "00", "version": "0.1.0"},
        "grader": {"version": "0.1.0", "rustc": "rustc 1.95.0", "kernel": "Linux 6.18.0"},
        "isolation": {"box": null, "landlock": 7, "seccomp": true, "uid": 1000},
        "seed": "00c0ffee00c0ffee",
        "points": sum("points"),
        "max_points": sum("max_points"),
        "labs": labs,
    });
    serde_json::from_value(record).expect("the made-up record is one")
}
