//! The runner from the outside, and what people read of it.

mod book;
mod canaries;
mod class;
mod cohort;
mod described;
mod faults;
mod golden;
mod grade;
mod intake;
mod made_up;
mod progress;
mod release;
mod report;
mod report_browser;
mod report_export;
mod report_formats;
mod report_visibility;
mod resume;
mod shards;
mod submit;
mod sync;
#[path = "../synthetic/mod.rs"]
mod synthetic;
mod tiny;
mod trace;
mod trying;
mod verify;
mod watch;
