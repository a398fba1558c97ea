//! Stage 1, `endpoint`: read an address and a port as people write them.
//!
//! What is asked: docs/src/labs/hostname-dns.md#endpoint

use crate::address::Endpoint;

/// What `text`, `HOST:PORT` or `[IPV6]:PORT`, says. A port may be a service's name, which
/// `services` translates: the text of a file as services(5) describes it.
///
/// The error is a sentence for who typed it.
pub fn read(text: &str, services: &str) -> Result<Endpoint, String> {
    let _ = services;
    todo!(
        "split {text:?} into host and port, tell what each of them is, and look names of services up in `services`"
    )
}
