//! What packages are made of, from `Cargo.lock`.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use serde::Deserialize;

use crate::course::workspace::Workspace;
use crate::fault::{Fault, Result};

/// Which packages each package depends on, by name.
#[derive(Debug, Default)]
pub struct Lock {
    dependencies: BTreeMap<String, BTreeSet<String>>,
}

#[derive(Deserialize)]
struct Table {
    #[serde(default)]
    package: Vec<Package>,
}

#[derive(Deserialize)]
struct Package {
    name: String,
    #[serde(default)]
    dependencies: Vec<String>,
}

impl Lock {
    /// Reads the workspace's lock file; cargo has just written it.
    ///
    /// # Errors
    /// It cannot be read.
    pub fn read(workspace: &Workspace) -> Result<Self> {
        let path = workspace.root.join("Cargo.lock");
        let text = fs::read_to_string(&path).map_err(|error| Fault::io("read", &path, &error))?;
        Self::parse(&text).map_err(|error| {
            Fault::usage(
                format!("{}: {error}", path.display()),
                "have cargo write it anew: cargo generate-lockfile --offline",
            )
        })
    }

    fn parse(text: &str) -> std::result::Result<Self, toml::de::Error> {
        let table: Table = toml::from_str(text)?;
        let mut lock = Self::default();
        for package in table.package {
            // `name`, or `name version` where there are several.
            let names = package
                .dependencies
                .iter()
                .filter_map(|text| text.split(' ').next());
            let known = lock.dependencies.entry(package.name).or_default();
            known.extend(names.map(str::to_owned));
        }
        Ok(lock)
    }

    /// `packages` and all that they are made of.
    pub fn closure<'a>(&'a self, packages: impl Iterator<Item = &'a str>) -> BTreeSet<&'a str> {
        let mut open: Vec<&str> = packages.collect();
        let mut closure = BTreeSet::new();
        while let Some(package) = open.pop() {
            if closure.insert(package) {
                let below = self.dependencies.get(package).into_iter().flatten();
                open.extend(below.map(String::as_str));
            }
        }
        closure
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_package_is_made_of_is_followed_down() {
        let lock = Lock::parse(
            "[[package]]\nname = \"a\"\ndependencies = [\"b\", \"c 1.0.0\"]\n\
             [[package]]\nname = \"b\"\n[[package]]\nname = \"c\"\ndependencies = [\"b\"]\n[[package]]\nname = \"d\"\n",
        )
        .unwrap();
        let closure: Vec<&str> = lock.closure(["a"].into_iter()).into_iter().collect();
        assert_eq!(closure, ["a", "b", "c"]);
    }
}
