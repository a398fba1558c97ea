//! What a check reports of programs at Unix sockets. The stories and the program are `examples/unix.rs`.

#![cfg(target_os = "linux")]

use std::path::PathBuf;
use std::process::Command;

use testbench::settings;

/// Tells `story`: whether the program passed, and what is told of it.
fn told(story: &str) -> (bool, String) {
    let test = std::env::current_exe().expect("a path");
    let profile = test.ancestors().nth(2).expect("target/PROFILE/deps/TEST");
    let example: PathBuf = profile.join("examples").join("unix");
    let output = Command::new(&example)
        .arg(story)
        .env(settings::PROGRAM, &example)
        .output()
        .expect("the example");
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    (output.status.success(), text)
}

#[test]
fn a_right_program_passes_without_a_word() {
    for story in ["echo", "client"] {
        assert_eq!(told(story), (true, String::new()), "{story}");
    }
}

#[test]
fn a_program_that_is_ready_elsewhere_is_told() {
    let (passed, text) = told("elsewhere");
    assert!(
        !passed && text.contains("READY at another address"),
        "{text}"
    );
    assert!(text.contains("seen      unix:/tmp\n"), "{text}");
}

#[test]
fn a_descriptor_that_nobody_asked_for_is_seen() {
    let (passed, text) = told("gives");
    assert!(
        !passed && text.contains("got a descriptor where none"),
        "{text}"
    );
    assert!(
        text.contains("program -> client passes a descriptor with it"),
        "{text}"
    );
}

#[test]
fn datagrams_go_both_ways_and_stand_in_the_transcript() {
    let (passed, text) = told("datagrams");
    assert!(!passed && text.contains("expected  never this\n"), "{text}");
    assert!(
        text.contains("unnamed sender -> program sends \"nobody\""),
        "{text}"
    );
    assert!(text.contains("program -> sender sends \"again\""), "{text}");
}

#[test]
fn where_nobody_listens_is_told_from_where_somebody_does() {
    let (passed, text) = told("names");
    assert!(
        !passed && text.contains("a client was accepted at unix:/"),
        "{text}"
    );
    assert_eq!(text.matches("cannot connect to").count(), 3, "{text}");
}
