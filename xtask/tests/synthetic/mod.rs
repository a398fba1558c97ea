//! A cohort that nobody handed in: records by a seed, alike in every run, hostile text among them.
//!
//! Each student has a strength and each check a hardness, so that the figures of item analysis
//! have something to find.

use std::fmt::Write;

use fastrand::Rng;
use testbench::record::{
    Attempt, CheckRecord, Compile, Course, Diagnostic, Event, Finding, Grader, Ignored, Isolation,
    LabRecord, Panic, ProgramEnd, Record, SCHEMA, Sources, Status, Visibility,
};
use xtask::course::lab::Lab;
use xtask::course::rubric::{Check, Stage};
use xtask::grade::record::{counts, failed};

#[path = "../../src/report/hostile.rs"]
mod hostile;

pub(crate) use hostile::HOSTILE;

/// Stands in all that a hidden check has seen.
pub(crate) const PAYLOAD: &str = "hidden-payload";

/// Stands in the sentence of every hidden check.
pub(crate) const SENTENCE: &str = "hidden-sentence";

const SENTENCES: [&str; 8] = [
    "A half-close says that the client has finished speaking, not that it has stopped listening: answer all that came before it, then close.",
    "TCP gave you part of the line; keep what you have and read again until the newline arrives.",
    "As long as you are in one client's read, you are in nobody else's.",
    "Nothing came back. A datagram may be lost on its way; ask again before you give up.",
    "A reset ends one connection, not the server: log it and accept the next client.",
    "read gave you 0 bytes, which is the end of the stream; the loop has to end there.",
    "Send back exactly the bytes that were read, not the whole buffer.",
    "A name may point to one that stands further up, and never to itself.",
];

/// What to make up.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Plan {
    /// What everything follows from.
    pub(crate) seed: u64,
    /// Whether what hidden checks saw and said is marked, to look for it later.
    pub(crate) marked: bool,
}

impl Plan {
    /// The record of student number `index`. Every fifth is hostile.
    pub(crate) fn record(&self, labs: &[Lab], index: usize) -> Record {
        let mut rng =
            Rng::with_seed(self.seed ^ (index as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15));
        let strength = rng.f64() * 0.9 + rng.f64() * 0.25;
        let maker = Maker {
            plan: *self,
            index,
            strength,
            hostile: index % 5 == 4,
        };
        let labs: Vec<LabRecord> = labs.iter().map(|lab| maker.lab(&mut rng, lab)).collect();
        let digest = "0123456789abcdef".repeat(4);
        serde_json::from_value(serde_json::json!({
            "schema": SCHEMA,
            "submission": id(index),
            "graded_at": format!("2025-10-21T08:{:02}:{:02}Z", index / 60 % 60, index % 60),
            "edition": "instructor",
            "course": Course { digest, version: "0.1.0".to_owned() },
            "grader": Grader {
                version: "0.1.0".to_owned(),
                rustc: "rustc 1.95.0".to_owned(),
                kernel: "Linux 6.18.0".to_owned(),
            },
            "isolation": Isolation { boxed: Some("bubblewrap 0.8.0".to_owned()), landlock: Some(7), seccomp: true, uid: 65534 },
            "seed": format!("{:016x}", self.seed),
            "points": labs.iter().map(|lab| lab.points).sum::<u32>(),
            "max_points": labs.iter().map(|lab| lab.max_points).sum::<u32>(),
            "labs": labs,
        }))
        .expect("a made-up record is one")
    }
}

/// The id of student number `index`.
pub(crate) fn id(index: usize) -> String {
    format!("student-{index:03}")
}

