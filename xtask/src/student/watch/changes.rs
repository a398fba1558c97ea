//! Which stages were saved.
//!
//! The kernel says that something happened in a folder; what changed is found by reading it. Where
//! the kernel says nothing, as in folders that a container shares with its host, a look at sizes
//! and times once a second does.

use std::fs;
use std::sync::mpsc::Sender;
use std::time::SystemTime;

use notify::{RecommendedWatcher, RecursiveMode, Watcher};

use super::Event;
use crate::course::rubric::Stage;
use crate::fault::Result;
use crate::student::desk::Desk;

/// What is watched.
pub(super) struct Changes {
    /// Nothing, where the kernel does not tell.
    watcher: Option<RecommendedWatcher>,
    /// Sizes and times of the files when they were looked at last.
    stamps: Vec<Stamp>,
}

type Stamp = Option<(u64, SystemTime)>;

impl Changes {
    /// Watches the sources of these `desks`; an [`Event`] says when there may be something.
    pub(super) fn of(desks: &[Desk], events: Sender<Event>) -> Self {
        let mut watcher =
            notify::recommended_watcher(move |told: notify::Result<notify::Event>| {
                // Reading the files ourselves is told as well.
                if told.is_ok_and(|event| !event.kind.is_access()) {
                    // Nobody listens any more when we are leaving.
                    _ = events.send(Event::Saved);
                }
            })
            .ok();
        for desk in desks {
            let watching = watcher
                .as_mut()
                .map(|watcher| watcher.watch(&desk.lab.sources(), RecursiveMode::NonRecursive));
            if matches!(watching, Some(Err(_))) {
                watcher = None;
            }
        }
        Self {
            watcher,
            stamps: stamps(desks),
        }
    }

    /// Whether a save is told at once.
    pub(super) fn is_told(&self) -> bool {
        self.watcher.is_some()
    }

    /// Whether sizes and times are others than before.
    pub(super) fn are_seen(&mut self, desks: &[Desk]) -> bool {
        let now = stamps(desks);
        let before = std::mem::replace(&mut self.stamps, now);
        before != self.stamps
    }

    /// Reads `desk` again, and says which of its stages have another text now. A file that is
    /// gone for a moment, as some editors save, is waited for.
    pub(super) fn of_desk(desk: &mut Desk) -> Result<Vec<Stage>> {
        let before = desk.set.clone();
        desk.refresh()?;
        let differs = |stage: &&Stage| {
            let file = stage.file();
            !desk.set.missing.contains(&stage.name)
                && before.files.get(&file) != desk.set.files.get(&file)
        };
        Ok(desk
            .lab
            .rubric
            .stages
            .iter()
            .filter(differs)
            .cloned()
            .collect())
    }
}

fn stamps(desks: &[Desk]) -> Vec<Stamp> {
    let files = desks.iter().flat_map(|desk| {
        let folder = desk.lab.sources();
        let stages = desk.lab.rubric.stages.iter();
        stages.map(move |stage| folder.join(stage.file()))
    });
    files
        .map(|file| {
            let found = fs::metadata(file).ok()?;
            Some((found.len(), found.modified().ok()?))
        })
        .collect()
}
