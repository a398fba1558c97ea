//! Ends the + with a line end, as the other replies.
//!
//! stage: pass-file
//! fails: pass_file::passes_an_open_file
//!        pass_file::each_open_starts_at_the_beginning
//!        pass_file::no_name_leads_out
//!        pass_file::no_link_leads_out
//!        pass_file::a_name_is_the_rest_of_the_line
//!        pass_file::every_line_gets_its_reply
//!        pass_file::a_thousand_files_leave_no_descriptor_behind
//! meant: pass_file::passes_an_open_file
//! says: sendmsg sends the byte + and, beside it

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
                sendmsg(client, b"+\n", &[file.as_fd()], 0)?;
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
    if !fs::metadata(&path)?.is_file() {
        return Err(io::Error::other("no regular file"));
    }
    File::open(path)
}
