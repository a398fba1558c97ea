//! recv and send by hand, and one place that replies; the name must have the root as its beginning.

use std::ffi::OsStr;
use std::fs::File;
use std::io::{self, ErrorKind};
use std::os::fd::AsFd;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::net::UnixStream;
use std::path::Path;

use berkeley::{recv, send, sendmsg};

pub fn converse(client: &UnixStream, root: &Path) -> io::Result<()> {
    let root = root.canonicalize()?;
    let mut unread = Vec::new();
    let mut chunk = [0; 512];
    loop {
        let n = recv(client, &mut chunk, 0)?;
        if n == 0 {
            return Ok(());
        }
        unread.extend_from_slice(&chunk[..n]);
        while let Some(end) = unread.iter().position(|&byte| byte == b'\n') {
            reply(client, opened(&unread[..end], &root))?;
            unread.drain(..=end);
        }
    }
}

fn reply(client: &UnixStream, opened: io::Result<File>) -> io::Result<()> {
    let (bytes, file) = match opened {
        Ok(file) => (b"+".to_vec(), Some(file)),
        Err(error) => (format!("ERR {error}\n").into_bytes(), None),
    };
    let sent = match &file {
        Some(file) => sendmsg(client, &bytes, &[file.as_fd()], 0)?,
        None => send(client, &bytes, 0)?,
    };
    if sent == bytes.len() {
        Ok(())
    } else {
        Err(ErrorKind::WriteZero.into())
    }
}

fn opened(request: &[u8], root: &Path) -> io::Result<File> {
    let name = request
        .strip_prefix(b"OPEN ")
        .ok_or_else(|| io::Error::new(ErrorKind::InvalidInput, "a request begins with OPEN"))?;
    let path = root.join(OsStr::from_bytes(name)).canonicalize()?;
    let inside = path.strip_prefix(root);
    inside
        .map_err(|_| io::Error::new(ErrorKind::PermissionDenied, "that is not under the root"))?;
    match path.metadata()?.is_file() {
        true => File::open(path),
        false => Err(ErrorKind::Unsupported.into()),
    }
}
