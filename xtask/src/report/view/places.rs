//! Finding checks by their keys.

use std::collections::BTreeMap;

use super::outcome::CheckKey;

/// Numbers checks in the order in which they are first asked for. Records list them in one order,
/// so the one behind the last answer is looked at first.
#[derive(Debug, Default)]
pub struct Places<'a> {
    of: BTreeMap<&'a CheckKey, usize>,
    keys: Vec<&'a CheckKey>,
    next: usize,
}

impl<'a> Places<'a> {
    /// The number of `key`.
    pub fn of(&mut self, key: &'a CheckKey) -> usize {
        let place = if self.keys.get(self.next) == Some(&key) {
            self.next
        } else {
            let new = self.keys.len();
            let place = *self.of.entry(key).or_insert(new);
            if place == new {
                self.keys.push(key);
            }
            place
        };
        self.next = place + 1;
        place
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_check_keeps_its_number_whatever_is_asked_between() {
        let keys: Vec<CheckKey> = ["a", "b", "c", "d"]
            .iter()
            .map(|id| ("lab".to_owned(), (*id).to_owned()))
            .collect();
        let mut places = Places::default();
        let mut ask = |order: &[usize]| -> Vec<usize> {
            order.iter().map(|index| places.of(&keys[*index])).collect()
        };
        assert_eq!(ask(&[1, 2, 3]), [0, 1, 2]);
        assert_eq!(ask(&[1, 2, 3]), [0, 1, 2]);
        assert_eq!(ask(&[0, 1, 3, 3, 2, 0]), [3, 0, 2, 2, 1, 3]);
    }
}
