//! The record that grading one submission yields, schema `socket-labs/record/v1`.
//!
//! Every report is made from records. Points are integers, times are milliseconds
//! since the check (or the compilation) began, bytes are text in the escapes of
//! [`crate::bytes`], so that a record is valid JSON whatever a program sent.

pub use sandbox::Isolation;
use serde::{Deserialize, Serialize};

/// The value of [`Record::schema`].
pub const SCHEMA: &str = "socket-labs/record/v1";

/// What grading one submission yielded.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Record {
    /// Always [`SCHEMA`].
    pub schema: String,
    /// Whose work this is; `workspace` or `solutions` for one's own.
    pub submission: String,
    /// When grading began, RFC 3339, UTC.
    pub graded_at: String,
    /// Which edition of the course the submission was made in.
    pub edition: String,
    /// The course that judged it.
    pub course: Course,
    /// The grader that judged it.
    pub grader: Grader,
    /// What kept the submission apart from the machine.
    pub isolation: Isolation,
    /// The seed of every random payload and schedule, 16 hexadecimal digits.
    pub seed: String,
    /// Points reached.
    pub points: u32,
    /// Points that could be reached here; skipped checks are not among them.
    pub max_points: u32,
    /// Labs for which nothing of the last hand-in could be taken: what is in `labs` of them, if
    /// anything, is from before.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub refused: Vec<Refused>,
    /// What was handed in and belongs to no lab.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ignored: Vec<Ignored>,
    /// One entry a lab, in the order of the course.
    pub labs: Vec<LabRecord>,
}

impl Record {
    /// The record that `json` holds.
    ///
    /// # Errors
    /// It holds none.
    pub fn from_json(json: &[u8]) -> serde_json::Result<Self> {
        match std::str::from_utf8(json) {
            // Looked at once as a whole, no string of it is looked at again.
            Ok(text) => serde_json::from_str(text),
            Err(_) => serde_json::from_slice(json),
        }
    }
}

/// A lab for which nothing of what was handed in could be taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Refused {
    /// The lab's name.
    pub lab: String,
    /// When that was found, RFC 3339, UTC.
    pub at: String,
    /// Why.
    pub why: String,
}

/// The course whose checks judged a submission.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Course {
    /// SHA-256 over rubrics, checks and given files, hexadecimal.
    pub digest: String,
    /// The workspace's version.
    pub version: String,
}

/// The grader and what it ran on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Grader {
    /// The runner's version.
    pub version: String,
    /// `rustc --version`.
    pub rustc: String,
    /// Operating system and kernel release.
    pub kernel: String,
}

/// One lab of a submission.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LabRecord {
    /// The lab's name, `server-basics`.
    pub id: String,
    /// The run that this lab's entry comes from; a cohort's record may hold labs of several.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub graded: Option<Graded>,
    /// What was compiled.
    pub sources: Sources,
    /// How compiling went.
    pub compile: Compile,
    /// Points reached.
    pub points: u32,
    /// Points that could be reached here.
    pub max_points: u32,
    /// One entry a check, in the order of the rubric.
    pub checks: Vec<CheckRecord>,
}

/// The run that a lab's entry comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Graded {
    /// When, RFC 3339, UTC.
    pub at: String,
    /// SHA-256 over all that the result depends on; with the same, the lab is not graded again.
    pub inputs: String,
    /// The course that judged it.
    pub course: Course,
    /// The grader that judged it.
    pub grader: Grader,
    /// What kept the submission apart from the machine.
    pub isolation: Isolation,
    /// The seed of every random payload and schedule, 16 hexadecimal digits.
    pub seed: String,
}

/// The files a lab was compiled from.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sources {
    /// SHA-256 over the student's stage files, hexadecimal.
    pub digest: String,
    /// When it was handed in, RFC 3339, as the manifest of `submit` says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub submitted_at: Option<String>,
    /// The stage files that were taken.
    pub files: Vec<String>,
    /// Stages whose file was not handed in; their stub stands in for it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub missing: Vec<String>,
    /// What was handed in and not used.
    pub ignored: Vec<Ignored>,
}

/// A file of a submission that was not used.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ignored {
    /// Its path in the submission, escaped.
    pub path: String,
    /// Why it was not used.
    pub why: String,
}

/// How compiling a lab went.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Compile {
    /// Wall-clock time of the compiler.
    pub ms: u64,
    /// The compiler's errors as it renders them, without colour.
    pub diagnostics: Vec<Diagnostic>,
}

/// One error of the compiler.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Diagnostic {
    /// The stage whose file it names, if one.
    pub stage: Option<String>,
    /// The compiler's text.
    pub text: String,
}

/// How a check ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    /// The program did what the check asks.
    Pass,
    /// It answered, and the answer was wrong.
    Fail,
    /// It did not answer in time.
    Timeout,
    /// It panicked, aborted or was killed by a signal of its own making.
    Crash,
    /// It used more memory than it may.
    Memory,
    /// It wrote more than it may.
    OutputLimit,
    /// Its stage did not compile.
    BuildError,
    /// The machine lacks what the check needs; its points do not count.
    Skipped,
    /// The check or the grader is at fault; no points, and not the student's zero.
    GraderError,
}

