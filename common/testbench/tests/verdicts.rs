//! What a check reports of programs that go wrong, through the channel that the runner reads.
//! The stories are `examples/checks.rs`, the program is `examples/program.rs`.

#![cfg(target_os = "linux")]

use std::path::PathBuf;
use std::process::{Command, Output};

use testbench::record::{Finding, Line, Status};
use testbench::settings;

/// An example that cargo built beside this test.
fn example(name: &str) -> PathBuf {
    let test = std::env::current_exe().expect("a path");
    let profile = test.ancestors().nth(2).expect("target/PROFILE/deps/TEST");
    profile.join("examples").join(name)
}

fn run(story: &str, seed: &str) -> Output {
    let mut command = Command::new(example("checks"));
    command
        .arg(story)
        .env(settings::PROGRAM, example("program"))
        .env(settings::SEED, seed);
    command
        .env(settings::VERDICTS, "1")
        .output()
        .expect("the example checks")
}

/// The verdict on `story`, by the lines of the channel.
fn judged(story: &str) -> (Status, Finding) {
    let output = run(story, "5eed");
    assert!(output.stdout.is_empty(), "verdicts leave by stderr only");
    let lines: Vec<Line> = output
        .stderr
        .split(|&byte| byte == 0x1e)
        .skip(1)
        .map(|text| {
            text.split(|&byte| byte == b'\n')
                .next()
                .expect("a first line")
        })
        .map(|line| serde_json::from_slice(line).expect("JSON behind a record separator"))
        .collect();
    match &lines[..] {
        [
            Line::Start { id: started, .. },
            Line::End {
                id,
                status,
                finding,
                ..
            },
        ] => {
            assert_eq!(started, id);
            assert_eq!(
                output.status.success(),
                matches!(status, Status::Pass | Status::Skipped)
            );
            (*status, (**finding).clone())
        }
        other => panic!("{other:?}"),
    }
}

fn happened(finding: &Finding) -> &str {
    finding.happened.as_deref().unwrap_or_default()
}

#[test]
fn a_right_program_passes_without_a_word() {
    let (status, finding) = judged("echo");
    assert_eq!(status, Status::Pass);
    assert!(finding.feedback.is_none() && finding.transcript.is_empty());
}

#[test]
fn a_wrong_answer_is_shown_beside_the_right_one_with_the_lesson() {
    let (status, finding) = judged("shout");
    assert_eq!(status, Status::Fail);
    assert_eq!(finding.expected.as_deref(), Some("hello"));
    assert_eq!(finding.seen.as_deref(), Some("HELLO"));
    assert_eq!(finding.differs_at, Some(0));
    assert_eq!(finding.feedback.as_deref(), Some("answer what you got"));
    let sent = finding
        .transcript
        .iter()
        .find(|event| event.event == "sends" && event.from == "client");
    assert_eq!(sent.and_then(|event| event.bytes.as_deref()), Some("hello"));
}

#[test]
fn bytes_that_do_not_come_are_counted() {
    let (status, finding) = judged("pieces");
    assert_eq!(status, Status::Fail);
    let expected = "the stream ended before a single byte came";
    assert_eq!(happened(&finding), expected);
    assert_eq!(finding.expected.as_deref(), Some("7 bytes"));
}

#[test]
fn silence_says_who_waited_and_what_the_program_was_doing() {
    let (status, finding) = judged("mute");
    assert_eq!(status, Status::Timeout);
    assert!(
        happened(&finding).contains("client waited 5 s"),
        "{}",
        happened(&finding)
    );
    assert!(
        happened(&finding).contains("your program was in accept()"),
        "{}",
        happened(&finding)
    );
}

#[test]
fn a_spinning_program_is_told_from_a_waiting_one() {
    let (status, finding) = judged("spin");
    assert_eq!(status, Status::Timeout);
    assert!(
        happened(&finding).contains("computing"),
        "{}",
        happened(&finding)
    );
}

#[test]
fn a_panic_is_reported_as_the_panic_and_not_as_the_reset_it_caused() {
    let (status, finding) = judged("panic");
    assert_eq!(status, Status::Crash);
    let panic = finding
        .program
        .and_then(|program| program.panic)
        .expect("a panic");
    assert!(panic.at.contains("program.rs:"), "{}", panic.at);
    assert_eq!(panic.message, "a client came: \\x1b]0;title\\x07");
    assert_eq!(finding.feedback.as_deref(), Some("a crash is no answer"));
}

