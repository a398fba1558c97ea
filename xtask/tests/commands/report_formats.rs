//! Each format, read by a reader that is not ours, with hostile text in it.

use std::fs;
use std::process::Command;

use serde_json::Value;

use crate::report::{ALL, Records};

/// Students, of whom number 4 is hostile.
const COUNT: usize = 5;

fn reported() -> Records {
    let records = Records::new(COUNT, false);
    records.write("course.toml", "title = \"<i>Networks</i> & =1+1\"\nbook = \"https://example.org/book\"\n[visibility]\nhidden = \"full\"\n");
    // Somebody whose name a spreadsheet would compute, and one whom a browser would run.
    let roster = "id,name,email\nstudent-000,\"=HYPERLINK(\"\"http://evil.example\"\";\"\"x\"\")\",a@example.org\nstudent-001,</td><script>alert(1)</script>,b@example.org\nstudent-002,x;@SUM(1),\nstudent-003,::error::x,\nstudent-004,]]>,\n";
    records.write("roster.csv", roster);
    records.report(&["--format", ALL]).assert().code(0);
    records
}

/// What a Python program prints, given `arguments`; nothing where there is no Python.
fn python(program: &str, arguments: &[&std::path::Path]) -> Option<String> {
    let output = Command::new("python3")
        .args(["-c", program])
        .args(arguments)
        .output();
    let Ok(output) = output else {
        assert!(
            std::env::var_os("CI").is_none(),
            "this machine must have python3"
        );
        println!("skipped: no python3 here");
        return None;
    };
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{told}");
    Some(String::from_utf8(output.stdout).expect("text"))
}

#[test]
fn a_csv_reader_finds_a_row_a_student_and_no_formula() {
    let records = reported();
    let program = "import csv, json, sys\nprint(json.dumps([list(csv.reader(open(p, newline='', encoding='utf-8'), strict=True)) for p in sys.argv[1:]]))";
    let paths =
        ["gradebook", "canvas", "moodle"].map(|name| records.path(&format!("reports/{name}.csv")));
    let paths: Vec<&std::path::Path> = paths.iter().map(AsRef::as_ref).collect();
    let Some(told) = python(program, &paths) else {
        return;
    };
    let tables: Vec<Vec<Vec<String>>> = serde_json::from_str(&told).expect("JSON");
    for (table, rows) in tables.iter().zip([COUNT + 1, COUNT + 2, COUNT + 1]) {
        assert_eq!(table.len(), rows);
        for row in table {
            assert_eq!(row.len(), table[0].len(), "{row:?}");
            for cell in row.iter().flat_map(|cell| cell.split([';', ','])) {
                let cell = cell.trim_start_matches([' ', '"']);
                assert!(!cell.starts_with(['=', '+', '-', '@']), "{row:?}");
            }
        }
    }
    assert_eq!(
        tables[1][0][..5],
        ["Student", "ID", "SIS User ID", "SIS Login ID", "Section"]
    );
    assert_eq!(tables[1][1][0], "    Points Possible");
    assert_eq!(
        tables[2][0][..3],
        ["ID number", "Email address", "Full name"]
    );
    assert_eq!(tables[0][1][0], "student-000");
    let last = tables[0][1].len() - 1;
    assert_eq!(tables[0][1][last], "student-000");
}

#[test]
fn an_xml_reader_finds_the_counts_that_junit_files_state() {
    let records = reported();
    // Elements and attributes as the schema of Ant's reports wants them.
    let program = "
import sys, json, xml.etree.ElementTree as e
out = []
for path in sys.argv[1:]:
    root = e.parse(path).getroot()
    assert root.tag == 'testsuites' and not root.attrib, root.attrib
    count = lambda name: sum(int(suite.get(name)) for suite in root)
    for suite in root:
        wanted = 'id package hostname name timestamp tests failures errors skipped time'
        assert sorted(suite.attrib) == sorted(wanted.split()), suite.attrib
        children = [child.tag for child in suite]
        cases = len(suite.findall('testcase'))
        around = ['properties', *['testcase'] * cases, 'system-out', 'system-err']
        assert children == around, children
    found = lambda tag: len(list(root.iter(tag)))
    out.append([count('tests'), found('testcase'), count('failures'), found('failure'),
                count('errors'), found('error'), len(root)])
print(json.dumps(out))";
    let paths: Vec<_> = (0..COUNT)
        .map(|index| records.path(&format!("reports/junit/student-00{index}.xml")))
        .collect();
    let paths: Vec<&std::path::Path> = paths.iter().map(AsRef::as_ref).collect();
    let Some(told) = python(program, &paths) else {
        return;
    };
    let counts: Vec<[u64; 7]> = serde_json::from_str(&told).expect("JSON");
    for [tests, cases, failures, failed, errors, erred, suites] in counts {
        assert_eq!((tests, failures, errors, suites), (cases, failed, erred, 2));
        assert!(failures > 0);
    }
}

