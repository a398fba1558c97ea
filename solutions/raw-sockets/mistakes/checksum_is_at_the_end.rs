//! Supposes that the checksum is the last word of the message.
//!
//! stage: checksum
//! fails: checksum::an_intact_message_is_told_from_a_damaged_one
//! meant: checksum::an_intact_message_is_told_from_a_damaged_one
//! says: Where the checksum stands does not matter

/// The Internet checksum of a message whose parts lie in several places: `pieces` one after the
/// other are its bytes. The message's own checksum field is among them as zero.
pub fn checksum(pieces: &[&[u8]]) -> u16 {
    !sum(pieces)
}

/// Whether a message that has its checksum in it came as it was sent.
pub fn is_intact(pieces: &[&[u8]]) -> bool {
    let message = pieces.concat();
    match message.split_last_chunk::<2>() {
        Some((rest, last)) => sum(&[rest]) == !u16::from_be_bytes(*last),
        None => false,
    }
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
    while sum > 0xffff {
        sum = (sum & 0xffff) + (sum >> 16);
    }
    u16::try_from(sum).unwrap_or(u16::MAX)
}
