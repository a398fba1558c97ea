//! Looks at how the name is written, and follows links wherever they lead.
//!
//! stage: pass-file
//! fails: pass_file::no_link_leads_out
//! meant: pass_file::no_link_leads_out
//! says: makes an innocent name lead out

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
    let inside = |part| matches!(part, Component::Normal(_) | Component::CurDir);
    if !name.components().all(inside) {
        return Err(io::Error::other("only names inside, please"));
    }
    let path = root.join(name);
    if !fs::metadata(&path)?.is_file() {
        return Err(io::Error::other("no regular file"));
    }
    File::open(path)
}
