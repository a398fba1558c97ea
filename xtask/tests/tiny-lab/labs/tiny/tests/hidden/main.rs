//! Hidden.

mod hello;
mod two_times;
