//! Stage 6, `tftp`: send files, block by block.
//!
//! What is asked: docs/src/labs/udp.md#tftp

use std::io;
use std::net::UdpSocket;
use std::path::Path;

use crate::arguments::Retry;

/// Serves the files under `root`, an absolute path without links, to clients that send their
/// requests to `socket`, for ever.
///
/// Returning ends the program: with an error only when nobody can be served any more.
pub fn serve(socket: &UdpSocket, root: &Path, retry: Retry) -> io::Result<()> {
    let _ = socket;
    todo!(
        "send the files under {root:?} to clients that ask for them, each from a port of its own: {retry:?}"
    )
}
