//! The stub: in step with the solution, formatted, and failing as an unwritten stage does.

use std::fs;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

use testbench::record::{LabRecord, Status};

use super::gate::{Passage, Trouble};
use crate::course::lab::Lab;
use crate::fault::{Fault, Result};
use crate::grade::record::failed;
use crate::report::failure::word;
use crate::report::stage::{counted, todo};
use crate::slots::{Slots, joined};
use crate::sources::format::formatted;
use crate::sync::stubs_of;

/// An untouched stub is told within this, on a machine under load; one that hangs is not.
const SOON: Duration = Duration::from_secs(60);

/// `labs/<lab>/src` is what `sync` would cut.
///
/// # Errors
/// A region is wrong, or a file cannot be read.
pub fn in_step(lab: &Lab, rustfmt: &Path) -> Result<Passage> {
    let stubs = stubs_of(lab, rustfmt)?;
    let late = stubs.iter().filter(|stub| !stub.in_step);
    Ok(Passage {
        looked_at: counted(stubs.len(), "file"),
        troubles: late
            .map(|stub| {
                Trouble::new(
                    format!("{} is not what its solution leaves", stub.shown),
                    format!("cargo xtask sync {}", lab.name),
                )
            })
            .collect(),
        ..Passage::default()
    })
}

/// Every source of `lab` is as rustfmt formats it.
///
/// # Errors
/// A file cannot be read, or is not Rust.
pub fn well_formatted(lab: &Lab, rustfmt: &Path) -> Result<Passage> {
    let mut files = Vec::new();
    for folder in [lab.folder(), lab.solution_folder()] {
        sources_below(&folder, &mut files)?;
    }
    let slots = Slots::one_a_core();
    let troubles: Result<Vec<Option<Trouble>>> = thread::scope(|scope| {
        let runs: Vec<_> = files
            .iter()
            .map(|path| {
                let slots = &slots;
                scope.spawn(move || {
                    let _slot = slots.take();
                    badly_formatted(lab, path, rustfmt)
                })
            })
            .collect();
        runs.into_iter().map(joined).collect()
    });
    Ok(Passage {
        looked_at: counted(files.len(), "file"),
        troubles: troubles?.into_iter().flatten().collect(),
        ..Passage::default()
    })
}

fn badly_formatted(lab: &Lab, path: &Path, rustfmt: &Path) -> Result<Option<Trouble>> {
    let text = fs::read_to_string(path).map_err(|error| Fault::io("read", path, &error))?;
    let shown = lab.shown(path);
    Ok((formatted(rustfmt, &text, &shown)? != text).then(|| {
        Trouble::new(
            format!("{shown} is not formatted"),
            format!("rustfmt --edition 2024 {shown}"),
        )
    }))
}

fn sources_below(folder: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
    let failed = |error: &std::io::Error| Fault::io("read", folder, error);
    for entry in fs::read_dir(folder).map_err(|error| failed(&error))? {
        let path = entry.map_err(|error| failed(&error))?.path();
        if path.is_dir() {
            sources_below(&path, files)?;
        } else if path.extension() == Some("rs".as_ref()) {
            files.push(path);
        }
    }
    files.sort();
    Ok(())
}

/// Every check of the untouched stub failed through its stage's own `todo!`.
pub fn fails_as_unwritten(lab: &Lab, record: &LabRecord, took: Duration) -> Passage {
    let mut troubles = Vec::new();
    for check in &record.checks {
        let file = lab
            .stage(&check.stage)
            .map(|stage| format!("src/{}:", stage.file()));
        let own = |at: &str| file.as_deref().is_some_and(|file| at.contains(file));
        let what = match check.status {
            Status::Skipped => continue,
            Status::Pass => "passes, and nothing is written".to_owned(),
            Status::Timeout => "hangs, and nothing is written".to_owned(),
            status if failed(status) => match todo(check) {
                Some(panic) if own(&panic.at) => continue,
                Some(panic) => format!("fails through the todo! of another stage, at {}", panic.at),
                None => format!("ends as `{}`, and not through its todo!", word(status)),
            },
            status => format!("ends as `{}`", word(status)),
        };
        troubles.push(Trouble::new(
            format!("{} of the untouched stub {what}", check.id),
            format!(
                "begin the check with an exchange that works; see it: {}",
                check.replay
            ),
        ));
    }
    if took > SOON {
        troubles.push(Trouble::new(
            format!("the untouched stub took {took:.0?} to fail"),
            "stop each wait the moment the program has exited",
        ));
    }
    Passage {
        looked_at: format!("{} end at a todo!", counted(record.checks.len(), "check")),
        troubles,
        ..Passage::default()
    }
}
