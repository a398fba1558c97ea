//! Finding a panic in what a program wrote to stderr.

/// Where the first panic happened and what it said:
///
/// ```text
/// thread 'main' (4711) panicked at src/greet.rs:31:5:
/// not yet implemented: accept clients
/// note: run with `RUST_BACKTRACE=1` environment variable to display a backtrace
/// ```
pub(super) fn find(stderr: &str) -> Option<(String, String)> {
    let mut lines = stderr.lines().skip_while(|line| !is_headline(line));
    let (_, at) = lines.next()?.split_once(" panicked at ")?;
    let message: Vec<&str> = lines
        .take_while(|line| {
            !is_headline(line) && !line.starts_with("note: ") && *line != "stack backtrace:"
        })
        .collect();
    Some((
        at.trim_end_matches(':').to_owned(),
        message.join("\n").trim_end().to_owned(),
    ))
}

fn is_headline(line: &str) -> bool {
    line.starts_with("thread '") && line.contains(" panicked at ")
}

#[cfg(test)]
mod tests {
    use super::find;

    #[test]
    fn the_first_panic_is_found_among_other_lines() {
        let stderr = "listening\nthread 'main' (4711) panicked at src/greet.rs:31:5:\nnot yet implemented: accept\nclients\nnote: run with `RUST_BACKTRACE=1`\nmore\n";
        let found = find(stderr).expect("a panic");
        assert_eq!(
            found,
            (
                "src/greet.rs:31:5".to_owned(),
                "not yet implemented: accept\nclients".to_owned()
            )
        );
    }

    #[test]
    fn words_about_panics_are_none() {
        assert_eq!(find("the client panicked at our reply\n"), None);
    }
}
