//! Takes an odd last byte for the low half of its word.
//!
//! stage: checksum
//! fails: checksum::an_odd_byte_is_a_high_one
//!        checksum::pieces_make_one_message
//!        checksum::an_intact_message_is_told_from_a_damaged_one
//! meant: checksum::an_odd_byte_is_a_high_one
//! says: a zero byte follows it for the sum

/// The Internet checksum of a message whose parts lie in several places: `pieces` one after the
/// other are its bytes. The message's own checksum field is among them as zero.
pub fn checksum(pieces: &[&[u8]]) -> u16 {
    !sum(pieces)
}

/// Whether a message that has its checksum in it came as it was sent.
pub fn is_intact(pieces: &[&[u8]]) -> bool {
    sum(pieces) == 0xffff
}

/// The ones' complement sum of the 16-bit words.
fn sum(pieces: &[&[u8]]) -> u16 {
    // No message of IP is long enough for 32 bits to overflow; 64 hold any.
    let mut sum: u64 = 0;
    let mut high = true;
    for &byte in pieces.iter().copied().flatten() {
        // Where the byte stands in the message decides, not where it stands in its piece. An odd
        // last byte is a high one: zero follows it.
        sum += u64::from(byte) << if high { 8 } else { 0 };
        high = !high;
    }
    // Bringing a carry round may make another one.
    let length: usize = pieces.iter().map(|piece| piece.len()).sum();
    if length % 2 == 1
        && let Some(&last) = pieces.iter().copied().flatten().last()
    {
        sum = sum - (u64::from(last) << 8) + u64::from(last);
    }
    while sum > 0xffff {
        sum = (sum & 0xffff) + (sum >> 16);
    }
    u16::try_from(sum).unwrap_or(u16::MAX)
}
