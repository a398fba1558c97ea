//! What people read, word for word, from a made-up record that has every status.
//!
//! To record it anew after a change that is meant: `RECORD_GOLDEN=1 cargo test -p xtask --test commands golden`

use std::path::Path;
use std::{env, fs};

use xtask::course::rubric::Rubric;
use xtask::output::paint::Paint;
use xtask::report::human::{Titles, human};

/// Compares `text` with the file of that name, or records it.
fn same_as_recorded(name: &str, text: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/golden")
        .join(name);
    if env::var_os("RECORD_GOLDEN").is_some() {
        fs::write(&path, text).expect("a golden file is written");
    }
    let recorded = fs::read_to_string(&path).expect("there is a golden file");
    for (number, (told, recorded)) in (1..).zip(text.lines().zip(recorded.lines())) {
        assert_eq!(
            told, recorded,
            "row {number} of {name}; see the head of this file"
        );
    }
    assert_eq!(
        text.lines().count(),
        recorded.lines().count(),
        "rows of {name}"
    );
}

fn told(paint: Paint) -> String {
    let rubrics = crate::made_up::RUBRICS.map(|(name, text)| {
        (
            name,
            Rubric::parse(text, name).expect("the made-up rubric is consistent"),
        )
    });
    let titles = Titles::of(rubrics.iter().map(|(name, rubric)| (*name, rubric)));
    let notes = ["bubblewrap is missing: cargo xtask install-tools".to_owned()];
    human(&crate::made_up::record(), &titles, &notes, paint)
}

#[test]
fn a_record_with_every_status_reads_well_in_black_and_white() {
    same_as_recorded("grade.txt", &told(Paint::new(false)));
}

#[test]
fn colour_adds_no_words_and_loses_none() {
    let coloured = told(Paint::new(true));
    assert!(coloured.contains("\x1b["));
    let mut plain = String::new();
    for (index, piece) in coloured.split("\x1b[").enumerate() {
        let words = if index == 0 {
            piece
        } else {
            piece.split_once('m').map_or("", |(_, rest)| rest)
        };
        plain.push_str(words);
    }
    assert_eq!(plain, told(Paint::new(false)));
}

#[test]
fn nothing_is_wider_than_a_terminal_but_what_is_to_be_copied() {
    for row in told(Paint::new(false)).lines() {
        let wide = row.chars().count() > 80;
        let to_copy =
            row.trim_start().starts_with("again") || row.contains("-->") || row.contains(" | ");
        assert!(!wide || to_copy, "{row}");
    }
}

#[test]
fn nothing_that_a_program_says_reaches_the_terminal_as_a_command() {
    let text = told(Paint::new(false));
    let harmless = |c: char| c == '\n' || !testbench::bytes::is_treacherous(c);
    assert!(text.chars().all(harmless), "{text:?}");
    assert!(text.contains("\\u{202e}"));
}
