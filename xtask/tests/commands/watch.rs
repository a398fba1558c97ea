//! `cargo xtask watch`, without a terminal.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::Duration;

use crate::tiny::Tiny;

/// Longer than any machine takes; a test that waits so long has failed.
const PATIENCE: Duration = Duration::from_secs(300);

/// A watch under way; it ends with this.
struct Watch {
    child: Child,
    lines: Receiver<String>,
}

impl Watch {
    fn begin(tiny: &Tiny, arguments: &[&str]) -> Self {
        let as_usual = tiny.xtask(["watch"]);
        let mut command = Command::new(as_usual.get_program());
        let envs = as_usual
            .get_envs()
            .filter_map(|(name, value)| Some((name, value?)));
        command
            .arg("watch")
            .args(arguments)
            .envs(envs)
            .current_dir(tiny.path(""))
            .stdin(Stdio::null())
            .stdout(Stdio::piped());
        let mut child = command.spawn().expect("the runner runs");
        let stdout = child.stdout.take().expect("a pipe");
        let (sender, lines) = channel();
        thread::spawn(move || {
            for line in BufReader::new(stdout).lines().map_while(Result::ok) {
                if sender.send(line).is_err() {
                    return;
                }
            }
        });
        Self { child, lines }
    }

    /// All that is said until it waits for a save.
    fn until_it_waits(&self) -> String {
        let mut said = String::new();
        loop {
            let line = self.lines.recv_timeout(PATIENCE);
            let line = line.unwrap_or_else(|error| panic!("{error}, after: {said}"));
            said.push_str(&line);
            said.push('\n');
            if line.contains("waiting for a save") {
                return said;
            }
        }
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        _ = self.child.kill();
        _ = self.child.wait();
    }
}

#[test]
fn each_save_is_judged_and_nothing_else() {
    let tiny = Tiny::new();
    let solution = |file: &str| tiny.read(&format!("solutions/tiny/src/{file}"));
    let watch = Watch::begin(&tiny, &[]);
    let said = watch.until_it_waits();
    assert!(said.contains("watching   tiny"), "{said}");
    assert!(
        said.contains("first: labs/tiny/src/hello.rs\ncompiling, then 1 public check ..."),
        "{said}"
    );
    assert!(said.contains("is not written yet"), "{said}");

    tiny.write(
        "labs/tiny/src/hello.rs",
        &solution("hello.rs").replace("hello\\n", "go away\\n"),
    );
    let said = watch.until_it_waits();
    assert!(said.contains("saved: labs/tiny/src/hello.rs\n"), "{said}");
    assert!(said.contains("Say hello."), "{said}");

    tiny.write("labs/tiny/src/hello.rs", &solution("hello.rs"));
    let said = watch.until_it_waits();
    assert!(
        said.contains("1 check: all pass.") && !said.contains("  two-times "),
        "{said}"
    );
    assert!(
        said.contains("next: tiny/two-times, Say everything twice"),
        "{said}"
    );

    // The same text once more, or a file that is none of the student's, is no news: what is
    // told next is about the file that is saved after it.
    tiny.write("labs/tiny/src/hello.rs", &solution("hello.rs"));
    tiny.write("labs/tiny/src/notes.txt", "mine");
    tiny.write("labs/tiny/src/two_times.rs", &solution("two_times.rs"));
    let said = watch.until_it_waits();
    assert!(
        said.contains("saved: labs/tiny/src/two_times.rs\n"),
        "{said}"
    );
    assert!(!said.contains("hello.rs"), "{said}");
    drop(watch);
    assert!(tiny.read("progress.toml").contains("[tiny.two-times]"));
}

#[test]
fn one_stage_may_be_watched_alone() {
    let tiny = Tiny::new();
    let solution = |file: &str| tiny.read(&format!("solutions/tiny/src/{file}"));
    let watch = Watch::begin(&tiny, &["tiny/two-times", "--isolation", "none"]);
    let said = watch.until_it_waits();
    assert!(said.contains("isolation  none"), "{said}");
    assert!(said.contains("first: labs/tiny/src/two_times.rs"), "{said}");
    tiny.write("labs/tiny/src/hello.rs", &solution("hello.rs"));
    tiny.write("labs/tiny/src/two_times.rs", &solution("two_times.rs"));
    let said = watch.until_it_waits();
    assert!(
        said.contains("saved: labs/tiny/src/two_times.rs\n"),
        "{said}"
    );
    assert!(said.contains("1 check: all pass."), "{said}");
}

#[test]
fn a_request_to_end_ends_it_and_leaves_nothing_behind() {
    let tiny = Tiny::new();
    let temporary = tempfile::tempdir().expect("a folder");
    let mut watch = {
        // What is built is built; only the folder for temporary work is another.
        let mut first = Watch::begin(&tiny, &[]);
        first.until_it_waits();
        _ = first.child.kill();
        let as_usual = tiny.xtask(["watch"]);
        let mut command = Command::new(as_usual.get_program());
        for (name, value) in as_usual.get_envs() {
            command.env(name, value.unwrap_or_default());
        }
        command
            .arg("watch")
            .env("TMPDIR", temporary.path())
            .current_dir(tiny.path(""))
            .stdin(Stdio::null())
            .stdout(Stdio::null());
        command.spawn().expect("the runner runs")
    };
    let own = || {
        let user = std::fs::read_dir(temporary.path()).ok()?.flatten().next()?;
        Some(std::fs::read_dir(user.path()).ok()?.count())
    };
    while own().unwrap_or(0) == 0 {
        assert!(
            watch.try_wait().expect("a child").is_none(),
            "it ended by itself"
        );
        thread::sleep(Duration::from_millis(5));
    }
    let pid = watch.id().to_string();
    let asked = Command::new("kill").args(["-TERM", &pid]).status();
    assert!(asked.expect("kill runs").success());
    let status = watch.wait().expect("it ends");
    assert!(status.success(), "{status}");
    assert_eq!(own().unwrap_or(0), 0);
}
