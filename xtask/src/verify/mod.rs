//! `cargo xtask verify`: whether a lab's checks really tell right from wrong.

pub mod gate;
pub mod looks;
pub mod mistake;
pub mod mistakes;
pub mod names;
pub mod programs;
pub mod proof;
pub mod stubs;

use crate::Outcome;
use crate::cli::{VerifyArgs, takes_colour};
use crate::course::lab::Lab;
use crate::course::selection::{Asked, unknown};
use crate::course::workspace::Workspace;
use crate::fault::{Fault, Result};
use crate::grade::{Grader, Manner, seed};
use crate::isolation;
use crate::output::page::Page;
use crate::output::paint::Paint;
use crate::output::print;
use mistake::Mistake;
use proof::Proof;

/// Goes through the gates of what was asked for, and tells each as it is passed.
///
/// # Errors
/// The selection means nothing, a rubric, region or header is wrong, or the grader cannot work.
pub fn verify(workspace: &Workspace, args: &VerifyArgs) -> Result<Outcome> {
    let select = if args.select.is_empty() {
        &workspace.labs
    } else {
        &args.select
    };
    let mut scopes = Vec::new();
    for asked in select {
        scopes.push(Scope::of(workspace, &Asked::parse(asked))?);
    }
    let labs: Vec<&Lab> = scopes.iter().map(|scope| &scope.lab).collect();
    let grader = Grader::ready(workspace, &labs, &Manner::from(&args.manner))?;
    let paint = Paint::new(takes_colour());
    let seeds = seeds(args)?;
    print(&heading(&grader, &seeds, paint))?;
    let mut troubles = Page::default();
    let mut once = Page::default();
    let mut shown = Page::default();
    for scope in &scopes {
        let proof = Proof::new(&grader, scope, &seeds)?;
        print(&format!("\n{}\n", paint.head(&scope.lab.name)))?;
        let all = proof.go(&mut |gate| {
            troubles.below(&gate.troubles(paint));
            once.below(&gate.once(paint));
            print(&format!("{}\n", gate.row(paint)))
        })?;
        if !all {
            print("  the others    are gone through once the names agree\n")?;
        }
        if scope.mistake.is_some() {
            shown.below(&proof.failures(paint)?);
        }
    }
    let outcome = if troubles.is_empty() {
        Outcome::Done
    } else {
        Outcome::Failed
    };
    for page in [shown, once, troubles] {
        if !page.is_empty() {
            print(&format!("\n{}", page.into_text()))?;
        }
    }
    Ok(outcome)
}

/// What of a lab is to be proved.
#[derive(Debug)]
pub struct Scope {
    /// The lab.
    pub lab: Lab,
    /// Only that stage.
    pub stage: Option<String>,
    /// Only that mistake.
    pub mistake: Option<String>,
    /// The mistakes to try.
    pub mistakes: Vec<Mistake>,
}

impl Scope {
    fn of(workspace: &Workspace, asked: &Asked) -> Result<Self> {
        let lab = asked.lab(workspace)?;
        if !lab.solution().is_dir() {
            return Err(Fault::usage(
                format!("there is no {}", lab.shown(&lab.solution())),
                "verify where the solutions are, in the instructor's edition",
            ));
        }
        let stage = asked.stage(&lab)?.map(|stage| stage.name.clone());
        let mut mistakes = Mistake::of_lab(&lab)?;
        if let Some(stage) = &stage {
            mistakes.retain(|mistake| mistake.header.stage == *stage);
        }
        if let Some(leaf) = &asked.leaf {
            let ids: Vec<String> = mistakes.iter().map(|mistake| mistake.id.clone()).collect();
            mistakes.retain(|mistake| mistake.id == *leaf);
            if mistakes.is_empty() {
                let stage = stage.unwrap_or_default();
                let place = format!("stage `{stage}` of `{}`", lab.name);
                let path = format!("{}/{stage}/", lab.name);
                return Err(unknown(
                    "mistake",
                    leaf,
                    &place,
                    ids.iter().map(String::as_str),
                    &path,
                ));
            }
        }
        Ok(Self {
            lab,
            stage,
            mistake: asked.leaf.clone(),
            mistakes,
        })
    }
}

/// The seeds of the rounds: the one that was typed, or a fresh one, then fresh ones.
fn seeds(args: &VerifyArgs) -> Result<Vec<String>> {
    let first = seed(args.seed.as_deref())?;
    let mut seeds = vec![first];
    for _ in 1..args.repeat {
        seeds.push(seed(None)?);
    }
    Ok(seeds)
}

fn heading(grader: &Grader, seeds: &[String], paint: Paint) -> String {
    let mut page = Page::default();
    page.row(format!(
        "isolation  {}",
        isolation::line(&grader.isolation.described())
    ));
    page.rows(
        grader
            .isolation
            .notes()
            .iter()
            .map(|note| format!("           {note}")),
    );
    let seed = paint.head(seeds.first().map_or("", String::as_str));
    let others = match seeds.len() {
        0 | 1 => String::new(),
        all => format!(", and {} fresh ones", all - 1),
    };
    page.row(format!("seed       {seed}{others}"));
    page.into_text()
}
