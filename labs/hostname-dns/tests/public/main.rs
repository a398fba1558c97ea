//! The checks of this lab that students have too: read them, run them, learn how they ask.

#[allow(dead_code, reason = "each suite uses a part of it")]
mod messages;

mod decode;
mod dig;
mod encode;
mod endpoint;
mod lookup;
mod serve;
