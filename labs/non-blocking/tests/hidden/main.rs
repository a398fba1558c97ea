//! The checks of this lab that only the instructor's edition has.

mod backpressure;
mod chat;
mod connect;
mod connection;
mod edge;
mod poll;
