//! Trims the name.
//!
//! stage: pass-file
//! fails: pass_file::a_name_is_the_rest_of_the_line
//! meant: pass_file::a_name_is_the_rest_of_the_line
//! says: neither split it nor trim it

use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, Write};
use std::os::fd::AsFd;
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
    let text = String::from_utf8_lossy(request);
    let Some(("OPEN", name)) = text.split_once(char::is_whitespace) else {
        return Err(io::Error::other("unknown request"));
    };
    let path = root.join(name.trim()).canonicalize()?;
    if !path.starts_with(root.canonicalize()?) {
        return Err(io::Error::other("outside"));
    }
    if !fs::metadata(&path)?.is_file() {
        return Err(io::Error::other("no regular file"));
    }
    File::open(path)
}
