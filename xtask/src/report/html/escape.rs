//! Text in HTML: shown, never obeyed.

use maud::{Escaper, Render};
use std::fmt::Write;

use super::super::view::text::Text;
use crate::output::plain::line;

/// `text` for an element or a quoted attribute: markup escaped, controls and marks that
/// reorder text made visible.
pub fn html(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len() + text.len() / 8);
    // Writing to a String cannot fail.
    _ = Escaper::new(&mut escaped).write_str(&line(text));
    escaped
}

impl Render for Text<'_> {
    fn render_to(&self, buffer: &mut String) {
        // What would be obeyed is escaped in it already.
        _ = Escaper::new(buffer).write_str(self.as_str());
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::hostile::HOSTILE;
    use super::*;

    #[test]
    fn nothing_hostile_is_markup_or_reorders_text() {
        for text in HOSTILE {
            let escaped = html(text);
            assert!(!escaped.contains(['<', '>', '"']), "{escaped}");
            assert!(
                !escaped.chars().any(testbench::bytes::is_treacherous),
                "{escaped}"
            );
        }
        assert_eq!(html("</p><script>"), "&lt;/p&gt;&lt;script&gt;");
        assert_eq!(html("a & b \"c\""), "a &amp; b &quot;c&quot;");
        assert_eq!(html("x\u{202e}y\0"), "x\\u{202e}y\\u{0}");
    }
}
