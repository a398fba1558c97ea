//! What a run leaves: processes, mounts, files.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::sync::{Mutex, Once, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{getpid, set_child_subreaper};

/// The children that these tests have started themselves.
static OWN: Mutex<BTreeSet<u32>> = Mutex::new(BTreeSet::new());

/// Runs `command` and waits for its end.
pub(crate) fn output(command: &mut Command) -> Output {
    start(command)
        .wait_with_output()
        .expect("it can be waited for")
}

/// Starts `command`. Whatever of it outlives its parents becomes a child of this process, where
/// [`processes`] finds it.
pub(crate) fn start(command: &mut Command) -> Child {
    static ADOPT: Once = Once::new();
    ADOPT.call_once(|| set_child_subreaper(Some(getpid())).expect("orphans come here"));
    let mut own = OWN.lock().unwrap_or_else(PoisonError::into_inner);
    let child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it can be started");
    own.insert(child.id());
    child
}

/// The orphans that stay: what the run's end did not take with it.
pub(crate) fn processes() -> Vec<String> {
    // What was killed takes a moment to be gone.
    let deadline = Instant::now() + Duration::from_secs(20);
    loop {
        let orphans = orphans();
        if orphans.is_empty() || Instant::now() > deadline {
            return orphans;
        }
        thread::sleep(Duration::from_millis(20));
    }
}

fn orphans() -> Vec<String> {
    let own = OWN.lock().unwrap_or_else(PoisonError::into_inner);
    let tasks = fs::read_dir("/proc/self/task").expect("/proc").flatten();
    let children: BTreeSet<u32> = tasks
        .filter_map(|task| fs::read_to_string(task.path().join("children")).ok())
        .flat_map(|line| {
            line.split(' ')
                .filter_map(|pid| pid.parse().ok())
                .collect::<Vec<_>>()
        })
        .collect();
    let strangers = children.difference(&own);
    strangers
        .filter_map(|pid| fs::read_to_string(format!("/proc/{pid}/stat")).ok())
        // A dead one that nobody has buried is no process any more.
        .filter(|stat| {
            !stat
                .rsplit(')')
                .next()
                .is_some_and(|rest| rest.starts_with(" Z"))
        })
        .collect()
}

/// The mounts of this machine that lead to `folder`.
pub(crate) fn mounts(folder: &Path) -> Vec<String> {
    let mounts = fs::read_to_string("/proc/self/mountinfo").unwrap_or_default();
    let folder = folder.display().to_string();
    let lines = mounts.lines().filter(|line| line.contains(&folder));
    lines.map(str::to_owned).collect()
}

/// What lies in the temporary folder of a run that is over, but for the runner's own empty folder.
pub(crate) fn files(temporary: &Path) -> Vec<String> {
    let mut left = Vec::new();
    let mut folders = vec![temporary.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).into_iter().flatten().flatten() {
            let name = entry.file_name().to_string_lossy().into_owned();
            if folder == temporary && name.starts_with("socket-labs-") {
                folders.push(entry.path());
            } else {
                left.push(entry.path().display().to_string());
            }
        }
    }
    left
}
