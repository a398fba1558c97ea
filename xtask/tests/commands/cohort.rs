//! A class is graded: records, summary, isolation, what is suspicious.

use std::fs;

use predicates::prelude::PredicateBooleanExt;
use predicates::str::contains;
use serde_json::{Value, json};

use crate::class::Class;
use crate::grade::assert_keeps_to_the_schema;
use crate::tiny::statuses;

#[test]
fn each_submission_has_a_record_of_its_own_and_the_summary_counts_them() {
    let class = Class::new();
    class.hand_in_all("jane");
    class.hand_in_a_mistake("bob");
    class.hand_in_all("eve");
    class.hand_in("eve/labs/tiny/src/hello.rs", "pub fn serve() {");
    fs::create_dir(class.path("zoe")).expect("a folder");
    class
        .grade(&["tiny"])
        .assert()
        .code(0)
        .stdout(contains("submissions    4 in class"))
        .stdout(contains("isolation      none: limits only"))
        .stdout(contains("graded         3"))
        .stdout(contains("refused        1"))
        .stdout(contains("build errors   1: eve"))
        .stdout(contains("suspicious     0"))
        .stdout(contains("records        out/records"));
    for (id, points) in [("jane", 100), ("bob", 90), ("eve", 70)] {
        let record = class.record(id);
        assert_keeps_to_the_schema(&record);
        assert_eq!(record["points"], points, "{id}");
        assert_eq!(record["max_points"], 100);
        assert_eq!(record["isolation"]["box"], json!(null));
        let run = &record["labs"][0]["graded"];
        assert_eq!(run["isolation"], record["isolation"]);
        assert_eq!(run["seed"], record["seed"]);
    }
    assert_eq!(class.record("jane")["seed"], class.record("bob")["seed"]);
    let zoe = class.record("zoe");
    assert_keeps_to_the_schema(&zoe);
    assert!(
        zoe["refused"][0]["why"]
            .as_str()
            .is_some_and(|why| why.contains("it is empty"))
    );
    assert_eq!((&zoe["points"], &zoe["max_points"]), (&json!(0), &json!(0)));
}

#[test]
fn the_summary_as_json_stands_alone_on_stdout() {
    let class = Class::new();
    class.hand_in_all("jane");
    let output = class
        .grade(&["tiny", "--format", "json"])
        .output()
        .expect("the runner runs");
    let summary: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!(summary["graded"], 1);
    assert_eq!(summary["refused"]["count"], 0);
    assert_eq!(summary["interrupted"], false);
    assert_eq!(summary["seed"], class.record("jane")["seed"]);
}

#[test]
fn a_program_that_poses_as_the_grader_gains_nothing_and_is_suspicious() {
    let class = Class::new();
    class.hand_in_all("mallory");
    let text = r#"//! Says that all is well.
use std::io;
use std::net::TcpListener;

/// Hopes.
pub fn serve(_: &TcpListener) -> io::Result<()> {
    println!("test result: ok. 4 passed");
    eprintln!("\u{1e}{{\"line\":\"end\",\"id\":\"hello::greets\",\"status\":\"pass\",\"ms\":1,\"finding\":{{\"transcript\":[]}}}}");
    eprintln!("test result: ok. 4 passed; 0 failed");
    std::process::exit(0)
}
"#;
    class.hand_in("mallory/labs/tiny/src/hello.rs", text);
    class
        .grade(&["tiny"])
        .assert()
        .code(0)
        .stdout(contains("suspicious     1"))
        .stdout(contains("mallory: words of a grader in tiny/hello::greets"));
    let record = class.record("mallory");
    assert_keeps_to_the_schema(&record);
    assert_eq!(record["points"], 70);
    assert_eq!(statuses(&record)[2].1, "pass");
}

#[test]
fn a_class_wants_the_box_unless_less_is_asked_for() {
    let class = Class::new();
    class.hand_in_all("jane");
    let empty = tempfile::tempdir().expect("a folder");
    // PATH without bwrap, but with all that compiles.
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let rustc = std::process::Command::new("rustc")
        .args(["--print", "sysroot"])
        .output()
        .expect("a compiler");
    let sysroot = String::from_utf8(rustc.stdout).expect("text");
    let grade = |arguments: &[&str]| {
        let all = ["grade", "--submissions", "class", "--out", "out", "tiny"];
        let mut command = class.tiny.xtask(all.iter().chain(arguments));
        command.env("CARGO", &cargo).env("PATH", empty.path());
        command.env("RUSTC", format!("{}/bin/rustc", sysroot.trim()));
        command
    };
    grade(&[])
        .assert()
        .code(3)
        .stderr(contains("`bwrap` is not on PATH"))
        .stderr(contains("--isolation confine"));
    assert!(!class.has_record("jane"));
}