/// Whether students have a check's text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Visibility {
    /// In every edition.
    Public,
    /// In the instructor's edition only.
    Hidden,
}

/// One check of a lab, judged.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(from = "FlatCheck")]
pub struct CheckRecord {
    /// `echo::half_close_is_answered`.
    pub id: String,
    /// The stage it belongs to.
    pub stage: String,
    /// What it looks for, in a few words.
    pub title: String,
    /// Whether students have its text.
    pub visibility: Visibility,
    /// Points reached.
    pub points: u32,
    /// Points it is worth.
    pub max_points: u32,
    /// How it ended.
    pub status: Status,
    /// The failed check that explains this one.
    pub because: Option<String>,
    /// How long the check took.
    pub ms: u64,
    /// What the check found out.
    #[serde(flatten)]
    pub finding: Finding,
    /// Where the notes say what is asked: a path in the workspace with an anchor.
    pub notes: String,
    /// The command that repeats this very run.
    pub replay: String,
    /// Earlier attempts, when one that may have been a matter of time was tried again.
    pub attempts: Vec<Attempt>,
}

/// A [`CheckRecord`] as it is read: serde would first keep every field of a struct with a
/// flattened part aside, and a class's records are hundreds of megabytes.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FlatCheck {
    id: String,
    stage: String,
    title: String,
    visibility: Visibility,
    points: u32,
    max_points: u32,
    status: Status,
    because: Option<String>,
    ms: u64,
    feedback: Option<String>,
    happened: Option<String>,
    expected: Option<String>,
    seen: Option<String>,
    differs_at: Option<usize>,
    transcript: Vec<Event>,
    program: Option<ProgramEnd>,
    notes: String,
    replay: String,
    attempts: Vec<Attempt>,
}

impl From<FlatCheck> for CheckRecord {
    fn from(flat: FlatCheck) -> Self {
        Self {
            id: flat.id,
            stage: flat.stage,
            title: flat.title,
            visibility: flat.visibility,
            points: flat.points,
            max_points: flat.max_points,
            status: flat.status,
            because: flat.because,
            ms: flat.ms,
            finding: Finding {
                feedback: flat.feedback,
                happened: flat.happened,
                expected: flat.expected,
                seen: flat.seen,
                differs_at: flat.differs_at,
                transcript: flat.transcript,
                program: flat.program,
            },
            notes: flat.notes,
            replay: flat.replay,
            attempts: flat.attempts,
        }
    }
}

/// An attempt that was not the last.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Attempt {
    /// How it ended.
    pub status: Status,
    /// How long it took.
    pub ms: u64,
    /// What it found out.
    pub feedback: Option<String>,
}

/// What a check found out about the program: evidence first, then the lesson.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Finding {
    /// The sentence that teaches.
    pub feedback: Option<String>,
    /// What happened, as the peer saw it.
    pub happened: Option<String>,
    /// What should have come, escaped.
    pub expected: Option<String>,
    /// What came instead, escaped.
    pub seen: Option<String>,
    /// Index of the first byte in which the two differ.
    pub differs_at: Option<usize>,
    /// What passed on the wire.
    pub transcript: Vec<Event>,
    /// How the program ended and what it said.
    pub program: Option<ProgramEnd>,
}

/// One line of a transcript.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Event {
    /// Milliseconds since the check began.
    pub ms: f64,
    /// Who acted: `program`, `client`, `client 2`.
    pub from: String,
    /// On whom; nothing when the event concerns `from` alone.
    pub to: Option<String>,
    /// What was done: `sends`, `connects`, `half-closes`, `pauses`.
    pub event: String,
    /// The bytes, escaped; the middle of long ones is left out.
    pub bytes: Option<String>,
    /// How many bytes there were.
    pub len: Option<usize>,
}

/// How the program ended and what it said on stderr.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProgramEnd {
    /// `exit 0`, `signal 11 (SIGSEGV)`, `stopped by the grader`.
    pub exit: String,
    /// The panic, if it panicked.
    pub panic: Option<Panic>,
    /// The first of what it wrote to stderr, escaped but for line ends.
    pub stderr_head: String,
    /// The last of it, when there was too much.
    pub stderr_tail: Option<String>,
}

/// A panic of the program.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Panic {
    /// `src/greet.rs:31:5`.
    pub at: String,
    /// Its message.
    pub message: String,
}

impl Panic {
    /// Whether this is a stub's `todo!`, and if so what it says is to be done.
    pub fn todo(&self) -> Option<&str> {
        let rest = self.message.strip_prefix("not yet implemented")?;
        Some(rest.strip_prefix(": ").unwrap_or(rest))
    }
}

/// A line of the verdict channel: one JSON text behind a record separator
/// (RFC 7464), on the check process's own stderr.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(tag = "line", rename_all = "kebab-case")]
pub enum Line {
    /// A check begins.
    Start {
        /// The check's id.
        id: String,
        /// When its clock began, in milliseconds since 1970, UTC.
        began: f64,
    },
    /// A check has ended.
    End {
        /// The check's id.
        id: String,
        /// How.
        status: Status,
        /// How long it took.
        ms: u64,
        /// What it found out.
        finding: Box<Finding>,
    },
}
