//! A class on several machines.

use std::collections::BTreeSet;
use std::fs;

use predicates::str::contains;

use crate::class::{Class, record_at};

#[test]
fn shards_together_are_the_whole_class_with_the_same_records() {
    let class = Class::new();
    let students: Vec<String> = (0..6).map(|number| format!("student-{number}")).collect();
    for student in &students {
        class.hand_in_a_mistake(student);
    }
    class
        .grade(&["tiny"])
        .assert()
        .code(0)
        .stdout(contains("graded         6"));
    let mut seen = BTreeSet::new();
    for shard in ["1/2", "2/2"] {
        let out = format!("out-{}", shard.replace('/', "-of-"));
        class
            .grade_into(&out, &["tiny", "--shard", shard])
            .assert()
            .code(0);
        for entry in fs::read_dir(class.tiny.path(&format!("{out}/records"))).expect("records") {
            let path = entry.expect("a record").path();
            let record = record_at(&path);
            let id = record["submission"].as_str().expect("an id").to_owned();
            let whole = class.record(&id);
            assert_eq!(record["seed"], whole["seed"]);
            assert_eq!(record["points"], whole["points"]);
            assert!(seen.insert(id), "in both shards: {}", path.display());
        }
    }
    assert_eq!(seen, students.into_iter().collect());
}

#[test]
fn jobs_and_seed_are_as_asked_for() {
    let class = Class::new();
    class.hand_in_all("jane");
    class
        .grade(&["tiny", "--jobs", "1", "--seed", "5eed"])
        .assert()
        .code(0);
    assert_eq!(class.record("jane")["seed"], "0000000000005eed");
    class
        .grade(&["tiny", "--seed", "1"])
        .assert()
        .code(2)
        .stderr(contains("records of one cohort share one"));
}
