//! What reports are made from: records, and what an instructor says about the course.
//!
//! Nothing here knows who will read a report; that is [`super::view`]'s business.

pub mod complaint;
pub mod course_file;
mod course_reader;
mod course_table;
pub mod moment;
pub mod records;
pub mod roster;
pub mod standing;
pub mod students;
pub mod submission_times;
pub mod table_file;
