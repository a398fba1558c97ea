//! mdBook, which makes the pages into a book.

use std::io;
use std::process::{Command, Stdio};
use std::time::Instant;

use crate::Outcome;
use crate::course::workspace::Workspace;
use crate::fault::{Fault, Result};
use crate::output::plain::lines;
use crate::output::print;

/// Builds `docs/book`, and opens it, if that is wanted. A warning is an error: what mdBook warns
/// of, a reader stumbles over.
///
/// # Errors
/// There is no mdBook, or it is not content.
pub fn build(workspace: &Workspace, open: bool) -> Result<Outcome> {
    let began = Instant::now();
    let mut mdbook = Command::new("mdbook");
    mdbook
        .current_dir(&workspace.root)
        .args(["build", "docs"])
        .args(open.then_some("--open"))
        // Its colours would stand in our messages.
        .env("NO_COLOR", "1")
        .stdin(Stdio::null());
    let output = mdbook.output().map_err(|error| missing(&error))?;
    let said = [&output.stdout[..], &output.stderr[..]].concat();
    let said = lines(&String::from_utf8_lossy(&said));
    if !output.status.success() || said.lines().any(is_complaint) {
        return Err(Fault::usage(
            format!("mdBook is not content with the book:\n{said}"),
            "mend that; to see it again: mdbook build docs",
        ));
    }
    print(&format!(
        "docs/book/index.html, built in {:.1} s\n",
        began.elapsed().as_secs_f64()
    ))?;
    Ok(Outcome::Done)
}

/// Whether a line of mdBook's log is a warning or an error: `WARN ...`, or with a time before it.
fn is_complaint(line: &str) -> bool {
    line.split([' ', '[', ']'])
        .any(|word| word == "WARN" || word == "ERROR")
}

fn missing(error: &io::Error) -> Fault {
    if error.kind() == io::ErrorKind::NotFound {
        return Fault::grader(
            "there is no mdbook on PATH, which builds the book",
            "cargo xtask install-tools --book; it goes to ~/.cargo/bin. The pages in docs/src can be read without it",
        );
    }
    Fault::grader(
        format!("cannot start mdbook: {error}"),
        "start it by hand and see: mdbook --version",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn complaints_are_told_from_progress() {
        assert!(is_complaint(" WARN Unclosed HTML tag `<p>` found"));
        assert!(is_complaint(
            "2025-01-31 08:15:00 [WARN] (mdbook::renderer): x"
        ));
        assert!(is_complaint("ERROR Couldn't open SUMMARY.md"));
        assert!(!is_complaint(" INFO Book building has started"));
    }
}
