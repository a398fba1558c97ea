//! Landlock, by path. What no rule grants is denied.

use std::path::Path;
use std::{fs, thread};

use anyhow::{Context, bail};
use landlock::{
    ABI, Access, AccessFs, BitFlags, LandlockStatus, PathBeneath, PathFd, RestrictionStatus,
    Ruleset, RulesetAttr, RulesetCreated, RulesetCreatedAttr, RulesetStatus, Scope,
};

use crate::Allow;

/// The newest rules that were tried. On an older kernel the crate leaves out what it
/// does not know; the rules of the first ABI cover reading, writing and making files.
const KNOWN: ABI = ABI::V7;

/// Where the loader and the libraries lie, on the systems that Rust supports.
const LIBRARY_FOLDERS: &[&str] = &[
    #[cfg(target_arch = "x86_64")]
    "/lib/x86_64-linux-gnu",
    #[cfg(target_arch = "aarch64")]
    "/lib/aarch64-linux-gnu",
    "/lib64",
    "/lib",
    "/usr/lib64",
    "/usr/lib",
];

/// What runs a dynamic program: it must be executable too.
const LOADERS: &[&str] = &[
    #[cfg(target_arch = "x86_64")]
    "ld-linux-x86-64.so.2",
    #[cfg(target_arch = "x86_64")]
    "ld-musl-x86_64.so.1",
    #[cfg(target_arch = "aarch64")]
    "ld-linux-aarch64.so.1",
    #[cfg(target_arch = "aarch64")]
    "ld-musl-aarch64.so.1",
];

/// What a Rust program is linked with.
const LIBRARIES: &[&str] = &[
    "libc.so.6",
    "libgcc_s.so.1",
    "libm.so.6",
    "libdl.so.2",
    "libpthread.so.0",
    "librt.so.1",
];

/// Leaves this process its program, the loader, the libraries and what is allowed.
/// Everything else is denied, in `/proc` and `/dev` too.
pub(crate) fn restrict(program: &Path, allow: &Allow) -> anyhow::Result<()> {
    let read = BitFlags::from(AccessFs::ReadFile);
    let execute = AccessFs::Execute | AccessFs::ReadFile;
    let list = AccessFs::ReadDir | AccessFs::ReadFile;
    let write = AccessFs::ReadFile | AccessFs::WriteFile | AccessFs::Truncate;
    // No MakeReg: each empty file costs kernel memory that no limit counts.
    let sockets = AccessFs::MakeSock | AccessFs::RemoveFile | AccessFs::ReadDir;

    let mut rules = handled(allow)?.create()?;
    rules = required(rules, program, execute)?;
    for folder in LIBRARY_FOLDERS.iter().map(Path::new) {
        for loader in LOADERS {
            rules = present(rules, &folder.join(loader), execute)?;
        }
        for library in LIBRARIES {
            rules = present(rules, &folder.join(library), read)?;
        }
    }
    rules = present(rules, Path::new("/etc/ld.so.cache"), read)?;
    // Where a program finds the end of its stack, so that overflowing it is told as such
    // (pthread_getattr_np(3)). It is this process's own, and its id outlives exec.
    rules = present(rules, Path::new("/proc/self/maps"), read)?;
    for path in &allow.read {
        let access = if path.is_dir() { list } else { read };
        rules = required(rules, path, access)?;
    }
    for path in &allow.write {
        rules = required(rules, path, write)?;
    }
    for path in &allow.sockets {
        rules = required(rules, path, sockets)?;
    }
    enforced(&rules.restrict_self()?)?;
    Ok(())
}

/// Closes `/proc` to this process, and nothing else: there it would find the paths on the
/// host of all that is bound in its box. Reading the link `/proc/self/exe`, by which
/// compilers find their parts, goes on. A kernel without Landlock leaves it open.
pub(crate) fn close_proc() -> anyhow::Result<()> {
    let read = AccessFs::ReadFile | AccessFs::ReadDir;
    let mut rules = Ruleset::default().handle_access(read)?.create()?;
    for entry in fs::read_dir("/")? {
        let path = entry?.path();
        if path != Path::new("/proc") {
            let access = if path.is_dir() {
                read
            } else {
                AccessFs::ReadFile.into()
            };
            rules = present(rules, &path, access)?;
        }
    }
    rules.restrict_self()?;
    Ok(())
}

/// The ABI that is enforced here: tried on a thread of its own, which then ends.
pub(crate) fn landlock_abi() -> anyhow::Result<u32> {
    thread::spawn(|| {
        let rules = handled(&Allow::default())?.create()?;
        enforced(&rules.restrict_self()?)
    })
    .join()
    .unwrap_or_else(|_| bail!("the thread that tried Landlock panicked"))
}

/// All rights over files are handled, that is: denied where no rule grants them.
fn handled(allow: &Allow) -> anyhow::Result<Ruleset> {
    // Scopes are newer than file rules: seccomp refuses signals to others anyway, and
    // a box has abstract names of its own.
    let mut scopes = BitFlags::from(Scope::Signal);
    if !allow.unix_sockets && allow.sockets.is_empty() {
        scopes |= Scope::AbstractUnixSocket;
    }
    Ok(Ruleset::default()
        .handle_access(AccessFs::from_all(KNOWN))?
        .scope(scopes)?)
}

fn required(
    rules: RulesetCreated,
    path: &Path,
    access: BitFlags<AccessFs>,
) -> anyhow::Result<RulesetCreated> {
    let opened = PathFd::new(path).with_context(|| format!("cannot open {}", path.display()))?;
    Ok(rules.add_rule(PathBeneath::new(opened, access))?)
}

fn present(
    rules: RulesetCreated,
    path: &Path,
    access: BitFlags<AccessFs>,
) -> anyhow::Result<RulesetCreated> {
    match PathFd::new(path) {
        Ok(opened) => Ok(rules.add_rule(PathBeneath::new(opened, access))?),
        Err(_) => Ok(rules),
    }
}

fn enforced(status: &RestrictionStatus) -> anyhow::Result<u32> {
    match (&status.ruleset, &status.landlock) {
        (
            RulesetStatus::FullyEnforced | RulesetStatus::PartiallyEnforced,
            LandlockStatus::Available { effective_abi, .. },
        ) => Ok(*effective_abi as u32),
        (_, LandlockStatus::NotEnabled) => bail!("the kernel has Landlock, but it is off"),
        _ => bail!("the kernel has no Landlock"),
    }
}
