//! `cargo xtask verify`, from the outside: what it lets pass, and what it does not.

use crate::tiny::{SEED, Tiny};
use predicates::prelude::*;
use predicates::str::contains;

#[test]
fn a_lab_in_order_passes_every_gate() {
    let tiny = Tiny::new();
    tiny.xtask(["verify"])
        .assert()
        .code(0)
        .stdout(contains("names         4 checks, 3 rules"))
        .stdout(contains("stub          4 checks end at a todo!"))
        .stdout(contains("alternatives  1 program, 4 checks"))
        .stdout(contains("mistakes      4 programs"))
        .stdout(contains("next:").not());
}

#[test]
fn all_but_the_stub_is_repeated_with_fresh_seeds() {
    let tiny = Tiny::new();
    tiny.xtask(["verify", "tiny/two-times", "--repeat", "3", "--seed", SEED])
        .assert()
        .code(0)
        .stdout(contains("stub          2 checks end at a todo! "))
        .stdout(contains("solution      1 program, 2 checks, 3 rounds"))
        .stdout(contains("alternatives  1 program, 2 checks, 3 rounds"))
        .stdout(contains("mistakes      2 programs, 3 rounds"))
        .stdout(contains(SEED));
}

#[test]
fn one_mistake_is_shown_as_a_student_would_read_it() {
    let tiny = Tiny::new();
    tiny.xtask(["verify", "tiny/two-times/said-once", "--seed", SEED])
        .assert()
        .code(0)
        .stdout(contains("Once more, please."))
        .stdout(contains("two_times::says_it_twice"));
}

#[test]
fn a_right_program_that_a_check_fails_now_and_then_is_told_once_with_its_round() {
    let tiny = Tiny::new();
    // It is 0 with this seed, and with every third of the fresh ones.
    tiny.replace(
        "labs/tiny/tests/hidden/two_times.rs",
        "let word = t.word(12);",
        "let word = t.word(12);\n        let luck = t.below(3);",
    );
    tiny.replace(
        "labs/tiny/tests/hidden/two_times.rs",
        "client.expect(&word).teaches(\"Answer.\")?;",
        "client.expect(&word).teaches(\"Answer.\")?;\n        wrong(luck == 0, Saw::Wrong, || \"no luck\".to_owned())?;",
    );
    let output = tiny
        .xtask(["verify", "tiny/two-times", "--repeat", "20", "--seed", SEED])
        .output()
        .expect("the runner runs");
    assert_eq!(output.status.code(), Some(1));
    let text = String::from_utf8_lossy(&output.stdout);
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let told = "the solution is right, and two_times::says_it_twice ends as `fail`: no luck";
    assert_eq!(text.matches(told).count(), 1, "{text}");
    assert!(text.contains("solution: in round "), "{text}");
}

#[test]
fn what_surprises_once_and_not_again_is_told_and_holds() {
    let tiny = Tiny::new();
    let known = tiny.path("known");
    tiny.replace(
        "labs/tiny/tests/hidden/two_times.rs",
        "client.expect(&word).teaches(\"Answer.\")?;",
        &format!(
            "client.expect(&word).teaches(\"Answer.\")?;\n        \
             let first = std::fs::File::create_new({known:?}).is_ok();\n        \
             wrong(!first, Saw::Wrong, || \"the first time\".to_owned())?;"
        ),
    );
    let output = tiny
        .xtask(["verify", "tiny/two-times", "--isolation", "none"])
        .output()
        .expect("the runner runs");
    let text = String::from_utf8_lossy(&output.stdout);
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    assert_eq!(output.status.code(), Some(0), "{text}");
    let told = "solution: once, and not again: the solution is right, and \
                two_times::says_it_twice ends as `fail`: the first time next:";
    assert_eq!(text.matches(told).count(), 1, "{text}");
    assert!(text.contains("solution 1 program, 2 checks ok"), "{text}");
}

#[test]
fn a_stage_tries_the_alternatives_that_concern_it() {
    let tiny = Tiny::new();
    tiny.xtask(["verify", "tiny/hello"])
        .assert()
        .code(0)
        .stdout(contains("alternatives  0 programs"));
    let main = tiny.read("solutions/tiny/src/main.rs");
    tiny.write("solutions/tiny/alternatives/given/main.rs", &main);
    tiny.xtask(["verify", "tiny/hello"])
        .assert()
        .code(0)
        .stdout(contains("alternatives  1 program, 2 checks"));
}

#[test]
fn an_alternative_that_replaces_nothing_is_told() {
    refused(
        &[
            "alternatives: solutions/tiny/alternatives/a-typo lays nothing over the solution",
            "solutions/tiny/alternatives/empty lays nothing over the solution",
            "next: call its files like the solution's: hello.rs, main.rs, two_times.rs",
        ],
        |tiny| {
            let text = tiny.read("solutions/tiny/src/hello.rs");
            tiny.write("solutions/tiny/alternatives/a-typo/helo.rs", &text);
            std::fs::create_dir(tiny.path("solutions/tiny/alternatives/empty")).expect("a folder");
        },
    );
}

