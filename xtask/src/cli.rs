//! The command line.

use std::io::IsTerminal;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use sandbox::Level;

use crate::cohort::shard::Shard;
use crate::report::arguments::ReportArgs;
use crate::stop::Stop;

/// Socket Labs: grades labs, keeps stubs in step with solutions, proves the checks.
#[derive(Debug, Parser)]
#[command(bin_name = "cargo xtask", version, max_term_width = 100)]
pub struct Xtask {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Grade this workspace, or a class of submissions, by the public and the hidden checks
    Grade(GradeArgs),
    /// Make reports from records: pages, gradebooks, JUnit, Gradescope, GitHub
    Report(ReportArgs),
    /// The student's loop.
    #[command(flatten)]
    Student(crate::student::StudentCommand),
    /// Make the student edition: stubs and public checks, no solutions
    Release(crate::release::ReleaseArgs),
    /// Lay out one submission, to run it by hand
    Open(OpenArgs),
    /// Say what this machine lacks, and what to do about it
    Doctor,
    /// Cut the stubs in labs/ from the solutions
    Sync(SyncArgs),
    /// Prove that stubs, solutions, mistakes, rubric and notes fit the checks
    Verify(VerifyArgs),
    /// Build the book, or record what it shows
    Book(BookArgs),
    /// Measure how fast grading a class is, against less careful ways
    #[command(hide = true)]
    Throughput(ThroughputArgs),
    /// Install the tools that are no crates
    InstallTools(InstallToolsArgs),
}

/// What to grade, and how.
#[derive(Debug, Args)]
pub struct GradeArgs {
    /// What to grade; without, every lab
    #[arg(value_name = "LAB[/STAGE[/CHECK]]")]
    pub select: Vec<String>,
    /// Grade the solutions instead of the stubs
    #[arg(long)]
    pub solutions: bool,
    /// The seed of payloads and schedules, to repeat a run; without, a fresh one
    #[arg(long, value_name = "HEX")]
    pub seed: Option<String>,
    /// End with exit code 1 below this percentage of the points
    #[arg(long, value_name = "P", value_parser = clap::value_parser!(u32).range(0..=100))]
    pub fail_under: Option<u32>,
    /// How to tell the result
    #[arg(long, value_enum, default_value_t = Format::Human)]
    pub format: Format,
    /// A class instead of this workspace.
    #[command(flatten)]
    pub cohort: CohortArgs,
    /// How to run things.
    #[command(flatten)]
    pub manner: MannerArgs,
}

/// A class to grade.
#[derive(Debug, Args)]
#[command(next_help_heading = "A class of submissions")]
pub struct CohortArgs {
    /// Grade the submissions in this folder: a folder, zip or tar.gz for each student
    #[arg(long, value_name = "DIR", requires = "out", conflicts_with_all = ["solutions", "fail_under"])]
    pub submissions: Option<PathBuf>,
    /// Where the records go; what is there already is not graded again
    #[arg(long, value_name = "DIR", requires = "submissions")]
    pub out: Option<PathBuf>,
    /// Grade only part I of N, for one of N machines
    #[arg(long, value_name = "I/N", requires = "submissions")]
    pub shard: Option<Shard>,
    /// Grade again what has not changed, and show what comes out otherwise
    #[arg(long, requires = "submissions")]
    pub regrade: bool,
}

/// How to run things.
#[derive(Debug, Args)]
pub struct MannerArgs {
    /// What to put around programs: whatever there is, or exactly that; a class wants the box
    #[arg(long, value_enum, default_value_t = Isolate::Auto)]
    pub isolation: Isolate,
    /// How many boxes run at once; without, four for each core, and more while those idle
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    pub jobs: Option<u16>,
}

/// The isolation that is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Isolate {
    /// Whatever there is, and say what
    Auto,
    /// A box around compilers and checks, and each program confined
    Box,
    /// Each program confined
    Confine,
    /// Limits only
    None,
}

/// How a result is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people
    Human,
    /// The record, and nothing else on stdout
    Json,
}

