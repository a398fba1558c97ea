//! Whether `nobody` can reach a file, which matters when root makes a box.

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::Path;

use anyhow::{Context, ensure};

use crate::bubblewrap::{NOBODY, is_root};

/// Fails, naming the folder that bars the way, when this process is root and a check box
/// could not show `path`, for it runs as [`NOBODY`]: each folder above must be open to
/// others (`o+x`), and the file or folder itself readable by them.
///
/// For an ordinary user there is nothing to check.
pub fn ensure_reachable(path: &Path) -> anyhow::Result<()> {
    if !is_root() {
        return Ok(());
    }
    let path = fs::canonicalize(path).with_context(|| format!("cannot find {}", path.display()))?;
    path.ancestors()
        .skip(1)
        .try_for_each(|folder| grants(folder, 0o1, "o+x"))
        .and_then(|()| ensure_readable(&path))
        .with_context(|| {
            format!(
                "a box made by root runs as nobody ({NOBODY}), who cannot reach {}",
                path.display()
            )
        })
}

/// The same for the file or folder alone, where it does not matter what it lies in.
pub(crate) fn ensure_readable(path: &Path) -> anyhow::Result<()> {
    if !is_root() {
        return Ok(());
    }
    if path.is_dir() {
        grants(path, 0o5, "o+rx")
    } else {
        grants(path, 0o4, "o+r")
    }
}

/// Fails with the remedy when nobody lacks these rights to something.
fn grants(path: &Path, rights: u32, remedy: &str) -> anyhow::Result<()> {
    let metadata = fs::metadata(path).with_context(|| format!("cannot find {}", path.display()))?;
    let of_others = metadata.permissions().mode();
    let granted = match metadata.uid() {
        NOBODY => of_others >> 6,
        _ => of_others,
    };
    ensure!(
        granted & rights == rights,
        "`chmod {remedy} {}`, or use another place",
        path.display()
    );
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::fs::{Permissions, set_permissions};

    use super::*;

    #[test]
    fn root_is_told_which_folder_bars_the_way() {
        let outer = tempfile::tempdir().unwrap();
        let inner = outer.path().join("inner");
        fs::write(&inner, "text").unwrap();
        set_permissions(&inner, Permissions::from_mode(0o644)).unwrap();
        let reached = || ensure_reachable(&inner).map_err(|error| format!("{error:#}"));

        set_permissions(outer.path(), Permissions::from_mode(0o700)).unwrap();
        let told = reached();
        if is_root() {
            let remedy = format!("`chmod o+x {}`", outer.path().display());
            assert!(told.unwrap_err().contains(&remedy));
        } else {
            assert_eq!(told, Ok(()), "who is not root makes boxes as himself");
        }
        set_permissions(outer.path(), Permissions::from_mode(0o711)).unwrap();
        assert_eq!(reached(), Ok(()));
    }
}
