//! Gradebooks: a row a student, as a spreadsheet, Canvas and Moodle take them.

pub mod canvas;
pub mod escape;
pub mod moodle;
pub mod sheet;
pub mod table;
