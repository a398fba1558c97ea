//! What the doctor tries.

use std::fs;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Command, Stdio};

use super::{Finding, Remedy};
use crate::course::workspace::Workspace;
use crate::fault::{Fault, Result};
use crate::isolation::Isolation;
use crate::memory;
use crate::toolchain::prebuilt::Prebuilt;
use crate::toolchain::rustc::Rustc;
use crate::work::{self, WorkFolder};

/// The switch by which AppArmor keeps ordinary users from having namespaces.
const APPARMOR: &str = "/proc/sys/kernel/apparmor_restrict_unprivileged_userns";

/// A profile that lets bubblewrap, and it only, have them (apparmor.d(5)).
const PROFILE: &str = r"sudo tee /etc/apparmor.d/bwrap <<'END'
abi <abi/4.0>,
include <tunables/global>
profile bwrap /usr/bin/bwrap flags=(unconfined) {
  userns,
}
END
sudo apparmor_parser --replace /etc/apparmor.d/bwrap";

/// What a container needs besides, for boxes in it.
const CONTAINER: &str = "docker run --security-opt seccomp=unconfined \\\n    \
    --security-opt apparmor=unconfined --security-opt systempaths=unconfined ...";

/// Files that container engines leave in their containers.
const CONTAINERS: [&str; 2] = ["/.dockerenv", "/run/.containerenv"];

/// Compiler, linker and loopback.
pub(super) fn on_this_machine() -> Vec<Finding> {
    vec![compiler(), linker(), loopback(), ipv6()]
}

/// The layers of isolation.
///
/// # Errors
/// The testbench cannot be built, or the temporary folder cannot be used.
pub(super) fn of_isolation(workspace: &Workspace) -> Result<Vec<Finding>> {
    let (prebuilt, _held) = Prebuilt::build(workspace)?;
    let work = WorkFolder::new()?;
    let launcher = work::copy_into(&work.fresh("tools")?, &prebuilt.launcher)?;
    let isolation = Isolation::probe(None, &launcher)?;
    let found = isolation.described();
    let notes = isolation.probed_notes();
    // Those notes that are about it; if none can be told, all.
    let about = |words: &[&str]| -> Vec<Remedy> {
        let is_meant = |note: &&String| words.iter().any(|word| note.contains(word));
        let meant: Vec<&String> = notes.iter().filter(is_meant).collect();
        let told = if meant.is_empty() {
            notes.iter().collect()
        } else {
            meant
        };
        told.into_iter().cloned().map(Remedy::Say).collect()
    };
    let mut boxed = match &found.boxed {
        Some(version) => Finding::there("box", format!("{version}, as uid {}", found.uid)),
        None => Finding::missing(
            "box",
            "no private network, files and processes",
            about(&["box", "Boxes"]),
        ),
    };
    if found.boxed.is_none() {
        boxed.remedies.extend(for_namespaces());
    }
    let landlock = match found.landlock {
        Some(abi) => Finding::there("Landlock", format!("ABI {abi}")),
        None => Finding::missing("Landlock", "programs see all files", about(&["files are"])),
    };
    let seccomp = if found.seccomp {
        Finding::there("seccomp", "system calls are filtered")
    } else {
        Finding::missing("seccomp", "programs may call all", about(&["system calls"]))
    };
    let mut findings = vec![boxed, landlock, seccomp];
    if let Some(boxes) = memory::boxes() {
        findings.push(Finding::there(
            "memory",
            format!("for {boxes} boxes at once"),
        ));
    }
    Ok(findings)
}

/// What keeps bubblewrap from making namespaces here, as texts to copy.
fn for_namespaces() -> Vec<Remedy> {
    let mut remedies = Vec::new();
    if fs::read_to_string(APPARMOR).is_ok_and(|value| value.trim() == "1") {
        remedies.push(Remedy::Say("A profile for bubblewrap:".to_owned()));
        remedies.push(Remedy::Copy(PROFILE.to_owned()));
    }
    if CONTAINERS.iter().any(|file| Path::new(file).exists()) {
        remedies.push(Remedy::Say("This is a container; start it so:".to_owned()));
        remedies.push(Remedy::Copy(CONTAINER.to_owned()));
    }
    remedies
}

