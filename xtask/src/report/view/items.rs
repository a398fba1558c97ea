//! Item analysis: how hard a check is, and whether it tells good submissions from weak ones.

use super::distribution::{as_number, mean};
use super::outcome::{CheckKey, Outcome};
use super::places::Places;
use super::text::Text;
use super::titles::CourseTitles;
use crate::grade::record::{counts, failed};

/// Below this, a check hardly tells good submissions from weak ones (Ebel and Frisbie,
/// "Essentials of Educational Measurement", put the border of a usable item at 0.2).
const TELLS_LITTLE: f64 = 0.2;

/// A check, over all students.
#[derive(Debug, Clone)]
pub struct Item<'a> {
    /// The check.
    pub key: CheckKey,
    /// Its lab.
    pub lab: Text<'a>,
    /// Its stage.
    pub stage: Text<'a>,
    /// Its id.
    pub id: Text<'a>,
    /// Its title.
    pub title: Text<'a>,
    /// Whether only the instructor has its text.
    pub hidden: bool,
    /// What it is worth.
    pub points: u32,
    /// How many students it judged.
    pub judged: usize,
    /// How many of them failed.
    pub failed: usize,
    /// How many failed while no other failure explained it.
    pub failed_alone: usize,
    /// How many needed a second try.
    pub tried_again: usize,
    /// The correlation between passing and the points in all other checks of its lab; none
    /// where all did alike.
    pub discrimination: Option<f64>,
    /// Why it was declared void, if it was.
    pub void: Option<Text<'a>>,
}

/// What a check's figures say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reading {
    /// Nobody failed: it costs time and tells nothing, or all have understood.
    NobodyFails,
    /// Everybody failed: too hard, or wrong.
    EverybodyFails,
    /// Weak submissions pass it and good ones fail: look at it.
    Backwards,
    /// It hardly tells good from weak.
    TellsLittle,
    /// It tells good from weak.
    Tells,
}

impl Item<'_> {
    /// The share of students who passed, if there are any: its difficulty, the lower the harder.
    pub fn passed(&self) -> Option<f64> {
        (self.judged > 0).then(|| as_number(self.judged - self.failed) / as_number(self.judged))
    }

    /// What its figures say, if it judged anybody.
    pub fn reading(&self) -> Option<Reading> {
        if self.judged == 0 {
            return None;
        }
        Some(match self.discrimination {
            _ if self.failed == 0 => Reading::NobodyFails,
            _ if self.failed == self.judged => Reading::EverybodyFails,
            Some(told) if told < 0.0 => Reading::Backwards,
            Some(told) if told >= TELLS_LITTLE => Reading::Tells,
            _ => Reading::TellsLittle,
        })
    }
}

/// What is added up for a check, student by student.
#[derive(Debug, Default)]
struct Sums {
    passed: Vec<bool>,
    rest: Vec<f64>,
    alone: usize,
    again: usize,
}

/// Every check that judged somebody, in the order of the course. A lab's outcomes stand together,
/// as [`super::outcome::outcomes`] gives them.
pub fn items<'a>(
    students: impl IntoIterator<Item = &'a [Outcome]>,
    titles: &CourseTitles,
) -> Vec<Item<'a>> {
    let mut places = Places::default();
    let mut sums: Vec<(&Outcome, Sums)> = Vec::new();
    let labs = |outcomes: &'a [Outcome]| outcomes.chunk_by(|one, next| one.key.0 == next.key.0);
    for outcomes in students.into_iter().flat_map(labs) {
        let counted = outcomes.iter().filter(|outcome| counts(outcome.status));
        let all: f64 = counted
            .map(|outcome| f64::from(outcome.points.reached))
            .sum();
        for outcome in outcomes {
            let place = places.of(&outcome.key);
            if place == sums.len() {
                sums.push((outcome, Sums::default()));
            }
            let (_, sums) = &mut sums[place];
            sums.again += usize::from(outcome.tried_again);
            if !counts(outcome.status) {
                continue;
            }
            sums.passed.push(!failed(outcome.status));
            sums.rest.push(all - f64::from(outcome.points.reached));
            sums.alone += usize::from(failed(outcome.status) && !outcome.behind);
        }
    }
    let mut items: Vec<Item> = sums
        .iter()
        .map(|(outcome, sums)| item(outcome, sums))
        .collect();
    items.sort_by_cached_key(|item| (titles.place(&item.key.0, &item.key.1), item.key.clone()));
    items
}

