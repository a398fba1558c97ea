//! Stage 1, `checksum`: the sum that IPv4, ICMP, UDP and TCP carry against damage, RFC 1071.
//!
//! What is asked: docs/src/labs/raw-sockets.md#checksum

/// The Internet checksum of a message whose parts lie in several places: `pieces` one after the
/// other are its bytes. The message's own checksum field is among them as zero.
pub fn checksum(pieces: &[&[u8]]) -> u16 {
    todo!("add up the 16-bit words of the message, bring each carry round, and invert: {pieces:?}")
}

/// Whether a message that has its checksum in it came as it was sent.
pub fn is_intact(pieces: &[&[u8]]) -> bool {
    todo!("tell whether all words together, checksum and all, make what they must: {pieces:?}")
}
