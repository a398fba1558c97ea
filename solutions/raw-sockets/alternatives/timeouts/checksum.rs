//! Two sums, of the high bytes and of the low ones.

/// The Internet checksum of `pieces`, one after the other.
pub fn checksum(pieces: &[&[u8]]) -> u16 {
    let bytes = pieces.iter().flat_map(|piece| piece.iter());
    let mut halves = [0_u32; 2];
    for (at, byte) in bytes.enumerate() {
        halves[at % 2] += u32::from(*byte);
    }
    let sum = halves[0] * 256 + halves[1];
    // Adding the upper half to the lower one twice is always enough.
    let once = (sum >> 16) + (sum & 0xffff);
    let twice = (once >> 16) + (once & 0xffff);
    0xffff ^ u16::try_from(twice).unwrap_or(0xffff)
}

/// Whether what came has the checksum that it should have.
pub fn is_intact(pieces: &[&[u8]]) -> bool {
    checksum(pieces) == 0
}
