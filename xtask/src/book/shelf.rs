//! What the book is made of: its pages, and the scripts of its screens.

use std::fs;
use std::path::{Path, PathBuf};

use super::screen::{Screen, screens};
use crate::course::nearest::nearest;
use crate::course::workspace::Workspace;
use crate::fault::{Fault, Result};
use crate::report::stage::counted;
use crate::verify::gate::{Passage, Trouble};

/// Where the scripts are, from the workspace on.
pub const SCRIPTS: &str = "docs/screens";

/// The words that scripts are written with; no script itself.
pub const WORDS: &str = "docs/screens/words.sh";

/// The pages and scripts of a workspace.
#[derive(Debug)]
pub struct Shelf {
    root: PathBuf,
    /// Every page that may have a screen, the repository's first page among them.
    pub pages: Vec<Page>,
    /// The names of the scripts.
    pub scripts: Vec<String>,
    troubles: Vec<Trouble>,
}

/// A page.
#[derive(Debug)]
pub struct Page {
    /// Its path from the workspace on.
    pub shown: String,
    /// Its screens, in the order of the text.
    pub screens: Vec<Screen>,
}

impl Shelf {
    /// Reads every page and lists every script.
    ///
    /// # Errors
    /// A page cannot be read, or this workspace has no book.
    pub fn of(workspace: &Workspace) -> Result<Self> {
        let root = workspace.root.clone();
        let mut shelf = Self {
            pages: Vec::new(),
            scripts: Vec::new(),
            troubles: Vec::new(),
            root,
        };
        let mut pages = vec!["README.md".to_owned()];
        pages.extend(files_below(&shelf.root, "docs/src", "md")?);
        for shown in pages {
            let text = shelf.read(&shown)?;
            let (screens, troubles) = screens(&shown, &text);
            shelf.troubles.extend(troubles);
            shelf.pages.push(Page { shown, screens });
        }
        let scripts = files_below(&shelf.root, SCRIPTS, "sh")?.into_iter();
        shelf.scripts = scripts
            .filter(|path| path != WORDS)
            .filter_map(|path| {
                let name = path.strip_prefix(SCRIPTS)?.strip_suffix(".sh")?;
                Some(name.trim_start_matches('/').to_owned())
            })
            .collect();
        Ok(shelf)
    }

    /// Each screen has a script, each script a screen, and each is in form.
    pub fn passage(&self) -> Passage {
        let mut troubles = self.troubles.clone();
        for (page, screen) in self.screens() {
            if !self.scripts.contains(&screen.name) {
                let script = script(&screen.name);
                troubles.push(Trouble::new(
                    format!("{}:{}: there is no {script}", page.shown, screen.line),
                    format!("write it, or correct the name{}", self.meant(&screen.name)),
                ));
            }
        }
        for name in &self.scripts {
            if !self.screens().any(|(_, screen)| screen.name == *name) {
                troubles.push(Trouble::new(
                    format!("no page shows {}", script(name)),
                    format!(
                        "put <!-- screen: {name} --> and a ```text block into a page, or delete it"
                    ),
                ));
            }
        }
        Passage {
            looked_at: format!(
                "{}, {}",
                counted(self.pages.len(), "page"),
                counted(self.screens().count(), "screen")
            ),
            troubles,
            ..Passage::default()
        }
    }

    /// The names of the scripts that `asked` means: all, when it is empty.
    ///
    /// # Errors
    /// There is no such script.
    pub fn chosen<'a>(&'a self, asked: &'a [String]) -> Result<Vec<&'a str>> {
        if asked.is_empty() {
            return Ok(self.scripts.iter().map(String::as_str).collect());
        }
        let mut chosen = Vec::new();
        for name in asked {
            if !self.scripts.contains(name) {
                return Err(Fault::usage(
                    format!("there is no {}", script(name)),
                    format!("write it, or name another{}", self.meant(name)),
                ));
            }
            chosen.push(name.as_str());
        }
        Ok(chosen)
    }

    /// Every screen, with its page.
    pub fn screens(&self) -> impl Iterator<Item = (&Page, &Screen)> {
        let pages = self.pages.iter();
        pages.flat_map(|page| page.screens.iter().map(move |screen| (page, screen)))
    }

    /// The text of a page.
    ///
    /// # Errors
    /// It cannot be read.
    pub fn read(&self, shown: &str) -> Result<String> {
        let path = self.root.join(shown);
        fs::read_to_string(&path).map_err(|error| Fault::io("read", &path, &error))
    }

    fn meant(&self, name: &str) -> String {
        let scripts = self.scripts.iter().map(String::as_str);
        nearest(name, scripts)
            .map(|meant| format!(" (is it `{meant}`?)"))
            .unwrap_or_default()
    }
}

/// The path of the script called `name`, from the workspace on.
pub fn script(name: &str) -> String {
    format!("{SCRIPTS}/{name}.sh")
}

/// The files below `folder` whose name ends in `.{extension}`, as paths from `root` on, sorted.
fn files_below(root: &Path, folder: &str, extension: &str) -> Result<Vec<String>> {
    let mut files = Vec::new();
    let mut folders = vec![root.join(folder)];
    while let Some(folder) = folders.pop() {
        let failed = |error: &std::io::Error| Fault::io("read", &folder, error);
        for entry in fs::read_dir(&folder).map_err(|error| failed(&error))? {
            let path = entry.map_err(|error| failed(&error))?.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|found| found == extension) {
                let shown = path.strip_prefix(root).unwrap_or(&path);
                files.push(shown.display().to_string());
            }
        }
    }
    files.sort();
    Ok(files)
}
