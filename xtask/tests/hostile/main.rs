//! Hostile submissions: none gets a point that it did not earn, learns what it must not know, takes
//! one from its neighbours, or leaves anything behind.
//!
//! Each folder here is one: stage files, and `expect.toml` with what is to come of it. Those whose
//! form is hostile, archives and folders, are made by `shapes`. Two hundred submissions with thirty
//! hostile ones among them: `cargo run --package xtask --example hostile_class`.
#![cfg(target_os = "linux")]

mod class;
mod collection;
mod course;
mod equal;
mod faults;
mod residue;
mod shapes;
#[allow(dead_code, reason = "these tests use a part of it")]
#[path = "../commands/tiny.rs"]
mod tiny;
#[allow(dead_code, reason = "these tests use a part of it")]
#[path = "../commands/class.rs"]
mod tiny_class;
