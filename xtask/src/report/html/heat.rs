//! How a student did in every check, as a strip: one cell a check, one path a colour.

use std::fmt::Write;

use maud::{Markup, PreEscaped, html};

use super::super::view::cohort_page::Cell;

/// The colours, each with its class in the style and its meaning.
pub const CELLS: [(Cell, &str, &str); 5] = [
    (Cell::Pass, "cp", "pass"),
    (Cell::Fail, "cf", "fail"),
    (Cell::Behind, "cb", "fails behind another failure"),
    (Cell::Broken, "cx", "does not compile"),
    (Cell::Open, "co", "not judged"),
];

/// The strip of some checks, with a gap before each of `borders`. Neighbours of one colour are one piece, so that a class of
/// hundreds stays small.
pub fn strip(cells: &[Cell], borders: &[usize]) -> Markup {
    let mut paths = String::new();
    for (kind, class, _) in CELLS {
        let mut path = String::new();
        let mut start = 0;
        for run in cells.chunk_by(|left, right| left == right) {
            if run.first() == Some(&kind) {
                let width = run.len();
                _ = write!(path, "M{start} 0h{width}v1h-{width}z");
            }
            start += run.len();
        }
        if !path.is_empty() {
            // Writing to a String cannot fail.
            _ = write!(paths, "<path class=\"{class}\" d=\"{path}\"/>");
        }
    }
    if !borders.is_empty() {
        let lines: String = borders.iter().map(|at| format!("M{at} 0v1")).collect();
        // An attribute, because the validator of HTML does not know it as a property (SVG 2, 13.5.5).
        _ = write!(
            paths,
            "<path class=\"cl\" vector-effect=\"non-scaling-stroke\" d=\"{lines}\"/>"
        );
    }
    let count = |kind| cells.iter().filter(|cell| **cell == kind).count();
    let failed = count(Cell::Fail) + count(Cell::Behind) + count(Cell::Broken);
    let told = format!("{failed} of {} fail", cells.len());
    html! {
        svg role="img" aria-label=(told) viewBox=(format!("0 0 {} 1", cells.len())) preserveAspectRatio="none" shape-rendering="crispEdges" {
            (PreEscaped(paths))
        }
    }
}

/// What the colours mean.
pub fn legend() -> Markup {
    html! {
        ul.legend {
            @for (_, class, meaning) in CELLS {
                li { svg viewBox="0 0 1 1" aria-hidden="true" { path class=(class) d="M0 0h1v1h-1z" {} } (meaning) }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_of_a_colour_is_one_piece() {
        let svg = strip(&[Cell::Pass, Cell::Pass, Cell::Fail, Cell::Pass], &[2]).into_string();
        assert!(
            svg.contains(r#"<path class="cp" d="M0 0h2v1h-2zM3 0h1v1h-1z"/>"#),
            "{svg}"
        );
        assert!(
            svg.contains(r#"<path class="cf" d="M2 0h1v1h-1z"/>"#),
            "{svg}"
        );
        assert!(
            svg.contains(r#"<path class="cl" vector-effect="non-scaling-stroke" d="M2 0v1"/>"#),
            "{svg}"
        );
        assert!(svg.contains(r#"aria-label="1 of 4 fail""#), "{svg}");
    }
}
