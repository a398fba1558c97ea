//! The calls over real sockets, and the errors that their documentation names.
//!
//! Everything stays on this machine: loopback addresses, Unix sockets in temporary folders.

#![cfg_attr(
    not(target_os = "linux"),
    allow(unused_imports, dead_code, reason = "some tests are about Linux alone")
)]

mod address;
mod conversion;
mod credentials;
mod datagram;
mod ending;
mod listener;
mod names;
mod options;
mod readiness;
mod rights;
#[cfg(target_os = "linux")]
mod seqpacket;
mod stage;
mod stream;
