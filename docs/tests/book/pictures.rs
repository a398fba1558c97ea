//! Pictures can be read by everyone: in light and dark, on a small screen, and by ear.
//!
//! A picture follows the reader's system, the page follows the theme of the book: so it brings its
//! own background.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use roxmltree::{Document, Node};

use crate::page::{below, pages};
use crate::{holds, made_up, repository, told};

/// Wider ones have letters that are too small on a telephone.
const WIDEST: f64 = 780.0;

/// In units of the picture.
const SMALLEST_LETTER: f64 = 13.0;

/// What is wrong with the pictures in `repository`.
fn wrong_pictures(repository: &Path) -> Vec<String> {
    let mut troubles = Vec::new();
    let mut shown = BTreeSet::new();
    for page in pages(repository) {
        for picture in &page.pictures {
            if picture.alt.trim().len() < 20 {
                let at = page.at(picture.line);
                troubles.push(format!(
                    "{at}: the alternative text of {} does not say what it shows",
                    picture.path
                ));
            }
            let folder = page.path.parent().unwrap_or(Path::new(""));
            if let Ok(path) = fs::canonicalize(repository.join(folder).join(&picture.path)) {
                shown.insert(path);
            }
        }
    }
    for path in below(repository, "docs/src", "svg") {
        let text = fs::read_to_string(repository.join(&path)).unwrap_or_default();
        for why in wrong(&text) {
            troubles.push(format!("{}: {why}", path.display()));
        }
        let full = fs::canonicalize(repository.join(&path)).unwrap_or_default();
        if !shown.contains(&full) {
            troubles.push(format!("{}: no page shows it", path.display()));
        }
    }
    let others: Vec<PathBuf> = ["png", "jpg", "gif", "webp"]
        .iter()
        .flat_map(|end| below(repository, "docs/src", end))
        .collect();
    troubles.extend(
        others
            .iter()
            .map(|path| format!("{}: draw it as SVG, or record it", path.display())),
    );
    troubles
}

/// What is wrong with the SVG `text`.
fn wrong(text: &str) -> Vec<String> {
    let document = match Document::parse(text) {
        Ok(document) => document,
        Err(error) => return vec![format!("is not XML: {error}")],
    };
    let svg = document.root_element();
    let mut troubles = Vec::new();
    let mut must = |holds: bool, why: &str| {
        if !holds {
            troubles.push(why.to_owned());
        }
    };
    let (width, height) = size(svg).unwrap_or_default();
    must(width > 0.0 && height > 0.0, "has no viewBox");
    must(width <= WIDEST, "is too wide for a small screen");
    must(svg.attribute("role") == Some("img"), "has no role=\"img\"");
    let title = svg
        .children()
        .find(|node| node.has_tag_name(("http://www.w3.org/2000/svg", "title")));
    let title = title.and_then(|title| title.text()).unwrap_or_default();
    must(!title.trim().is_empty(), "has no title");
    let style: String = svg
        .descendants()
        .filter(|node| node.tag_name().name() == "style")
        .filter_map(|node| node.text())
        .collect();
    let (light, dark) = schemes(&style);
    let card = svg.descendants().find(|node| is_card(*node));
    must(
        card.is_some_and(|card| covers(card, width, height)),
        "has no rect of class card that covers it",
    );
    must(
        is_opaque(fill_of("card", &light)),
        "has a card that is not opaque",
    );
    must(
        is_opaque(fill_of("card", &dark)),
        "has no card for a dark screen",
    );
    must(
        fill_of("text", &dark).is_some(),
        "has no text for a dark screen",
    );
    let small = letters(text)
        .into_iter()
        .find(|size| *size < SMALLEST_LETTER);
    must(small.is_none(), "has letters of less than 13 px");
    troubles
}

fn size(svg: Node<'_, '_>) -> Option<(f64, f64)> {
    let numbers: Vec<f64> = svg
        .attribute("viewBox")?
        .split([' ', ','])
        .filter_map(|number| number.parse().ok())
        .collect();
    match numbers[..] {
        [_, _, width, height] => Some((width, height)),
        _ => None,
    }
}

fn is_card(node: Node<'_, '_>) -> bool {
    let classes = node.attribute("class").unwrap_or_default();
    node.tag_name().name() == "rect" && classes.split(' ').any(|class| class == "card")
}

/// Whether the rect reaches the edges of the picture, but for its own outline.
fn covers(card: Node<'_, '_>, width: f64, height: f64) -> bool {
    let reaches = |name: &str, whole: f64| match card.attribute(name) {
        Some("100%") => true,
        Some(number) => number
            .parse()
            .is_ok_and(|length: f64| length >= whole - 4.0),
        None => false,
    };
    reaches("width", width) && reaches("height", height)
}

