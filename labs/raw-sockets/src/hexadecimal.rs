//! Bytes as two hexadecimal digits each; `-` is none. Given.

use std::fmt::Write as _;

/// The bytes that `text` stands for, or a sentence that says what is wrong with it.
pub fn read(text: &str) -> Result<Vec<u8>, String> {
    if text == "-" {
        return Ok(Vec::new());
    }
    let wrong = || format!("these are no hexadecimal bytes: {text}");
    let digits: Option<Vec<u32>> = text.chars().map(|digit| digit.to_digit(16)).collect();
    digits
        .filter(|digits| !digits.is_empty() && digits.len() % 2 == 0)
        .and_then(|digits| {
            let pairs = digits.chunks(2);
            let bytes = pairs.map(|pair| u8::try_from(pair[0] * 16 + pair[1]).ok());
            bytes.collect()
        })
        .ok_or_else(wrong)
}

/// `bytes` as [`read`] reads them.
pub fn written(bytes: &[u8]) -> String {
    if bytes.is_empty() {
        return "-".to_owned();
    }
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing to a String cannot fail.
        _ = write!(text, "{byte:02x}");
        text
    })
}
