//! What to do about isolation that is missing: sentences for those who run the grader.

use std::fs;
use std::path::Path;

use crate::Bubblewrap;

pub(super) const OTHER_SYSTEM: &str = "Boxes, Landlock and seccomp are Linux's: to grade other people's programs, \
     use Linux, a virtual machine, or WSL2 on Windows.";

pub(super) const NO_BUBBLEWRAP: &str = "There is no box, for `bwrap` is not on PATH: \
     `sudo apt install bubblewrap` on Debian and Ubuntu, `sudo dnf install bubblewrap` on Fedora, \
     `sudo pacman -S bubblewrap` on Arch.";

pub(super) const ROOT_WITHOUT_BOX: &str = "Programs run as root, for there is no box in which to become another user: \
     do not grade other people's programs so.";

/// Switches that forbid user namespaces to ordinary users: file, value that does, remedy.
const SWITCHES: &[(&str, &str, &str)] = &[
    (
        "/proc/sys/kernel/unprivileged_userns_clone",
        "0",
        "this kernel forbids user namespaces: `sudo sysctl kernel.unprivileged_userns_clone=1`",
    ),
    (
        "/proc/sys/kernel/apparmor_restrict_unprivileged_userns",
        "1",
        "AppArmor restricts user namespaces: \
         `sudo sysctl kernel.apparmor_restrict_unprivileged_userns=0`, or give {bwrap} a profile with `userns`",
    ),
    (
        "/proc/sys/user/max_user_namespaces",
        "0",
        "user namespaces are limited to none: `sudo sysctl user.max_user_namespaces=10000`",
    ),
];

/// Files that container engines leave in their containers.
const CONTAINERS: &[&str] = &["/.dockerenv", "/run/.containerenv"];

/// Why bubblewrap makes no box, and all that may be done about it.
pub(super) fn no_box(bubblewrap: &Bubblewrap, error: &anyhow::Error) -> String {
    let said = format!("{error:#}");
    let remedies = if said.contains("nknown option") {
        vec!["it is too old: install bubblewrap 0.8 or later".to_owned()]
    } else {
        namespace_remedies(bubblewrap)
    };
    let remedy = match remedies.as_slice() {
        [] => String::new(),
        _ => format!(" Remedy: {}.", remedies.join("; ")),
    };
    format!(
        "There is no box, for {} fails here: {}.{remedy}",
        bubblewrap.version(),
        said.trim_end_matches('.')
    )
}

/// What this machine shows to forbid user namespaces, without which there is no box.
fn namespace_remedies(bubblewrap: &Bubblewrap) -> Vec<String> {
    let mut remedies: Vec<String> = SWITCHES
        .iter()
        .filter(|(file, forbids, _)| {
            fs::read_to_string(file).is_ok_and(|value| value.trim() == *forbids)
        })
        .map(|(_, _, remedy)| remedy.replace("{bwrap}", &bubblewrap.path().display().to_string()))
        .collect();
    if CONTAINERS.iter().any(|file| Path::new(file).exists()) {
        remedies.push(
            "this is a container: start it with `--security-opt seccomp=unconfined \
             --security-opt apparmor=unconfined --security-opt systempaths=unconfined`"
                .to_owned(),
        );
    }
    remedies
}

pub(super) fn no_landlock(why: &str) -> String {
    format!(
        "Programs' files are not restricted: {why}. Remedy: Linux 5.13 or later, started \
         with `landlock` among the names of `lsm=`; in a container, an engine whose \
         seccomp profile knows Landlock."
    )
}

pub(super) fn no_seccomp(why: &str) -> String {
    format!(
        "Programs' system calls are not filtered: {why}. Remedy: Linux with \
         CONFIG_SECCOMP_FILTER on x86-64 or aarch64."
    )
}

pub(super) fn no_ipv6(why: &str) -> String {
    format!(
        "There is no `::1`, so checks about IPv6 are skipped: {why}. Remedy: start Linux \
         without `ipv6.disable=1`; `sudo sysctl net.ipv6.conf.all.disable_ipv6=0`."
    )
}

#[cfg(test)]
mod tests {
    use anyhow::anyhow;

    use super::*;

    #[test]
    fn an_old_bubblewrap_is_told_from_one_that_may_not() {
        let Some(bubblewrap) = Bubblewrap::find() else {
            println!("skipped: {NO_BUBBLEWRAP}");
            return;
        };
        let old = no_box(&bubblewrap, &anyhow!("bwrap: Unknown option --size"));
        assert!(old.contains("bubblewrap 0.8 or later"), "{old}");
        let forbidden = no_box(&bubblewrap, &anyhow!("bwrap: No permissions"));
        assert!(!forbidden.contains("0.8 or later"), "{forbidden}");
    }
}