#[test]
fn a_todo_says_what_is_to_be_done() {
    let (status, finding) = judged("todo");
    assert_eq!(status, Status::Crash);
    let panic = finding
        .program
        .and_then(|program| program.panic)
        .expect("a panic");
    assert!(
        panic
            .todo()
            .is_some_and(|todo| todo.starts_with("accept clients at")),
        "{panic:?}"
    );
}

#[test]
fn a_death_by_signal_is_a_crash() {
    let (status, finding) = judged("abort");
    assert_eq!(status, Status::Crash);
    assert!(
        happened(&finding).contains("SIGABRT"),
        "{}",
        happened(&finding)
    );
}

#[test]
fn an_end_before_ready_is_told_at_once_with_what_the_program_said() {
    let (status, finding) = judged("never-ready");
    assert_eq!(status, Status::Fail);
    assert!(
        happened(&finding).contains("ended (exit 1), and the grader still waited for READY"),
        "{}",
        happened(&finding)
    );
    assert_eq!(
        finding
            .program
            .map(|program| program.stderr_head)
            .as_deref(),
        Some("no address for me\n")
    );
}

#[test]
fn what_stands_on_stderr_is_found_and_what_does_not_is_shown_beside_it() {
    let (status, finding) = judged("said");
    assert_eq!(status, Status::Pass, "{finding:?}");
    let (status, finding) = judged("not-said");
    assert_eq!(status, Status::Fail);
    assert_eq!(finding.expected.as_deref(), Some("…no time for you…"));
    assert_eq!(finding.seen.as_deref(), Some("no address for me\\n"));
}

#[test]
fn a_closed_connection_is_an_early_end() {
    let (status, finding) = judged("hang-up");
    assert_eq!(status, Status::Fail);
    assert!(
        happened(&finding).contains("before a single byte came"),
        "{}",
        happened(&finding)
    );
}

#[test]
fn endless_output_is_drained_capped_and_told() {
    let (status, finding) = judged("flood");
    assert_eq!(status, Status::OutputLimit);
    let program = finding.program.expect("a program");
    assert!(program.stderr_head.len() <= 16 * 1024 && program.stderr_tail.is_some());
}

#[test]
fn a_line_without_an_end_is_told_before_memory_is_full() {
    let (status, finding) = judged("endless-line");
    assert_eq!(status, Status::Fail);
    assert!(
        happened(&finding).contains("without a line end"),
        "{}",
        happened(&finding)
    );
}

#[test]
fn a_stopped_program_leaves_everything_to_the_kernel() {
    let (status, finding) = judged("freeze");
    assert_eq!(status, Status::Pass, "{finding:?}");
}

#[test]
fn a_client_pours_until_the_program_takes_no_more() {
    let (status, finding) = judged("pour");
    assert_eq!(status, Status::Pass, "{finding:?}");
}

#[test]
fn a_machine_that_lacks_something_skips_and_a_wrong_check_is_the_graders_fault() {
    assert_eq!(judged("lack").0, Status::Skipped);
    let (status, finding) = judged("own-panic");
    assert_eq!(status, Status::GraderError);
    assert!(
        happened(&finding).contains("the check is wrong"),
        "{}",
        happened(&finding)
    );
}

#[test]
fn one_seed_gives_the_same_payloads_and_schedule_and_another_seed_others() {
    let sent = |seed: &str| -> Vec<Option<String>> {
        let output = run("payload", seed);
        let text = output
            .stderr
            .rsplit(|&byte| byte == 0x1e)
            .next()
            .expect("a verdict")
            .to_vec();
        let Ok(Line::End { finding, .. }) = serde_json::from_slice(&text) else {
            panic!("no verdict")
        };
        finding
            .transcript
            .into_iter()
            .filter(|event| event.from == "client")
            .map(|event| event.bytes)
            .collect()
    };
    assert_eq!(sent("c0ffee"), sent("c0ffee"));
    assert_ne!(sent("c0ffee"), sent("c0fffe"));
}
