//! What has to hold of the book's pages, with the argument for each at its place.

mod blocks;
mod links;
mod page;
mod pictures;

use std::path::Path;

/// The folder of the repository.
fn repository() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
}

/// Fails with everything that is wrong, a line each.
fn holds(troubles: &[String]) {
    assert!(troubles.is_empty(), "\n{}\n", troubles.join("\n"));
}

/// A repository of a few files, to see that what is wrong is told.
fn made_up(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    for (path, text) in files {
        let path = folder.path().join(path);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        std::fs::write(path, text).expect("a file");
    }
    folder
}

/// There is one trouble, and it says `expected`.
fn told(troubles: &[String], expected: &str) {
    assert_eq!(troubles.len(), 1, "{expected}: {troubles:?}");
    assert!(troubles[0].contains(expected), "{expected}: {troubles:?}");
}
