//! Refuses names with two dots and links, and joins a name that begins with a slash.
//!
//! stage: pass-file
//! fails: pass_file::no_name_leads_out
//! meant: pass_file::no_name_leads_out
//! says: forgets the first

use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, Write};
use std::os::fd::AsFd;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::net::UnixStream;
use std::path::{Component, Path};

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
    let name = Path::new(OsStr::from_bytes(name));
    if name.components().any(|part| part == Component::ParentDir) {
        return Err(io::Error::other("no .., please"));
    }
    let path = root.join(name);
    for step in path.ancestors().take(name.components().count()) {
        if fs::symlink_metadata(step)?.is_symlink() {
            return Err(io::Error::other("no links, please"));
        }
    }
    if !fs::metadata(&path)?.is_file() {
        return Err(io::Error::other("no regular file"));
    }
    File::open(path)
}
