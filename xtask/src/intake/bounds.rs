//! How much of a submission is looked at. A stage file is a few kilobytes.

/// The largest stage file, bytes.
pub(crate) const FILE: u64 = 256 * 1024;

/// All stage files of a submission together, bytes.
pub(super) const FILES: u64 = 4 * 1024 * 1024;

/// Entries of a submission, folders among them, those that are skipped not.
pub(super) const ENTRIES: usize = 10_000;

/// Folders in folders.
pub(super) const DEPTH: usize = 16;

/// The longest path, bytes.
pub(super) const PATH: usize = 1024;

/// The largest archive, bytes.
pub(super) const ARCHIVE: u64 = 32 * 1024 * 1024;

/// What a compressed tar may come to, bytes: it has to be gone through from the beginning.
pub(super) const UNPACKED: u64 = 256 * 1024 * 1024;

/// How many ignored entries are listed for each lab.
pub(super) const LISTED: usize = 100;