/// The style without and within `@media (prefers-color-scheme: dark)`.
fn schemes(style: &str) -> (String, String) {
    let Some((before, rest)) = style.split_once("@media (prefers-color-scheme: dark)") else {
        return (style.to_owned(), String::new());
    };
    let mut depth = 0;
    for (at, c) in rest.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth == 1 => {
                let inner = rest[..at].trim_start().trim_start_matches('{');
                return (format!("{before}{}", &rest[at + 1..]), inner.to_owned());
            }
            '}' => depth -= 1,
            _ => {}
        }
    }
    (before.to_owned(), rest.to_owned())
}

/// What the rules give elements of that class, or of that name, as fill.
fn fill_of<'a>(name: &str, style: &'a str) -> Option<&'a str> {
    let mut found = None;
    for rule in style.split('}') {
        let Some((selectors, body)) = rule.split_once('{') else {
            continue;
        };
        let class = format!(".{name}");
        let named = |selector: &str| selector.trim() == name || selector.trim() == class;
        if selectors.split(',').any(named) {
            let declarations = body.split(';').filter_map(|one| one.split_once(':'));
            let fill = declarations.filter(|(property, _)| property.trim() == "fill");
            found = fill.map(|(_, value)| value.trim()).next_back().or(found);
        }
    }
    found
}

fn is_opaque(fill: Option<&str>) -> bool {
    fill.is_some_and(|fill| {
        let digits = fill.strip_prefix('#').map(str::len);
        matches!(digits, Some(3 | 6)) || matches!(fill, "white" | "black")
    })
}

/// The sizes of letters that occur in an SVG: `font: 15px ...`, `font-size: 13px`, `font-size="13"`.
fn letters(text: &str) -> Vec<f64> {
    let mut sizes = Vec::new();
    for rest in text.match_indices("font").map(|(at, _)| &text[at..]) {
        let value = rest
            .strip_prefix("font-size=\"")
            .or_else(|| rest.strip_prefix("font-size:"))
            .or_else(|| rest.strip_prefix("font:"));
        let Some(value) = value else { continue };
        let value = value.split([';', '"', '}']).next().unwrap_or_default();
        let number = value.split([' ', '/']).find_map(|word| {
            word.trim_end_matches("px")
                .parse::<f64>()
                .ok()
                .filter(|size| *size < 100.0)
        });
        sizes.extend(number);
    }
    sizes
}

#[test]
fn every_picture_can_be_read_by_everyone() {
    holds(&wrong_pictures(repository()));
}

const GOOD: &str = r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 700 90" role="img" aria-labelledby="t">
  <title id="t">A box.</title>
  <style>text { font: 15px system-ui; fill: #1f2933 } .card, .other { fill: #fff }
    @media (prefers-color-scheme: dark) { text { fill: #e4e7eb } .card { fill: #1f2933 } } .b { fill: #000 }</style>
  <rect class="card" width="700" height="90" rx="8"/>
  <text x="1" y="20">a</text>
</svg>"#;

#[test]
fn a_picture_that_some_cannot_read_is_told() {
    assert_eq!(wrong(GOOD), [] as [&str; 0]);
    let cases = [
        ("</svg>", "", "is not XML"),
        ("viewBox", "viewbox", "has no viewBox"),
        ("role=\"img\"", "", "has no role"),
        ("A box.", " ", "has no title"),
        (".card { fill: #1f2933 }", "", "no card for a dark screen"),
        ("text { fill: #e4e7eb }", "", "no text for a dark screen"),
        ("fill: #fff", "fill: none", "a card that is not opaque"),
        ("fill: #fff", "fill: #ffffff80", "a card that is not opaque"),
        (
            "class=\"card\"",
            "class=\"other\"",
            "has no rect of class card",
        ),
        (
            "width=\"700\"",
            "width=\"600\"",
            "has no rect of class card",
        ),
        ("font: 15px", "font: 12px", "less than 13 px"),
        ("x=\"1\"", "x=\"1\" font-size=\"11\"", "less than 13 px"),
    ];
    for (from, to, expected) in cases {
        assert!(GOOD.contains(from), "{from}");
        let troubles = wrong(&GOOD.replacen(from, to, 1));
        assert!(
            troubles.iter().any(|why| why.contains(expected)),
            "{expected}: {troubles:?}"
        );
    }
    let wide = GOOD.replace("700", "1200");
    told(&wrong(&wide), "too wide");
}

#[test]
fn a_picture_without_words_or_without_a_page_is_told() {
    let page = "![A box, and nothing in it.](img/a.svg)\n";
    let files = |page| made_up(&[("docs/src/a.md", page), ("docs/src/img/a.svg", GOOD)]);
    holds(&wrong_pictures(files(page).path()));
    told(
        &wrong_pictures(files("![](img/a.svg)\n").path()),
        "docs/src/a.md:1: the alternative text of img/a.svg does not say what it shows",
    );
    told(
        &wrong_pictures(files("text\n").path()),
        "docs/src/img/a.svg: no page shows it",
    );
    let photo = made_up(&[("docs/src/a.png", "")]);
    told(&wrong_pictures(photo.path()), "draw it as SVG");
}
