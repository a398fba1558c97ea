//! Text in CSV: shown in a cell, never computed.

use crate::output::plain::line;

/// What begins a formula in some spreadsheet, full-width forms among them.
const FORMULA: &str = "=+-@＝＋－＠";

/// What some spreadsheet, by its owner's language, takes for the end of a cell.
const SEPARATORS: &str = ",;\t|";

/// `text` for a cell: an apostrophe before what a spreadsheet would compute, controls and
/// marks that reorder text made visible. Quoting is the writer's business.
pub fn csv(text: &str) -> String {
    let shown = line(text);
    let mut escaped = String::with_capacity(shown.len() + 1);
    // At the beginning of a cell, or of what another separator would make one.
    let mut begins = true;
    for c in shown.chars() {
        if begins && FORMULA.contains(c) {
            escaped.push('\'');
        }
        begins = SEPARATORS.contains(c) || (begins && (c == ' ' || c == '"'));
        escaped.push(c);
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::super::super::hostile::HOSTILE;
    use super::*;

    #[test]
    fn no_cell_begins_a_formula_whatever_parts_cells() {
        for text in HOSTILE {
            let escaped = csv(text);
            for separator in [',', ';', '|', '\t', '\n'] {
                for cell in escaped.split(separator) {
                    let cell = cell.trim_start_matches([' ', '"']);
                    assert!(!cell.starts_with(['=', '+', '-', '@']), "{escaped}");
                }
            }
            assert!(
                !escaped.chars().any(testbench::bytes::is_treacherous),
                "{escaped}"
            );
        }
        assert_eq!(csv("=1+1"), "'=1+1");
        assert_eq!(csv("x;=1+1"), "x;'=1+1");
        assert_eq!(csv("Ada Lovelace-Byron"), "Ada Lovelace-Byron");
        assert_eq!(csv("a\nb"), "a\\nb");
    }
}
