//! Stage 1, `addresses`: read IPv6 addresses in all their forms, and write them in one.
//!
//! What is asked: docs/src/labs/ipv6.md#addresses

use crate::reading::Reading;

/// What `text`, `ADDRESS`, `ADDRESS%ZONE`, or one of them as `[...]:PORT`, says.
///
/// The error is a sentence, without `ERR`, for who wrote it.
pub fn read(text: &str) -> Result<Reading, String> {
    todo!(
        "take {text:?} apart into address, zone and port, tell which kind of address it is, and write it as RFC 5952 says"
    )
}