fn item<'a>(outcome: &'a Outcome, sums: &Sums) -> Item<'a> {
    let key = &outcome.key;
    Item {
        key: key.clone(),
        lab: Text::of(&key.0),
        stage: Text::of(&outcome.stage),
        id: Text::of(&key.1),
        title: Text::of(&outcome.title),
        hidden: outcome.hidden,
        points: outcome.points.max,
        judged: sums.passed.len(),
        failed: sums.passed.iter().filter(|passed| !**passed).count(),
        failed_alone: sums.alone,
        tried_again: sums.again,
        discrimination: point_biserial(&sums.passed, &sums.rest),
        void: None,
    }
}

/// The point-biserial correlation of passing with the points elsewhere.
fn point_biserial(passed: &[bool], points: &[f64]) -> Option<f64> {
    let group = |wanted: bool| -> Vec<f64> {
        let pairs = passed.iter().zip(points);
        pairs
            .filter(|(passed, _)| **passed == wanted)
            .map(|(_, points)| *points)
            .collect()
    };
    let (good, weak) = (group(true), group(false));
    let (of_good, of_weak, of_all) = (mean(&good)?, mean(&weak)?, mean(points)?);
    let squares: f64 = points.iter().map(|points| (points - of_all).powi(2)).sum();
    let deviation = (squares / as_number(points.len())).sqrt();
    let share = as_number(good.len()) / as_number(points.len());
    (deviation > 0.0).then(|| (of_good - of_weak) / deviation * (share * (1.0 - share)).sqrt())
}

#[cfg(test)]
mod tests {
    use super::super::super::data::standing::Points;
    use super::*;
    use testbench::record::Status;

    fn student(passes: &[bool]) -> Vec<Outcome> {
        in_lab("lab", passes)
    }

    fn in_lab(lab: &str, passes: &[bool]) -> Vec<Outcome> {
        let outcome = |(index, passed): (usize, &bool)| Outcome {
            key: (lab.to_owned(), format!("stage::c{index}")),
            stage: "stage".to_owned(),
            title: String::new(),
            hidden: false,
            status: if *passed { Status::Pass } else { Status::Fail },
            points: Points {
                reached: u32::from(*passed),
                max: 1,
            },
            ms: 1,
            tried_again: false,
            sentence: None,
            behind: index > 0,
        };
        passes.iter().enumerate().map(outcome).collect()
    }

    #[test]
    fn the_correlation_is_the_one_that_scipy_computes() {
        // scipy.stats.pointbiserialr([1,1,0,1,0], [5,4,2,3,1])
        let told = point_biserial(
            &[true, true, false, true, false],
            &[5.0, 4.0, 2.0, 3.0, 1.0],
        );
        assert!((told.unwrap() - 0.866_025_403_784).abs() < 1e-9);
        assert_eq!(point_biserial(&[true, true], &[1.0, 2.0]), None);
        assert_eq!(point_biserial(&[true, false], &[1.0, 1.0]), None);
    }

    #[test]
    fn each_check_is_read_by_its_figures() {
        let students = [
            student(&[true, true, false, false]),
            student(&[true, true, false, false]),
            student(&[true, false, false, true]),
            student(&[true, false, false, true]),
            student(&[true, true, false, false]),
        ];
        let items = items(students.iter().map(Vec::as_slice), &CourseTitles::default());
        let readings: Vec<Reading> = items.iter().filter_map(Item::reading).collect();
        assert_eq!(readings[0], Reading::NobodyFails);
        assert_eq!(readings[2], Reading::EverybodyFails);
        assert_eq!(readings[1], Reading::Backwards);
        assert_eq!(items[1].passed(), Some(0.6));
        assert_eq!((items[1].failed, items[1].failed_alone), (2, 0));
    }

    #[test]
    fn a_check_is_held_against_the_points_of_its_own_lab() {
        let one = [[true, true], [true, true], [false, false]];
        let other = [[false, false], [true, false], [true, false]];
        let students: Vec<Vec<Outcome>> = one
            .iter()
            .zip(&other)
            .map(|(one, other)| [in_lab("a", one), in_lab("b", other)].concat())
            .collect();
        let items = items(students.iter().map(Vec::as_slice), &CourseTitles::default());
        let told: Vec<_> = items
            .iter()
            .map(|item| (item.key.0.as_str(), item.discrimination))
            .collect();
        let all = |told: Option<f64>| told.is_some_and(|told| (told - 1.0).abs() < 1e-9);
        assert!(all(told[0].1) && all(told[1].1), "{told:?}");
        // Nobody has a point elsewhere in lab b.
        assert_eq!(told[2..], [("b", None), ("b", None)]);
    }

    #[test]
    fn a_check_that_the_good_pass_tells() {
        let students = [
            student(&[true, true, true]),
            student(&[true, true, true]),
            student(&[false, true, false]),
            student(&[false, false, false]),
        ];
        let items = items(students.iter().map(Vec::as_slice), &CourseTitles::default());
        assert_eq!(items[0].reading(), Some(Reading::Tells));
    }
}
