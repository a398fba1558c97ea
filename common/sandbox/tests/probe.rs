//! What probing says.

mod support;

use std::path::Path;

use sandbox::{Level, probe};
use support::Stage;

#[test]
fn whatever_there_is_can_be_used() {
    let stage = Stage::new();
    let found = probe(None, &stage.launcher()).unwrap();
    let again = probe(Some(found.level), &stage.launcher()).unwrap();
    assert_eq!(again.isolation, found.isolation);
    assert_eq!(found.bubblewrap.is_some(), found.isolation.boxed.is_some());
    // Less than all has a reason, and a remedy.
    assert!(found.level == Level::Box || !found.notes.is_empty());
}

#[test]
fn no_more_is_used_than_is_wanted() {
    let stage = Stage::new();
    let none = probe(Some(Level::None), &stage.launcher()).unwrap();
    assert_eq!(none.level, Level::None);
    assert!(!none.isolation.seccomp && none.isolation.landlock.is_none());
    if stage.isolation(Level::Confine).is_some() {
        let confine = probe(Some(Level::Confine), &stage.launcher()).unwrap();
        assert_eq!(confine.level, Level::Confine);
        assert_eq!(confine.isolation.boxed, None);
    }
}

#[test]
fn a_missing_launcher_is_told_with_its_remedy() {
    let error = probe(None, Path::new("/nothing")).unwrap_err();
    assert!(error.to_string().contains("cargo build --package sandbox"));
}
