//! Isolation of untrusted programs, without a container engine and without root.
//!
//! - A **box** ([`CheckBox`], [`CompileBox`]) is bubblewrap around a lab's checks or
//!   around a compiler: private network, processes and files.
//! - A [`Confinement`] is put on each program inside, by the small `launcher` binary, which
//!   then becomes the program: own session, empty environment, closed descriptors,
//!   resource limits, Landlock, seccomp.
//! - [`probe`] tries both, and tells what works, what is missing, and its remedy.
//!
//! ```no_run
//! use std::path::Path;
//!
//! use sandbox::{CheckBox, LAUNCHER_INSIDE, probe};
//!
//! # fn main() -> anyhow::Result<()> {
//! let launcher = Path::new("/tools/launcher");
//! let probed = probe(None, launcher)?;
//! if let Some(bubblewrap) = &probed.bubblewrap {
//!     let confinement = serde_json::to_string(&probed.isolation.confinement())?;
//!     let mut checks = CheckBox::new(bubblewrap, launcher)
//!         .read_only("/labs/echo/checks", "/checks")
//!         .read_only("/submissions/7/program", "/program")
//!         .env("LAUNCHER", LAUNCHER_INSIDE)
//!         .env("CONFINEMENT", confinement)
//!         .command()?;
//!     checks.arg("/checks").status()?;
//! }
//! # Ok(())
//! # }
//! ```
//!
//! In the box, the checks start each program with [`Confinement::command`].
//!
//! Boxes of one user share what the kernel counts for the user on the whole machine: pages
//! in pipes, and descriptors on their way through sockets, see [`Allow::pass_descriptors`]. All
//! else is each box's own.

mod bubblewrap;
mod check_box;
mod compile_box;
mod confinement;
mod entry;
mod isolation;
mod launcher;
mod limits;
mod probe;
mod reach;

pub use bubblewrap::{Bubblewrap, NOBODY};
pub use check_box::CheckBox;
pub use compile_box::CompileBox;
pub use confinement::{Allow, Confinement};
pub use isolation::{Isolation, Level};
pub use launcher::{LAUNCHER_FAILED, launch};
pub use limits::Limits;
pub use probe::{Probed, probe};
pub use reach::ensure_reachable;

/// Where a box holds the launcher.
pub const LAUNCHER_INSIDE: &str = "/launcher";
