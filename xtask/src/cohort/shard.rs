//! A part of a cohort, for one of several machines.

use std::fmt;
use std::str::FromStr;

use sha2::{Digest, Sha256};

/// Part `index` of `of`, counted from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shard {
    index: u64,
    of: u64,
}

impl Shard {
    /// Whether the submission `id` is in this part: in exactly one of them, and always the same,
    /// whoever else has handed in.
    pub fn has(self, id: &str) -> bool {
        let digest = Sha256::digest(id.as_bytes());
        let number = digest[..8]
            .iter()
            .fold(0, |number, byte| number << 8 | u64::from(*byte));
        number % self.of == self.index - 1
    }
}

impl FromStr for Shard {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let read = || {
            let (index, of) = text.split_once('/')?;
            let (index, of) = (index.parse().ok()?, of.parse().ok()?);
            (1..=of).contains(&index).then_some(Self { index, of })
        };
        read().ok_or_else(|| "part I of N, 1/4 to 4/4 for example".to_owned())
    }
}

impl fmt::Display for Shard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.index, self.of)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shards_are_disjoint_and_complete() {
        let shards: Vec<Shard> = (1..=4)
            .map(|index| format!("{index}/4").parse().expect("a shard"))
            .collect();
        let mut sizes = [0; 4];
        for number in 0..400 {
            let id = format!("student-{number}");
            let has: Vec<usize> = (0..4).filter(|index| shards[*index].has(&id)).collect();
            assert_eq!(has.len(), 1);
            sizes[has[0]] += 1;
        }
        assert!(sizes.iter().all(|size| *size > 50), "{sizes:?}");
    }

    #[test]
    fn a_part_is_one_of_its_whole() {
        for text in ["0/4", "5/4", "1/0", "1", "a/b", "-1/2"] {
            assert!(text.parse::<Shard>().is_err(), "{text}");
        }
        assert_eq!("2/3".parse::<Shard>().expect("a shard").to_string(), "2/3");
    }
}
