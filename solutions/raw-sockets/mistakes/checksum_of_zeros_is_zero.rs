//! Says 0 for a sum of 0, as if there were no checksum then.
//!
//! stage: checksum
//! fails: checksum::zeros_have_a_checksum_too
//! meant: checksum::zeros_have_a_checksum_too
//! says: all of it goes on the wire

/// The Internet checksum of a message whose parts lie in several places: `pieces` one after the
/// other are its bytes. The message's own checksum field is among them as zero.
pub fn checksum(pieces: &[&[u8]]) -> u16 {
    match sum(pieces) {
        0 => 0,
        sum => !sum,
    }
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
    while sum > 0xffff {
        sum = (sum & 0xffff) + (sum >> 16);
    }
    u16::try_from(sum).unwrap_or(u16::MAX)
}
