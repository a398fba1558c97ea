//! The frame of every page: its head, its style, and what it may load, which is nothing.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use maud::{DOCTYPE, Markup, PreEscaped, html};
use sha2::{Digest, Sha256};

const STYLE: &str = include_str!("style.css");

/// A page of that title. The policy in its head forbids whatever text might slip through as
/// markup to load or run anything; only `script`, by its digest, may run.
pub fn document(title: &str, body: &Markup, script: Option<&str>) -> String {
    let allowed = script.map_or_else(
        || "'none'".to_owned(),
        |script| format!("'sha256-{}'", STANDARD.encode(Sha256::digest(script))),
    );
    let policy = format!(
        "default-src 'none'; style-src 'unsafe-inline'; script-src {allowed}; base-uri 'none'; form-action 'none'"
    );
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta http-equiv="Content-Security-Policy" content=(policy);
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                meta name="referrer" content="no-referrer";
                title { (title) }
                // Ours, and without a closing tag in it.
                style { (PreEscaped(STYLE)) }
            }
            body {
                (body)
                @if let Some(script) = script {
                    script { (PreEscaped(script)) }
                }
            }
        }
    };
    page.into_string()
}
