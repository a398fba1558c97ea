//! Links inside the repository lead somewhere: to a page of the book, an anchor in it, a file.
//!
//! Feedback sends students to anchors, and a reader who follows a dead link is lost.

use std::collections::BTreeMap;
use std::path::{Component, Path, PathBuf};

use crate::page::{Page, below, pages};
use crate::{holds, made_up, repository, told};

/// The list of the book's pages.
const SUMMARY: &str = "docs/src/SUMMARY.md";

/// What is wrong with the links of the pages in `repository`.
fn dead(repository: &Path) -> Vec<String> {
    let pages = pages(repository);
    let known: BTreeMap<&Path, &Page> = pages
        .iter()
        .map(|page| (page.path.as_path(), page))
        .collect();
    let mut troubles = Vec::new();
    for page in &pages {
        let pictures = page.pictures.iter();
        let pictures = pictures.map(|picture| (picture.line, &picture.path));
        let links = page.links.iter().map(|(line, link)| (*line, link));
        for (line, link) in links.chain(pictures) {
            if let Some(why) = wrong(link, page, &known, repository) {
                troubles.push(format!("{}: `{link}` {why}", page.at(line)));
            }
        }
    }
    troubles
}

/// What is wrong with `link` in `page`, if something is.
fn wrong(
    link: &str,
    page: &Page,
    known: &BTreeMap<&Path, &Page>,
    repository: &Path,
) -> Option<&'static str> {
    if link.contains("://") || link.starts_with("mailto:") {
        return None;
    }
    let (path, anchor) = match link.split_once('#') {
        Some((path, anchor)) => (path, Some(anchor)),
        None => (link, None),
    };
    let target = if path.is_empty() {
        page.path.clone()
    } else {
        match resolved(&page.path, path) {
            Some(target) => target,
            None => return Some("leads out of the repository"),
        }
    };
    if !repository.join(&target).exists() {
        return Some("leads to no file");
    }
    let book = Path::new("docs/src");
    let markdown = target.extension().is_some_and(|end| end == "md");
    if markdown && page.path.starts_with(book) && !target.starts_with(book) {
        return Some("is no page of the book, and mdBook would look for an HTML file there");
    }
    match (known.get(target.as_path()), anchor) {
        (Some(target), Some(anchor)) if !target.anchors.contains(anchor) => {
            Some("leads to no anchor of that page")
        }
        (None, Some(_)) => Some("has an anchor in what is no page"),
        _ => None,
    }
}

/// `link`, from the file `page` on, as a path in the repository.
fn resolved(page: &Path, link: &str) -> Option<PathBuf> {
    let mut target = page.parent()?.to_path_buf();
    for part in Path::new(link).components() {
        match part {
            Component::Normal(name) => target.push(name),
            Component::CurDir => {}
            Component::ParentDir if target.pop() => {}
            _ => return None,
        }
    }
    Some(target)
}

/// The pages that are not in the book's table of contents.
fn left_out(repository: &Path) -> Vec<String> {
    let pages = pages(repository);
    let summary = pages.iter().find(|page| page.path == Path::new(SUMMARY));
    let listed: Vec<PathBuf> = summary
        .iter()
        .flat_map(|summary| &summary.links)
        .filter_map(|(_, link)| resolved(Path::new(SUMMARY), link))
        .collect();
    below(repository, "docs/src", "md")
        .into_iter()
        .filter(|path| path != Path::new(SUMMARY) && !listed.contains(path))
        .map(|path| format!("{} is not in {SUMMARY}", path.display()))
        .collect()
}

#[test]
fn every_link_leads_somewhere() {
    holds(&dead(repository()));
}

#[test]
fn every_page_is_in_the_table_of_contents() {
    holds(&left_out(repository()));
}

#[test]
fn a_dead_link_is_told() {
    let cases = [
        ("[a](b.md)", None),
        ("[a](b.md#here)", None),
        ("[a](b.md#b-1)", None),
        ("[a](#a)", None),
        ("[a](../../labs/x.rs)", None),
        ("[a](https://example.org/x.md#y)", None),
        ("`[a](nowhere.md)`", None),
        (
            "[a](c.md)",
            Some("docs/src/a.md:3: `c.md` leads to no file"),
        ),
        ("[a](b.md#there)", Some("leads to no anchor")),
        ("[a](#b)", Some("leads to no anchor")),
        ("![a](img/a.svg)", Some("leads to no file")),
        (
            "[a](../../labs/x.rs#L1)",
            Some("an anchor in what is no page"),
        ),
        ("[a](../../../x)", Some("leads out of the repository")),
        ("[a](/labs/x.rs)", Some("leads out of the repository")),
        ("[a](../../README.md)", Some("is no page of the book")),
    ];
    for (link, expected) in cases {
        let page = format!("# A\n\n{link}\n");
        let made_up = made_up(&[
            ("docs/src/a.md", &page),
            ("docs/src/b.md", "# Here\n\n1. <a id=\"b-1\"></a>x\n"),
            ("labs/x.rs", ""),
            ("README.md", "[a](docs/src/a.md)\n"),
        ]);
        match expected {
            None => holds(&dead(made_up.path())),
            Some(expected) => told(&dead(made_up.path()), expected),
        }
    }
}

#[test]
fn a_page_that_is_not_in_the_table_of_contents_is_told() {
    let made_up = made_up(&[
        ("docs/src/SUMMARY.md", "- [A](labs/a.md)\n"),
        ("docs/src/labs/a.md", "# A\n"),
        ("docs/src/labs/b.md", "# B\n"),
    ]);
    told(&left_out(made_up.path()), "docs/src/labs/b.md is not in");
}
