//! Stage 5, `pass-file`: give away an open file.
//!
//! What is asked: docs/src/labs/unix-sockets.md#pass-file

use std::io;
use std::os::unix::net::UnixStream;
use std::path::Path;
// solution:
use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::{BufRead, BufReader, Write};
use std::os::fd::AsFd;
use std::os::unix::ffi::OsStrExt;

use berkeley::sendmsg;
// end

/// Opens files under `root` for a client, line by line, until its end of stream, and passes their
/// descriptors.
///
/// `main` calls it for each client, one after another. Returning closes the connection; an error is
/// logged, and the next client is served.
pub fn converse(client: &UnixStream, root: &Path) -> io::Result<()> {
    // solution: let _ = client; todo!("answer each OPEN with the byte + and the descriptor of a file under {root:?}, or with ERR and a reason")
    let mut client = client;
    let mut reader = BufReader::new(client);
    let mut line = Vec::new();
    loop {
        line.clear();
        reader.read_until(b'\n', &mut line)?;
        if line.pop() != Some(b'\n') {
            // The end; what came since the last line end is no request.
            return Ok(());
        }
        match requested(&line, root) {
            // The client gets a descriptor of its own; ours is closed right behind this.
            Ok(file) => drop(sendmsg(client, b"+", &[file.as_fd()], 0)?),
            Err(error) => client.write_all(format!("ERR {error}\n").as_bytes())?,
        }
    }
    // end
}

// solution:
/// The file that `request` asks for, opened for it alone: who shares an open file shares the position
/// in it, too.
fn requested(request: &[u8], root: &Path) -> io::Result<File> {
    let Some(name) = request.strip_prefix(b"OPEN ") else {
        return Err(io::Error::other("unknown request"));
    };
    // Where the name leads is seen at its end only: `..`, links and a leading `/` are all followed
    // here, and what comes out is compared, name by name, with the root.
    let path = root.join(OsStr::from_bytes(name)).canonicalize()?;
    if !path.starts_with(root.canonicalize()?) {
        return Err(io::Error::other("outside of the root"));
    }
    // Before it is opened: that would wait for a FIFO's writer, and a folder's descriptor opens
    // everything under it, and above.
    if !fs::metadata(&path)?.is_file() {
        return Err(io::Error::other("not a regular file"));
    }
    // Whoever may write in the root could exchange the file between the look and the opening;
    // openat2(2) with RESOLVE_BENEATH looks and opens at once.
    File::open(path)
}
// end
