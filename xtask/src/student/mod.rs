//! The student's loop: try, look, be given a hint, go on, hand in.
//!
//! - [`desk`]: a lab as it lies before the student: what is written, what is not.
//! - [`trial`]: the public checks on it, and what is told of them.
//! - [`watch`]: the same on each save.
//! - [`trace`]: what passed between a check and the program, drawn.
//! - [`progress`]: what was reached so far, kept in a file.
//! - [`hint`], [`reset`]: help, and a fresh start.
//! - [`submit`]: the archive to hand in.

pub mod desk;
pub mod hint;
pub mod next;
pub mod progress;
pub mod reset;
pub mod submit;
pub mod trace;
pub mod trial;
pub mod watch;

use clap::Subcommand;

use crate::Outcome;
use crate::course::workspace::Workspace;
use crate::fault::Result;

/// What a student can do.
#[derive(Debug, Subcommand)]
pub enum StudentCommand {
    /// Try your work: the public checks, and the first failure in full
    Try(trial::command::TryArgs),
    /// Try again on each save, only what changed
    Watch(watch::WatchArgs),
    /// Be given one more hint
    Hint(hint::HintArgs),
    /// Run a check, and draw what passed between it and your program
    Trace(trace::TraceArgs),
    /// See which stages are done, and what comes next
    Progress(progress::command::ProgressArgs),
    /// Make the archive to hand in
    Submit(submit::SubmitArgs),
    /// Put a stage's stub back, and keep a copy of your work
    Reset(reset::ResetArgs),
}

/// Does what was asked for.
///
/// # Errors
/// Those of the command.
pub fn run(workspace: &Workspace, asked: &StudentCommand) -> Result<Outcome> {
    match asked {
        StudentCommand::Try(args) => trial::command::run(workspace, args),
        StudentCommand::Watch(args) => watch::run(workspace, args),
        StudentCommand::Hint(args) => hint::run(workspace, args),
        StudentCommand::Trace(args) => trace::run(workspace, args),
        StudentCommand::Progress(args) => progress::command::run(workspace, args),
        StudentCommand::Submit(args) => submit::run(workspace, args),
        StudentCommand::Reset(args) => reset::run(workspace, args),
    }
}
