//! The checks of this lab that only the instructor's edition has.

mod by_hand;
mod echo;
mod greet;
mod leave;
mod lines;
mod many;
