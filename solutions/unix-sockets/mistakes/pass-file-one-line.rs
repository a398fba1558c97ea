//! Takes what one read brings for one request.
//!
//! stage: pass-file
//! fails: pass_file::every_line_gets_its_reply
//! meant: pass_file::every_line_gets_its_reply
//! says: One read may bring several lines

use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::os::fd::AsFd;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::net::UnixStream;
use std::path::Path;

use berkeley::sendmsg;

pub fn converse(client: &UnixStream, root: &Path) -> io::Result<()> {
    let mut client = client;
    let mut buffer = [0; 4096];
    loop {
        let length = client.read(&mut buffer)?;
        if length == 0 {
            return Ok(());
        }
        let line = buffer[..length].split(|&byte| byte == b'\n').next();
        match requested(line.unwrap_or_default(), root) {
            Ok(file) => {
                sendmsg(client, b"+", &[file.as_fd()], 0)?;
            }
            Err(error) => client.write_all(format!("ERR {error}\n").as_bytes())?,
        }
    }
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
