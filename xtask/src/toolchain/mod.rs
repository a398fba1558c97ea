//! The compiler and what it compiles against.

pub mod lock;
pub mod prebuilt;
pub mod rustc;
pub mod suite;
