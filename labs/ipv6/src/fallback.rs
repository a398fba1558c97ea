//! Stage 5, `fallback`: several addresses, and no long wait for a dead one.
//!
//! What is asked: docs/src/labs/ipv6.md#fallback

use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use crate::dead::Dead;

/// Connects to the first of `addrs` that answers. They are tried in their order; the next one
/// `delay` after the last, or as soon as that has failed, while the earlier attempts go on.
///
/// What is returned is blocking; every other attempt is over by then. After `timeout`: [`Dead::Late`].
pub fn connect(
    addrs: &[SocketAddr],
    delay: Duration,
    timeout: Duration,
) -> Result<TcpStream, Dead> {
    todo!(
        "connect to the first of {addrs:?} that answers, beginning with the next one every {delay:?}, and give up after {timeout:?}"
    )
}