/// Which submission to lay out, and where.
#[derive(Debug, Args)]
pub struct OpenArgs {
    /// Its id, as its record names it
    #[arg(value_name = "SUBMISSION")]
    pub id: String,
    /// The lab that files belong to whose folder is not named after one
    #[arg(value_name = "LAB")]
    pub labs: Vec<String>,
    /// The folder of the submissions
    #[arg(long, value_name = "DIR")]
    pub submissions: PathBuf,
    /// Where to; without, target/opened/SUBMISSION
    #[arg(long, value_name = "FOLDER")]
    pub to: Option<PathBuf>,
}

/// Which stubs to cut.
#[derive(Debug, Args)]
pub struct SyncArgs {
    /// Which labs; without, every lab
    #[arg(value_name = "LAB")]
    pub labs: Vec<String>,
    /// Write nothing; end with exit code 1 if something would be written
    #[arg(long)]
    pub check: bool,
}

/// What to prove.
#[derive(Debug, Args)]
pub struct VerifyArgs {
    /// What to prove; without, every lab
    #[arg(value_name = "LAB[/STAGE[/MISTAKE]]")]
    pub select: Vec<String>,
    /// Run each program but the stub that many times, with a fresh seed each time
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..))]
    pub repeat: u32,
    /// The seed of the first round; without, a fresh one
    #[arg(long, value_name = "HEX")]
    pub seed: Option<String>,
    /// How to run things.
    #[command(flatten)]
    pub manner: MannerArgs,
}

/// What to do with the book.
#[derive(Debug, Args)]
pub struct BookArgs {
    /// Open it in a browser
    #[arg(long)]
    pub open: bool,
    /// Run these scripts of docs/screens, or all, and write what they print into the pages
    #[arg(long, value_name = "NAME", num_args = 0.., conflicts_with = "open")]
    pub record: Option<Vec<String>>,
    /// Build nothing; end with exit code 1 if screens, scripts and pages do not fit
    #[arg(long, conflicts_with_all = ["open", "record"])]
    pub check: bool,
}

/// What to measure.
#[derive(Debug, Args)]
pub struct ThroughputArgs {
    /// Of which labs; without, of every lab
    #[arg(value_name = "LAB")]
    pub labs: Vec<String>,
    /// What to measure
    #[arg(long, value_enum, default_value_t = Measure::Rates)]
    pub measure: Measure,
    /// How many submissions, each of every lab
    #[arg(long, value_name = "N", default_value_t = 24)]
    pub submissions: usize,
    /// How many programs `cargo test` is tried with
    #[arg(long, value_name = "N", default_value_t = 5)]
    pub sample: usize,
    /// How to run things.
    #[command(flatten)]
    pub manner: MannerArgs,
}

/// What to measure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Measure {
    /// Against the bare compiler with bare checks, and against `cargo test`
    Rates,
    /// The memory for 2000 submissions against that for 100
    Memory,
    /// Programs that answer nothing against right ones
    Hanging,
}

/// Which tools to install.
#[derive(Debug, Args)]
pub struct InstallToolsArgs {
    /// Also what builds the book
    #[arg(long)]
    pub book: bool,
    /// Say what would be done, and do nothing
    #[arg(long)]
    pub dry_run: bool,
}

impl From<&MannerArgs> for crate::grade::Manner {
    fn from(args: &MannerArgs) -> Self {
        Self {
            isolation: match args.isolation {
                Isolate::Auto => None,
                Isolate::Box => Some(Level::Box),
                Isolate::Confine => Some(Level::Confine),
                Isolate::None => Some(Level::None),
            },
            jobs: args.jobs.map(usize::from),
            strangers: false,
            incremental: false,
            stop: Stop::never(),
        }
    }
}

/// Whether stdout takes colour: a terminal, or somebody insists (<https://bixense.com/clicolors>),
/// and nobody said no (<https://no-color.org>).
pub fn takes_colour() -> bool {
    let is_set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    !is_set("NO_COLOR") && (std::io::stdout().is_terminal() || is_set("CLICOLOR_FORCE"))
}
