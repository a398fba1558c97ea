//! Two strings of escaped bytes, one under the other, with a mark where they differ.

use std::iter;

/// The most columns that stand before the difference.
const BEFORE: usize = 28;

/// How many bytes of an excerpt stand before its focus, when its beginning is left out
/// (`testbench::bytes::excerpt`).
const EXCERPT_BEFORE_FOCUS: usize = 24;

/// `expected` and `seen` in quotes and at most `width` columns, and the mark below them.
///
/// `at` is the index of the first byte in which they differ.
pub fn compared(expected: &str, seen: &str, at: usize, width: usize) -> [String; 3] {
    let (expected, seen) = (Cells::of(expected, at), Cells::of(seen, at));
    let column = expected.before().max(seen.before());
    [
        expected.line(column, width),
        seen.line(column, width),
        format!("{}^ byte {at}", " ".repeat(column + 1)),
    ]
}

/// `text` before the byte in which it differs, that byte, and what follows; the byte is empty
/// where the text ends before it.
pub fn parts(text: &str, at: usize) -> (&str, &str, &str) {
    let mut rest = cells(text);
    let before: usize = rest.by_ref().take(focus(text, at)).map(str::len).sum();
    let first = rest.next().map_or(0, str::len);
    let (before, rest) = text.split_at(before);
    let (first, after) = rest.split_at(first);
    (before, first, after)
}

/// An escaped text by what stands for one byte each, and which of them differs.
struct Cells<'a> {
    all: Vec<&'a str>,
    focus: usize,
    /// The first cell that is shown.
    first: usize,
}

impl<'a> Cells<'a> {
    fn of(text: &'a str, at: usize) -> Self {
        let cells: Vec<&str> = cells(text).collect();
        let focus = focus(text, at).min(cells.len());
        let mut first = focus;
        let mut columns = 0;
        while first > 0 && columns + columns_of(cells[first - 1]) <= BEFORE {
            first -= 1;
            columns += columns_of(cells[first]);
        }
        Self {
            all: cells,
            focus,
            first,
        }
    }

    /// How many columns stand between the opening quote and the difference.
    fn before(&self) -> usize {
        let shown: usize = self.all[self.first..self.focus]
            .iter()
            .map(|cell| columns_of(cell))
            .sum();
        shown + usize::from(self.first > 0)
    }

    /// The text in quotes, its difference `column` columns behind the opening quote.
    fn line(&self, column: usize, width: usize) -> String {
        let mut line = " ".repeat(column.saturating_sub(self.before()));
        line.push('"');
        if self.first > 0 {
            line.push('…');
        }
        let mut columns = columns_of(&line);
        for (index, cell) in self.all.iter().enumerate().skip(self.first) {
            let rest: usize = self.all[index..].iter().map(|cell| columns_of(cell)).sum();
            let room = width.saturating_sub(columns + 1);
            if rest > room && columns_of(cell) + 1 > room {
                line.push('…');
                break;
            }
            line.push_str(cell);
            columns += columns_of(cell);
        }
        line.push('"');
        line
    }
}

fn columns_of(text: &str) -> usize {
    text.chars().count()
}

/// Which cell stands for the byte at `at`; where the beginning is left out, the one behind the dots
/// and [`EXCERPT_BEFORE_FOCUS`] bytes. It may lie behind the last one.
fn focus(text: &str, at: usize) -> usize {
    if text.starts_with('…') {
        1 + EXCERPT_BEFORE_FOCUS
    } else {
        at
    }
}

/// `text` cut into its escapes and characters.
fn cells(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    iter::from_fn(move || {
        let mut chars = rest.chars();
        let more = match (chars.next()?, chars.clone().next()) {
            ('\\', Some('x')) => 3,
            ('\\', _) => 1,
            _ => 0,
        };
        chars.by_ref().take(more).for_each(drop);
        let (cell, behind) = rest.split_at(rest.len() - chars.as_str().len());
        rest = behind;
        Some(cell)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use testbench::bytes::{excerpt, first_difference};

    fn of_bytes(expected: &[u8], seen: &[u8]) -> [String; 3] {
        let at = first_difference(expected, seen).unwrap();
        compared(
            &excerpt(expected, Some(at)),
            &excerpt(seen, Some(at)),
            at,
            60,
        )
    }

    /// The cell that the mark stands under.
    fn marked(line: &str, mark: &str) -> String {
        let column = mark.find('^').unwrap();
        line.chars().skip(column).take(4).collect()
    }

    #[test]
    fn the_mark_stands_under_the_first_byte_that_differs() {
        let [expected, seen, mark] = of_bytes(b"5\n20\n", b"5\n21\n");
        assert_eq!(expected, r#""5\n20\n""#);
        assert_eq!(seen, r#""5\n21\n""#);
        assert_eq!(mark, "     ^ byte 3");
    }

    #[test]
    fn a_text_is_parted_around_its_difference() {
        assert_eq!(parts("5\\n21\\n", 3), ("5\\n2", "1", "\\n"));
        assert_eq!(parts("\\xff\\\"a", 1), ("\\xff", "\\\"", "a"));
        assert_eq!(parts("ADD ", 4), ("ADD ", "", ""));
        assert_eq!(parts("größe", 99), ("größe", "", ""));
        assert_eq!(parts("a\\", 1), ("a", "\\", ""));
        assert_eq!(parts("a\\x1", 1), ("a", "\\x1", ""));
        let cut = format!("…{}no", "x".repeat(EXCERPT_BEFORE_FOCUS));
        assert_eq!(parts(&cut, 500).1, "n");
    }

    #[test]
    fn escapes_count_as_one_byte() {
        let [expected, seen, mark] = of_bytes(b"\x00\xff\"a", b"\x00\xff\"b");
        assert_eq!(marked(&expected, &mark), "a\"");
        assert_eq!(marked(&seen, &mark), "b\"");
    }

    #[test]
    fn a_missing_end_is_marked_behind_the_last_byte() {
        let [_, seen, mark] = of_bytes(b"abcdef", b"abc");
        assert_eq!(marked(&seen, &mark), "\"");
    }

    #[test]
    fn long_texts_are_cut_around_the_difference_and_stay_aligned() {
        let long: Vec<u8> = (0..=255).cycle().take(4000).collect();
        let mut other = long.clone();
        other[2000] ^= 1;
        let [expected, seen, mark] = of_bytes(&long, &other);
        assert!(expected.chars().count() <= 60, "{expected}");
        assert_eq!(marked(&expected, &mark), "\\xd0");
        assert_eq!(marked(&seen, &mark), "\\xd1");
    }

    #[test]
    fn a_short_text_against_a_long_one_stays_aligned() {
        let long = [b'x'; 1000];
        let [expected, seen, mark] = of_bytes(&long, &long[..50]);
        assert!(expected.trim_start().starts_with("\"…x"), "{expected}");
        assert_eq!(marked(&seen, &mark), "\"");
        assert!(marked(&expected, &mark).starts_with('x'));
    }
}
