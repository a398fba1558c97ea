//! `cargo xtask install-tools`: what grading needs and cargo does not bring.

use std::env;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::Outcome;
use crate::cli::InstallToolsArgs;
use crate::fault::{Fault, Result};
use crate::output::print;

/// A tool and how it is installed.
#[derive(Debug, Clone, Copy)]
struct Tool {
    /// The program that shows that it is there.
    program: &'static str,
    /// What it is for.
    purpose: &'static str,
    /// Where it comes from.
    source: Source,
}

#[derive(Debug, Clone, Copy)]
enum Source {
    /// A package of the system.
    Package(&'static str),
    /// A crate, and how cargo is to install it.
    Crate(&'static str, &'static [&'static str]),
}

/// Neither its server nor its search index, and not optimised: that is two thirds of the time to
/// compile it, and it builds this book in a fraction of a second all the same.
const LEAN: &[&str] = &[
    "--no-default-features",
    "--debug",
    "--config",
    "profile.dev.debug=false",
];

const BUBBLEWRAP: Tool = Tool {
    program: "bwrap",
    purpose: "boxes for compilers and checks",
    source: Source::Package("bubblewrap"),
};

const MDBOOK: Tool = Tool {
    program: "mdbook",
    purpose: "the book",
    source: Source::Crate("mdbook", LEAN),
};

/// Installs what is missing, or says how.
///
/// # Errors
/// An installer fails.
pub fn install(args: &InstallToolsArgs) -> Result<Outcome> {
    let tools = [Some(BUBBLEWRAP), args.book.then_some(MDBOOK)];
    for tool in tools.into_iter().flatten() {
        let Tool {
            program,
            purpose,
            source,
        } = tool;
        if on_path(program) {
            print(&format!("{program:<8} is there ({purpose})\n"))?;
            continue;
        }
        let Some(commands) = source.commands(on_path("apt-get"), is_root(), on_path("sudo")) else {
            print(&format!(
                "{program:<8} is missing ({purpose}); {}\n",
                source.by_hand()
            ))?;
            continue;
        };
        for command in commands {
            let shown = command.join(" ");
            if args.dry_run {
                print(&format!(
                    "{program:<8} is missing ({purpose}); would run: {shown}\n"
                ))?;
            } else {
                print(&format!(
                    "{program:<8} is missing ({purpose}); running: {shown}\n"
                ))?;
                run(&command, &shown)?;
            }
        }
    }
    if !args.dry_run {
        print(
            "what they are good for here: cargo xtask grade --solutions tells it in its first line\n",
        )?;
    }
    Ok(Outcome::Done)
}

impl Source {
    /// The commands that install from here, if they can be run without asking anybody.
    fn commands(self, apt: bool, root: bool, sudo: bool) -> Option<Vec<Vec<&'static str>>> {
        let (prefix, package) = match self {
            Self::Crate(name, manner) => {
                let install = [&["cargo", "install", "--locked"], manner, &[name]];
                return Some(vec![install.concat()]);
            }
            Self::Package(package) if apt && root => (&[][..], package),
            Self::Package(package) if apt && sudo => (&["sudo"][..], package),
            Self::Package(_) => return None,
        };
        let with = |command: &[&'static str]| [prefix, command].concat();
        Some(vec![
            with(&["apt-get", "update"]),
            with(&[
                "apt-get",
                "install",
                "--yes",
                "--no-install-recommends",
                package,
            ]),
        ])
    }

    /// What to type oneself.
    fn by_hand(self) -> String {
        match self {
            Self::Crate(name, _) => format!("cargo install --locked {name}"),
            Self::Package(package) => format!(
                "as root, one of: apt-get install {package}; dnf install {package}; pacman -S {package}; apk add {package}"
            ),
        }
    }
}

fn run(command: &[&str], shown: &str) -> Result<()> {
    let failed = |why: String| {
        Fault::grader(
            format!("`{shown}` failed: {why}"),
            format!("run it by hand and see: {shown}"),
        )
    };
    let Some((program, arguments)) = command.split_first() else {
        return Ok(());
    };
    let status = Command::new(program)
        .args(arguments)
        // An installer's questions would wait for nobody in a pipe.
        .env("DEBIAN_FRONTEND", "noninteractive")
        .stdin(Stdio::inherit())
        .status()
        .map_err(|error| failed(error.to_string()))?;
    if status.success() {
        Ok(())
    } else {
        Err(failed(status.to_string()))
    }
}

fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}

/// Whether there is a program of this name in a folder of PATH.
fn on_path(program: &str) -> bool {
    find(program).is_some()
}

/// The program of this name in a folder of PATH.
pub fn find(program: &str) -> Option<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    env::split_paths(&path)
        .map(|folder| folder.join(program))
        .find(|path| is_program(path))
}

fn is_program(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    path.metadata()
        .is_ok_and(|found| found.is_file() && found.permissions().mode() & 0o111 != 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn apt_is_used_as_root_or_through_sudo_and_only_where_it_is() {
        let source = BUBBLEWRAP.source;
        let first = |apt, root, sudo| source.commands(apt, root, sudo).map(|all| all[0].join(" "));
        assert_eq!(first(true, true, false).as_deref(), Some("apt-get update"));
        assert_eq!(
            first(true, false, true).as_deref(),
            Some("sudo apt-get update")
        );
        assert_eq!(first(true, false, false), None);
        assert_eq!(first(false, true, true), None);
        assert!(source.by_hand().contains("apt-get install bubblewrap"));
    }
}
