//! Why there is no connection to any of several addresses. Given.

use std::io;
use std::net::SocketAddr;

/// How the last hope ended.
#[derive(Debug)]
pub enum Dead {
    /// Every attempt has failed.
    All {
        /// The address whose attempt was the last to fail.
        last: SocketAddr,
        /// Why it failed.
        error: io::Error,
    },
    /// The time was over before one was made.
    Late,
}
