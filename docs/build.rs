//! Makes a module of each page, for `lib.rs`.
//!
//! A page cannot be a module's documentation as it stands: rustdoc takes every indented block for
//! Rust, and in these pages such a block is what passes on the wire.

use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    println!("cargo::rerun-if-changed=src");
    println!("cargo::rerun-if-changed=build.rs");
    let out = env::var_os("OUT_DIR").ok_or_else(|| io::Error::other("cargo gives no OUT_DIR"))?;
    let out = PathBuf::from(out);
    let mut pages = Vec::new();
    find("src".as_ref(), &mut pages)?;
    pages.sort();
    let mut modules = String::new();
    let mut counts = String::new();
    for path in pages {
        let page = path.display().to_string();
        let (rust, blocks) = rust_of(&fs::read_to_string(&path)?);
        let name = page.to_lowercase().replace(['/', '-', '.'], "_");
        let file = out.join(format!("{name}.rs"));
        fs::write(&file, rust)?;
        _ = writeln!(modules, "#[path = \"{}\"]\npub mod {name};", file.display());
        _ = writeln!(counts, "    ({page:?}, {blocks}),");
    }
    fs::write(
        out.join("pages.rs"),
        format!(
            "{modules}\n/// Every page, and how many blocks of Rust it has.\n\
             pub const PAGES: &[(&str, usize)] = &[\n{counts}];\n"
        ),
    )
}

/// Adds the Markdown files below `folder` to `pages`.
fn find(folder: &Path, pages: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            find(&path, pages)?;
        } else if path.extension().is_some_and(|extension| extension == "md") {
            pages.push(path);
        }
    }
    Ok(())
}

/// The text of a module whose documentation has the Rust of `page`, line by line where it stands
/// there, and nothing else of it; and the number of its blocks.
fn rust_of(page: &str) -> (String, usize) {
    let mut module = String::new();
    let mut blocks = 0;
    // The backticks of the block that we are in, how far they are indented, and whether it is Rust.
    let mut open: Option<(usize, usize, bool)> = None;
    for (index, line) in page.lines().enumerate() {
        let text = line.trim_start();
        let indent = line.len() - text.len();
        let ticks = text.len() - text.trim_start_matches('`').len();
        // A page begins with its heading; documentation may not be empty.
        let mut kept = if index == 0 { "Its Rust." } else { "" };
        match open {
            None if ticks >= 3 => {
                let language = text[ticks..].split(',').next().unwrap_or_default();
                let rust = language.trim() == "rust";
                open = Some((ticks, indent, rust));
                if rust {
                    blocks += 1;
                    kept = text;
                }
            }
            Some((opening, margin, rust)) => {
                if rust {
                    kept = &line[margin.min(indent)..];
                }
                if ticks >= opening && text.trim_end().len() == ticks {
                    open = None;
                }
            }
            None => {}
        }
        let space = if kept.is_empty() { "" } else { " " };
        _ = writeln!(module, "//!{space}{kept}");
    }
    (module, blocks)
}
