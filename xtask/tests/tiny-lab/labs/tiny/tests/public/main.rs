//! Public.

mod hello;
mod two_times;