/// A roster of `count` students, of whom some have odd names, and two more who hand in nothing.
pub(crate) fn roster(count: usize) -> String {
    let mut roster = "id,name,email\n".to_owned();
    let given = [
        "Ada", "Grace", "Linus", "Zoë", "Radia", "Vint", "Jon", "Barbara", "Donald", "Margaret",
    ];
    let family = [
        "Lovelace",
        "Hopper",
        "Müller",
        "Perlman",
        "Postel",
        "Liskov",
        "Hamilton",
        "Knuth",
        "Okafor",
        "Nakamura-Smith",
    ];
    for index in 0..count + 2 {
        let name = if index % 50 == 7 {
            let odd = HOSTILE[index % HOSTILE.len()]
                .replace('"', "\"\"")
                .replace(['\0', '\r', '\n'], " ");
            format!("\"{odd}\"")
        } else {
            format!("{} {}", given[index % 10], family[index / 10 % 10])
        };
        let id = id(index);
        // Writing to a String cannot fail.
        _ = writeln!(roster, "{id},{name},{id}@example.org");
    }
    roster
}

struct Maker {
    plan: Plan,
    index: usize,
    strength: f64,
    hostile: bool,
}

impl Maker {
    fn lab(&self, rng: &mut Rng, lab: &Lab) -> LabRecord {
        let broken = rng.f64() < 0.03;
        let mut checks: Vec<CheckRecord> = Vec::new();
        for (number, (stage, check)) in lab.rubric.checks().enumerate() {
            let broken = broken
                && Some(stage.name.as_str())
                    == lab.rubric.stages.last().map(|last| last.name.as_str());
            let made = self.check(rng, (lab, stage, check), number, broken, &checks);
            checks.push(made);
        }
        let sum = |points: fn(&CheckRecord) -> u32| -> u32 {
            checks
                .iter()
                .filter(|check| counts(check.status))
                .map(points)
                .sum()
        };
        let digest = format!("{:064x}", rng.u128(..));
        let sources = Sources {
            digest,
            submitted_at: Some(format!(
                "2025-10-{:02}T{:02}:00:00Z",
                18 + self.index % 4,
                self.index % 24
            )),
            files: lab
                .rubric
                .stages
                .iter()
                .map(|stage| format!("src/{}", stage.file()))
                .collect(),
            ignored: self
                .hostile
                .then(|| Ignored {
                    path: nasty(rng),
                    why: "no stage has a file of that name".to_owned(),
                })
                .into_iter()
                .collect(),
            ..Sources::default()
        };
        let diagnostics = broken.then(|| Diagnostic {
            stage: lab.rubric.stages.last().map(|stage| stage.name.clone()),
            text: format!("error[E0425]: cannot find value `lne` in this scope\n  --> labs/{}/src/lines.rs:12:5\n   |\n12 |     lne\n   |     ^^^ help: a local variable with a similar name exists: `line`\n", lab.name),
        });
        let made = serde_json::json!({
            "id": lab.name,
            "sources": sources,
            "compile": Compile { ms: 120 + rng.u64(0..400), diagnostics: diagnostics.into_iter().collect() },
            "points": sum(|check| check.points),
            "max_points": sum(|check| check.max_points),
            "checks": checks,
        });
        serde_json::from_value(made).expect("a made-up lab is one")
    }

    fn check(
        &self,
        rng: &mut Rng,
        (lab, stage, check): (&Lab, &Stage, &Check),
        number: usize,
        broken: bool,
        before: &[CheckRecord],
    ) -> CheckRecord {
        // Its own hardness, the same for every student; some are trivial.
        let hardness = Rng::with_seed(self.plan.seed ^ number as u64).f64() * 0.8;
        let passes = hardness < 0.06 || self.strength + (rng.f64() - 0.5) * 0.3 > hardness;
        let hidden = check.visibility == Visibility::Hidden;
        let status = match rng.u8(..) {
            _ if broken => Status::BuildError,
            0 => Status::Skipped,
            1 if self.hostile => Status::GraderError,
            _ if passes => Status::Pass,
            2..=40 => Status::Timeout,
            41..=80 => Status::Crash,
            81..=84 => Status::Memory,
            85..=87 => Status::OutputLimit,
            _ => Status::Fail,
        };
        let explains = |id: &&String| {
            before
                .iter()
                .any(|earlier| earlier.id == **id && failed(earlier.status))
        };
        let because = failed(status)
            .then(|| check.after.iter().find(explains))
            .flatten();
        let finding = match status {
            Status::Pass => Finding::default(),
            Status::Skipped => Finding {
                happened: Some("this machine has no IPv6".to_owned()),
                ..Finding::default()
            },
            Status::BuildError => Finding {
                happened: Some("its stage does not compile".to_owned()),
                ..Finding::default()
            },
            _ => self.finding(rng, number, hidden, status),
        };
        let attempts =
            (status == Status::Timeout || (passes && rng.f64() < 0.004)).then(|| Attempt {
                status: Status::Timeout,
                ms: 5003,
                feedback: finding.feedback.clone(),
            });
        let function = check.id.rsplit("::").next().unwrap_or(&check.id);
        CheckRecord {
            id: check.id.clone(),
            stage: stage.name.clone(),
            title: check.title.clone(),
            visibility: check.visibility,
            points: if status == Status::Pass {
                check.points
            } else {
                0
            },
            max_points: check.points,
            status,
            because: because.cloned(),
            ms: rng.u64(3..900),
            finding,
            notes: format!(
                "docs/src/labs/{}.md#{}-{}",
                lab.name,
                stage.name,
                check.must.first().copied().unwrap_or(1)
            ),
            replay: format!(
                "cargo xtask grade {}/{}/{function} --seed {:016x}",
                lab.name, stage.name, self.plan.seed
            ),
            attempts: attempts.into_iter().collect(),
        }
    }

