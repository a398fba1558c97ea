//! What of the course was asked for: `LAB[/STAGE[/CHECK]]`.

use std::collections::BTreeSet;
use std::path::Path;

use super::lab::Lab;
use super::nearest::nearest;
use super::rubric::Stage;
use super::workspace::Workspace;
use crate::fault::{Fault, Result};

/// A lab and those of its checks that were asked for; at least one.
#[derive(Debug, Clone)]
pub struct Selection {
    /// The lab.
    pub lab: Lab,
    /// Ids of the checks that were asked for.
    pub checks: BTreeSet<String>,
}

/// A name in three parts, as it was typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// The lab.
    pub lab: String,
    /// The stage, if one was named.
    pub stage: Option<String>,
    /// The check or mistake, if one was named.
    pub leaf: Option<String>,
}

/// The labs called `names`, or all of the course if there are none.
///
/// # Errors
/// The course has no such lab, or a rubric is wrong.
pub fn labs_named(workspace: &Workspace, names: &[String]) -> Result<Vec<Lab>> {
    let names = if names.is_empty() {
        &workspace.labs
    } else {
        names
    };
    names
        .iter()
        .map(|name| Asked::parse(name).lab(workspace))
        .collect()
}

impl Asked {
    /// Takes `LAB[/STAGE[/LEAF]]` apart.
    pub fn parse(text: &str) -> Self {
        let mut parts = text.trim_matches('/').splitn(3, '/').map(str::to_owned);
        Self {
            lab: parts.next().unwrap_or_default(),
            stage: parts.next(),
            leaf: parts.next(),
        }
    }

    /// The lab that is meant.
    ///
    /// # Errors
    /// The course has no such lab, or its rubric is wrong.
    pub fn lab(&self, workspace: &Workspace) -> Result<Lab> {
        if !workspace.labs.contains(&self.lab) {
            return Err(self.no_lab(workspace));
        }
        Lab::open(workspace, &self.lab)
    }

    /// There is no such lab: its folder is not named, or the stages of that name, or the nearest lab.
    fn no_lab(&self, workspace: &Workspace) -> Fault {
        // `..` and nothing have no file name, and are no lab's folder.
        let is_name = Path::new(&self.lab).file_name().is_some();
        if is_name && workspace.root.join("labs").join(&self.lab).is_dir() {
            return Fault::usage(
                format!(
                    "labs/{} is there, and this course does not name it",
                    self.lab
                ),
                format!(
                    "name it in Cargo.toml: [workspace.metadata.socket-labs] labs = [..., \"{}\"]",
                    self.lab
                ),
            );
        }
        let labs = workspace
            .labs
            .iter()
            .filter_map(|name| Lab::open(workspace, name).ok());
        let stages: Vec<String> = labs
            .filter(|lab| lab.stage(&self.lab).is_some())
            .map(|lab| format!("{}/{}", lab.name, self.lab))
            .collect();
        if stages.is_empty() {
            let known = workspace.labs.iter().map(String::as_str);
            return unknown("lab", &self.lab, "this course", known, "");
        }
        let rest = [&self.stage, &self.leaf].into_iter().flatten();
        let rest: String = rest.map(|part| format!("/{part}")).collect();
        let meant: Vec<String> = stages
            .iter()
            .map(|stage| format!("{stage}{rest}"))
            .collect();
        Fault::usage(
            format!("`{}` is a stage, and this course has no such lab", self.lab),
            format!("did you mean {}?", meant.join(" or ")),
        )
    }

    /// The stage of `lab` that is meant, if one is named.
    ///
    /// # Errors
    /// The lab has no such stage.
    pub fn stage<'a>(&self, lab: &'a Lab) -> Result<Option<&'a Stage>> {
        let Some(name) = &self.stage else {
            return Ok(None);
        };
        let found = lab.stage(name);
        let names = lab.rubric.stages.iter().map(|stage| stage.name.as_str());
        found.map(Some).ok_or_else(|| {
            let place = format!("lab `{}`", lab.name);
            unknown("stage", name, &place, names, &format!("{}/", lab.name))
        })
    }

    /// Ids of the checks of `lab` that are meant.
    fn checks(&self, lab: &Lab) -> Result<Vec<String>> {
        let Some(stage) = self.stage(lab)? else {
            let all = lab.rubric.checks();
            return Ok(all.map(|(_, check)| check.id.clone()).collect());
        };
        let ids = stage.checks.iter().map(|check| check.id.as_str());
        let Some(leaf) = &self.leaf else {
            return Ok(ids.map(str::to_owned).collect());
        };
        let prefix = format!("{}::", stage.module);
        let name = leaf.strip_prefix(&prefix).unwrap_or(leaf);
        let names = ids.map(|id| id.strip_prefix(&prefix).unwrap_or(id));
        if names.clone().any(|known| known == name) {
            return Ok(vec![format!("{prefix}{name}")]);
        }
        let place = format!("stage `{}` of `{}`", stage.name, lab.name);
        let path = format!("{}/{}/", lab.name, stage.name);
        Err(unknown("check", name, &place, names, &path))
    }
}

impl Selection {
    /// What the `asked` names mean, in the order of the course; everything, if there are none.
    ///
    /// # Errors
    /// A name means nothing here, or a rubric is wrong.
    pub fn of(workspace: &Workspace, asked: &[String]) -> Result<Vec<Self>> {
        let whole = workspace.labs.clone();
        let asked = if asked.is_empty() { &whole } else { asked };
        let mut selections: Vec<Self> = Vec::new();
        for text in asked {
            let name = Asked::parse(text);
            let lab = name.lab(workspace)?;
            let checks = name.checks(&lab)?;
            match selections
                .iter_mut()
                .find(|known| known.lab.name == lab.name)
            {
                Some(known) => known.checks.extend(checks),
                None => selections.push(Self {
                    lab,
                    checks: checks.into_iter().collect(),
                }),
            }
        }
        if selections.is_empty() {
            return Err(Fault::usage(
                "this course has no lab",
                "name one in Cargo.toml: [workspace.metadata.socket-labs] labs = [\"...\"]",
            ));
        }
        let place = |lab: &Lab| workspace.labs.iter().position(|name| *name == lab.name);
        selections.sort_by_key(|selection| place(&selection.lab));
        Ok(selections)
    }

    /// Whether `id` was asked for.
    pub fn has(&self, id: &str) -> bool {
        self.checks.contains(id)
    }
}

/// There is no such name; the nearest one, or all there are.
pub fn unknown<'a>(
    what: &str,
    name: &str,
    place: &str,
    known: impl Iterator<Item = &'a str> + Clone,
    path: &str,
) -> Fault {
    let remedy = if let Some(meant) = nearest(name, known.clone()) {
        format!("did you mean {path}{meant}?")
    } else {
        let all: Vec<&str> = known.collect();
        format!("one of: {}", all.join(", "))
    };
    Fault::usage(format!("{place} has no {what} `{name}`"), remedy)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_has_one_to_three_parts() {
        let asked = Asked::parse("udp/echo/echo::an_empty_one");
        assert_eq!(asked.lab, "udp");
        assert_eq!(asked.stage.as_deref(), Some("echo"));
        assert_eq!(asked.leaf.as_deref(), Some("echo::an_empty_one"));
        assert_eq!(Asked::parse("udp/").stage, None);
    }
}
