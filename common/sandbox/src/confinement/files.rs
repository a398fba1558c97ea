//! The files a program may touch: Landlock, landlock(7).

#[cfg(target_os = "linux")]
#[path = "files/landlock.rs"]
mod rules;

#[cfg(not(target_os = "linux"))]
#[path = "files/none.rs"]
mod rules;

pub(crate) use rules::{close_proc, landlock_abi, restrict};
