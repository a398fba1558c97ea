//! The checks of this lab that students have too: read them, run them, learn how they ask.

mod converse;
mod deadlines;
mod netcat;
mod receive;
mod time;
mod webget;
