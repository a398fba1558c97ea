//! Expected and seen, with the first difference marked.

use maud::{Markup, html};

use super::super::comparison::parts;
use super::super::view::evidence::Evidence;

/// What should have come and what came, if the check compared.
pub fn comparison(evidence: &Evidence) -> Markup {
    let rows = [("expected", &evidence.expected), ("seen", &evidence.seen)];
    let shown = rows.iter().any(|(_, text)| text.is_some());
    html! {
        @if shown {
            dl.compared {
                @for (label, text) in rows {
                    @if let Some(text) = text {
                        dt { (label) }
                        dd { (marked(text.as_str(), evidence.differs_at)) }
                    }
                }
            }
            @if let Some(at) = evidence.differs_at {
                p.quiet { "They differ from byte " (at) " on; it is marked." }
            }
        }
    }
}

fn marked(text: &str, at: Option<usize>) -> Markup {
    html! {
        code {
            @match at.map(|at| parts(text, at)) {
                None => { (text) }
                Some((before, "", _)) => {
                    (before) mark.end title="it ends here" { "\u{23f9}" span.unseen { " (it ends here)" } }
                }
                Some((before, first, after)) => {
                    (before) mark { (first) } (after)
                }
            }
        }
    }
}
