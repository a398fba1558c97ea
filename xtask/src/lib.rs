//! The runner: grades labs, keeps stubs in step with solutions, proves the checks.
//!
//! What stands where, in the order in which a submission passes through:
//!
//! - [`cli`]: the command line.
//! - [`course`]: the workspace, its labs, their rubrics and notes, and what of them is meant.
//! - [`sources`]: sets of sources, and the stubs that are cut from solutions.
//! - [`toolchain`]: the compiler, the libraries, the check binaries.
//! - [`isolation`], [`work`]: what keeps programs apart from the machine, and temporary folders.
//! - [`compile`], [`judge`], [`grade`]: from sources to a record.
//! - [`intake`], [`cohort`], [`records`]: a class of submissions, and what is kept of it.
//! - [`open`], [`doctor`]: a submission to run by hand; what this machine lacks.
//! - [`report`]: what people are told; [`output`]: how it is put on a terminal.
//! - [`student`]: the student's commands; [`release`], [`edition`]: the edition they work in.
//! - [`sync`], [`verify`], [`book`], [`tools`], [`throughput`]: the authors' commands.

pub mod book;
pub mod child;
pub mod cli;
pub mod cohort;
pub mod compile;
pub mod course;
pub mod doctor;
pub mod edition;
pub mod fault;
pub mod grade;
pub mod intake;
pub mod isolation;
pub mod judge;
pub mod memory;
pub mod open;
pub mod output;
pub mod processors;
pub mod records;
pub mod release;
pub mod report;
pub mod slots;
pub mod sources;
pub mod stop;
pub mod student;
pub mod sync;
pub mod throughput;
pub mod toolchain;
pub mod tools;
pub mod verify;
pub mod work;

use std::process::ExitCode;

use cli::{Command, Xtask};
use course::workspace::Workspace;
use fault::{Fault, Result};

/// How a command ended that did what it should.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Done: exit code 0.
    Done,
    /// Done, and something that had to hold does not: exit code 1.
    Failed,
    /// Done, but some checks could not be judged: exit code 3.
    Incomplete,
}

/// Does what was asked for.
///
/// # Errors
/// It could not be done; the fault says why, and what to do next.
pub fn run(asked: &Xtask) -> Result<Outcome> {
    if let Command::InstallTools(args) = &asked.command {
        return tools::install(args);
    }
    let here = std::env::current_dir()
        .map_err(|error| Fault::io("find", std::path::Path::new("."), &error))?;
    let workspace = Workspace::around(&here)?;
    match &asked.command {
        Command::Grade(args) => match &args.cohort.submissions {
            Some(folder) => cohort::grade(&workspace, folder, args),
            None => grade::command::grade(&workspace, args),
        },
        Command::Release(args) => release::run(&workspace, args),
        Command::Student(asked) => student::run(&workspace, asked),
        Command::Open(args) => open::open(&workspace, args),
        Command::Doctor => doctor::examine(&workspace),
        Command::Report(args) => report::command::report(&workspace, args),
        Command::Sync(args) => sync::sync(&workspace, args),
        Command::Throughput(args) => throughput::measure(&workspace, args),
        Command::Verify(args) => verify::verify(&workspace, args),
        Command::Book(args) => book::book(&workspace, args),
        Command::InstallTools(args) => tools::install(args),
    }
}

/// Keeps descriptors that some shell or editor left open from every child.
pub fn shut_descriptors_to_children() {
    close_fds::set_fds_cloexec_threadsafe(3, &[]);
}

/// Tells a fault on stderr, and gives the exit code of `outcome`.
pub fn tell(outcome: &Result<Outcome>) -> ExitCode {
    match outcome {
        Ok(Outcome::Done) => ExitCode::SUCCESS,
        Ok(Outcome::Failed) => ExitCode::from(1),
        Ok(Outcome::Incomplete) => ExitCode::from(3),
        Err(fault) => {
            output::print_error(fault);
            fault.exit_code()
        }
    }
}