    fn finding(&self, rng: &mut Rng, number: usize, hidden: bool, status: Status) -> Finding {
        let marked = hidden && self.plan.marked;
        let mut sentence = SENTENCES[number % SENTENCES.len()].to_owned();
        if marked {
            sentence = format!("{SENTENCE}: {sentence}");
        }
        let payload = if marked {
            PAYLOAD.to_owned()
        } else if self.hostile {
            nasty(rng)
        } else {
            format!(r"ADD {} {}\nMUL 2 ", rng.u8(..), rng.u8(..))
        };
        let len = 8 + payload.len();
        let event =
            |ms: f64, from: &str, to: Option<&str>, event: &str, bytes: Option<String>| Event {
                ms,
                from: from.to_owned(),
                to: to.map(str::to_owned),
                event: event.to_owned(),
                len: bytes.as_ref().map(String::len),
                bytes,
            };
        let mut transcript = vec![
            event(0.1, "client", Some("program"), "connects", None),
            event(
                0.4,
                "client",
                Some("program"),
                "sends",
                Some(payload.clone()),
            ),
            event(5.6, "client", None, "pauses", None),
            event(5.9, "client", Some("program"), "half-closes", None),
            event(
                7.2,
                "program",
                Some("client"),
                "sends",
                Some(format!("ADD {payload}")),
            ),
        ];
        let more = if rng.u8(..) < 30 { 60 } else { rng.usize(0..8) };
        for index in 0..more {
            let ms = 8.0 + f64::from(u32::try_from(index).unwrap_or(0)) * 1.5;
            transcript.push(event(
                ms,
                &format!("client {}", 2 + index % 4),
                Some("program"),
                "sends",
                Some(format!(r"{payload}\n")),
            ));
        }
        transcript.push(event(99.0, "client", Some("program"), "resets", None));
        transcript.push(event(
            100.5,
            "grader",
            None,
            "waits for the program to end",
            None,
        ));
        Finding {
            feedback: Some(sentence),
            happened: Some(format!(
                "the connection ended when 4 of {len} bytes of {payload} had come back"
            )),
            expected: Some(format!(r"ADD 2 {payload}\n")),
            seen: Some(format!("ADD 3 {payload}")),
            differs_at: Some(4),
            transcript,
            program: Some(ProgramEnd {
                exit: if status == Status::Crash {
                    "exit 101".to_owned()
                } else {
                    "stopped by the grader".to_owned()
                },
                panic: (status == Status::Crash).then(|| Panic {
                    at: "labs/server-basics/src/echo.rs:31:5".to_owned(),
                    message: format!("called `Result::unwrap()` on {payload}"),
                }),
                stderr_head: format!("127.0.0.1:40123: got {len} bytes\n{payload}\n"),
                stderr_tail: None,
            }),
        }
    }
}

fn nasty(rng: &mut Rng) -> String {
    HOSTILE[rng.usize(..HOSTILE.len())].to_owned()
}
