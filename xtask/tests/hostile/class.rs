//! Hostile submissions among honest ones, graded as a class.

use std::fs;
use std::net::{TcpListener, UdpSocket};
use std::sync::{LazyLock, Mutex, PoisonError};

use serde_json::Value;
use testbench::bytes::is_treacherous;

use crate::collection::{self, Attack, Hostile};
use crate::course::{CANARIES, Course, has_boxes};
use crate::equal::{comparable, differences};
use crate::residue;

/// A graded class, with and without the hostile ones.
struct Graded {
    course: Course,
    lab: &'static str,
    hostile: Vec<Hostile>,
    honest: Vec<String>,
    /// What a canary that listens on the host was told.
    heard: bool,
    summary: String,
}

/// The lab that most of them pose as.
static SERVERS: LazyLock<Option<Graded>> = LazyLock::new(|| {
    Graded::new(
        "server-basics",
        &["echo-trims", "lines-keeps-the-cr", "greet-adds-a-line-end"],
    )
});

/// The labs in which programs may do more than elsewhere.
static SOCKETS: LazyLock<Option<Graded>> =
    LazyLock::new(|| Graded::new("unix-sockets", &["path-left-behind"]));
static CLIENTS: LazyLock<Option<Graded>> = LazyLock::new(|| Graded::new("client-basics", &[]));

impl Graded {
    fn new(lab: &'static str, mistakes: &[&str]) -> Option<Self> {
        has_boxes().then(|| Self::run(lab, mistakes))
    }

    fn run(lab: &'static str, mistakes: &[&str]) -> Self {
        // Honest neighbours are compared: what holds them up is to be their own class alone.
        static TURN: Mutex<()> = Mutex::new(());
        let _turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
        let course = Course::of(&[lab]);
        let mut honest = vec!["honest-1".to_owned(), "honest-2".to_owned()];
        for id in &honest {
            for class in ["class", "honest"] {
                course.hand_in_solution(class, id, lab, &[]);
            }
        }
        for mistake in mistakes {
            let path = course.path(&format!("solutions/{lab}/mistakes/{mistake}.rs"));
            let Ok(text) = fs::read_to_string(&path) else {
                continue;
            };
            let stage = text
                .lines()
                .find_map(|line| line.strip_prefix("//! stage: "));
            let file = format!(
                "{}.rs",
                stage.expect("a mistake names its stage").replace('-', "_")
            );
            for class in ["class", "honest"] {
                course.hand_in_solution(class, mistake, lab, &[(file.clone(), text.clone())]);
            }
            honest.push((*mistake).to_owned());
        }
        let hostile = collection::of_lab(lab);
        for one in &hostile {
            one.hand_in(&course.path("class"), &one.name);
        }
        let listener =
            TcpListener::bind("127.0.0.1:46991").or_else(|_| TcpListener::bind("127.0.0.1:0"));
        let listener = listener.expect("a listener");
        let receiver = UdpSocket::bind("127.0.0.1:0").expect("a socket");
        let run = course.grade(lab, "class", "with");
        assert_eq!(
            run.status.code(),
            Some(0),
            "{}",
            String::from_utf8_lossy(&run.stderr)
        );
        let alone = course.grade(lab, "honest", "without");
        assert_eq!(
            alone.status.code(),
            Some(0),
            "{}",
            String::from_utf8_lossy(&alone.stderr)
        );
        listener.set_nonblocking(true).expect("a listener");
        receiver.set_nonblocking(true).expect("a socket");
        Self {
            lab,
            hostile,
            honest,
            heard: listener.accept().is_ok() || receiver.recv(&mut [0; 16]).is_ok(),
            summary: String::from_utf8_lossy(&run.stdout).into_owned()
                + &String::from_utf8_lossy(&run.stderr),
            course,
        }
    }

    /// The checks of the stage that `hostile` poses as, and their text with the compiler's.
    fn of_stage(&self, hostile: &Hostile) -> (Vec<Value>, String) {
        let (record, _) = self.course.record("with", &hostile.name);
        let lab = &record["labs"][0];
        let all = lab["checks"].as_array().cloned().unwrap_or_default();
        let checks: Vec<Value> = all
            .into_iter()
            .filter(|check| check["stage"] == hostile.told.stage.as_str())
            .collect();
        let mut words = Vec::new();
        for value in checks.iter().chain([&lab["compile"]["diagnostics"]]) {
            strings(value, &mut words);
        }
        (checks, words.join("\n"))
    }

    fn assert_verdicts(&self) {
        let mut wrong = Vec::new();
        for hostile in &self.hostile {
            let expected = &hostile.told.expected;
            let (checks, words) = self.of_stage(hostile);
            assert!(!checks.is_empty(), "{}", hostile.name);
            for check in &checks {
                let status = check["status"].as_str().unwrap_or_default();
                let may = expected.status.iter().any(|known| known == status)
                    || (status == "pass" && expected.may_pass);
                if !may || check["max_points"] == 0 {
                    wrong.push(format!(
                        "{}: {}: {status}: {}",
                        hostile.name, check["id"], check["happened"]
                    ));
                }
            }
            for missing in expected.holds.iter().filter(|word| !words.contains(*word)) {
                wrong.push(format!("{}: its record lacks {missing:?}", hostile.name));
            }
            let forbidden = expected.lacks.iter().map(String::as_str);
            for word in forbidden
                .chain(["SUCCEEDED", "TOO MANY"])
                .filter(|word| words.contains(word))
            {
                let line = words
                    .lines()
                    .find(|line| line.contains(word))
                    .unwrap_or_default();
                wrong.push(format!(
                    "{}: its record holds {word:?}: {line}",
                    hostile.name
                ));
            }
        }
        assert!(wrong.is_empty(), "{wrong:#?}");
    }

