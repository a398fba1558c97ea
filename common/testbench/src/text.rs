//! A verdict for people, as `cargo test` shows it.

use std::env;
use std::thread;

use crate::id::Id;
use crate::record::{Event, Finding, Status};

/// Prints what was found, if there is anything to say; libtest shows it when the check failed.
pub(crate) fn print(id: Id, seed: u64, status: Status, finding: &Finding) {
    if status == Status::Pass {
        return;
    }
    if status == Status::Skipped {
        println!(
            "skipped: {}",
            finding.happened.as_deref().unwrap_or("no reason given")
        );
        return;
    }
    let mut lines: Vec<String> = Vec::new();
    let mut tell = |label: &str, text: &Option<String>| {
        if let Some(text) = text {
            lines.push(format!("{label:<9} {text}"));
        }
    };
    tell("happened", &finding.happened);
    tell("expected", &finding.expected);
    tell("seen", &finding.seen);
    tell("lesson", &finding.feedback);
    lines.extend(finding.transcript.iter().map(event));
    if let Some(program) = &finding.program {
        lines.push(format!("program   {}", program.exit));
        lines.extend(
            program
                .stderr_head
                .lines()
                .map(|line| format!("stderr    {line}")),
        );
    }
    let package = env::var("CARGO_PKG_NAME").unwrap_or_default();
    lines.push(format!(
        "replay    {}={seed:016x} cargo test -p {package} --test {} -- --exact {}",
        crate::settings::SEED,
        id.suite,
        test_name(id)
    ));
    lines.extend(meaning(&package, id));
    println!("{}", lines.join("\n"));
}

/// What red means where students run `cargo test`: nothing is broken.
fn meaning(package: &str, id: Id) -> Option<String> {
    let stage = id.path.split("::").next()?.replace('_', "-");
    // In the instructor's edition the solutions are tested, and red means a fault.
    (!package.is_empty() && !package.ends_with("-solution")).then(|| {
        format!(
            "red       means that {stage} is not right yet; one failure at a time, and hints: \
             cargo xtask try {package}/{stage}"
        )
    })
}

/// What libtest calls the check: as its id, but `r#abstract` where a module's name is a word of the
/// language. Where tests have threads of their own, these are named after them.
fn test_name(id: Id) -> String {
    let thread = thread::current();
    let name = thread.name().unwrap_or_default();
    match name.strip_prefix("r#") {
        Some(path) if path == id.path => name.to_owned(),
        _ => id.path.to_owned(),
    }
}

fn event(event: &Event) -> String {
    let whom = event
        .to
        .as_ref()
        .map(|to| format!(" -> {to}"))
        .unwrap_or_default();
    let bytes = event
        .bytes
        .as_ref()
        .map(|bytes| format!(" \"{bytes}\""))
        .unwrap_or_default();
    format!(
        "{:>9.1} {}{whom} {}{bytes}",
        event.ms, event.from, event.event
    )
}
