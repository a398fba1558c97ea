//! Systems without Landlock.

use std::path::Path;

use anyhow::bail;

use crate::Allow;

/// Fails: there is nothing to restrict files with.
pub(crate) fn restrict(_program: &Path, _allow: &Allow) -> anyhow::Result<()> {
    bail!("only Linux has Landlock")
}

/// Does nothing: there are no boxes here, and no `/proc`.
#[allow(clippy::unnecessary_wraps, reason = "elsewhere it can fail")]
pub(crate) fn close_proc() -> anyhow::Result<()> {
    Ok(())
}

/// Fails: there is no ABI.
pub(crate) fn landlock_abi() -> anyhow::Result<u32> {
    bail!("only Linux has Landlock")
}
