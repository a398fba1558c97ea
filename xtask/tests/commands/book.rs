//! `cargo xtask book`, from the outside: screens are recorded, and fit scripts and pages.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use assert_cmd::Command;
use predicates::prelude::*;
use predicates::str::contains;

use crate::tiny::Tiny;

/// A workspace with a book of one page, whose screens are `page`.
fn with_page(page: &str) -> Tiny {
    let tiny = Tiny::new();
    let words = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/screens/words.sh");
    let words = fs::read_to_string(words).expect("the words of screens");
    tiny.write("docs/screens/words.sh", &words);
    tiny.write("docs/src/page.md", page);
    tiny.write("README.md", "# Tiny\n");
    tiny
}

/// A workspace whose page shows the screen of one script.
fn with_script(script: &str) -> Tiny {
    let tiny = with_page("# Page\n\n<!-- screen: one -->\n```text\n```\n");
    tiny.write("docs/screens/one.sh", script);
    tiny
}

/// What `script` leaves in its block.
fn recorded(script: &str) -> String {
    let tiny = with_script(script);
    tiny.xtask(["book", "--record", "one"])
        .assert()
        .success()
        .stdout("recorded  one  in docs/src/page.md\n");
    let page = tiny.read("docs/src/page.md");
    let block = page.strip_prefix("# Page\n\n<!-- screen: one -->\n```text\n");
    let block = block.and_then(|rest| rest.strip_suffix("```\n"));
    block.expect("the page as it was").to_owned()
}

#[test]
fn the_screens_of_this_book_have_scripts_and_pages() {
    Command::new(env!("CARGO_BIN_EXE_xtask"))
        .args(["book", "--check"])
        .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join(".."))
        .assert()
        .success();
}

#[test]
fn a_screen_without_a_script_and_a_script_without_a_page_are_told() {
    let tiny = with_page("<!-- screen: a/first -->\n```text\n```\n\n<!-- screen: b -->\n\n");
    tiny.write("docs/screens/a/fist.sh", "say x\n");
    tiny.xtask(["book", "--check"])
        .assert()
        .code(1)
        .stdout(contains(
            "docs/src/page.md:1: there is no docs/screens/a/first.sh",
        ))
        .stdout(contains("(is it `a/fist`?)"))
        .stdout(contains("no page shows docs/screens/a/fist.sh"))
        .stdout(contains("docs/src/page.md:5: there is nothing to write"))
        .stdout(contains("next: "));
    // Nothing is recorded or built before that is mended.
    tiny.xtask(["book", "--record"]).assert().code(1);
    tiny.xtask(["book"]).assert().code(1);
    tiny.xtask(["book", "--record", "b"])
        .assert()
        .code(2)
        .stderr(contains("there is no docs/screens/b.sh"));
}

#[test]
fn a_script_talks_to_a_solution_s_program_and_its_words_become_the_block() {
    let tiny = with_script(
        "serve tiny hello --bind 127.0.0.1:47110\nsaid\ntry \"read -r line </dev/tcp/127.0.0.1/47110; echo \\$line; exit 3\"\nsay \"status $status\"\n",
    );
    let expected = "READY 127.0.0.1:47110\n$ read -r line </dev/tcp/127.0.0.1/47110; echo $line; exit 3\nhello\nstatus 3\n";
    tiny.xtask(["book", "--record"])
        .assert()
        .success()
        .stdout("recorded  one  in docs/src/page.md\n");
    let page = tiny.read("docs/src/page.md");
    assert_eq!(
        page,
        format!("# Page\n\n<!-- screen: one -->\n```text\n{expected}```\n")
    );
    tiny.xtask(["book", "--record"])
        .assert()
        .success()
        .stdout("the same  one  in docs/src/page.md\n");
    tiny.xtask(["book", "--check"])
        .assert()
        .success()
        .stdout(contains("3 pages, 1 screen"));
}

#[test]
fn a_server_can_be_stopped_and_its_exit_code_is_told() {
    let script = "serve 'tiny hello --bind 127.0.0.1:47111'\nstop\nsay \"exit code $status\"\ntry 'exec 3<>/dev/tcp/127.0.0.1/47111'\n";
    let told = recorded(script);
    assert!(told.starts_with("exit code 143\n$ exec"), "{told}");
    assert!(told.contains("Connection refused"), "{told}");
}

