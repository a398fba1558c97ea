//! Who the reports are about, and which record is whose.

use std::collections::BTreeMap;

use super::complaint::Complaint;
use super::course_file::CourseFile;
use super::roster::{Person, Roster};

/// A student, and which records are theirs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Student {
    /// Who they are.
    pub person: Person,
    /// The group they hand in with.
    pub group: Option<String>,
    /// The submissions that count for them, one but for who has aliases; without any, they have
    /// handed in nothing.
    pub submissions: Vec<String>,
}

/// Gives every student the submissions that count for them: their own, or their group's.
///
/// With a roster, students stand in its order, and whoever handed in without standing there
/// comes last; without one, in the order of their ids.
pub fn assigned<'a>(
    submissions: impl IntoIterator<Item = &'a String>,
    roster: Option<&Roster>,
    course: &CourseFile,
) -> (Vec<Student>, Vec<Complaint>) {
    let mut open: BTreeMap<&str, bool> = submissions
        .into_iter()
        .map(|id| (id.as_str(), false))
        .collect();
    let mut complaints = Vec::new();
    let of_groups = of_groups(&open, course, &mut complaints);
    let group_of = |id: &str| {
        let mut groups = course.groups.iter();
        groups.find(|(_, members)| members.iter().any(|member| member == id))
    };
    let mut students = Vec::new();
    let mut take = |person: Person, open: &mut BTreeMap<&str, bool>| {
        let group = group_of(&person.id).map(|(name, _)| name.clone());
        let submissions: Vec<String> = match &group {
            Some(group) => {
                let of_group = of_groups.get(group.as_str()).copied().flatten();
                of_group.into_iter().map(str::to_owned).collect()
            }
            None => [&person.id]
                .into_iter()
                .chain(&person.aliases)
                .filter(|id| open.contains_key(id.as_str()))
                .cloned()
                .collect(),
        };
        for id in &submissions {
            if let Some(taken) = open.get_mut(id.as_str()) {
                *taken = true;
            }
        }
        students.push(Student {
            person,
            group,
            submissions,
        });
    };
    for person in roster.map_or(&[][..], |roster| &roster.people) {
        take(person.clone(), &mut open);
    }
    if roster.is_none() {
        let members = course.groups.values().flatten().map(String::as_str);
        let is_group = |id: &&str| course.groups.contains_key(*id);
        let mut ids: Vec<&str> = open
            .keys()
            .copied()
            .filter(|id| !is_group(id))
            .chain(members)
            .collect();
        ids.sort_unstable();
        ids.dedup();
        for id in ids {
            take(unknown(id), &mut open);
        }
    }
    // A member's own submission is not counted where the group's is, and is nobody else's.
    let left: Vec<&str> = open
        .iter()
        .filter(|(id, taken)| !**taken && group_of(id).is_none())
        .map(|(id, _)| *id)
        .collect();
    for id in left {
        if roster.is_some() {
            complaints.push(Complaint::note(
                format!("`{id}` handed in and is not in the roster"),
                "add a line for them, or give their submission the id that stands there",
            ));
        }
        take(unknown(id), &mut open);
    }
    (students, complaints)
}

fn unknown(id: &str) -> Person {
    Person {
        id: id.to_owned(),
        name: id.to_owned(),
        ..Person::default()
    }
}

/// The submission that counts for each group: the one in its name, else its first member's.
fn of_groups<'a>(
    submissions: &BTreeMap<&'a str, bool>,
    course: &'a CourseFile,
    complaints: &mut Vec<Complaint>,
) -> BTreeMap<&'a str, Option<&'a str>> {
    let mut chosen = BTreeMap::new();
    for (group, members) in &course.groups {
        let names = [group].into_iter().chain(members);
        let found: Vec<&str> = names
            .filter_map(|name| submissions.get_key_value(name.as_str()).map(|(id, _)| *id))
            .collect();
        if let [counts, _, ..] = found.as_slice() {
            complaints.push(Complaint::note(
                format!(
                    "group `{group}` handed in {} times: {}; `{counts}` counts",
                    found.len(),
                    found.join(", ")
                ),
                "delete the records that do not count, or put whose counts first in the group",
            ));
        }
        chosen.insert(group.as_str(), found.first().copied());
    }
    chosen
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(
        ids: &[&str],
        roster: Option<&[&str]>,
        groups: &[(&str, &[&str])],
    ) -> (Vec<(String, Option<String>)>, usize) {
        let ids: Vec<String> = ids.iter().map(|id| (*id).to_owned()).collect();
        let roster = roster.map(|ids| Roster {
            people: ids.iter().map(|id| unknown(id)).collect(),
        });
        let mut course = CourseFile::default();
        for (name, members) in groups {
            let members = members.iter().map(|id| (*id).to_owned()).collect();
            course.groups.insert((*name).to_owned(), members);
        }
        let (students, complaints) = assigned(&ids, roster.as_ref(), &course);
        let pairs = students
            .into_iter()
            .map(|student| (student.person.id, student.submissions.first().cloned()));
        (pairs.collect(), complaints.len())
    }

    fn pair(id: &str, submission: Option<&str>) -> (String, Option<String>) {
        (id.to_owned(), submission.map(str::to_owned))
    }

    #[test]
    fn the_roster_says_the_order_and_who_is_missing() {
        let (students, complaints) =
            told(&["ada", "eve", "zoe"], Some(&["zoe", "bob", "ada"]), &[]);
        let expected = [
            pair("zoe", Some("zoe")),
            pair("bob", None),
            pair("ada", Some("ada")),
            pair("eve", Some("eve")),
        ];
        assert_eq!(students, expected);
        assert_eq!(complaints, 1);
    }

    #[test]
    fn a_group_has_one_submission_for_all() {
        let groups: &[(&str, &[&str])] = &[("red", &["ada", "bob"]), ("blue", &["eve", "dan"])];
        let (students, complaints) = told(&["red", "dan", "zoe"], None, groups);
        let expected = [
            pair("ada", Some("red")),
            pair("bob", Some("red")),
            pair("dan", Some("dan")),
            pair("eve", Some("dan")),
            pair("zoe", Some("zoe")),
        ];
        assert_eq!(students, expected);
        assert_eq!(complaints, 0);
        let (students, complaints) = told(&["red", "ada", "bob"], Some(&["ada", "bob"]), groups);
        assert_eq!(
            students,
            [pair("ada", Some("red")), pair("bob", Some("red"))]
        );
        assert_eq!(complaints, 1);
    }
}
