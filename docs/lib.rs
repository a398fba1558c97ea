//! The Rust of the book's pages, which `cargo test` compiles and runs: `build.rs` makes a module of
//! each page, whose documentation is the page's blocks of Rust, on the lines on which they stand.
//!
//! Everything else that has to hold of the pages is in `tests/book`.

include!(concat!(env!("OUT_DIR"), "/pages.rs"));
