//! A conversation over the program's stdin and stdout: what is typed, and what is printed upon it.

use std::time::Instant;

use crate::failure::{Failure, Outcome, Saw, differs};
use crate::program::Program;
use crate::scene::PATIENCE;
use crate::transcript::PROGRAM;

/// A program that answers what is typed.
#[derive(Debug)]
pub struct Dialogue {
    program: Program,
    /// How much of its stdout was expected already.
    heard: usize,
}

impl Dialogue {
    pub(crate) fn with(program: Program) -> Self {
        Self { program, heard: 0 }
    }

    /// Types `text`, and expects that exactly `answer` is printed next. A program that ends
    /// instead has not answered wrongly, but left.
    pub fn ask(&mut self, text: impl AsRef<[u8]>, answer: impl AsRef<[u8]>) -> Outcome {
        let answer = answer.as_ref();
        self.program.type_in(text)?;
        let from = self.heard;
        let enough = |said: &[u8], closed: bool| {
            closed || said.len() >= from + answer.len() || !answer.starts_with(&said[from..])
        };
        self.program
            .wait_for_stdout(Instant::now() + PATIENCE, enough);
        let said = self.program.stdout().split_off(from);
        self.program
            .scene()
            .transcript
            .sent(PROGRAM, "stdout", &said);
        if said.len() < answer.len() && answer.starts_with(&said) {
            // It has closed its stdout, or says nothing: if it is about to end, it ends.
            self.program.end_within(PATIENCE / 10);
            let absence = self.program.absence("the grader", "an answer", PATIENCE);
            return Err(absence.comparing(answer, &said));
        }
        self.heard += answer.len();
        differs("the answer", answer, said)
    }

    /// Ends its input; it has nothing more to say, and leaves with that exit code.
    pub fn finish(self, code: i32) -> Outcome {
        self.program.end_input();
        self.program.expect_exit(code)?;
        let said = self.program.stdout().split_off(self.heard);
        if said.is_empty() {
            return Ok(());
        }
        let happened = "the program printed more than the answers";
        Err(Failure::new(Saw::Wrong, happened).expecting("nothing", &said))
    }
}

impl std::ops::Deref for Dialogue {
    type Target = Program;

    fn deref(&self) -> &Program {
        &self.program
    }
}
