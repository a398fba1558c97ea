//! The page of all commands names each, and no other.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use clap::CommandFactory;
use xtask::cli::Xtask;

#[test]
fn every_command_has_its_row_and_its_section() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/src/reference/commands.md");
    let page = fs::read_to_string(page).expect("the page");
    let command = Xtask::command();
    let known: BTreeSet<&str> = command
        .get_subcommands()
        .filter(|command| !command.is_hide_set())
        .map(clap::Command::get_name)
        .collect();
    let sections: BTreeSet<&str> = page
        .lines()
        .filter_map(|line| line.strip_prefix("### "))
        .collect();
    assert_eq!(sections, known);
    for name in known {
        assert!(page.contains(&format!("](#{name})")), "no row for {name}");
        assert!(
            page.contains(&format!("<a id=\"{name}\"></a>")),
            "no anchor for {name}"
        );
    }
}
