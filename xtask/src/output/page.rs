//! A text under construction, row by row.

/// Rows of text.
#[derive(Debug, Default)]
pub struct Page(String);

impl Page {
    /// Adds a row. What ends it in white space is for alignment, and left off.
    pub fn row(&mut self, row: impl AsRef<str>) {
        self.0.push_str(row.as_ref().trim_end());
        self.0.push('\n');
    }

    /// Adds rows.
    pub fn rows<R: AsRef<str>>(&mut self, rows: impl IntoIterator<Item = R>) {
        for row in rows {
            self.row(row);
        }
    }

    /// Adds an empty row.
    pub fn blank(&mut self) {
        self.row("");
    }

    /// Adds another page at the end.
    pub fn append(&mut self, other: &Self) {
        self.0.push_str(&other.0);
    }

    /// Adds another page at the end, set off by an empty row, if there is anything on it.
    pub fn below(&mut self, other: &Self) {
        if !other.is_empty() {
            if !self.is_empty() {
                self.blank();
            }
            self.append(other);
        }
    }

    /// Whether nothing is on it.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The text, every row with its line end.
    pub fn into_text(self) -> String {
        self.0
    }
}
