//! What an error of a system call means, in the words that `berkeley::errno` has for it.

/// The text of that module: a comment of a sentence or two stands above each name.
const TEXT: &str = include_str!("../../../../common/berkeley/src/errno.rs");

/// What `name` (`ECONNRESET`) means; nothing, where the course does not say.
pub(super) fn meaning(name: &str) -> Option<String> {
    let mut said: Vec<&str> = Vec::new();
    for line in TEXT.lines().map(str::trim) {
        if let Some(words) = line.strip_prefix("///") {
            said.push(words.trim());
        } else if line.split(" = ").next() == Some(name) {
            return Some(said.join(" "));
        } else {
            said.clear();
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_is_told_in_the_words_of_the_library() {
        let told = meaning("ECONNREFUSED");
        assert_eq!(told.as_deref(), Some("Nobody listens there."));
        assert!(meaning("EAGAIN").is_some_and(|told| told.starts_with("It would have to wait")));
        assert_eq!(meaning("ENOSUCHERROR"), None);
    }
}
