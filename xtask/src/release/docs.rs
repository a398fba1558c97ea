//! The pages that students are given.
//!
//! Those for instructors and authors stay behind: they quote solutions and hidden checks where it
//! helps. So do the scripts that record screens, which need solutions to run.

use std::collections::BTreeMap;
use std::path::Path;

use super::contents::files_below;
use crate::fault::Result;

/// What goes in of `docs/src`.
const PAGES: [&str; 7] = [
    "README.md",
    "SUMMARY.md",
    "concepts",
    "img",
    "labs",
    "python",
    "reference",
];

/// What goes in of `docs` itself: what the book is made with.
const MAKINGS: [&str; 2] = ["book.css", "book.toml"];

/// The table of contents.
const SUMMARY: &str = "docs/src/SUMMARY.md";

/// The files of the book that go in.
pub(super) fn pages(root: &Path) -> Result<Vec<String>> {
    let mut pages = Vec::new();
    if !root.join("docs").is_dir() {
        return Ok(pages);
    }
    for path in files_below(&root.join("docs"), &["book", "screens"])? {
        let goes_in = match path.strip_prefix("src/") {
            Some(page) => PAGES.contains(&page.split('/').next().unwrap_or_default()),
            None => MAKINGS.contains(&path.as_str()),
        };
        if goes_in {
            pages.push(format!("docs/{path}"));
        }
    }
    Ok(pages)
}

/// Takes links out of pages whose target stays behind: the words stay. In the table of contents
/// the whole line goes, and a heading with nothing below it.
pub(super) fn without_links_to_what_is_not_there(
    files: &mut BTreeMap<String, Vec<u8>>,
    root: &Path,
) {
    let pages: Vec<String> = files
        .keys()
        .filter(|path| path.starts_with("docs/"))
        .filter(|path| Path::new(path).extension() == Some("md".as_ref()))
        .cloned()
        .collect();
    for page in pages {
        let text = String::from_utf8_lossy(&files[&page]).into_owned();
        let stays_behind = |target: &str| {
            let Some(path) = target_of(&page, target) else {
                return false;
            };
            let below = format!("{path}/");
            let there =
                files.contains_key(&path) || files.keys().any(|file| file.starts_with(&below));
            !there && root.join(&path).exists()
        };
        let mended = if page == SUMMARY {
            summary(&text, &stays_behind)
        } else {
            unlinked(&text, &stays_behind)
        };
        if mended != text {
            files.insert(page, mended.into_bytes());
        }
    }
}

/// The path in the workspace that `target` leads to from `page`; nothing, if it leads out.
fn target_of(page: &str, target: &str) -> Option<String> {
    let path = target.split('#').next().unwrap_or_default();
    if path.is_empty() || path.contains(':') || path.starts_with('/') {
        return None;
    }
    let mut parts: Vec<&str> = page.split('/').collect();
    parts.pop();
    for part in path.trim_end_matches('/').split('/') {
        match part {
            "." => {}
            ".." => _ = parts.pop()?,
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

/// `text` with the words alone of each `[words](target)` whose target stays behind.
fn unlinked(text: &str, stays_behind: &impl Fn(&str) -> bool) -> String {
    let mut done = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once("](") {
        let (target, after) = behind.split_once(')').unwrap_or((behind, ""));
        done.push_str(before);
        let opening = done.rfind('[');
        if let (Some(opening), true) = (opening, stays_behind(target)) {
            done.remove(opening);
            rest = after;
        } else {
            done.push_str("](");
            rest = behind;
        }
    }
    done + rest
}

fn summary(text: &str, stays_behind: &impl Fn(&str) -> bool) -> String {
    let links_there = |line: &str| {
        let target = line
            .split_once("](")
            .and_then(|(_, rest)| rest.split_once(')'));
        target.is_some_and(|(target, _)| stays_behind(target))
    };
    let mut lines: Vec<&str> = Vec::new();
    for line in text.lines().filter(|line| !links_there(line)) {
        if line.starts_with("# ") {
            without_empty_heading(&mut lines);
        }
        lines.push(line);
    }
    without_empty_heading(&mut lines);
    lines.join("\n") + "\n"
}

/// Takes a heading off the end of `lines` that only empty lines follow.
fn without_empty_heading(lines: &mut Vec<&str>) {
    let last = lines.iter().rposition(|line| !line.trim().is_empty());
    // The title of the whole stays.
    if let Some(last) = last.filter(|&last| last > 0 && lines[last].starts_with("# ")) {
        lines.truncate(last);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn for_authors(target: &str) -> bool {
        target.contains("authors/")
    }

    #[test]
    fn a_link_to_what_stays_behind_leaves_its_words() {
        let text = "See [how](../authors/x.md#a) and [that](y.md); `a[0](1)`.";
        let mended = "See how and [that](y.md); `a[0](1)`.";
        assert_eq!(unlinked(text, &for_authors), mended);
    }

    #[test]
    fn the_table_of_contents_loses_lines_and_empty_parts() {
        let text = "# Summary\n\n[Cover](README.md)\n\n# Labs\n\n- [One](labs/a.md)\n\n# For authors\n\n- [Anatomy](authors/x.md)\n";
        let mended = "# Summary\n\n[Cover](README.md)\n\n# Labs\n\n- [One](labs/a.md)\n\n";
        assert_eq!(summary(text, &for_authors), mended);
    }

    #[test]
    fn a_target_is_looked_for_from_its_page() {
        let found = |target| target_of("docs/src/labs/udp.md", target);
        assert_eq!(
            found("../authors/x.md#a").as_deref(),
            Some("docs/src/authors/x.md")
        );
        assert_eq!(found("../../../labs/udp/").as_deref(), Some("labs/udp"));
        assert_eq!(found("https://example.org"), None);
        assert_eq!(found("#ask"), None);
    }
}