fn compiler() -> Finding {
    match Rustc::find() {
        Ok(rustc) => Finding::there("compiler", rustc.version),
        Err(fault) => of_fault("compiler", &fault),
    }
}

/// Compiles and links the smallest program.
fn linker() -> Finding {
    let tried = || -> Result<std::result::Result<(), String>> {
        let rustc = Rustc::find()?;
        let work = WorkFolder::new()?;
        let folder = work.fresh("doctor")?;
        let source = folder.join("least.rs");
        work::write(&source, b"fn main() {}\n")?;
        let answer = Command::new(&rustc.path)
            .current_dir(&folder)
            .arg(&source)
            .stdin(Stdio::null())
            .output()
            .map_err(|error| Fault::io("start", &rustc.path, &error))?;
        let said = String::from_utf8_lossy(&answer.stderr);
        let first = said.lines().next().unwrap_or("no reason given").to_owned();
        Ok(if answer.status.success() {
            Ok(())
        } else {
            Err(first)
        })
    };
    match tried() {
        Ok(Ok(())) => Finding::there("linker", "programs are linked"),
        Ok(Err(said)) => Finding::missing(
            "linker",
            said,
            vec![Remedy::Say(
                "`sudo apt install gcc libc6-dev` on Debian and Ubuntu, `sudo dnf install gcc` on \
                 Fedora, `xcode-select --install` on macOS"
                    .to_owned(),
            )],
        ),
        Err(fault) => of_fault("linker", &fault),
    }
}

fn loopback() -> Finding {
    match connect(Ipv4Addr::LOCALHOST.into()) {
        Ok(()) => Finding::there("loopback", "127.0.0.1 connects"),
        Err(error) => Finding::missing(
            "loopback",
            format!("127.0.0.1 does not connect: {error}"),
            vec![Remedy::Say(
                "`sudo ip link set lo up`; or a firewall that stands before it".to_owned(),
            )],
        ),
    }
}

fn ipv6() -> Finding {
    match connect(Ipv6Addr::LOCALHOST.into()) {
        Ok(()) => Finding::there("IPv6", "::1 connects"),
        Err(error) => Finding {
            needed: false,
            ..Finding::missing(
                "IPv6",
                format!("::1 does not connect, so checks that need it are skipped: {error}"),
                vec![Remedy::Say(
                    "`sudo sysctl net.ipv6.conf.all.disable_ipv6=0`; Linux started without `ipv6.disable=1`"
                        .to_owned(),
                )],
            )
        },
    }
}

fn connect(host: IpAddr) -> std::io::Result<()> {
    let listener = TcpListener::bind(SocketAddr::new(host, 0))?;
    TcpStream::connect(listener.local_addr()?).map(drop)
}

fn of_fault(what: &'static str, fault: &Fault) -> Finding {
    Finding::missing(
        what,
        fault.what(),
        vec![Remedy::Say(fault.remedy().to_owned())],
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::output::paint::Paint;

    #[test]
    fn a_remedy_to_copy_stands_as_it_is() {
        let copy = Remedy::Copy(PROFILE.to_owned());
        let finding = Finding::missing("box", "none", vec![Remedy::Say("So:".to_owned()), copy]);
        let text = finding.page(Paint::new(false)).into_text();
        assert!(text.starts_with("box           missing none\n"), "{text}");
        assert!(
            text.contains("    profile bwrap /usr/bin/bwrap flags=(unconfined) {\n      userns,\n")
        );
        assert!(finding.lacks());
    }

    #[test]
    fn ipv6_is_missed_by_nobody_else() {
        let finding = Finding {
            needed: false,
            ..Finding::missing("IPv6", "none", vec![Remedy::Say("x".to_owned())])
        };
        assert!(!finding.lacks());
    }
}
