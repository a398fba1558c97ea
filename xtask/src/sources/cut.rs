//! Cutting a stub from a solution.
//!
//! A region of a solution's file stands between two comments and leaves in the stub what
//! the first of them says behind the colon, or nothing:
//!
//! ```text
//! // solution: todo!("accept clients one after another")
//! ...
//! // end
//! ```

use crate::fault::{Fault, Result};

/// Opens a region.
const OPENING: &str = "// solution:";

/// Closes it.
const CLOSING: &str = "// end";

/// The stub that `solution` leaves, not yet formatted; `shown` is the file's name in messages.
///
/// # Errors
/// A region is not closed, is closed twice, or stands inside another; the message says where.
pub fn cut(solution: &str, shown: &str) -> Result<String> {
    let mut stub = String::with_capacity(solution.len());
    let mut open: Option<usize> = None;
    for (number, line) in (1..).zip(solution.lines()) {
        let trimmed = line.trim();
        if let Some(left) = trimmed.strip_prefix(OPENING) {
            if let Some(first) = open {
                return Err(Fault::usage(
                    format!(
                        "{shown}:{number}: a region inside the one that begins in line {first}"
                    ),
                    format!("end that one first, with a line `{CLOSING}`"),
                ));
            }
            open = Some(number);
            let left = left.trim();
            if !left.is_empty() {
                let indent = line.len() - line.trim_start().len();
                stub.extend([&line[..indent], left, "\n"]);
            }
        } else if trimmed == CLOSING {
            if open.take().is_none() {
                return Err(Fault::usage(
                    format!("{shown}:{number}: `{CLOSING}` ends no region"),
                    format!(
                        "begin one above with `{OPENING} what stands in the stub`, or delete this line"
                    ),
                ));
            }
        } else if open.is_none() {
            stub.extend([line, "\n"]);
        }
    }
    match open {
        None => Ok(stub),
        Some(first) => Err(Fault::usage(
            format!("{shown}:{first}: this region has no end"),
            format!("write `{CLOSING}` behind the last line that only the solution has"),
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_region_leaves_what_its_marker_says_or_nothing() {
        let solution = "fn a(x: u8) {\n    // solution: todo!(\"do {x}\")\n    b(x);\n    // end\n}\n// solution:\nfn b(_: u8) {}\n// end\n";
        assert_eq!(
            cut(solution, "a.rs").unwrap(),
            "fn a(x: u8) {\n    todo!(\"do {x}\")\n}\n"
        );
    }

    #[test]
    fn a_file_without_regions_stays_as_it_is() {
        assert_eq!(cut("fn a() {}\n", "a.rs").unwrap(), "fn a() {}\n");
    }

    #[test]
    fn bad_nesting_is_told_with_its_line() {
        let cases = [
            (
                "// solution:\n// solution:\n// end\n",
                "a.rs:2: a region inside",
            ),
            ("x\n// end\n", "a.rs:2: `// end` ends no region"),
            ("x\n\n// solution: y\nz\n", "a.rs:3: this region has no end"),
        ];
        for (text, expected) in cases {
            let told = cut(text, "a.rs").unwrap_err().to_string();
            assert!(told.contains(expected), "{told}");
        }
    }
}