    fn assert_honest_ones_are_the_same(&self) {
        for id in &self.honest {
            let (with, _) = self.course.record("with", id);
            let (without, _) = self.course.record("without", id);
            let differ = differences(&comparable(&with), &comparable(&without));
            assert!(differ.is_empty(), "{id}: {differ:#?}");
            if id.starts_with("honest-") {
                assert_eq!(with["points"], with["max_points"], "{id}");
            }
        }
    }

    fn assert_nothing_leaked(&self) {
        for hostile in &self.hostile {
            let (_, text) = self.course.record("with", &hostile.name);
            for canary in CANARIES {
                assert!(
                    !text.contains(canary),
                    "{} has found the {canary}",
                    hostile.name
                );
            }
            let folder = self.course.path("").display().to_string();
            let found = text
                .lines()
                .find(|line| line.contains(folder.trim_end_matches('/')));
            assert_eq!(found, None, "{} knows where the course is", hostile.name);
        }
        assert!(!self.heard, "somebody has connected to the host from a box");
        assert!(
            !CANARIES.iter().any(|canary| self.summary.contains(canary)),
            "{}",
            self.summary
        );
    }

    fn assert_nothing_is_left(&self) {
        assert_eq!(residue::processes(), Vec::<String>::new());
        assert_eq!(residue::mounts(&self.course.path("")), Vec::<String>::new());
        let notes = self.course.path("tmp/notes.txt").display().to_string();
        let left = residue::files(&self.course.path("tmp"));
        assert!(left.iter().all(|path| *path == notes), "{left:?}");
        for name in ["core", "record.json", "results.json"] {
            assert!(!self.course.path(name).exists(), "{name}");
        }
    }

    /// Nothing that a program said is a command to whoever reads it.
    fn assert_text_is_harmless(&self) {
        let harmless = |c: char| matches!(c, '\n' | '\t') || !is_treacherous(c);
        assert!(self.summary.chars().all(harmless), "{:?}", self.summary);
        for hostile in &self.hostile {
            let (record, _) = self.course.record("with", &hostile.name);
            let mut words = Vec::new();
            strings(&record, &mut words);
            for text in words {
                assert!(text.chars().all(harmless), "{}: {text:?}", hostile.name);
            }
        }
    }
}

/// All texts in a value.
fn strings(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::String(text) => found.push(text.clone()),
        Value::Array(values) => values.iter().for_each(|value| strings(value, found)),
        Value::Object(fields) => fields.values().for_each(|value| strings(value, found)),
        _ => {}
    }
}

/// What must hold of every class.
fn assert_all_well(graded: Option<&Graded>) {
    let Some(graded) = graded else { return };
    assert!(!graded.hostile.is_empty(), "{}", graded.lab);
    graded.assert_verdicts();
    graded.assert_honest_ones_are_the_same();
    graded.assert_nothing_leaked();
    graded.assert_nothing_is_left();
    graded.assert_text_is_harmless();
}

#[test]
fn servers_that_are_hostile_get_nothing_and_take_nothing() {
    assert_all_well(SERVERS.as_ref());
}

#[test]
fn servers_with_files_that_are_hostile_get_nothing_and_take_nothing() {
    assert_all_well(SOCKETS.as_ref());
}

#[test]
fn clients_that_are_hostile_get_nothing_and_take_nothing() {
    assert_all_well(CLIENTS.as_ref());
}

/// What people read of a workspace in which these are done, in a terminal or in the log of a CI job.
#[test]
fn what_hostile_programs_say_is_shown_and_not_obeyed() {
    if !has_boxes() {
        return;
    }
    let course = Course::of(&["server-basics"]);
    for hostile in collection::of_lab("server-basics") {
        if !hostile.name.contains("hostile-things") {
            continue;
        }
        for (name, text) in &hostile.files {
            course.write(&format!("labs/server-basics/src/{name}"), text);
        }
        let run = residue::output(&mut course.xtask(["grade", "server-basics/echo"]));
        let told = String::from_utf8_lossy(&run.stdout);
        assert_eq!(run.status.code(), Some(0), "{told}");
        assert!(told.contains("evil.example"), "{}: {told}", hostile.name);
        let harmless = |c: char| c == '\n' || !is_treacherous(c);
        assert!(told.chars().all(harmless), "{}: {told:?}", hostile.name);
        for row in told.lines() {
            let obeyed = row.trim_start().starts_with("::") || row.contains("##[");
            assert!(!obeyed, "{}: {row}", hostile.name);
        }
        let json = ["grade", "server-basics/echo", "--format", "json"];
        let run = residue::output(&mut course.xtask(json));
        let record: Value = serde_json::from_slice(&run.stdout).expect("a record");
        assert_eq!(record["points"], 0, "{}", hostile.name);
    }
}

#[test]
fn there_is_one_of_each_kind() {
    let mut kinds: Vec<Attack> = collection::all()
        .iter()
        .map(|hostile| hostile.told.attack)
        .collect();
    kinds.sort();
    kinds.dedup();
    let all = [
        Attack::Forging,
        Attack::CompileTime,
        Attack::Resources,
        Attack::Leaks,
        Attack::Escape,
    ];
    assert_eq!(kinds, all);
}
