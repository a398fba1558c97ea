//! The words of the whole message, added with the carry brought round at each step.

/// The Internet checksum of `pieces`, one after the other.
pub fn checksum(pieces: &[&[u8]]) -> u16 {
    !pieces
        .concat()
        .chunks(2)
        .map(|word| u16::from_be_bytes([word[0], word.get(1).copied().unwrap_or(0)]))
        .fold(0, |sum, word| {
            let (sum, carry) = u16::overflowing_add(sum, word);
            sum + u16::from(carry)
        })
}

/// Whether the checksum over everything, itself included, is zero.
pub fn is_intact(pieces: &[&[u8]]) -> bool {
    checksum(pieces) == 0
}
