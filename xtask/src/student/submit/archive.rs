//! Writing the archive: a zip, which every learning platform takes.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::Path;

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use crate::fault::{Fault, Result};
use crate::intake::manifest::{Manifest, NAME};
use crate::work::make_all;

/// Writes `files` and the manifest to `path`, beside its place first, so that there is never half
/// an archive; says how large it is.
pub(super) fn write(
    path: &Path,
    manifest: &Manifest,
    files: &BTreeMap<String, Vec<u8>>,
) -> Result<usize> {
    let told = toml::to_string(manifest).map_err(|error| {
        Fault::grader(
            format!("the manifest cannot be written: {error}"),
            "tell whoever keeps this course",
        )
    })?;
    if let Some(folder) = path.parent() {
        make_all(folder)?;
    }
    let unfinished = path.with_extension(format!("zip.{}", std::process::id()));
    let failed = |error: &io::Error| Fault::io("write", path, error);
    let written = pack(&unfinished, &told, files).and_then(|()| fs::rename(&unfinished, path));
    if written.is_err() {
        // It may not even have been made.
        _ = fs::remove_file(&unfinished);
    }
    written.map_err(|error| failed(&error))?;
    let size = fs::metadata(path).map_err(|error| failed(&error))?.len();
    Ok(usize::try_from(size).unwrap_or(usize::MAX))
}

fn pack(path: &Path, manifest: &str, files: &BTreeMap<String, Vec<u8>>) -> io::Result<()> {
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .unix_permissions(0o644);
    let mut zip = ZipWriter::new(File::create(path)?);
    zip.start_file(NAME, options)?;
    zip.write_all(manifest.as_bytes())?;
    for (path, text) in files {
        zip.start_file(path.as_str(), options)?;
        zip.write_all(text)?;
    }
    zip.finish()?.sync_all()
}
