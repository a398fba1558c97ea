//! How idle the machine's processors are.

use std::fs;
use std::time::{Duration, Instant};

use crate::slots::cores;

/// Shorter spans say little: the kernel counts in hundredths of a second.
const SPAN: Duration = Duration::from_millis(250);

/// Watches the processors (proc_stat(5)).
#[derive(Debug, Default)]
pub struct Processors {
    /// The last look, and when it was.
    seen: Option<(Instant, Spent)>,
}

/// What all processors together have spent since the machine started, in the kernel's ticks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Spent {
    idle: u64,
    all: u64,
}

impl Processors {
    /// Whether they idled for more than half of the time since the last time this was asked; told
    /// once in a while, and in between not. Never where the platform does not tell, or this
    /// process may not use all of them.
    pub fn are_idle(&mut self) -> bool {
        let now = Instant::now();
        if let Some((last, _)) = self.seen
            && now - last < SPAN
        {
            return false;
        }
        let table = fs::read_to_string("/proc/stat").unwrap_or_default();
        let Some(spent) = spent(&table).filter(|_| count(&table) == cores()) else {
            return false;
        };
        let before = self.seen.replace((now, spent));
        before.is_some_and(|(last, before)| now - last < 4 * SPAN && idled(before, spent))
    }
}

/// Whether more than half of what was spent in between was spent idly.
fn idled(before: Spent, after: Spent) -> bool {
    let idle = after.idle.saturating_sub(before.idle);
    let all = after.all.saturating_sub(before.all);
    all > 0 && idle * 2 > all
}

/// The first line: `cpu user nice system idle iowait irq softirq steal guest guest_nice`, where
/// user and nice hold guest and guest_nice.
fn spent(table: &str) -> Option<Spent> {
    let words = table.lines().next()?.strip_prefix("cpu ")?;
    let ticks: Vec<u64> = words
        .split_ascii_whitespace()
        .take(8)
        .map_while(|word| word.parse().ok())
        .collect();
    let idle = ticks.get(3)? + ticks.get(4)?;
    Some(Spent {
        idle,
        all: ticks.iter().sum(),
    })
}

/// How many processors it lists.
fn count(table: &str) -> usize {
    let lines = table.lines().filter_map(|line| line.strip_prefix("cpu"));
    lines
        .filter(|rest| rest.starts_with(|first: char| first.is_ascii_digit()))
        .count()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TABLE: &str = "cpu  10 1 20 300 40 0 5 2 7 1\ncpu0 5 1 10 150 20 0 3 1 4 1\n\
                         cpu1 5 0 10 150 20 0 2 1 3 0\nintr 9\nctxt 4\n";

    #[test]
    fn waiting_for_a_disk_is_idle_and_a_guest_counts_once() {
        let told = Spent {
            idle: 340,
            all: 378,
        };
        assert_eq!(spent(TABLE), Some(told));
        assert_eq!(count(TABLE), 2);
        assert_eq!(spent("intr 9\n"), None);
        assert_eq!(spent("cpu  1 2 3\n"), None);
    }

    #[test]
    fn half_of_the_time_is_not_enough() {
        let before = Spent {
            idle: 100,
            all: 200,
        };
        let after = |idle, all| Spent { idle, all };
        assert!(!idled(before, after(150, 300)));
        assert!(idled(before, after(151, 300)));
        assert!(!idled(before, before));
    }

    #[test]
    fn the_first_look_tells_nothing_and_the_next_comes_later() {
        let mut processors = Processors::default();
        assert!(!processors.are_idle());
        assert!(!processors.are_idle());
    }
}
