//! The grader's own faults, and its machine's: what is judged stays judged, and nobody is wronged.

use std::fs;
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::course::has_boxes;
use crate::residue;
use crate::tiny::{Tiny, statuses};
use crate::tiny_class::Class;

const BOXED: [&str; 8] = [
    "grade",
    "tiny",
    "--submissions",
    "class",
    "--out",
    "out",
    "--isolation",
    "box",
];

fn graded(class: &Class, arguments: &[&str]) -> (Option<i32>, String) {
    let run = residue::output(&mut plain(&class.tiny, arguments));
    let told = String::from_utf8_lossy(&run.stdout).into_owned();
    (
        run.status.code(),
        told + &String::from_utf8_lossy(&run.stderr),
    )
}

/// The same command for others to start.
fn plain(tiny: &Tiny, arguments: &[&str]) -> Command {
    let grade = tiny.xtask(arguments);
    let mut command = Command::new(grade.get_program());
    let set = grade
        .get_envs()
        .filter_map(|(name, value)| Some((name, value?)));
    command
        .args(grade.get_args())
        .current_dir(tiny.path(""))
        .envs(set);
    command
}

#[test]
fn a_check_that_is_wrong_is_the_grader_s_error_and_the_others_go_on() {
    if !has_boxes() {
        return;
    }
    for (fault, told) in [
        ("panic!(\"the check is wrong\")", "the check is wrong"),
        ("std::process::abort()", "left no verdict"),
        ("std::process::exit(0)", "left no verdict"),
    ] {
        let class = Class::new();
        class.hand_in_all("jane");
        let hidden = "labs/tiny/tests/hidden/hello.rs";
        class.tiny.replace(
            hidden,
            "check(|t| {",
            &format!("check(|t| {{\n        if t.below(1) == 0 {{ {fault} }}"),
        );
        let (code, summary) = graded(&class, &BOXED);
        assert_eq!(code, Some(3), "{summary}");
        let record = class.record("jane");
        let expected = [
            ("hello::greets", "pass"),
            ("hello::greets_the_next", "grader-error"),
            ("two_times::answers", "pass"),
            ("two_times::says_it_twice", "pass"),
        ]
        .map(|(id, status)| (id.to_owned(), status.to_owned()));
        assert_eq!(statuses(&record), expected, "{fault}");
        let happened = &record["labs"][0]["checks"][1]["happened"];
        assert!(
            happened.as_str().is_some_and(|text| text.contains(told)),
            "{happened}"
        );
        // No points, and not the student's zero.
        assert_eq!(
            (&record["points"], &record["max_points"]),
            (&Value::from(90), &Value::from(90))
        );
    }
}

/// A program that makes the check fail in its own folder is not the grader's error.
#[test]
fn a_grader_s_error_that_only_this_program_meets_is_the_program_s() {
    if !has_boxes() {
        return;
    }
    let class = Class::new();
    class.hand_in_all("jane");
    class.hand_in_all("eve");
    let greets = class.solution("hello.rs");
    let fragile = "client.write_all(b\"hello\\nsecret\")?;";
    class.hand_in(
        "eve/labs/tiny/src/hello.rs",
        &greets.replace("client.write_all(b\"hello\\n\")?;", fragile),
    );
    let hidden = "labs/tiny/tests/hidden/hello.rs";
    class.tiny.replace(
        hidden,
        "let second = server",
        "let mut third = server.connect()?;\n        third.expect(\"hello\\n\")?;\n        \
         if third.hears_within(PATIENCE / 50)? && third.take(6).is_ok() { panic!(\"it knows\") }\n        \
         let second = server",
    );
    let (code, summary) = graded(&class, &BOXED);
    assert_eq!(code, Some(0), "{summary}");
    assert_eq!(class.record("jane")["points"], 100);
    let record = class.record("eve");
    assert_eq!(record["max_points"], 100);
    let check = &record["labs"][0]["checks"][1];
    assert_eq!(check["status"], "fail");
    let happened = check["happened"].as_str().unwrap_or_default();
    assert!(
        happened.contains("it knows") && happened.contains("the program is the cause"),
        "{happened}"
    );
}

