//! Text in HTML: shown, never obeyed.

use std::fmt::Write;

use maud::{Escaper, Render};

use super::super::view::text::Text;

impl Render for Text<'_> {
    fn render_to(&self, buffer: &mut String) {
        // Controls and marks are escaped in it already; what is left is markup.
        _ = Escaper::new(buffer).write_str(self.as_str());
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::hostile::HOSTILE;
    use super::super::super::view::evidence::{Actor, Evidence, Step};
    use super::super::comparison::comparison;
    use super::super::ladder::ladder;
    use super::*;

    /// Whether `page` has only these elements, without handlers of events, and nothing that steers.
    fn is_made_of(page: &str, elements: &[&str]) {
        // No characters of XML, though of HTML.
        let page = page.replace(['\u{fffe}', '\u{ffff}'], "");
        let page = format!("<page>{page}</page>");
        let tree = roxmltree::Document::parse(&page).expect(&page);
        let root = tree.root_element();
        for node in root
            .descendants()
            .filter(roxmltree::Node::is_element)
            .skip(1)
        {
            assert!(elements.contains(&node.tag_name().name()), "{page}");
            let handler = node.attributes().find(|one| one.name().starts_with("on"));
            assert!(handler.is_none(), "{page}");
        }
        assert!(
            !page.chars().any(testbench::bytes::is_treacherous),
            "{page}"
        );
    }

    #[test]
    fn nothing_hostile_is_markup_or_reorders_text() {
        for text in HOSTILE {
            is_made_of(&Text::of(*text).render().into_string(), &[]);
        }
        let of = |text| Text::of(text).render().into_string();
        assert_eq!(of("</p><script>"), "&lt;/p&gt;&lt;script&gt;");
        assert_eq!(of("a & b \"c\""), "a &amp; b &quot;c&quot;");
        assert_eq!(of("x\u{202e}y\0"), "x\\u{202e}y\\u{0}");
    }

    #[test]
    fn nothing_hostile_gets_out_of_a_ladder() {
        for text in HOSTILE {
            let step = Step {
                ms: 1.0,
                from: Text::of(*text),
                to: None,
                event: Text::of(*text),
                bytes: Some(Text::of(*text)),
                len: Some(1),
                actor: Actor::Peer,
                on_purpose: false,
            };
            is_made_of(
                &ladder(&[step]).into_string(),
                &["svg", "g", "text", "path"],
            );
        }
    }

    #[test]
    fn nothing_hostile_gets_out_of_a_comparison() {
        for text in HOSTILE {
            for at in [None, Some(0), Some(1), Some(5), Some(1000)] {
                let evidence = Evidence {
                    expected: Some(Text::of(*text)),
                    seen: Some(Text::of(*text)),
                    differs_at: at,
                    transcript: Vec::new(),
                    exit: None,
                    stderr: Vec::new(),
                    panicked_at: None,
                };
                is_made_of(
                    &comparison(&evidence).into_string(),
                    &["dl", "dt", "dd", "code", "mark", "span", "p"],
                );
            }
        }
    }
}
