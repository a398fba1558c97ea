//! What `ask` sends, read.

use std::net::SocketAddr;

use testbench::prelude::*;

/// A request that came to the check.
pub(crate) struct Question {
    /// Who asks.
    pub(crate) from: SocketAddr,
    /// Its id.
    pub(crate) id: String,
    /// All its bytes.
    pub(crate) bytes: Vec<u8>,
}

/// The next datagram that comes to `server` from `program` is a request for `operation`.
pub(crate) fn question(
    server: &mut DatagramPeer,
    program: &Program,
    operation: &str,
) -> Outcome<Question> {
    let datagram = server.receive(program)?;
    let wanted = format!(" {operation}");
    let form = format!("of this form, with your own id: 9c41d7e2{wanted}");
    let wrong = |happened: &str| {
        Failure::new(Saw::Wrong, happened).expecting(form.as_str(), &datagram.bytes)
    };
    let Some(id) = datagram.bytes.strip_suffix(wanted.as_bytes()) else {
        return Err(wrong(
            "the request is not an id, a blank, and the operation",
        ));
    };
    if !(1..=16).contains(&id.len()) || !id.iter().all(u8::is_ascii_alphanumeric) {
        return Err(wrong(
            "an id is 1 to 16 letters and digits, and that of the request is something else",
        ))
        .teaches(
            "A server takes nothing else for an id, and drops the request. See rule 4 of this \
             stage.",
        );
    }
    Ok(Question {
        from: datagram.from,
        id: String::from_utf8_lossy(id).into_owned(),
        bytes: datagram.bytes,
    })
}
