//! What was handed in and could not be taken, in words.

use testbench::record::Record;

use super::super::stage::counted;
use super::text::Text;
use super::titles::CourseTitles;

/// How many labs are named in one sentence.
const NAMED: usize = 3;

/// A few sentences for each reason why labs were refused, and what stands in their place.
pub fn refusals(record: &Record, titles: &CourseTitles) -> Vec<Text<'static>> {
    let mut reasons: Vec<(&str, bool, Vec<&str>)> = Vec::new();
    for refused in &record.refused {
        let stands = record.labs.iter().any(|lab| lab.id == refused.lab);
        let title = titles.lab(&refused.lab);
        let same =
            |known: &&mut (&str, bool, Vec<&str>)| known.0 == refused.why && known.1 == stands;
        match reasons.iter_mut().find(same) {
            Some((_, _, labs)) => labs.push(title),
            None => reasons.push((&refused.why, stands, vec![title])),
        }
    }
    let told = reasons.into_iter().map(|(why, stands, labs)| {
        let labs = match labs.len() {
            count if count > NAMED => counted(count, "lab"),
            _ => labs.join(", "),
        };
        let instead = if stands {
            "The result before it stands."
        } else {
            "Nothing stands in its place."
        };
        Text::of(format!(
            "What was handed in for {labs} could not be graded: {}. {instead}",
            why.trim_end_matches('.')
        ))
    });
    told.collect()
}
