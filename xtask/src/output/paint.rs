//! Colour, where a terminal takes it. What colour says, words say too.

/// Puts colour on text, or leaves it.
#[derive(Debug, Clone, Copy)]
pub struct Paint {
    on: bool,
}

impl Paint {
    /// Colour, if `on`.
    pub fn new(on: bool) -> Self {
        Self { on }
    }

    /// What went well.
    pub fn good(self, text: &str) -> String {
        self.with("32", text)
    }

    /// What did not.
    pub fn bad(self, text: &str) -> String {
        self.with("31", text)
    }

    /// What stands at the head of something.
    pub fn head(self, text: &str) -> String {
        self.with("1", text)
    }

    /// What may be passed over.
    pub fn faint(self, text: &str) -> String {
        self.with("2", text)
    }

    /// `text` in a rendition of ECMA-48 8.3.117 (SGR).
    fn with(self, rendition: &str, text: &str) -> String {
        if self.on && !text.is_empty() {
            format!("\x1b[{rendition}m{text}\x1b[0m")
        } else {
            text.to_owned()
        }
    }
}
