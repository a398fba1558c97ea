//! A submission that is a folder: walked by descriptors, so that no link leads out of it.

use std::ffi::CStr;
use std::fs::File;
use std::os::fd::{AsFd, OwnedFd};
use std::path::Path;

use rustix::fs::{AtFlags, Dir, FileType, Mode, OFlags, Stat, fstat, open, openat, statat};
use rustix::io::Errno;

use super::archive;
use super::bounds;
use super::collector::{Collector, Kind, Refused, read_bounded};
use super::roster::is_archive;

/// For folders: nothing that is a link now, and no descriptor for a child.
const FOLDER: OFlags = OFlags::RDONLY
    .union(OFlags::DIRECTORY)
    .union(OFlags::NOFOLLOW)
    .union(OFlags::CLOEXEC);

/// For files: besides, opening waits for nobody, and gives us no terminal.
const FILE: OFlags = OFlags::RDONLY
    .union(OFlags::NOFOLLOW)
    .union(OFlags::NONBLOCK)
    .union(OFlags::NOCTTY)
    .union(OFlags::CLOEXEC);

/// The permission bits that would make a program run as somebody else.
const SET_ID: u32 = 0o6000;

/// Looks through the folder `path`.
///
/// # Errors
/// It cannot be read, or holds more than anybody needs.
pub(super) fn look(path: &Path, collector: &mut Collector<'_>) -> Result<(), Refused> {
    let folder = open(path, FOLDER, Mode::empty()).map_err(cannot_read)?;
    walk(&folder, &[], collector)
}

/// Takes the file `path`, which was handed in by itself as `inside`.
///
/// # Errors
/// It cannot be read.
pub(super) fn look_at_file(
    path: &Path,
    inside: &[u8],
    collector: &mut Collector<'_>,
) -> Result<(), Refused> {
    if let Some(place) = collector.see(inside, Kind::File)? {
        let text = opened_at(path).and_then(read_bounded);
        collector.put(place, inside, text)?;
    }
    Ok(())
}

fn walk(folder: &OwnedFd, above: &[u8], collector: &mut Collector<'_>) -> Result<(), Refused> {
    let entries = match Dir::read_from(folder) {
        Ok(entries) => entries,
        Err(error) => {
            collector.leave(above, &cannot_read(error));
            return Ok(());
        }
    };
    for found in entries {
        let found = match found {
            Ok(found) => found,
            Err(error) => {
                collector.leave(above, &cannot_read(error));
                break;
            }
        };
        let name = found.file_name();
        if matches!(name.to_bytes(), b"." | b"..") {
            continue;
        }
        let path = below(above, name.to_bytes());
        entry(folder, name, &path, collector)?;
    }
    Ok(())
}

/// One entry of a folder, which is `path` in the submission.
fn entry(
    folder: &OwnedFd,
    name: &CStr,
    path: &[u8],
    collector: &mut Collector<'_>,
) -> Result<(), Refused> {
    let Ok(stat) = statat(folder, name, AtFlags::SYMLINK_NOFOLLOW) else {
        collector.leave(path, "it vanished while it was looked at");
        return Ok(());
    };
    let kind = kind(&stat);
    if kind == Kind::File && !path.contains(&b'/') && is_archive(path) {
        return nested(folder, name, path, collector);
    }
    let place = collector.see(path, kind)?;
    if kind == Kind::Folder && collector.goes_into(path) {
        return into_folder(folder, name, path, collector);
    }
    if let Some(place) = place {
        let text = if collector.has(&place) {
            Ok(Vec::new())
        } else {
            opened(folder, name).and_then(read_bounded)
        };
        collector.put(place, path, text)?;
    }
    Ok(())
}

fn into_folder(
    above: &OwnedFd,
    name: &CStr,
    path: &[u8],
    collector: &mut Collector<'_>,
) -> Result<(), Refused> {
    if path.split(|byte| *byte == b'/').count() >= bounds::DEPTH {
        collector.leave(path, "it lies too deep; not looked into");
        return Ok(());
    }
    match openat(above, name, FOLDER, Mode::empty()) {
        Ok(folder) => walk(&folder, path, collector),
        Err(error) => {
            collector.leave(path, &cannot_read(error));
            Ok(())
        }
    }
}

/// An archive that lies in the submission's folder, as Moodle exports them.
fn nested(
    folder: &OwnedFd,
    name: &CStr,
    path: &[u8],
    collector: &mut Collector<'_>,
) -> Result<(), Refused> {
    let file = match opened(folder, name) {
        Ok(file) => file,
        Err(why) => {
            collector.leave(path, &why);
            return Ok(());
        }
    };
    collector.inside(path, |collector| archive::look(file, collector))
}

/// Opens a file that is a regular one still.
fn opened(folder: &OwnedFd, name: &CStr) -> Result<File, String> {
    let file = openat(folder, name, FILE, Mode::empty()).map_err(cannot_read)?;
    regular(&file)?;
    Ok(File::from(file))
}

/// Opens the file `path`, of which only the last component comes from a submission.
pub(super) fn opened_at(path: &Path) -> Result<File, String> {
    let file = open(path, FILE, Mode::empty()).map_err(cannot_read)?;
    let mode = fstat(&file).map_err(cannot_read)?.st_mode;
    // Who collects submissions may well have linked them: only what is in them is suspect.
    match FileType::from_raw_mode(mode) {
        FileType::RegularFile => Ok(File::from(file)),
        _ => Err("it is no regular file".to_owned()),
    }
}

fn regular(file: impl AsFd) -> Result<(), String> {
    let stat = fstat(file).map_err(cannot_read)?;
    match kind(&stat) {
        Kind::File => Ok(()),
        Kind::Folder => Err("it is a folder now".to_owned()),
        Kind::Odd(why) => Err(why.to_owned()),
    }
}

/// What inode(7) says that an entry is.
fn kind(stat: &Stat) -> Kind {
    let mode = stat.st_mode;
    match FileType::from_raw_mode(mode) {
        FileType::Directory => Kind::Folder,
        FileType::RegularFile if mode & SET_ID != 0 => Kind::Odd("it has a set-user-id bit"),
        FileType::RegularFile if stat.st_nlink > 1 => {
            Kind::Odd("it is a hard link: the file has another name, too")
        }
        FileType::RegularFile => Kind::File,
        FileType::Symlink => Kind::Odd("it is a link"),
        FileType::Fifo => Kind::Odd("it is a FIFO"),
        FileType::Socket => Kind::Odd("it is a socket"),
        FileType::BlockDevice | FileType::CharacterDevice => Kind::Odd("it is a device"),
        FileType::Unknown => Kind::Odd("it is neither file nor folder"),
    }
}

fn below(above: &[u8], name: &[u8]) -> Vec<u8> {
    if above.is_empty() {
        name.to_vec()
    } else {
        [above, b"/", name].concat()
    }
}

fn cannot_read(error: Errno) -> String {
    format!("it cannot be read: {error}")
}
