//! Intake: what of a submission counts, taken from wherever a learning platform put it.
//!
//! Only the stage files that the rubrics name are read, into memory; nothing is unpacked on disk.
//! What else was handed in is listed with the reason, escaped. Nothing here follows a link,
//! opens a device, waits for a FIFO, or believes a size that an archive states.

mod archive;
pub(crate) mod bounds;
mod collector;
mod folder;
pub mod manifest;
pub mod name;
pub mod place;
pub mod roster;
mod shown;

use std::collections::BTreeMap;

use testbench::record::Ignored;

use crate::sources::pristine::Files;
use collector::Collector;
use place::Wanted;
use roster::{Holder, Submission};

pub use shown::shown;

/// What was taken of a submission.
#[derive(Debug, Default)]
pub struct Taken {
    /// The stage files of each lab, by name.
    pub labs: BTreeMap<String, Files>,
    /// What was not used, by the lab in whose folder it lies.
    pub ignored: BTreeMap<String, Vec<Ignored>>,
    /// What was not used and lies in no lab's folder.
    pub elsewhere: Vec<Ignored>,
    /// How many entries nobody makes by accident: links, devices, paths that lead elsewhere.
    pub odd: usize,
    /// The edition of the course that its manifest names, if it has one.
    pub edition: Option<String>,
    /// When its manifest says that it was made, RFC 3339, if it has one.
    pub made_at: Option<String>,
    /// Why the submission as a whole does not count, if so.
    pub refused: Option<String>,
}

/// Looks through `submission` for what is `wanted`.
pub fn take(submission: &Submission, wanted: &Wanted) -> Taken {
    if let Some(refused) = &submission.refused {
        return Taken {
            refused: Some(refused.clone()),
            odd: usize::from(submission.odd),
            ..Taken::default()
        };
    }
    let mut collector = Collector::new(wanted);
    let alone = submission.pieces.len() == 1;
    for piece in &submission.pieces {
        collector.enter(piece, !alone);
        let looked = match piece.holder {
            Holder::Folder => folder::look(&piece.path, &mut collector),
            Holder::Archive => archive::look_at(&piece.path, &mut collector),
            Holder::File => folder::look_at_file(&piece.path, &piece.inside, &mut collector),
        };
        if let Err(refused) = looked {
            return collector.refused(refused);
        }
    }
    collector.taken()
}
