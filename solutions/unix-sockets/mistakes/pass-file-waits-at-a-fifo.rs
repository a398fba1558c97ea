//! Refuses folders, and waits at a FIFO for somebody who writes to it.
//!
//! stage: pass-file
//! fails: pass_file::only_regular_files_are_passed
//! meant: pass_file::only_regular_files_are_passed
//! says: opening a FIFO waits

use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, Write};
use std::os::fd::AsFd;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::net::UnixStream;
use std::path::Path;

use berkeley::sendmsg;

pub fn converse(client: &UnixStream, root: &Path) -> io::Result<()> {
    let mut client = client;
    let mut reader = BufReader::new(client);
    let mut line = Vec::new();
    while reader.read_until(b'\n', &mut line)? > 0 {
        if line.pop() != Some(b'\n') {
            return Ok(());
        }
        match requested(&line, root) {
            Ok(file) => {
                sendmsg(client, b"+", &[file.as_fd()], 0)?;
            }
            Err(error) => client.write_all(format!("ERR {error}\n").as_bytes())?,
        }
        line.clear();
    }
    Ok(())
}

fn requested(request: &[u8], root: &Path) -> io::Result<File> {
    let Some(name) = request.strip_prefix(b"OPEN ") else {
        return Err(io::Error::other("unknown request"));
    };
    let path = root.join(OsStr::from_bytes(name)).canonicalize()?;
    if !path.starts_with(root.canonicalize()?) {
        return Err(io::Error::other("outside"));
    }
    if fs::metadata(&path)?.is_dir() {
        return Err(io::Error::other("a folder"));
    }
    File::open(path)
}
