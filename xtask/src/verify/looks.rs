//! Looking at many programs: at all side by side, and at those that surprise once more, alone.
//!
//! Side by side they keep the machine so busy that a check may be held up for longer than it
//! allows a program. What is so by accident is not so again; it is told all the same.

use std::thread;

use super::gate::Trouble;
use crate::fault::Result;
use crate::output::progress;
use crate::slots::joined;

/// More programs than this do not surprise by accident.
const FEW: usize = 5;

/// What all programs came to.
#[derive(Debug)]
pub struct Looked<R> {
    /// What each yielded, in their order; of those that were looked at twice, the second time.
    pub results: Vec<R>,
    /// What does not hold.
    pub troubles: Vec<Trouble>,
    /// What did not hold the first time only.
    pub once: Vec<Trouble>,
}

/// `look` at each of `programs`, side by side: what it yielded, and what does not hold of it. Where
/// something does not, once more, alone, if `twice`; then the second look stands. How many of
/// `what` are done is shown meanwhile.
///
/// # Errors
/// One could not be looked at.
pub fn look_at<P: Sync, R: Send>(
    programs: &[P],
    what: &str,
    twice: bool,
    look: impl Fn(&P) -> Result<(R, Vec<Trouble>)> + Sync,
) -> Result<Looked<R>> {
    let mut looks = side_by_side(programs, what, &look)?;
    let mut once = Vec::new();
    let surprises = looks.iter().filter(|(_, found)| !found.is_empty()).count();
    if twice && surprises <= FEW {
        for (program, seen) in programs.iter().zip(&mut looks) {
            if seen.1.is_empty() {
                continue;
            }
            let second = look(program)?;
            let (_, first) = std::mem::replace(seen, second);
            if seen.1.is_empty() {
                once.extend(first);
            }
        }
    }
    let (results, troubles): (Vec<R>, Vec<_>) = looks.into_iter().unzip();
    Ok(Looked {
        results,
        troubles: troubles.into_iter().flatten().collect(),
        once,
    })
}

fn side_by_side<P: Sync, L: Send>(
    programs: &[P],
    what: &str,
    look: &(impl Fn(&P) -> Result<L> + Sync),
) -> Result<Vec<L>> {
    let bar = progress::bar(programs.len(), what);
    let looks = thread::scope(|scope| {
        let looks: Vec<_> = programs
            .iter()
            .map(|program| {
                let bar = &bar;
                scope.spawn(move || {
                    let seen = look(program);
                    bar.inc(1);
                    seen
                })
            })
            .collect();
        looks.into_iter().map(joined).collect()
    });
    bar.finish_and_clear();
    looks
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    /// Looks at `programs`, the number of looks at which each of them surprises.
    fn looked(programs: &[usize], twice: bool) -> (Looked<usize>, usize) {
        let looks: Vec<AtomicUsize> = programs.iter().map(|_| AtomicUsize::new(0)).collect();
        let each: Vec<usize> = (0..programs.len()).collect();
        let looked = look_at(&each, "programs", twice, |&program| {
            let look = looks[program].fetch_add(1, Ordering::Relaxed) + 1;
            let surprises = look <= programs[program];
            let troubles = surprises.then(|| Trouble::new(format!("{program} at {look}"), "mend"));
            Ok((look, troubles.into_iter().collect()))
        });
        let looked = looked.expect("all were looked at");
        let all = looks.iter().map(|looks| looks.load(Ordering::Relaxed));
        (looked, all.sum())
    }

    fn told(troubles: &[Trouble]) -> Vec<&str> {
        troubles
            .iter()
            .map(|trouble| trouble.what.as_str())
            .collect()
    }

    #[test]
    fn what_surprises_is_looked_at_once_more_and_the_second_look_stands() {
        let (looked, looks) = looked(&[0, 1, 9, 0], true);
        assert_eq!(looked.results, [1, 2, 2, 1]);
        assert_eq!(told(&looked.troubles), ["2 at 2"]);
        assert_eq!(told(&looked.once), ["1 at 1"]);
        assert_eq!(looks, 6);
    }

    #[test]
    fn many_surprises_are_no_accident() {
        let (looked, looks) = looked(&[1; FEW + 1], true);
        assert_eq!(looked.troubles.len(), FEW + 1);
        assert_eq!(looks, FEW + 1);
    }

    #[test]
    fn what_is_not_to_be_looked_at_twice_is_not() {
        let (looked, looks) = looked(&[1, 0], false);
        assert_eq!(told(&looked.troubles), ["0 at 1"]);
        assert!(looked.once.is_empty());
        assert_eq!(looks, 2);
    }
}