#[test]
fn gradescope_gets_the_fields_that_its_specification_names_and_no_other() {
    const TOP: [&str; 11] = [
        "score",
        "execution_time",
        "output",
        "output_format",
        "test_output_format",
        "test_name_format",
        "visibility",
        "stdout_visibility",
        "extra_data",
        "tests",
        "leaderboard",
    ];
    const TEST: [&str; 11] = [
        "score",
        "max_score",
        "status",
        "name",
        "name_format",
        "number",
        "output",
        "output_format",
        "tags",
        "visibility",
        "extra_data",
    ];
    let records = reported();
    for index in 0..COUNT {
        let results: Value = serde_json::from_str(
            &records.read(&format!("reports/gradescope/student-00{index}.json")),
        )
        .expect("JSON");
        let results = results.as_object().expect("an object");
        assert!(
            results.keys().all(|key| TOP.contains(&key.as_str())),
            "{:?}",
            results.keys()
        );
        assert!(results["score"].is_u64() && results["stdout_visibility"] == "hidden");
        let tests = results["tests"].as_array().expect("a list");
        let mut sum = 0;
        for test in tests {
            let fields = test.as_object().expect("an object");
            assert!(
                fields.keys().all(|key| TEST.contains(&key.as_str())),
                "{:?}",
                fields.keys()
            );
            assert!(
                ["visible", "hidden", "after_due_date", "after_published"]
                    .contains(&test["visibility"].as_str().expect("a word"))
            );
            assert!(matches!(
                test["status"].as_str(),
                Some("passed" | "failed") | None
            ));
            sum += test["score"].as_u64().unwrap_or(0);
        }
        // Nothing is void and nothing due, so the parts add up.
        assert_eq!(results["score"], sum);
    }
}

#[test]
fn gradescope_hides_the_rest_in_one_test_that_is_published_later() {
    let records = Records::new(2, true);
    records
        .report(&["--format", "gradescope", "--visibility", "nothing"])
        .assert()
        .code(0);
    let results: Value =
        serde_json::from_str(&records.read("reports/gradescope/student-000.json")).expect("JSON");
    let tests = results["tests"].as_array().expect("a list");
    assert_eq!(tests.len(), 1);
    assert_eq!(tests[0]["visibility"], "after_published");
    assert_eq!(tests[0]["score"], results["score"]);
    assert_eq!(tests[0]["output"], "");
}

#[test]
fn every_annotation_is_one_command_of_known_form_and_there_are_at_most_ten() {
    let records = reported();
    for index in 0..COUNT {
        let text = records.read(&format!("reports/github/student-00{index}.annotations.txt"));
        assert!(text.lines().count() <= 10);
        for line in text.lines() {
            let rest = line
                .strip_prefix("::error ")
                .or_else(|| line.strip_prefix("::error"))
                .expect("an error");
            let (properties, message) = rest.split_once("::").expect("a message");
            assert!(
                properties.is_empty() || properties.starts_with("file=labs/"),
                "{line}"
            );
            assert!(
                properties.split(',').count() <= 3 && !properties.contains(':'),
                "{line}"
            );
            assert!(!message.is_empty());
        }
    }
}

#[test]
fn a_summary_has_no_markup_but_ours() {
    let records = reported();
    let ours = [
        "<details>",
        "<summary>",
        "</summary>",
        "<pre>",
        "</pre>",
        "</details>",
    ];
    for index in 0..COUNT {
        let mut text = records.read(&format!("reports/github/student-00{index}.summary.md"));
        assert!(text.contains("|---|---|---:|---:|"));
        for tag in ours {
            text = text.replace(tag, "");
        }
        assert!(!text.contains(['<', '>', '`', '[', '\u{1b}']), "{text}");
        assert!(!text.contains("http://evil") && !text.contains("](") && !text.contains("\n::"));
    }
}

#[test]
fn pages_load_nothing_and_run_nothing_but_the_cohort_s_script() {
    let records = reported();
    let mut pages: Vec<(String, String)> = records
        .files("reports/students")
        .into_iter()
        .map(|(name, bytes)| (name, String::from_utf8(bytes).expect("text")))
        .collect();
    assert_eq!(pages.len(), COUNT);
    for (name, page) in &pages {
        assert!(
            page.contains("script-src 'none'") && !page.contains("<script"),
            "{name}"
        );
    }
    let cohort = records.read("reports/cohort.html");
    assert_eq!(cohort.matches("<script").count(), 1);
    assert!(cohort.contains("script-src 'sha256-"));
    pages.push(("cohort.html".to_owned(), cohort));
    for (name, page) in &pages {
        assert!(
            page.starts_with("<!DOCTYPE html>") && page.contains("default-src 'none'"),
            "{name}"
        );
        for loads in [
            " src=",
            "<link",
            "@import",
            "url(",
            "<iframe",
            "<img",
            "<object",
            "<base",
            " onerror=",
            "javascript:alert",
        ] {
            // As text such things may stand, not as markup: there a `<` is `&lt;`.
            for rest in page.split('<').skip(1) {
                let tag = format!("<{}", rest.split('>').next().unwrap_or_default());
                assert!(!outside_quotes(&tag).contains(loads), "{name}: {tag}");
            }
            let after = page.split("<style>").nth(1);
            let style = after.and_then(|rest| rest.split("</style>").next());
            let style = style.expect("a style");
            assert!(!style.contains(loads), "{name}: {loads}");
        }
        assert!(
            !page
                .chars()
                .any(|c| c != '\n' && testbench::bytes::is_treacherous(c)),
            "{name}"
        );
        assert!(page.contains("&lt;i&gt;Networks&lt;/i&gt;"), "{name}");
    }
}

/// A tag without the values of its attributes.
fn outside_quotes(tag: &str) -> String {
    tag.split('"').step_by(2).collect()
}

#[test]
fn the_escapes_of_a_json_reader_bring_no_control_character_back() {
    let records = reported();
    let folder = records.path("reports/gradescope");
    for entry in fs::read_dir(folder).expect("a folder").flatten() {
        let text = fs::read_to_string(entry.path()).expect("text");
        let results: Value = serde_json::from_str(&text).expect("JSON");
        let tests = results["tests"].as_array().expect("a list");
        let texts = tests
            .iter()
            .flat_map(|test| [&test["name"], &test["output"]]);
        for text in texts.filter_map(Value::as_str) {
            let obeyed = |c: char| c != '\n' && testbench::bytes::is_treacherous(c);
            assert!(!text.chars().any(obeyed), "{text:?}");
        }
    }
}
