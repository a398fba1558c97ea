//! What students must not see is in none of their files, whatever the format.

use crate::report::{ALL, Records};
use crate::synthetic::{PAYLOAD, SENTENCE};

/// The files that students get.
const OF_STUDENTS: [&str; 4] = ["students/", "junit/", "gradescope/", "github/"];

/// Which of the report's files hold `wanted`.
fn holding(records: &Records, wanted: &str) -> Vec<String> {
    let files = records.files("reports").into_iter();
    let held = files.filter(|(_, bytes)| {
        bytes
            .windows(wanted.len())
            .any(|window| window == wanted.as_bytes())
    });
    held.map(|(path, _)| path).collect()
}

fn of_students(files: &[String]) -> usize {
    let theirs = |path: &&String| OF_STUDENTS.iter().any(|folder| path.starts_with(folder));
    files.iter().filter(theirs).count()
}

/// Reports under a policy, written as it stands in `course.toml`.
fn under(policy: &str) -> Records {
    let records = Records::new(5, true);
    records.write("course.toml", &format!("[visibility]\n{policy}\n"));
    records.report(&["--format", ALL]).assert().code(0);
    records
}

#[test]
fn in_full_hidden_checks_tell_all_but_to_the_cohort_s_files() {
    let records = under("hidden = \"full\"");
    let payloads = holding(&records, PAYLOAD);
    assert!(of_students(&payloads) >= 15, "{payloads:?}");
    assert_eq!(of_students(&payloads), payloads.len(), "{payloads:?}");
}

#[test]
fn sentences_come_without_payloads() {
    let records = under("hidden = \"sentence\"");
    assert!(
        holding(&records, PAYLOAD).is_empty(),
        "{:?}",
        holding(&records, PAYLOAD)
    );
    assert!(of_students(&holding(&records, SENTENCE)) >= 15);
}

#[test]
fn names_come_without_payloads_and_sentences_and_are_the_default() {
    for policy in ["hidden = \"names\"", ""] {
        let records = under(policy);
        assert!(holding(&records, PAYLOAD).is_empty());
        assert_eq!(of_students(&holding(&records, SENTENCE)), 0);
        // Sentences are for whoever keeps the course.
        assert_eq!(holding(&records, SENTENCE), ["cohort.html"]);
        assert!(of_students(&holding(&records, "a_busy_port_is_an_error")) > 0);
        assert!(
            records
                .read("reports/students/student-000.html")
                .contains("class=\"total\"")
        );
    }
}

#[test]
fn before_the_date_hidden_checks_are_not_there_and_no_total_is() {
    let records = under("hidden = \"full\"\nnothing_until = 2025-12-01T00:00:00Z");
    assert!(holding(&records, PAYLOAD).is_empty());
    assert_eq!(of_students(&holding(&records, SENTENCE)), 0);
    assert_eq!(
        of_students(&holding(&records, "a_busy_port_is_an_error")),
        0
    );
    for index in 0..5 {
        let page = records.read(&format!("reports/students/student-00{index}.html"));
        assert!(
            !page.contains("class=\"total\"")
                && page.contains("all totals are not shown yet, until 2025-12-01 00:00 UTC")
        );
        let summary = records.read(&format!("reports/github/student-00{index}.summary.md"));
        assert!(!summary.contains("**") && summary.contains("not shown yet"));
    }
}

#[test]
fn from_the_date_on_hidden_checks_are_shown_as_the_course_says() {
    let records = Records::new(2, true);
    records.write(
        "course.toml",
        "[visibility]\nhidden = \"full\"\nnothing_until = 2025-11-01T00:00:00Z\n",
    );
    records.report(&["--format", ALL]).assert().code(0);
    assert!(of_students(&holding(&records, PAYLOAD)) > 0);
}

#[test]
fn public_checks_can_be_kept_back_too_and_the_command_line_decides_last() {
    let records = under("public = \"names\"");
    let page = records.read("reports/students/student-000.html");
    assert!(!page.contains("class=\"ladder\"") && !page.contains("class=\"teaches\""));
    records.report(&["--visibility", "full"]).assert().code(0);
    let page = records.read("reports/students/student-000.html");
    assert!(page.contains("class=\"ladder\"") && page.contains(PAYLOAD));
}

#[test]
fn a_public_check_s_evidence_stays_where_hidden_ones_have_none() {
    let records = under("hidden = \"names\"");
    let page = records.read("reports/students/student-000.html");
    assert!(page.contains("class=\"ladder\"") && page.contains("--seed"));
}