#[test]
fn a_killed_run_takes_its_boxes_with_it() {
    if !has_boxes() {
        return;
    }
    let class = Class::new();
    class.hand_in_all("first");
    class.hand_in_all("sleeper");
    let sleeps = class.solution("hello.rs").replace(
        "client.write_all(b\"hello\\n\")?;",
        "loop { std::thread::park(); client.write_all(b\"\")?; }",
    );
    class.hand_in("sleeper/labs/tiny/src/hello.rs", &sleeps);
    let mut child = residue::start(&mut plain(&class.tiny, &BOXED));
    let deadline = Instant::now() + Duration::from_secs(540);
    while !class.has_record("first") {
        assert!(Instant::now() < deadline, "no record after 540 s");
        thread::sleep(Duration::from_millis(20));
    }
    child.kill().expect("a signal");
    child.wait().expect("it ends");
    assert_eq!(residue::processes(), Vec::<String>::new());
    let (code, summary) = graded(&class, &BOXED);
    assert_eq!(code, Some(0), "{summary}");
    assert!(summary.contains("unchanged      1"), "{summary}");
    assert_eq!(class.record("first")["points"], 100);
    assert_eq!(class.record("sleeper")["max_points"], 100);
}

/// The folder for records lies on a disk that is full after some of them; then there is room again.
#[test]
fn a_disk_that_fills_up_loses_no_record_and_the_next_run_writes_the_rest() {
    let class = Class::new();
    for number in 1..=12 {
        class.hand_in_all(&format!("student-{number}"));
    }
    // Whatever has to be built is built before.
    let none = ["grade", "tiny", "--isolation", "none"];
    residue::output(&mut plain(&class.tiny, &none));
    fs::create_dir(class.tiny.path("out")).expect("a folder");
    let mut unshare = Command::new("unshare");
    unshare.args(["--user", "--map-root-user", "--mount"]);
    let script = "set -e
        mount -t tmpfs -o size=48k none out
        ! \"$0\" grade tiny --isolation none --submissions class --out out >full.txt 2>&1
        cp -r out half
        mount -o remount,size=8m out
        \"$0\" grade tiny --isolation none --submissions class --out out >rest.txt 2>&1
        cp -r out whole";
    let grade = plain(&class.tiny, &none);
    unshare.args(["sh", "-c", script]).arg(grade.get_program());
    let set = grade
        .get_envs()
        .filter_map(|(name, value)| Some((name, value?)));
    unshare.envs(set).current_dir(class.tiny.path(""));
    let run = residue::output(&mut unshare);
    let told = String::from_utf8_lossy(&run.stderr);
    if told.contains("unshare") || told.contains("mount:") {
        println!("skipped: this machine lets nobody mount a small disk: {told}");
        assert!(
            std::env::var_os("CI").is_none(),
            "this machine must let us mount"
        );
        return;
    }
    assert!(
        run.status.success(),
        "{told}{}",
        class.tiny.read("full.txt")
    );
    let full = class.tiny.read("full.txt");
    assert!(
        full.contains("No space left on device") && full.contains("next: "),
        "{full}"
    );
    let half = records(&class, "half");
    assert!(
        !half.is_empty() && half.len() < 12,
        "{} records",
        half.len()
    );
    let whole = records(&class, "whole");
    assert_eq!(whole.len(), 12);
    assert!(whole.iter().all(|record| record["points"] == 100));
    let rest = class.tiny.read("rest.txt");
    assert!(
        rest.contains(&format!("unchanged      {}", half.len())),
        "{rest}"
    );
}

/// The records in a folder; each must be one.
fn records(class: &Class, folder: &str) -> Vec<Value> {
    let entries = fs::read_dir(class.tiny.path(folder).join("records")).expect("records");
    entries
        .flatten()
        .map(|entry| {
            let text = fs::read(entry.path()).expect("a record");
            serde_json::from_slice(&text)
                .unwrap_or_else(|error| panic!("{error}: {}", entry.path().display()))
        })
        .collect()
}

#[test]
fn on_a_machine_at_full_load_slow_is_not_wrong() {
    if !has_boxes() {
        return;
    }
    let class = Class::new();
    for number in 1..=4 {
        class.hand_in_all(&format!("student-{number}"));
    }
    let done = AtomicBool::new(false);
    let cores = thread::available_parallelism().map_or(1, usize::from);
    let (code, told) = thread::scope(|scope| {
        for _ in 0..2 * cores {
            scope.spawn(|| {
                while !done.load(Ordering::Relaxed) {
                    std::hint::spin_loop();
                }
            });
        }
        let graded = graded(&class, &BOXED);
        done.store(true, Ordering::Relaxed);
        graded
    });
    assert_eq!(code, Some(0), "{told}");
    for number in 1..=4 {
        assert_eq!(class.record(&format!("student-{number}"))["points"], 100);
    }
}
