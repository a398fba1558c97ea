//! What people are told, made from a record and nothing else; only titles come from rubrics.
//!
//! - [`human`], with [`overview`], [`stage`], [`failure`] and [`comparison`]: one record on a terminal.
//! - [`command`]: `cargo xtask report`, from [`arguments`] and [`sources`] to a [`folder`]
//!   of [`formats`].
//! - [`data`]: a cohort's records, and what an instructor says about the course.
//! - [`view`]: what reports show; what students may not see is taken away there, for all formats.
//! - [`html`], [`gradebook`], [`junit`], [`gradescope`], [`github`]: a format each, [`told`] on
//!   the terminal; [`explained`] is what those have in common that take nothing but text.
//! - [`similarity`], [`autograder`]: what other tools start from, JPlag, Dolos and Gradescope.

pub mod arguments;
pub mod autograder;
pub mod command;
pub mod comparison;
pub mod data;
pub mod explained;
pub mod failure;
pub mod folder;
pub mod formats;
pub mod github;
pub mod gradebook;
pub mod gradescope;
#[cfg(test)]
mod hostile;
pub mod html;
pub mod human;
pub mod junit;
pub mod overview;
pub mod similarity;
pub mod sources;
pub mod stage;
pub mod told;
pub mod view;
