//! Numbers that nobody can guess. Given.

use std::hash::{BuildHasher, RandomState};

/// A number that differs from run to run and from call to call: SipHash with keys from the
/// system's generator. Good for ids and tokens, not for secrets that have to last.
pub fn number() -> u64 {
    RandomState::new().hash_one(0)
}
