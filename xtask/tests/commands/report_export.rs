//! What other tools start from: similar sources, and Gradescope's autograder, run as Gradescope runs it.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;

use predicates::str::contains;
use serde_json::Value;

use crate::class::Class;

#[test]
fn files_to_compare_bear_pseudonyms_and_leave_stubs_out() {
    let class = Class::new();
    class.hand_in_all("ada");
    class.hand_in_a_mistake("bob");
    let stub = class.tiny.read("labs/tiny/src/two_times.rs");
    class.hand_in("bob/labs/tiny/src/two_times.rs", &stub);
    class.hand_in("bob/labs/tiny/src/notes.txt", "bob was here");
    class.grade(&["tiny"]).assert().code(0);
    let arguments = [
        "report",
        "out",
        "--format",
        "similarity",
        "--submissions",
        "class",
    ];
    class.tiny.xtask(arguments).assert().code(0);
    let read = |path: &str| class.tiny.read(&format!("out/reports/similarity/{path}"));
    let key = read("pseudonyms.csv");
    let of = |id: &str| {
        let row = key
            .lines()
            .find(|row| row.contains(&format!("\"{id}\"")))
            .expect("a row");
        row.split('"').nth(1).expect("a pseudonym").to_owned()
    };
    let (ada, bob) = (of("ada"), of("bob"));
    assert_ne!(ada, bob);
    assert_eq!(
        read(&format!("tiny/submissions/{ada}/hello.rs")),
        class.solution("hello.rs")
    );
    let bobs = class
        .tiny
        .path(&format!("out/reports/similarity/tiny/submissions/{bob}"));
    let names: Vec<_> = fs::read_dir(bobs)
        .expect("a folder")
        .flatten()
        .map(|entry| entry.file_name())
        .collect();
    assert_eq!(names, ["hello.rs"]);
    let info = read("tiny/info.csv");
    assert_eq!(
        info.lines().next(),
        Some("\"filename\",\"full_name\",\"label\"")
    );
    assert_eq!(info.lines().count(), 1 + 3);
    assert!(
        info.contains(&format!(
            "\"submissions/{ada}/two_times.rs\",\"{ada}\",\"two_times\""
        )),
        "{info}"
    );
    assert!(!info.contains("bob") && read("tiny/base.rs").contains("todo!"));
    assert!(read("tiny/base/hello.rs").contains("todo!"));
    // A file in no lab's folder counts where one lab is named, as in grading.
    class.hand_in("zoe/hello.rs", &class.solution("hello.rs"));
    let with = |more: &[&str]| class.tiny.xtask(arguments.iter().chain(more)).assert();
    with(&[])
        .code(3)
        .stderr(contains("`zoe` is not among the files to compare"));
    with(&["--lab", "tiny"]).code(0);
    assert_eq!(read("tiny/info.csv").lines().count(), 1 + 4);
    with(&["--lab", "tinny"]).code(2);
    assert_eq!(read("tiny/info.csv").lines().count(), 1 + 4);
    let plain = ["report", "out", "--lab", "tiny"];
    class
        .tiny
        .xtask(plain)
        .assert()
        .code(2)
        .stderr(contains("--lab is for --format similarity"));
}

#[test]
fn without_the_submissions_there_is_nothing_to_compare() {
    let class = Class::new();
    class.hand_in_all("ada");
    class.grade(&["tiny"]).assert().code(0);
    let arguments = ["report", "out", "--format", "similarity"];
    let told = class.tiny.xtask(arguments).assert().code(2);
    told.stderr(contains(
        "next: say where it is: --format similarity --submissions DIR",
    ));
}

/// Unpacks a zip as Gradescope does, modes included.
fn unpack(path: &Path, to: &Path) {
    let file = fs::File::open(path).expect("the zip");
    zip::ZipArchive::new(file)
        .expect("a zip")
        .extract(to)
        .expect("room");
}