#[test]
fn points_that_are_not_a_hundred_are_told_unless_one_stage_is_meant() {
    refused(
        &["names: labs/tiny/lab.toml: its checks come to 99 points, and a lab has 100"],
        |tiny| {
            tiny.replace("labs/tiny/lab.toml", "points = 60", "points = 59");
            tiny.xtask(["verify", "tiny/hello"]).assert().code(0);
        },
    );
}

#[test]
fn where_names_disagree_the_other_gates_wait() {
    let tiny = Tiny::new();
    answers_with_a_typo(&tiny);
    tiny.xtask(["verify"])
        .assert()
        .code(1)
        .stdout(contains(
            "  the others    are gone through once the names agree\n",
        ))
        .stdout(contains("solution ").not())
        .stdout(contains("left no verdict").not());
}

#[test]
fn a_lab_without_notes_is_told_what_it_needs() {
    let tiny = Tiny::new();
    std::fs::remove_file(tiny.path("docs/src/labs/tiny.md")).expect("it was there");
    tiny.xtask(["verify"])
        .assert()
        .code(2)
        .stderr(contains(
            "tiny has no notes: there is no docs/src/labs/tiny.md",
        ))
        .stderr(contains(
            "next: write them, see docs/src/authors/add-a-lab.md",
        ));
}

/// Lets the rubric, and the mistake for it, name a check that no test is called like.
fn answers_with_a_typo(tiny: &Tiny) {
    let mistake = "solutions/tiny/mistakes/reads-sixteen-bytes.rs";
    tiny.replace(mistake, "two_times::answers", "two_times::answerz");
    let rubric = "labs/tiny/lab.toml";
    tiny.replace(rubric, "two_times::answers\"", "two_times::answerz\"");
}

/// Breaks the lab in one way; `verify` must end with 1 and say so.
fn refused(expected: &[&str], break_it: impl FnOnce(&Tiny)) {
    let tiny = Tiny::new();
    break_it(&tiny);
    let output = tiny.xtask(["verify"]).output().expect("the runner runs");
    let text = String::from_utf8_lossy(&output.stdout);
    // Rows are wrapped where words end.
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    assert_eq!(
        output.status.code(),
        Some(1),
        "{text} {}",
        String::from_utf8_lossy(&output.stderr)
    );
    for expected in expected.iter().chain(&["next: "]) {
        assert!(text.contains(expected), "{expected} is not in: {text}");
    }
}

#[test]
fn names_that_disagree_are_told() {
    refused(
        &[
            "labs/tiny/tests/public has no test `two_times::answerz`",
            "is it `two_times::answers`?",
            "has a test `two_times::answers` that no public check of the rubric names",
        ],
        |tiny| {
            answers_with_a_typo(tiny);
        },
    );
    refused(
        &[
            "rule two-times-3 is judged by no check",
            "rule two-times-3 demands nothing",
        ],
        |tiny| {
            tiny.replace(
                "docs/src/labs/tiny.md",
                "back twice.\n",
                "back twice.\n3. <a id=\"two-times-3\"></a>It may.\n",
            );
        },
    );
    refused(
        &[
            "docs/src/labs/tiny.md has no rule two-times-2",
            "rule two-times-1 stands where two-times-2 is due",
        ],
        |tiny| {
            tiny.replace("docs/src/labs/tiny.md", "two-times-2", "two-times-1");
        },
    );
    refused(&["has the anchor hello more than once"], |tiny| {
        tiny.replace(
            "docs/src/labs/tiny.md",
            "<a id=\"two-times\"></a>",
            "<a id=\"hello\"></a>\n<a id=\"two-times\"></a>",
        );
    });
}

#[test]
fn a_rule_that_no_check_can_judge_is_excused_with_a_reason() {
    let tiny = Tiny::new();
    tiny.replace(
        "docs/src/labs/tiny.md",
        "back twice.\n",
        "back twice.\n3. <a id=\"two-times-3\"></a>It **MUST** be kind.\n",
    );
    tiny.replace("labs/tiny/lab.toml", "title = \"Say everything twice\"\n", "title = \"Say everything twice\"\n\n[[stage.unjudged]]\nmust = 3\nwhy = \"kindness is not on the wire\"\n");
    tiny.xtask(["verify"]).assert().code(0);
}

#[test]
fn a_stub_out_of_step_is_told() {
    refused(
        &[
            "in step: labs/tiny/src/hello.rs is not what its solution leaves",
            "next: cargo xtask sync tiny",
        ],
        |tiny| {
            tiny.solve();
        },
    );
}

#[test]
fn a_check_that_an_untouched_stub_passes_is_told() {
    refused(
        &["hello::greets of the untouched stub passes, and nothing is written"],
        |tiny| {
            tiny.replace(
                "labs/tiny/tests/public/hello.rs",
                "        let mut client = t.serve(\"hello\", &[])?.connect()?;\n        client.expect(\"hello\\n\").teaches(\"Say hello.\")?;\n        client.expect_end().teaches(\"Say no more than hello.\")\n",
                "        t.serve(\"hello\", &[])?;\n        Ok(())\n",
            );
        },
    );
}

