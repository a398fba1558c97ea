//! Two hundred submissions, thirty of them hostile: graded, and compared with the others graded
//! alone. `cargo run --package xtask --example hostile_class [SUBMISSIONS] [HOSTILE]`

#[allow(dead_code, reason = "the tests use the rest")]
#[path = "../tests/hostile/collection.rs"]
mod collection;
#[allow(dead_code, reason = "the tests use the rest")]
#[path = "../tests/hostile/course.rs"]
mod course;
#[path = "../tests/hostile/equal.rs"]
mod equal;
#[allow(dead_code, reason = "the tests use the rest")]
#[path = "../tests/hostile/residue.rs"]
mod residue;

use std::fs;
use std::process::ExitCode;
use std::time::Instant;

use clap::Parser;
use xtask::cli::Xtask;

use course::Course;
use equal::{comparable, differences};

const LAB: &str = "server-basics";

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let first = arguments.next();
    if first.as_deref() == Some("grade") {
        // The course starts this program as its runner.
        let asked = Xtask::parse();
        xtask::shut_descriptors_to_children();
        return xtask::tell(&xtask::run(&asked));
    }
    let number =
        |text: Option<String>, usual| text.and_then(|text| text.parse().ok()).unwrap_or(usual);
    let submissions: usize = number(first, 200);
    let hostile = number(arguments.next(), 30).min(submissions);
    if !course::has_boxes() {
        return ExitCode::FAILURE;
    }
    compare(submissions - hostile, hostile)
}

/// Grades a class with and without its hostile members.
fn compare(honest: usize, hostile: usize) -> ExitCode {
    let course = Course::of(&[LAB]);
    let ids = hand_in(&course, honest);
    let all = collection::of_lab(LAB);
    for (index, one) in all.iter().cycle().take(hostile).enumerate() {
        one.hand_in(
            &course.path("class"),
            &format!("hostile-{index:03}-{}", one.name),
        );
    }
    let without = timed(&course, "honest", "without");
    let with = timed(&course, "class", "with");
    let differ: Vec<&String> = ids
        .iter()
        .filter(|id| {
            let [one, other] = ["with", "without"].map(|out| comparable(&course.record(out, id).0));
            let differ = differences(&one, &other);
            for difference in &differ {
                println!("{id} differs: {difference}");
            }
            !differ.is_empty()
        })
        .collect();
    let left = residue::processes();
    println!(
        "{honest} honest ones alone: {without:.1} s; with {hostile} hostile ones: {with:.1} s"
    );
    println!("honest records that differ: {}", differ.len());
    println!("processes left: {}", left.len());
    if differ.is_empty() && left.is_empty() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

/// Right ones, and each kind of wrong that the course knows; their ids.
fn hand_in(course: &Course, count: usize) -> Vec<String> {
    let mut mistakes: Vec<_> = fs::read_dir(course.path("solutions").join(LAB).join("mistakes"))
        .expect("mistakes")
        .flatten()
        .map(|entry| entry.path())
        .collect();
    mistakes.sort();
    let mut wrong = mistakes.iter().cycle();
    (0..count)
        .map(|number| {
            let id = format!("honest-{number:03}");
            let mut changed = Vec::new();
            // Every second one has a mistake in one stage.
            if number % 2 == 1
                && let Some(path) = wrong.next()
            {
                let text = fs::read_to_string(path).expect("a mistake");
                let stage = text
                    .lines()
                    .find_map(|line| line.strip_prefix("//! stage: "));
                let file = stage.expect("its stage").replace('-', "_");
                changed.push((format!("{file}.rs"), text));
            }
            for class in ["class", "honest"] {
                course.hand_in_solution(class, &id, LAB, &changed);
            }
            id
        })
        .collect()
}

/// Grades `class`, shows what the runner says, and gives the seconds that it took.
fn timed(course: &Course, class: &str, out: &str) -> f64 {
    let began = Instant::now();
    let run = course.grade(LAB, class, out);
    let took = began.elapsed().as_secs_f64();
    println!(
        "{}{}",
        String::from_utf8_lossy(&run.stdout),
        String::from_utf8_lossy(&run.stderr)
    );
    took
}
