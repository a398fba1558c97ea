//! Stage 1, `checksum`: the sum that IPv4, ICMP, UDP and TCP carry against damage, RFC 1071.
//!
//! What is asked: docs/src/labs/raw-sockets.md#checksum

/// The Internet checksum of a message whose parts lie in several places: `pieces` one after the
/// other are its bytes. The message's own checksum field is among them as zero.
pub fn checksum(pieces: &[&[u8]]) -> u16 {
    // solution: todo!("add up the 16-bit words of the message, bring each carry round, and invert: {pieces:?}")
    !sum(pieces)
    // end
}

/// Whether a message that has its checksum in it came as it was sent.
pub fn is_intact(pieces: &[&[u8]]) -> bool {
    // solution: todo!("tell whether all words together, checksum and all, make what they must: {pieces:?}")
    sum(pieces) == 0xffff
    // end
}

// solution:
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
// end
