//! What comes next for a student.

use super::desk::Desk;
use super::progress::{Progress, State};
use crate::course::rubric::Stage;

/// What to do next.
#[derive(Debug, Clone, Copy)]
pub enum Next<'a> {
    /// Go on with this stage.
    GoOn(&'a Desk, &'a Stage),
    /// Begin this stage.
    Begin(&'a Desk, &'a Stage),
    /// Every stage is done.
    HandIn,
}

impl<'a> Next<'a> {
    /// The first stage that is begun and not done; else the first that is not begun. Labs that are
    /// `here` come before labs that are begun, and those before the others.
    pub fn of(desks: &'a [Desk], progress: &Progress, here: &[&str]) -> Self {
        let (here, elsewhere): (Vec<&Desk>, Vec<&Desk>) = desks
            .iter()
            .partition(|desk| here.contains(&desk.lab.name.as_str()));
        let (begun, untouched) = elsewhere
            .into_iter()
            .partition(|desk| progress.has_begun(desk));
        let found = [here, begun, untouched]
            .iter()
            .find_map(|desks| Self::among(desks, progress));
        found.unwrap_or(Self::HandIn)
    }

    fn among(desks: &[&'a Desk], progress: &Progress) -> Option<Self> {
        let in_state = |wanted: &[State]| {
            desks.iter().find_map(|desk| {
                let mut stages = desk.lab.rubric.stages.iter();
                let found = stages.find(|stage| wanted.contains(&progress.state(desk, stage)));
                found.map(|stage| (*desk, stage))
            })
        };
        let (go_on, begin) = (
            in_state(&[State::Begun, State::Changed]),
            in_state(&[State::ToDo]),
        );
        go_on
            .map(|(desk, stage)| Self::GoOn(desk, stage))
            .or(begin.map(|(desk, stage)| Self::Begin(desk, stage)))
    }

    /// The stage that is meant.
    pub fn stage(self) -> Option<(&'a Desk, &'a Stage)> {
        match self {
            Self::GoOn(desk, stage) | Self::Begin(desk, stage) => Some((desk, stage)),
            Self::HandIn => None,
        }
    }

    /// In rows, the first of them behind `next:`; where saves are `watched`, nothing is to be typed.
    pub fn rows(self, watched: bool) -> Vec<String> {
        let typed = |row: String| (!watched).then_some(row);
        match self {
            Self::GoOn(desk, stage) => {
                let mut rows = vec![format!(" next: go on with {}", desk.shown(stage))];
                rows.extend(typed(format!(
                    "       cargo xtask try {}",
                    desk.path(stage)
                )));
                rows
            }
            Self::Begin(desk, stage) => {
                let mut rows = vec![
                    format!(" next: {}, {}", desk.path(stage), stage.title),
                    format!("       read   {}", desk.notes(stage)),
                    format!("       write  {}", desk.shown(stage)),
                ];
                rows.extend(typed(format!(
                    "       try    cargo xtask try {}",
                    desk.path(stage)
                )));
                rows
            }
            Self::HandIn => vec![" next: hand it in: cargo xtask submit".to_owned()],
        }
    }
}
