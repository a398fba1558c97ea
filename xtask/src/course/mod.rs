//! The course: its workspace, its labs with their rubrics and notes, and what of them is meant.

pub mod lab;
pub mod nearest;
pub mod notes;
pub mod rubric;
pub mod selection;
pub mod workspace;