#[test]
fn the_calls_of_a_server_are_told_from_its_first_socket_on() {
    let there = std::process::Command::new("strace")
        .arg("-V")
        .output()
        .is_ok();
    if !there {
        println!("skipped: strace is not installed on this machine");
        assert!(std::env::var_os("CI").is_none(), "strace must be there");
        return;
    }
    let told = recorded(
        "trace network,close tiny hello --bind 127.0.0.1:47112\ntry 'cat </dev/tcp/127.0.0.1/47112'\ncalls\n",
    );
    let calls = told
        .strip_prefix("$ cat </dev/tcp/127.0.0.1/47112\nhello\n")
        .expect("the client's screen");
    assert!(calls.starts_with("socket(AF_INET"), "{calls}");
    let last = calls.lines().last().unwrap_or_default();
    assert!(last.starts_with("accept4("), "{calls}");
    assert!(calls.contains("\"hello\\n\""), "{calls}");
}

#[test]
fn no_path_of_this_machine_gets_into_a_page() {
    let told = recorded("say \"$PY/a.py\"\npwd\nls -A\nsay end\n");
    assert_eq!(told, "docs/src/python/a.py\n/tmp/try\nend\n");
}

#[test]
fn a_picture_is_recorded_in_colour() {
    let tiny = with_page("<!-- screen: one -->\n![A word in red.](img/one.svg)\n");
    tiny.write(
        "docs/screens/one.sh",
        "say \"$(printf '\\033[31mfail\\033[0m') ${CLICOLOR_FORCE-} ${NO_COLOR-}\"\n",
    );
    tiny.xtask(["book", "--record", "one"]).assert().success();
    let picture = tiny.read("docs/src/img/one.svg");
    assert!(
        picture.contains("<tspan class=\"r\">fail</tspan> 1 </text>"),
        "{picture}"
    );
    assert!(picture.contains("A word in red."), "{picture}");
}

#[test]
fn a_failure_is_shown_in_colour_where_somebody_insists() {
    let tiny = Tiny::new();
    let grade = || {
        let mut grade = tiny.xtask(["grade", "tiny/hello"]);
        grade.env_remove("NO_COLOR").env("CLICOLOR_FORCE", "1");
        grade
    };
    grade().assert().stdout(contains("\x1b["));
    grade()
        .env("NO_COLOR", "1")
        .assert()
        .stdout(contains("\x1b[").not());
}

#[test]
fn a_script_that_fails_changes_nothing_and_is_told_with_its_words() {
    let before = with_script("").read("docs/src/page.md");
    let cases = [
        ("say x\nfalse\nsay y\n", 2, "docs/screens/one.sh failed"),
        ("say $nothing\n", 2, "unbound variable"),
        ("say '```'\n", 2, "would end its own block"),
        (
            "serve bash -c 'echo no luck >&2'\n",
            2,
            "no READY from: bash",
        ),
        (
            "try 'true | no-such-tool-here'\n",
            3,
            "docs/screens/one.sh needs `no-such-tool-here`, which is not on PATH",
        ),
        ("serve no-such-server\n", 3, "needs `no-such-server`"),
        (
            "say \"$(no-such-tool-here)\"\n",
            3,
            "needs `no-such-tool-here`",
        ),
    ];
    for (script, code, expected) in cases {
        let tiny = with_script(script);
        tiny.xtask(["book", "--record"])
            .assert()
            .code(code)
            .stderr(contains(expected))
            .stderr(contains("next: "));
        assert_eq!(tiny.read("docs/src/page.md"), before);
    }
}

/// A folder with an mdbook that says `said`, and ends with `code`.
fn mdbook(said: &str, code: u8) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("mdbook");
    let script = format!("#!/bin/sh\necho '{said}' >&2\nexit {code}\n");
    fs::write(&path, script).expect("a script");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).expect("a program");
    folder
}

#[test]
fn the_book_is_built_without_a_warning_or_not_at_all() {
    let tiny = with_page("# Page\n");
    let build = |folder: &tempfile::TempDir| {
        let mut build = tiny.xtask(["book"]);
        build.env("PATH", folder.path());
        build
    };
    build(&mdbook(" INFO HTML book written to `x`", 0))
        .assert()
        .success()
        .stdout(contains("docs/book/index.html"));
    build(&mdbook(" WARN Unclosed HTML tag", 0))
        .assert()
        .code(2)
        .stderr(contains("Unclosed HTML tag"))
        .stderr(contains("next: mend that"));
    build(&mdbook("it breaks", 1))
        .assert()
        .code(2)
        .stderr(contains("it breaks"));
    build(&tempfile::tempdir().expect("a folder"))
        .assert()
        .code(3)
        .stderr(contains("there is no mdbook on PATH"))
        .stderr(contains("next: cargo xtask install-tools --book"));
}
