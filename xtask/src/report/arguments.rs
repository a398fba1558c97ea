//! What `cargo xtask report` is asked for.

use std::path::PathBuf;

use clap::Args;

use super::data::course_file::Level;
use super::data::moment::Moment;
use super::formats::ReportFormat;

/// What to report on, and how.
#[derive(Debug, Args)]
pub struct ReportArgs {
    /// Folders of records, as `grade --out` writes them, or records
    #[arg(value_name = "DIR")]
    pub records: Vec<PathBuf>,
    /// Where to write; without, the folder `reports` beside the records
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// What to write; without, html and csv
    #[arg(long, value_enum, value_delimiter = ',')]
    pub format: Vec<ReportFormat>,
    /// Due dates, extensions, void checks, visibility; without, course.toml beside the records
    #[arg(long, value_name = "FILE")]
    pub course: Option<PathBuf>,
    /// Who is in the course: id,name; without, roster.csv beside the records
    #[arg(long, value_name = "FILE")]
    pub roster: Option<PathBuf>,
    /// When submissions came in: id,submitted_at; without, times.csv beside the records
    #[arg(long, value_name = "FILE")]
    pub times: Option<PathBuf>,
    /// Show students that much of every check, whatever the course says
    #[arg(long, value_enum)]
    pub visibility: Option<Level>,
    /// Report as at that time, for `nothing_until`; without, now
    #[arg(long, value_name = "TIME")]
    pub as_of: Option<Moment>,
    /// Where the submissions are, for --format similarity
    #[arg(long, value_name = "DIR")]
    pub submissions: Option<PathBuf>,
    /// Write an autograder for Gradescope, and no report; takes no records
    #[arg(long, value_name = "FILE", conflicts_with = "records")]
    pub gradescope_zip: Option<PathBuf>,
    /// A lab that the autograder grades, or whose stage files are compared; without, every lab
    #[arg(long, value_name = "LAB")]
    pub lab: Vec<String>,
}
