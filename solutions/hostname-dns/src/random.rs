//! A number that nobody can foretell. Given: `std` has none to offer by that name.

use std::hash::{BuildHasher, RandomState};

/// Sixteen random bits.
///
/// A `RandomState` is what keeps `HashMap` safe from chosen keys: the system gives each process
/// its seed (getrandom(2)).
pub fn number() -> u16 {
    let [a, b, ..] = RandomState::new().hash_one(0).to_ne_bytes();
    u16::from_ne_bytes([a, b])
}
