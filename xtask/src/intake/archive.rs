//! A submission that is an archive: zip, tar, or compressed tar, told by its first bytes.

use std::fs::File;
use std::io::{self, BufReader, Cursor, Read, Seek};
use std::path::Path;

use flate2::read::MultiGzDecoder;
use memchr::memmem;
use tar::EntryType;
use zip::ZipArchive;

use super::bounds;
use super::collector::{self, Collector, Kind, Refused, read_bounded};
use super::folder::opened_at;

/// Where a tar says that it is one, tar(5), and what it says.
const TAR_MAGIC: (usize, &[u8]) = (257, b"ustar");

/// What each entry of a zip's central directory begins with (APPNOTE 4.3.12).
const ZIP_ENTRY: &[u8] = b"PK\x01\x02";

/// File types in a zip's mode, as inode(7) has them.
const TYPE: u32 = 0o170_000;
const REGULAR: u32 = 0o100_000;
const FOLDER: u32 = 0o040_000;
const LINK: u32 = 0o120_000;

/// The permission bits that would make a program run as somebody else.
const SET_ID: u32 = 0o6000;

/// Looks through the archive `path`.
///
/// # Errors
/// It is none, is damaged, or holds more than anybody needs.
pub(super) fn look_at(path: &Path, collector: &mut Collector<'_>) -> Result<(), Refused> {
    look(opened_at(path)?, collector)
}

/// Looks through the archive `file`.
///
/// # Errors
/// As [`look_at`].
pub(super) fn look(mut file: File, collector: &mut Collector<'_>) -> Result<(), Refused> {
    let size = file.metadata().map_err(|error| damaged(&error))?.len();
    if size > bounds::ARCHIVE {
        return Err("the archive is larger than 32 MiB; hand in the stage files only".to_owned());
    }
    let mut head = Vec::new();
    let (at, magic) = TAR_MAGIC;
    (&mut file)
        .take((at + magic.len()) as u64)
        .read_to_end(&mut head)
        .and_then(|_| file.rewind())
        .map_err(|error| damaged(&error))?;
    let file = BufReader::new(file.take(size));
    match head.as_slice() {
        [] => Err("the archive is empty".to_owned()),
        [b'P', b'K', ..] => zip(file, collector),
        [0x1f, 0x8b, ..] => tar(MultiGzDecoder::new(file), collector),
        _ if head.get(at..) == Some(magic) => tar(file, collector),
        _ => Err("it is no zip and no tar.gz archive; hand in one of these".to_owned()),
    }
}

/// The entries as the central directory lists them; only what counts is unpacked.
fn zip(mut file: impl Read, collector: &mut Collector<'_>) -> Result<(), Refused> {
    let mut bytes = Vec::new();
    file.read_to_end(&mut bytes)
        .map_err(|error| damaged(&error))?;
    // Before the directory is read: whatever count the archive states, no more can come of it.
    let entries = memmem::find_iter(&bytes, ZIP_ENTRY);
    if entries.take(bounds::ENTRIES + 1).count() > bounds::ENTRIES {
        return Err(collector::too_many());
    }
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|error| damaged(&error))?;
    if archive.has_duplicate_names() {
        return Err("the archive has two entries of the same name; pack it again".to_owned());
    }
    for index in 0..archive.len() {
        let entry = archive
            .by_index_data(index)
            .map_err(|error| damaged(&error))?;
        // Names that are no UTF-8 are in the code page of DOS, which has a letter for each byte.
        let path = match entry.name() {
            Ok(name) => name.into_owned().into_bytes(),
            Err(_) => entry.name_raw().to_vec(),
        };
        let kind = if entry.is_dir() {
            Kind::Folder
        } else {
            kind_of_mode(entry.unix_mode())
        };
        let Some(place) = collector.see(&path, kind)? else {
            continue;
        };
        let text = if collector.has(&place) {
            Ok(Vec::new())
        } else if entry.encrypted() {
            Err("it is encrypted".to_owned())
        } else {
            archive
                .by_index(index)
                .map_err(|error| format!("it cannot be unpacked: {error}"))
                .and_then(read_bounded)
        };
        collector.put(place, &path, text)?;
    }
    Ok(())
}

/// The entries one after another, to the end: a tar has no directory.
fn tar(stream: impl Read, collector: &mut Collector<'_>) -> Result<(), Refused> {
    let mut archive = tar::Archive::new(Bounded {
        stream,
        left: bounds::UNPACKED,
    });
    let entries = archive.entries().map_err(|error| damaged(&error))?;
    for entry in entries {
        let mut entry = entry.map_err(|error| damaged(&error))?;
        let path = entry.path_bytes().into_owned();
        let set_id = entry.header().mode().is_ok_and(|mode| mode & SET_ID != 0);
        let kind = match entry.header().entry_type() {
            EntryType::Regular | EntryType::Continuous if set_id => {
                Kind::Odd("it has a set-user-id bit")
            }
            EntryType::Regular | EntryType::Continuous => Kind::File,
            EntryType::Directory => Kind::Folder,
            EntryType::XGlobalHeader => continue,
            EntryType::Symlink => Kind::Odd("it is a link"),
            EntryType::Link => Kind::Odd("it is a hard link"),
            EntryType::Fifo => Kind::Odd("it is a FIFO"),
            EntryType::Char | EntryType::Block => Kind::Odd("it is a device"),
            EntryType::GNUSparse => Kind::Odd("it is a file with holes"),
            _ => Kind::Odd("it is neither file nor folder"),
        };
        if let Some(place) = collector.see(&path, kind)? {
            let text = if collector.has(&place) {
                Ok(Vec::new())
            } else {
                read_bounded(&mut entry)
            };
            collector.put(place, &path, text)?;
        }
    }
    Ok(())
}

/// What the mode of a zip's entry says; archivers of Windows leave none.
fn kind_of_mode(mode: Option<u32>) -> Kind {
    match mode {
        None => Kind::File,
        Some(mode) => match mode & TYPE {
            REGULAR | 0 if mode & SET_ID != 0 => Kind::Odd("it has a set-user-id bit"),
            REGULAR | 0 => Kind::File,
            FOLDER => Kind::Folder,
            LINK => Kind::Odd("it is a link"),
            _ => Kind::Odd("it is a device, a FIFO or a socket"),
        },
    }
}

/// A stream that ends in an error when it has given more than it may.
struct Bounded<R> {
    stream: R,
    left: u64,
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.stream.read(buffer)?;
        self.left = self.left.checked_sub(count as u64).ok_or_else(|| {
            io::Error::other("it unpacks to more than 256 MiB; hand in the stage files only")
        })?;
        Ok(count)
    }
}

fn damaged(error: &dyn std::fmt::Display) -> String {
    format!("the archive cannot be read: {error}")
}