#[test]
fn the_autograder_grades_in_a_folder_laid_out_as_gradescope_lays_it_out() {
    let class = Class::new();
    class
        .tiny
        .write("course.toml", "[visibility]\nhidden = \"sentence\"\n");
    let zip = |name: &str| {
        let arguments = [
            "report",
            "--gradescope-zip",
            name,
            "--lab",
            "tiny",
            "--course",
            "course.toml",
        ];
        class.tiny.xtask(arguments).assert().code(0);
        class.tiny.path(name)
    };
    let one = zip("one.zip");
    assert_eq!(
        fs::read(&one).expect("a file"),
        fs::read(zip("two.zip")).expect("a file")
    );

    let root = class.tiny.path("autograder");
    unpack(&one, &root.join("source"));
    for script in ["setup.sh", "run_autograder"] {
        let mode = fs::metadata(root.join("source").join(script))
            .expect("a script")
            .permissions()
            .mode();
        assert_eq!(mode & 0o111, 0o111, "{script}");
    }
    assert!(
        !root.join("source/course/target").exists() && !root.join("source/course/.git").exists()
    );
    fs::copy(
        root.join("source/run_autograder"),
        root.join("run_autograder"),
    )
    .expect("a copy");
    fs::create_dir(root.join("results")).expect("a folder");
    let mistake = class.tiny.read("solutions/tiny/mistakes/hello-once.rs");
    class.tiny.write("autograder/submission/hello.rs", &mistake);
    class.tiny.write(
        "autograder/submission/two_times.rs",
        &class.solution("two_times.rs"),
    );

    let xtask = class.tiny.xtask(["--version"]);
    let envs = xtask
        .get_envs()
        .filter_map(|(name, value)| Some((name, value?)));
    let output = Command::new(root.join("run_autograder"))
        .current_dir(&root)
        .envs(envs)
        .env("AUTOGRADER_ROOT", &root)
        .env("XTASK", env!("CARGO_BIN_EXE_xtask"))
        .env("ISOLATION", "none")
        .output()
        .expect("it runs");
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(
        output.status.success(),
        "{told}\n{}",
        String::from_utf8_lossy(&output.stdout)
    );

    let results = fs::read_to_string(root.join("results/results.json")).expect("results");
    let results: Value = serde_json::from_str(&results).expect("JSON");
    assert_eq!(results["score"], 90);
    let tests = results["tests"].as_array().expect("a list");
    let failed: Vec<&Value> = tests
        .iter()
        .filter(|test| test["status"] == "failed")
        .collect();
    assert_eq!((tests.len(), failed.len()), (4, 1));
    let output = failed[0]["output"].as_str().expect("a text");
    // A hidden check, and the course shows its sentence and nothing else.
    assert!(
        failed[0]["name"]
            .as_str()
            .is_some_and(|name| name.contains("the next client"))
    );
    assert!(
        !output.contains("expected") && !output.contains("--seed"),
        "{output}"
    );
}

#[test]
fn an_autograder_for_a_lab_that_does_not_exist_is_told() {
    let class = Class::new();
    let arguments = ["report", "--gradescope-zip", "x.zip", "--lab", "tinny"];
    class
        .tiny
        .xtask(arguments)
        .assert()
        .code(2)
        .stderr(contains("did you mean"));
}

#[test]
fn a_manifest_s_time_stands_in_the_record_and_a_platform_s_counts_before_it() {
    let class = Class::new();
    class.hand_in_all("ada");
    let manifest = "schema = \"socket-labs/submission/v1\"\nmade_at = \"2025-10-22T12:00:00Z\"\n\
                    edition = \"student 0.1.0\"\n[files]\n";
    class.hand_in("ada/submission.toml", manifest);
    class.grade(&["tiny"]).assert().code(0);
    let record = class.record("ada");
    crate::grade::assert_keeps_to_the_schema(&record);
    let sources = &record["labs"][0]["sources"];
    assert_eq!(sources["submitted_at"], "2025-10-22T12:00:00Z");
    let course = "[labs.tiny]\ndue = 2025-10-20T12:00:00Z\n[late]\npercent_per_day = 20\n";
    class.tiny.write("out/course.toml", course);
    let points = || {
        class
            .tiny
            .xtask(["report", "out", "--format", "csv"])
            .assert()
            .code(0);
        let gradebook = class.tiny.read("out/reports/gradebook.csv");
        let row = gradebook.lines().nth(1).expect("a row").to_owned();
        row.split(',')
            .skip(3)
            .take(4)
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    // Raw, what counts, the most there is, days late.
    assert_eq!(points(), ["100", "60", "100", "2"]);
    class.tiny.write(
        "out/times.csv",
        "id,submitted_at\nada,2025-10-20T11:00:00Z\n",
    );
    assert_eq!(points(), ["100", "100", "100", "0"]);
}
