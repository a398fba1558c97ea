//! Sources: where they come from, and the stub that is cut from a solution.

pub mod cut;
pub mod format;
pub mod pristine;
pub mod set;
