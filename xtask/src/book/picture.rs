//! A terminal's screen as a picture: SVG that can be read in light and dark.

use std::fmt::Write;

use crate::report::failure::WIDTH;

/// Size of a letter, in units of the picture, and how far apart letters and rows are.
const LETTER: f64 = 13.0;
const COLUMN: f64 = 7.83;
const ROW: f64 = 18.0;

/// Space between the card's edge and the text.
const MARGIN: f64 = 16.0;

const STYLE: &str = "
    text { font: 13px ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace; fill: #1f2933; white-space: pre }
    .card { fill: #ffffff; stroke: #cbd2d9 }
    .b { font-weight: 700 } .f { fill: #616e7c } .g { fill: #22733b } .r { fill: #b91c1c }
    @media (prefers-color-scheme: dark) {
      text { fill: #e4e7eb } .card { fill: #1f2933; stroke: #52606d }
      .f { fill: #9aa5b1 } .g { fill: #68d391 } .r { fill: #fc8181 }
    }
  ";

/// The picture of a screen that shows `printed`, which may have the colours that this runner
/// gives; `title` says what there is to see.
pub fn of(printed: &str, title: &str) -> String {
    let rows: Vec<Vec<Piece>> = printed
        .lines()
        .flat_map(|row| broken(pieces(row), WIDTH))
        .collect();
    let columns = rows
        .iter()
        .map(|row| row.iter().map(|piece| piece.text.chars().count()).sum())
        .max()
        .unwrap_or(0usize);
    let width =
        (f64::from(u32::try_from(columns).unwrap_or(u32::MAX)) * COLUMN + 2.0 * MARGIN).ceil();
    let count = u32::try_from(rows.len()).unwrap_or(u32::MAX);
    let height = f64::from(count) * ROW + 2.0 * MARGIN;
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" role=\"img\" aria-labelledby=\"t\" xml:space=\"preserve\">\n  \
         <title id=\"t\">{}</title>\n  <style>{STYLE}</style>\n  \
         <rect class=\"card\" x=\"0.5\" y=\"0.5\" width=\"{}\" height=\"{}\" rx=\"8\"/>\n",
        escaped(title),
        width - 1.0,
        height - 1.0,
    );
    let mut y = MARGIN + LETTER;
    for row in rows {
        if !row.is_empty() {
            // Writing to a String cannot fail.
            _ = writeln!(
                svg,
                "  <text x=\"{MARGIN}\" y=\"{y}\">{}</text>",
                marked_up(&row)
            );
        }
        y += ROW;
    }
    svg.push_str("</svg>\n");
    svg
}

/// Text in one rendition.
#[derive(Debug, PartialEq, Eq)]
struct Piece {
    class: &'static str,
    text: String,
}

/// The pieces of a row: renditions are those of `output::paint` (ECMA-48 8.3.117, SGR), any other
/// control sequence is left out.
fn pieces(row: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut class = "";
    for (index, part) in row.split("\x1b[").enumerate() {
        let mut text = part;
        if index > 0 {
            let end = part.find(|c: char| c.is_ascii_alphabetic());
            let (sequence, rest) = part.split_at(end.map_or(part.len(), |end| end + 1));
            class = match sequence {
                "1m" => "b",
                "2m" => "f",
                "31m" => "r",
                "32m" => "g",
                sequence if sequence.ends_with('m') => "",
                _ => class,
            };
            text = rest;
        }
        if !text.is_empty() {
            let text = crate::output::plain::lines(text);
            pieces.push(Piece { class, text });
        }
    }
    pieces
}

/// `row` in rows of at most `width` letters, as a terminal breaks it.
fn broken(row: Vec<Piece>, width: usize) -> Vec<Vec<Piece>> {
    let mut rows = vec![Vec::new()];
    let mut room = width;
    for Piece { class, text } in row {
        let mut letters: Vec<char> = text.chars().collect();
        while !letters.is_empty() {
            if room == 0 {
                rows.push(Vec::new());
                room = width;
            }
            let rest = letters.split_off(room.min(letters.len()));
            room -= letters.len();
            if let Some(row) = rows.last_mut() {
                let text = letters.iter().collect();
                row.push(Piece { class, text });
            }
            letters = rest;
        }
    }
    rows
}

fn marked_up(row: &[Piece]) -> String {
    row.iter()
        .map(|Piece { class, text }| match *class {
            "" => escaped(text),
            class => format!("<tspan class=\"{class}\">{}</tspan>", escaped(text)),
        })
        .collect()
}

/// `text` for XML.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::output::paint::Paint;

    #[test]
    fn the_runner_s_colours_become_classes_and_its_text_stays() {
        let paint = Paint::new(true);
        let row = format!("  {}  a <b> & {}", paint.bad("fail"), paint.faint("c"));
        let svg = of(&format!("{row}\n\n{}\n", paint.good("ok")), "A \"title\"");
        assert!(
            svg.contains("<title id=\"t\">A &quot;title&quot;</title>"),
            "{svg}"
        );
        assert!(
            svg.contains("<text x=\"16\" y=\"29\">  <tspan class=\"r\">fail</tspan>  a &lt;b&gt; &amp; <tspan class=\"f\">c</tspan></text>"),
            "{svg}"
        );
        // The second row is empty.
        assert!(
            svg.contains("<text x=\"16\" y=\"65\"><tspan class=\"g\">ok</tspan></text>"),
            "{svg}"
        );
        assert!(svg.contains("viewBox=\"0 0 166 86\""), "{svg}");
    }

    #[test]
    fn a_row_is_broken_where_a_terminal_would() {
        let rows = broken(pieces("abc\x1b[1mdefg\x1b[0mh"), 3);
        let texts: Vec<String> = rows
            .iter()
            .map(|row| row.iter().map(|piece| piece.text.as_str()).collect())
            .collect();
        assert_eq!(texts, ["abc", "def", "gh"]);
        assert_eq!(rows[2][0].class, "b");
        assert_eq!(broken(Vec::new(), 3), [[]]);
    }

    #[test]
    fn sequences_that_are_no_colour_are_left_out() {
        let told = pieces("a\x1b[2Kb\x1b[0mc\u{7}");
        let texts: Vec<&str> = told.iter().map(|piece| piece.text.as_str()).collect();
        assert_eq!(texts, ["a", "b", "c\\u{7}"]);
    }
}
