//! The system calls a program is refused: seccomp(2).
//!
//! All others are allowed, so that students meet sockets, threads and signals as they
//! are. What is refused answers EPERM, as to a user without the right to it.

#[cfg(all(
    target_os = "linux",
    any(target_arch = "x86_64", target_arch = "aarch64")
))]
mod filter;
#[cfg(all(
    target_os = "linux",
    any(target_arch = "x86_64", target_arch = "aarch64")
))]
mod refused;

#[cfg(all(
    target_os = "linux",
    any(target_arch = "x86_64", target_arch = "aarch64")
))]
pub(crate) use filter::refuse;

/// There are filters for Linux on x86-64 and aarch64.
#[cfg(not(all(
    target_os = "linux",
    any(target_arch = "x86_64", target_arch = "aarch64")
)))]
pub(crate) fn refuse(_allow: &crate::Allow) -> anyhow::Result<()> {
    anyhow::bail!("there is no filter for this system and processor")
}
