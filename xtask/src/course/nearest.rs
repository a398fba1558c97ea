//! The name that was probably meant.

/// From this similarity on (0 to 1), a name is worth suggesting.
const LIKELY: f64 = 0.5;

/// The one of `names` that is most like `asked`, if one is like it at all.
pub fn nearest<'a>(asked: &str, names: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    names
        .into_iter()
        .map(|name| (strsim::normalized_damerau_levenshtein(asked, name), name))
        .filter(|(similarity, _)| *similarity >= LIKELY)
        .max_by(|(left, _), (right, _)| left.total_cmp(right))
        .map(|(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_finds_its_name_and_nonsense_finds_none() {
        let names = ["greet", "echo", "lines"];
        assert_eq!(nearest("line", names), Some("lines"));
        assert_eq!(nearest("ehco", names), Some("echo"));
        assert_eq!(nearest("zzzzzz", names), None);
    }
}
