//! What the runner tells a check binary, by environment variables.
//!
//! Without any of them a check binary judges the program that cargo built beside it,
//! unconfined, and prints failures for people: that is `cargo test`.

/// Path of the program to judge. Without it: cargo's `CARGO_BIN_EXE_<package>`.
pub const PROGRAM: &str = "SOCKET_LABS_PROGRAM";

/// Folder with the program's sources, for checks about the source itself.
/// Without it: `src` of the package that cargo tests.
pub const SOURCES: &str = "SOCKET_LABS_SOURCES";

/// Seed of all payloads and schedules, up to 16 hexadecimal digits. Without it: a fresh one.
pub const SEED: &str = "SOCKET_LABS_SEED";

/// When set, verdicts go to stderr as [`crate::record::Line`]s instead of text for people.
pub const VERDICTS: &str = "SOCKET_LABS_VERDICTS";

/// When set, a check that passes tells its transcript, too, as one that fails always does.
pub const TRANSCRIPTS: &str = "SOCKET_LABS_TRANSCRIPTS";

/// Path of strace. With it programs are started under it, and plainly: the launcher would let
/// nobody trace them.
pub const STRACE: &str = "SOCKET_LABS_STRACE";

/// The folder that strace writes system calls to: a file for each program, `0`, `1`, in the order of
/// their start.
pub const CALLS: &str = "SOCKET_LABS_CALLS";

/// Path of the launcher that confines each program. Without it programs are started plainly.
pub const LAUNCHER: &str = "SOCKET_LABS_LAUNCHER";

/// The `sandbox::Confinement` that the launcher puts on each program, as JSON.
pub const CONFINEMENT: &str = "SOCKET_LABS_CONFINEMENT";

/// Set where the network is the check process's own, to change as it likes: a box whose stages are
/// allowed raw sockets. Without it checks that need one are skipped.
pub const NETWORK: &str = "SOCKET_LABS_NETWORK";

/// What rubrics allow stages beyond that, as JSON: [`crate::allowance::Allowances`]. Without it: nothing.
pub const ALLOWED: &str = "SOCKET_LABS_ALLOWED";

/// When set, the network is the checks' own, and its settings under `/proc/sys/net` are theirs to change.
pub const NETWORK_SETTINGS: &str = "SOCKET_LABS_NETWORK_SETTINGS";