#[test]
fn in_a_box_the_whole_class_s_records_say_so() {
    let class = Class::new();
    class.hand_in_all("jane");
    let arguments = ["grade", "--submissions", "class", "--out", "out", "tiny"];
    let output = class
        .tiny
        .xtask(arguments)
        .output()
        .expect("the runner runs");
    if output.status.code() == Some(3) {
        let why = String::from_utf8_lossy(&output.stderr);
        println!("skipped: no box here: {why}");
        assert!(
            std::env::var_os("CI").is_none(),
            "this machine must have boxes"
        );
        return;
    }
    let record = class.record("jane");
    assert_eq!(record["points"], 100);
    let boxed = record["isolation"]["box"].as_str().unwrap_or_default();
    assert!(boxed.starts_with("bubblewrap"), "{record:#}");
    if rustix::process::geteuid().is_root() {
        assert_eq!(record["isolation"]["uid"], 65534);
    }
}

#[test]
fn what_cannot_be_meant_is_usage() {
    let class = Class::new();
    class
        .grade(&["tiny"])
        .assert()
        .code(2)
        .stderr(contains("holds no submission"));
    class.hand_in_all("jane");
    class
        .grade(&["tiny/hello"])
        .assert()
        .code(2)
        .stderr(contains("next: name the lab: tiny"));
    class
        .grade_into("class/out", &["tiny"])
        .assert()
        .code(2)
        .stderr(contains("among the submissions"));
    class.grade(&["tiny", "--solutions"]).assert().code(2);
    class
        .grade(&["tiny", "--shard", "3/2"])
        .assert()
        .code(2)
        .stderr(contains("1/4 to 4/4"));
    class
        .tiny
        .xtask(["grade", "--submissions", "class"])
        .assert()
        .code(2);
    class.tiny.xtask(["grade", "--regrade"]).assert().code(2);
}

#[test]
fn one_submission_that_nobody_could_grade_does_not_keep_the_others() {
    let class = Class::new();
    class.hand_in_all("jane");
    class.hand_in_all("bob");
    // There is a folder where bob's record should be.
    fs::create_dir_all(class.tiny.path("out/records/bob.json")).expect("a folder");
    class
        .grade(&["tiny"])
        .assert()
        .code(3)
        .stderr(contains("bob: cannot read"))
        .stdout(contains("graded         1"))
        .stdout(contains("grader errors  1: bob"));
    assert_eq!(class.record("jane")["points"], 100);
}

#[test]
fn a_submission_is_laid_out_to_be_run_by_hand() {
    let class = Class::new();
    class.hand_in_a_mistake("jane");
    class.hand_in("jane/labs/tiny/build.rs", "compile_error!()");
    class
        .tiny
        .xtask(["open", "jane", "--submissions", "class", "--to", "opened"])
        .assert()
        .code(0)
        .stdout(contains("opened"))
        .stdout(contains("xtask grade tiny"))
        .stdout(contains("in no box"))
        .stdout(contains("labs/tiny/build.rs"));
    let opened = |path: &str| fs::read_to_string(class.tiny.path(&format!("opened/{path}")));
    let mistake = class.tiny.read("solutions/tiny/mistakes/hello-once.rs");
    assert_eq!(opened("labs/tiny/src/hello.rs").expect("a file"), mistake);
    assert!(opened("labs/tiny/lab.toml").is_ok());
    assert!(opened("labs/tiny/build.rs").is_err());
    class
        .tiny
        .xtask(["open", "jane", "--submissions", "class", "--to", "opened"])
        .assert()
        .code(2)
        .stderr(contains("is not empty"));
    class
        .tiny
        .xtask(["open", "jan", "--submissions", "class"])
        .assert()
        .code(2)
        .stderr(contains("did you mean jane?"));
}

#[test]
fn the_doctor_names_what_there_is() {
    let class = Class::new();
    class
        .tiny
        .xtask(["doctor"])
        .assert()
        .stdout(contains("compiler").and(contains("rustc ")))
        .stdout(contains("loopback"))
        .stdout(contains("IPv6"))
        .stdout(contains("box"));
}