#[test]
fn a_solution_or_alternative_that_fails_is_told() {
    refused(
        &["the solution is right, and hello::greets ends as `fail`"],
        |tiny| {
            tiny.replace(
                "solutions/tiny/src/hello.rs",
                "b\"hello\\n\"",
                "b\"hallo\\n\"",
            );
        },
    );
    refused(
        &[
            "solutions/tiny/alternatives/in-one-write is right, and two_times::says_it_twice ends as `fail`",
        ],
        |tiny| {
            tiny.replace(
                "solutions/tiny/alternatives/in-one-write/two_times.rs",
                "repeat(2)",
                "repeat(1)",
            );
        },
    );
}

#[test]
fn warnings_and_bad_format_are_told() {
    refused(
        &[
            "solutions/tiny/src compiles with a warning",
            "unused variable: `unused`",
        ],
        |tiny| {
            tiny.replace(
                "solutions/tiny/src/hello.rs",
                "    loop {",
                "    let unused = 1;\n    loop {",
            );
        },
    );
    refused(
        &["solutions/tiny/mistakes/said-once.rs is not formatted"],
        |tiny| {
            tiny.replace(
                "solutions/tiny/mistakes/said-once.rs",
                "    loop {",
                "  loop {",
            );
        },
    );
}

#[test]
fn a_mistake_that_breaks_its_header_s_promise_is_told() {
    let header = "solutions/tiny/mistakes/said-once.rs";
    refused(
        &[
            "two_times::answers passes, and the header says that it fails",
            "see it: cargo xtask verify tiny/two-times/said-once",
        ],
        |tiny| {
            tiny.replace(
                header,
                "//! fails: two_times::says_it_twice",
                "//! fails: two_times::says_it_twice\n//!        two_times::answers",
            );
        },
    );
    refused(
        &[
            "two_times::says_it_twice ends as `fail`, and the header does not name it",
            "no mistake is meant for the hidden check two_times::says_it_twice",
        ],
        |tiny| {
            tiny.replace(header, "two_times::says_it_twice", "two_times::answers");
        },
    );
    refused(
        &["`Thrice` is not in what two_times::says_it_twice says: Once more, please."],
        |tiny| {
            tiny.replace(header, "says: Once more", "says: Thrice");
        },
    );
    let tiny = Tiny::new();
    tiny.replace(header, "says: Once more", "says: Answer");
    tiny.xtask(["verify", "tiny/two-times"])
        .assert()
        .code(1)
        .stdout(contains("`Answer` is not in what"))
        .stdout(contains("says `Answer`, too").not());
    refused(
        &["no mistake fails the public check two_times::answers"],
        |tiny| {
            let path = tiny.path("solutions/tiny/mistakes/reads-sixteen-bytes.rs");
            std::fs::remove_file(path).expect("it was there");
        },
    );
    refused(
        &[
            "two_times::answers says `Answer`, too",
            "it passes no check of its stage",
        ],
        |tiny| {
            tiny.replace(
                header,
                "fails: two_times::says_it_twice",
                "fails: two_times::says_it_twice two_times::answers",
            );
            tiny.replace(header, "client.write_all(&word)?;", "let _ = &word;");
            tiny.replace(header, "says: Once more", "says: Answer");
        },
    );
    refused(
        &[
            "solutions/tiny/mistakes/said-once.rs does not compile",
            "cannot find value `wrod`",
        ],
        |tiny| {
            tiny.replace(header, "write_all(&word)", "write_all(&wrod)");
        },
    );
}

#[test]
fn a_mistake_may_fail_all_that_comes_after_the_check_it_is_kept_for() {
    let tiny = Tiny::new();
    let mistake = "solutions/tiny/mistakes/hello-and-goodbye.rs";
    tiny.replace(mistake, "hello\\ngoodbye\\n", "hallo\\n");
    tiny.replace(
        mistake,
        "fails: hello::greets",
        "fails: hello::greets hello::greets_the_next",
    );
    tiny.replace(mistake, "says: no more than hello", "says: Say hello");
    tiny.replace(
        "labs/tiny/tests/hidden/hello.rs",
        "Say hello.",
        "Greet one.",
    );
    tiny.xtask(["verify", "tiny/hello"]).assert().code(0);
}

#[test]
fn a_header_that_is_none_is_an_error() {
    let tiny = Tiny::new();
    tiny.replace(
        "solutions/tiny/mistakes/said-once.rs",
        "//! meant: two_times::says_it_twice\n",
        "",
    );
    tiny.xtask(["verify"])
        .assert()
        .code(2)
        .stderr(contains(
            "solutions/tiny/mistakes/said-once.rs:4: the header has no `meant:`",
        ))
        .stderr(contains("next: a header is"));
}
