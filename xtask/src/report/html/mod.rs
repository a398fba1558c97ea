//! Pages for a browser: one file each, no network, no scripts needed.

pub mod cohort;
pub mod comparison;
pub mod document;
pub mod escape;
pub mod heat;
pub mod ladder;
pub mod student;
