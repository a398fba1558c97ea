//! Writes the records of a cohort that nobody handed in, to look at reports and to time them.
//!
//! ```console
//! $ cargo run -p xtask --profile xtask --example made_up_cohort -- 300 /tmp/cohort
//! $ time cargo xtask report /tmp/cohort --format html,csv,canvas,moodle,junit,gradescope,github
//! ```

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

use xtask::course::lab::Lab;
use xtask::course::workspace::Workspace;

#[path = "../tests/synthetic/mod.rs"]
mod synthetic;

use synthetic::{Plan, id, roster};

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [count, folder] = arguments.as_slice() else {
        return Err("give a number of students and a folder".into());
    };
    let (count, folder): (usize, PathBuf) = (count.parse()?, folder.into());
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let workspace = Workspace::around(&root.canonicalize()?).map_err(|fault| fault.to_string())?;
    let mut labs = Vec::new();
    for name in &workspace.labs {
        labs.push(Lab::open(&workspace, name).map_err(|fault| fault.to_string())?);
    }
    let plan = Plan {
        seed: 0x00c0_ffee,
        marked: false,
    };
    fs::create_dir_all(folder.join("records"))?;
    for index in 0..count {
        let record = serde_json::to_string_pretty(&plan.record(&labs, index))?;
        fs::write(
            folder.join("records").join(format!("{}.json", id(index))),
            record,
        )?;
    }
    fs::write(folder.join("roster.csv"), roster(count))?;
    fs::write(folder.join("course.toml"), COURSE)?;
    println!("{count} records in {}", folder.display());
    Ok(())
}

const COURSE: &str = r#"title = "Networks, winter 2025"
book = "https://example.org/socket-labs/"

[labs.server-basics]
due = 2025-10-20T12:00:00+02:00

[late]
percent_per_day = 10
grace_minutes = 15
most_days = 5

[[void]]
lab = "server-basics"
check = "echo::half_close_is_answered"
why = "the notes did not say so before the due date"

[visibility]
hidden = "full"
"#;
