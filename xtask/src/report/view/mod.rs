//! What reports show: made once from the data, for every format alike.
//!
//! What students may not see is taken away here and nowhere else ([`visibility`]): the formats
//! get a [`student_page::StudentPage`] or a [`cohort_page::CohortPage`] and never a record.

pub mod cohort_page;
pub mod distribution;
pub mod evidence;
pub mod items;
pub mod mistakes;
pub mod outcome;
pub mod places;
pub mod refusals;
pub mod student_page;
pub mod suspicion;
pub mod text;
pub mod titles;
pub mod visibility;
