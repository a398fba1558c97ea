//! Blocks of code are what they say they are: Rust is compiled, Python stands in a file that runs,
//! a screen was recorded.

use std::fs;
use std::path::Path;

use crate::page::{Block, below, pages};
use crate::{holds, made_up, repository, told};

/// What is wrong with the blocks of the pages in `repository`.
fn wrong_blocks(repository: &Path) -> Vec<String> {
    let mut troubles = Vec::new();
    for page in pages(repository) {
        for block in &page.blocks {
            if let Some(why) = wrong(block, repository) {
                troubles.push(format!("{}: {why}", page.at(block.line)));
            }
        }
    }
    troubles
}

/// What is wrong with `block`, if something is.
fn wrong(block: &Block, repository: &Path) -> Option<String> {
    let mut words = block.language.split(',').map(str::trim);
    match words.next().unwrap_or_default() {
        "" => Some("a block without a language; where there is none: ```text".to_owned()),
        "rust" => {
            let ignored = words.any(|word| word.starts_with("ignore"));
            ignored.then(|| "Rust that is ignored; no_run compiles it at least".to_owned())
        }
        "python" => python(block, repository),
        _ => {
            let recorded = block.above.starts_with("<!-- screen: ");
            (!recorded && has_output(&block.text)).then(|| {
                "a screen that was typed; name its script: <!-- screen: ... -->".to_owned()
            })
        }
    }
}

/// The lines of a block of Python stand in the file that the comment above it names.
fn python(block: &Block, repository: &Path) -> Option<String> {
    let named = block.above.strip_prefix("<!-- file: ");
    let Some(file) = named.and_then(|rest| rest.strip_suffix(" -->")) else {
        return Some("Python without its file: <!-- file: python/....py -->".to_owned());
    };
    let Ok(text) = fs::read_to_string(repository.join("docs/src").join(file)) else {
        return Some(format!("there is no docs/src/{file}"));
    };
    // A part of a function may stand in the page without its margin.
    let lines: Vec<&str> = text.lines().collect();
    let wanted: Vec<&str> = block.text.lines().collect();
    let stands = lines.windows(wanted.len().max(1)).any(|window| {
        let margin = window[0].len() - window[0].trim_start().len();
        window.iter().zip(&wanted).all(|(line, wanted)| {
            let line = if line.trim().is_empty() {
                ""
            } else {
                line.get(margin..).unwrap_or(line)
            };
            line.trim_end() == wanted.trim_end()
        })
    });
    (!stands).then(|| format!("these lines do not stand in docs/src/{file}"))
}

/// Whether the text has a command and something that is none: what it printed.
fn has_output(text: &str) -> bool {
    let mut commands = false;
    let mut others = false;
    let mut goes_on = false;
    for line in text.lines().filter(|line| !line.trim().is_empty()) {
        let command = line.starts_with("$ ");
        commands |= command;
        others |= !command && !goes_on;
        goes_on = (command || goes_on) && line.ends_with('\\');
    }
    commands && others
}

/// The Python programs that no test and no screen runs.
fn idle_programs(repository: &Path) -> Vec<String> {
    let users = ["rs", "py"].into_iter();
    let users = users.flat_map(|end| below(repository, "solutions", end));
    let users = users.chain(below(repository, "docs/screens", "sh"));
    let texts: Vec<String> = users
        .filter_map(|path| fs::read_to_string(repository.join(path)).ok())
        .collect();
    below(repository, "docs/src/python", "py")
        .into_iter()
        .filter(|path| {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            !texts.iter().any(|text| text.contains(&*name))
        })
        .map(|path| format!("no test and no screen runs {}", path.display()))
        .collect()
}

#[test]
fn every_block_is_what_it_says() {
    holds(&wrong_blocks(repository()));
}

#[test]
fn every_python_program_is_run_against_ours() {
    holds(&idle_programs(repository()));
}

/// What cargo compiles as doctests is all there is: no page and no block is left out.
#[test]
fn every_block_of_rust_is_compiled() {
    let rust = |block: &&Block| block.language.split(',').next() == Some("rust");
    let pages: Vec<(String, usize)> = pages(repository())
        .iter()
        .filter_map(|page| {
            let path = page.path.strip_prefix("docs").ok()?.display().to_string();
            Some((path, page.blocks.iter().filter(rust).count()))
        })
        .collect();
    let compiled: Vec<(String, usize)> = book::PAGES
        .iter()
        .map(|(page, blocks)| ((*page).to_owned(), *blocks))
        .collect();
    assert_eq!(compiled, pages);
}

#[test]
fn a_block_that_is_not_what_it_says_is_told() {
    let cases = [
        ("```rust,no_run\nfn f() {}\n```", None),
        (
            "```rust,ignore\nfn f() {}\n```",
            Some("docs/src/a.md:1: Rust that is ignored"),
        ),
        ("```\nx\n```", Some("without a language")),
        ("```console\n$ a \\\n    b\n\n$ c\n```", None),
        ("```text\nSYN\n```", None),
        ("```text\n$ a\nb\n```", Some("a screen that was typed")),
        ("<!-- screen: a -->\n```text\n$ a\nb\n```", None),
        ("```python\nprint(1)\n```", Some("Python without its file")),
        (
            "<!-- file: python/b.py -->\n```python\nprint(1)\n```",
            Some("there is no docs/src/python/b.py"),
        ),
        (
            "<!-- file: python/a.py -->\n```python\nif x:\n    print(1)\n```",
            None,
        ),
        (
            "<!-- file: python/a.py -->\n```python\nprint(1)\n\nprint(2)\n```",
            None,
        ),
        (
            "<!-- file: python/a.py -->\n```python\nprint(2)\nprint(1)\n```",
            Some("do not stand in docs/src/python/a.py"),
        ),
    ];
    for (text, expected) in cases {
        let made_up = made_up(&[
            ("docs/src/a.md", text),
            (
                "docs/src/python/a.py",
                "if x:\n    print(1)\n\n    print(2)\n",
            ),
        ]);
        match expected {
            None => holds(&wrong_blocks(made_up.path())),
            Some(expected) => told(&wrong_blocks(made_up.path()), expected),
        }
    }
}

#[test]
fn a_python_program_that_nothing_runs_is_told() {
    let made_up = made_up(&[
        ("docs/src/python/a.py", ""),
        ("docs/src/python/b.py", ""),
        ("docs/screens/x.sh", "try 'python3 $PY/a.py'\n"),
    ]);
    told(&idle_programs(made_up.path()), "docs/src/python/b.py");
}
