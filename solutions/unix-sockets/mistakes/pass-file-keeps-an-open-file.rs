//! Opens a file once and passes the same open file to whoever asks again.
//!
//! stage: pass-file
//! fails: pass_file::each_open_starts_at_the_beginning
//! meant: pass_file::each_open_starts_at_the_beginning
//! says: all of them share one open file

use std::collections::HashMap;
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
    let mut opened: HashMap<Vec<u8>, File> = HashMap::new();
    while reader.read_until(b'\n', &mut line)? > 0 {
        if line.pop() != Some(b'\n') {
            return Ok(());
        }
        if !opened.contains_key(&line) {
            match requested(&line, root) {
                Ok(file) => drop(opened.insert(line.clone(), file)),
                Err(error) => client.write_all(format!("ERR {error}\n").as_bytes())?,
            }
        }
        if let Some(file) = opened.get(&line) {
            sendmsg(client, b"+", &[file.as_fd()], 0)?;
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
    if !fs::metadata(&path)?.is_file() {
        return Err(io::Error::other("no regular file"));
    }
    File::open(path)
}
