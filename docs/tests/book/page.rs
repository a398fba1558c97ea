//! A page as its readers' programs see it: links, pictures, anchors, blocks of code.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag, TagEnd};

/// A page.
#[derive(Debug, Default)]
pub(crate) struct Page {
    /// Its path in the repository.
    pub(crate) path: PathBuf,
    /// Where its links lead, with their lines.
    pub(crate) links: Vec<(usize, String)>,
    /// Its pictures.
    pub(crate) pictures: Vec<Picture>,
    /// What can stand behind `#` in a link to it.
    pub(crate) anchors: BTreeSet<String>,
    /// Its blocks of code between backticks.
    pub(crate) blocks: Vec<Block>,
}

/// A picture in a page.
#[derive(Debug)]
pub(crate) struct Picture {
    pub(crate) line: usize,
    pub(crate) path: String,
    pub(crate) alt: String,
}

/// A block of code between backticks.
#[derive(Debug)]
pub(crate) struct Block {
    pub(crate) line: usize,
    /// What stands behind the backticks.
    pub(crate) language: String,
    pub(crate) text: String,
    /// The line above it.
    pub(crate) above: String,
}

/// The pages of the book in `repository`, and its first page, README.md.
pub(crate) fn pages(repository: &Path) -> Vec<Page> {
    let mut paths = below(repository, "docs/src", "md");
    paths.push(PathBuf::from("README.md"));
    paths
        .into_iter()
        .filter_map(|path| {
            let text = fs::read_to_string(repository.join(&path)).ok()?;
            Some(Page::parse(path, &text))
        })
        .collect()
}

/// The files below `folder` whose names end in `.{extension}`, as paths in `repository`.
pub(crate) fn below(repository: &Path, folder: &str, extension: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![repository.join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|end| end == extension) {
                let inside = path.strip_prefix(repository).expect("a path in it");
                found.push(inside.to_path_buf());
            }
        }
    }
    found.sort();
    found
}

impl Page {
    /// Reads `text` as CommonMark with tables, as forges and mdBook do.
    pub(crate) fn parse(path: PathBuf, text: &str) -> Self {
        let mut page = Self {
            path,
            ..Self::default()
        };
        let mut headings = BTreeMap::new();
        let mut heading: Option<String> = None;
        let mut alt: Option<String> = None;
        for (event, place) in Parser::new_ext(text, Options::ENABLE_TABLES).into_offset_iter() {
            let line = 1 + text[..place.start].matches('\n').count();
            match event {
                Event::Start(Tag::Link { dest_url, .. }) => {
                    page.links.push((line, dest_url.into_string()));
                }
                Event::Start(Tag::Image { dest_url, .. }) => {
                    alt = Some(String::new());
                    page.pictures.push(Picture {
                        line,
                        path: dest_url.into_string(),
                        alt: String::new(),
                    });
                }
                Event::End(TagEnd::Image) => {
                    if let (Some(picture), Some(alt)) = (page.pictures.last_mut(), alt.take()) {
                        picture.alt = alt;
                    }
                }
                Event::Start(Tag::Heading { .. }) => heading = Some(String::new()),
                Event::End(TagEnd::Heading(_)) => {
                    let name = slug(&heading.take().unwrap_or_default());
                    let before = headings.entry(name.clone()).or_insert(0);
                    page.anchors.insert(match *before {
                        0 => name,
                        count => format!("{name}-{count}"),
                    });
                    *before += 1;
                }
                Event::Text(words) | Event::Code(words) => {
                    for open in [&mut heading, &mut alt].into_iter().flatten() {
                        open.push_str(&words);
                    }
                }
                Event::Html(html) | Event::InlineHtml(html) => {
                    let ids = html.split("id=\"").skip(1);
                    let ids = ids.filter_map(|rest| rest.split('"').next());
                    page.anchors.extend(ids.map(str::to_owned));
                }
                Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(language))) => {
                    let above = text[..place.start].trim_end_matches(' ');
                    let above = above.strip_suffix('\n').unwrap_or(above);
                    page.blocks.push(Block {
                        line,
                        language: language.into_string(),
                        text: inside(&text[place]),
                        above: above
                            .lines()
                            .next_back()
                            .unwrap_or_default()
                            .trim()
                            .to_owned(),
                    });
                }
                _ => {}
            }
        }
        page
    }

    /// The page and a line in it, to begin what is told of it.
    pub(crate) fn at(&self, line: usize) -> String {
        format!("{}:{line}", self.path.display())
    }
}

/// The lines of `block` between its first and its last, without their common margin.
fn inside(block: &str) -> String {
    let lines: Vec<&str> = block.lines().skip(1).collect();
    let lines = &lines[..lines.len().saturating_sub(1)];
    let margin = |line: &&str| line.len() - line.trim_start().len();
    let shared = lines.iter().filter(|line| !line.trim().is_empty());
    let shared = shared.map(margin).min().unwrap_or(0);
    lines
        .iter()
        .map(|line| format!("{}\n", line.get(shared..).unwrap_or_default()))
        .collect()
}

/// The anchor of a heading, as mdBook and the forges make it.
fn slug(heading: &str) -> String {
    heading
        .trim()
        .chars()
        .filter_map(|c| match c {
            c if c.is_alphanumeric() || c == '-' || c == '_' => Some(c),
            c if c.is_whitespace() => Some('-'),
            _ => None,
        })
        .flat_map(char::to_lowercase)
        .collect()
}

#[test]
fn a_page_is_read_as_its_readers_see_it() {
    let text = "# A `b` page, twice\n\n## A b page twice\n\n<a id=\"x-1\"></a>See [there](y.md#z), `[not](there)`.\n\n\
        ![All of it.](img/a.svg)\n\n    [not](code)\n\n1. In a list:\n\n   <!-- file: python/a.py -->\n   ```python\n   a\n     b\n   ```\n";
    let page = Page::parse(PathBuf::from("a.md"), text);
    assert_eq!(page.links, [(5, "y.md#z".to_owned())]);
    let picture = &page.pictures[0];
    assert_eq!(
        (picture.line, picture.path.as_str(), picture.alt.as_str()),
        (7, "img/a.svg", "All of it.")
    );
    let anchors: Vec<_> = page.anchors.iter().map(String::as_str).collect();
    assert_eq!(anchors, ["a-b-page-twice", "a-b-page-twice-1", "x-1"]);
    let block = &page.blocks[0];
    assert_eq!((block.line, block.language.as_str()), (14, "python"));
    assert_eq!(
        (block.text.as_str(), block.above.as_str()),
        ("a\n  b\n", "<!-- file: python/a.py -->")
    );
}
