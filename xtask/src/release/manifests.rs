//! Manifests and lock file of a student edition.

use std::collections::BTreeMap;
use std::env;
use std::ffi::OsString;
use std::fs;
use std::process::Command;

use toml_edit::{Array, DocumentMut, Item, Table, value};

use crate::course::workspace::STUDENT;
use crate::fault::{Fault, Result};
use crate::toolchain::rustc::missing;
use crate::work::{WorkFolder, make_all, write};

/// The members that students have.
const MEMBERS: [&str; 3] = ["common/*", "labs/*", "xtask"];

/// What stands above `default-members`.
const DEFAULT: &str = "\
# `cargo build` and `cargo test` are about your work: the tests of a stage that is not written
# fail. One failure at a time, in full: cargo xtask try
";

/// The root manifest without solutions, for a student edition.
pub(super) fn root(text: &str) -> Result<String> {
    let mut manifest = parsed(text, "Cargo.toml")?;
    let workspace = table(&mut manifest, "workspace")?;
    let members = workspace.get("members").and_then(Item::as_array);
    let kept: Array = members
        .into_iter()
        .flatten()
        .filter_map(|member| member.as_str())
        .filter(|member| MEMBERS.contains(member))
        .collect();
    workspace["members"] = value(kept);
    workspace["default-members"] = value(Array::from_iter(["labs/*"]));
    if let Some(mut key) = workspace.key_mut("default-members") {
        key.leaf_decor_mut().set_prefix(DEFAULT);
    }
    let course = workspace
        .get_mut("metadata")
        .and_then(|metadata| metadata.get_mut("socket-labs"))
        .and_then(Item::as_table_mut)
        .ok_or_else(|| lacks("Cargo.toml", "workspace.metadata.socket-labs"))?;
    course["edition"] = value(STUDENT);
    Ok(manifest.to_string())
}

/// The manifest of a package, without what only its tests needed; `sources` are all that is left
/// of it.
pub(super) fn package(text: &str, shown: &str, sources: &str) -> Result<String> {
    let mut manifest = parsed(text, shown)?;
    let section = "dev-dependencies";
    if let Some(dependencies) = manifest.get_mut(section).and_then(Item::as_table_mut) {
        dependencies.retain(|name, _| {
            let name = name.replace('-', "_");
            sources.contains(&format!("{name}::"))
        });
        if dependencies.is_empty() {
            manifest.remove(section);
        }
    }
    Ok(manifest.to_string())
}

/// The lock file that fits `files`, the whole edition with a lock file that holds more: cargo
/// takes out what nobody needs any more, and changes no version.
pub(super) fn lock(files: &BTreeMap<String, Vec<u8>>, work: &WorkFolder) -> Result<Vec<u8>> {
    let folder = work.fresh("release")?;
    for (path, text) in files {
        let path = folder.join(path);
        if let Some(above) = path.parent() {
            make_all(above)?;
        }
        write(&path, text)?;
    }
    let cargo = env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo"));
    let answer = Command::new(cargo)
        .args(["update", "--workspace", "--offline", "--quiet"])
        .current_dir(&folder)
        .output()
        .map_err(|error| missing("cargo", &error))?;
    if !answer.status.success() {
        return Err(Fault::grader(
            format!(
                "cargo cannot write the lock file of the student edition:\n{}",
                String::from_utf8_lossy(&answer.stderr).trim_end()
            ),
            "have cargo fetch what it misses, then again: cargo fetch",
        ));
    }
    let path = folder.join("Cargo.lock");
    let text = fs::read(&path).map_err(|error| Fault::io("read", &path, &error))?;
    // It may hold much, and the run goes on.
    _ = fs::remove_dir_all(&folder);
    Ok(text)
}

fn parsed(text: &str, shown: &str) -> Result<DocumentMut> {
    text.parse().map_err(|error| {
        Fault::usage(
            format!("{shown}: {error}"),
            "mend the manifest; `cargo metadata` says the same",
        )
    })
}

fn table<'a>(manifest: &'a mut DocumentMut, name: &str) -> Result<&'a mut Table> {
    let found = manifest.get_mut(name).and_then(Item::as_table_mut);
    found.ok_or_else(|| lacks("Cargo.toml", name))
}

fn lacks(shown: &str, name: &str) -> Fault {
    Fault::usage(
        format!("{shown} has no [{name}]"),
        "write it as another lab's workspace has it",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROOT: &str = "\
[workspace]
resolver = \"3\"
members = [\"common/*\", \"docs\", \"labs/*\", \"solutions/*\", \"xtask\"]
# Without the labs.
default-members = [\"common/*\", \"solutions/*\", \"xtask\"]

[workspace.metadata.socket-labs]
# The order of the course.
labs = [\"b\", \"a\"]
";

    #[test]
    fn the_root_manifest_loses_solutions_and_says_which_edition_it_is() {
        let told = root(ROOT).unwrap();
        assert!(!told.contains("solutions"), "{told}");
        assert!(told.contains("members = [\"common/*\", \"labs/*\", \"xtask\"]"));
        assert!(
            told.contains("cargo xtask try\ndefault-members = [\"labs/*\"]"),
            "{told}"
        );
        assert!(told.contains("# The order of the course.\nlabs = [\"b\", \"a\"]"));
        assert!(told.contains("edition = \"student\""), "{told}");
    }

    #[test]
    fn a_package_keeps_the_dependencies_that_its_sources_still_name() {
        let manifest =
            "[package]\nname = \"x\"\n\n[dev-dependencies]\nbig-one = \"1\"\ntempfile = \"3\"\n";
        let told = package(manifest, "x", "let folder = tempfile::tempdir();").unwrap();
        assert!(
            told.contains("tempfile") && !told.contains("big-one"),
            "{told}"
        );
        let told = package(manifest, "x", "").unwrap();
        assert!(!told.contains("dev-dependencies"), "{told}");
    }
}
