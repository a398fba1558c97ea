//! Walks the name part by part, and follows no link at all.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, Write};
use std::os::fd::AsFd;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::net::UnixStream;
use std::path::{Component, Path, PathBuf};

use berkeley::sendmsg;

pub fn converse(client: &UnixStream, root: &Path) -> io::Result<()> {
    let mut replies = client;
    for line in BufReader::new(client).split(b'\n') {
        let line = line?;
        let opened = match line.strip_prefix(b"OPEN ") {
            Some(name) => walk(root, Path::new(OsStr::from_bytes(name))).and_then(open),
            None => Err("what?".to_owned()),
        };
        match opened {
            Ok(file) => {
                sendmsg(client, b"+", &[file.as_fd()], 0)?;
            }
            Err(reason) => replies.write_all(format!("ERR {reason}\n").as_bytes())?,
        }
    }
    Ok(())
}

fn walk(root: &Path, name: &Path) -> Result<PathBuf, String> {
    let mut path = root.to_owned();
    for part in name.components() {
        let Component::Normal(part) = part else {
            return Err("a name goes down, and nowhere else".to_owned());
        };
        path.push(part);
        let found = fs::symlink_metadata(&path).map_err(|error| error.to_string())?;
        if found.is_symlink() {
            return Err("links are not followed".to_owned());
        }
    }
    Ok(path)
}

fn open(path: PathBuf) -> Result<File, String> {
    match fs::symlink_metadata(&path) {
        Ok(found) if found.is_file() => File::open(path).map_err(|error| error.to_string()),
        Ok(_) => Err("no regular file".to_owned()),
        Err(error) => Err(error.to_string()),
    }
}
