//! What a confined program can do and what it cannot, outside of any box.
#![cfg(target_os = "linux")]

mod support;

use std::os::unix::process::ExitStatusExt;
use std::path::Path;

use sandbox::{Confinement, LAUNCHER_FAILED, Level};
use support::{Ended, REFUSED, Stage, assert_done, assert_refused, usual};

/// A stage, and the confinement that the tests begin with.
fn confined() -> Option<(Stage, Confinement)> {
    let stage = Stage::new();
    let probed = stage.isolation(Level::Confine)?;
    Some((stage, probed.isolation.confinement()))
}

/// Has `hostile` try it all, confined; the folder is what it may be allowed something in.
fn attempt(stage: &Stage, confinement: &Confinement, names: &[&str], folder: &Path) -> Ended {
    let mut command = confinement.command(&stage.launcher(), &stage.hostile());
    Ended::of(command.args(names).arg(folder))
}

#[test]
fn what_could_harm_others_is_refused() {
    let Some((stage, confinement)) = confined() else {
        return;
    };
    let folder = stage.subfolder("folder");
    stage.file("folder/file", "text");
    let ended = attempt(&stage, &confinement, REFUSED, &folder);
    assert_refused(&ended, REFUSED);
}

#[cfg(target_arch = "x86_64")]
#[test]
fn the_older_interfaces_of_the_processor_are_no_way_around() {
    let Some((stage, confinement)) = confined() else {
        return;
    };
    let names = ["fork the old way", "call by x32"];
    let ended = attempt(&stage, &confinement, &names, Path::new("/"));
    assert_refused(&ended, &names);

    let ended = attempt(&stage, &confinement, &["call by i386"], Path::new("/"));
    assert_eq!(ended.status.signal(), Some(libc::SIGSYS));
}

#[test]
fn the_loader_runs_no_other_program() {
    let Some((stage, confinement)) = confined() else {
        return;
    };
    let name = "become another program through the loader";
    let ended = attempt(&stage, &confinement, &[name], Path::new("/"));
    assert!(ended.err.contains("Permission denied"), "{}", ended.err);

    // It would: this is what the other program says.
    let ended = attempt(&stage, &Confinement::default(), &[name], Path::new("/"));
    assert!(ended.err.contains("stand_in look"), "{}", ended.err);
}

/// Else the refusals above would prove nothing.
#[test]
fn without_confinement_the_same_attempts_work() {
    let stage = Stage::new();
    let folder = stage.subfolder("folder");
    let names = [
        "fork",
        "spawn",
        "read passwd",
        "read a library's neighbour",
        "read the parent's arguments",
        "read its own environment",
        "open a device",
        "list the root",
        "list processes",
        "make a file",
        "make a folder",
        "make a link",
        "make a path socket",
        "signal the parent",
        "signal the parent's thread",
        "signal any thread",
        "send the parent SIGIO",
        "hide from the parent",
        "open netlink",
        "grow a socket's buffer",
        "make a memory file",
        "map shared memory",
        "map growing memory",
        "watch files",
        "change personality",
    ];
    let mut confinement = Confinement::default();
    confinement.limits.processes = None;
    let ended = attempt(&stage, &confinement, &names, &folder);
    assert_done(&ended, &names);
}

#[test]
fn everyday_things_work() {
    let Some((stage, confinement)) = confined() else {
        return;
    };
    let names = usual();
    let ended = attempt(&stage, &confinement, &names, Path::new("/"));
    assert_done(&ended, &names);
}

#[test]
fn a_program_ends_as_it_would_unconfined() {
    let Some((stage, confinement)) = confined() else {
        return;
    };
    let end = |name| attempt(&stage, &confinement, &[name], Path::new("/"));

    let panic = end("panic");
    assert_eq!(panic.status.code(), Some(101));
    assert!(panic.err.contains("on purpose"), "{}", panic.err);

    let overflow = end("overflow the stack");
    assert_eq!(overflow.status.signal(), Some(libc::SIGABRT));
    assert!(
        overflow.err.contains("has overflowed its stack"),
        "{}",
        overflow.err
    );

    assert_eq!(end("abort").status.signal(), Some(libc::SIGABRT));
    assert_eq!(end("raise SIGTERM").status.signal(), Some(libc::SIGTERM));
    assert_eq!(end("exit with 7").status.code(), Some(7));
}

#[test]
fn a_program_inherits_nothing_of_its_parent() {
    let Some((stage, confinement)) = confined() else {
        return;
    };
    // As shells do: a descriptor that is not closed on exec.
    let leak = rustix::io::dup(std::io::stdin()).unwrap();
    let mut command = confinement.command(&stage.launcher(), &stage.hostile());
    let ended = Ended::of(command.args(["tell about itself", "/"]));
    drop(leak);

    assert_eq!(
        ended.told("environment"),
        r#"[("RUST_MIN_STACK", "262144")]"#
    );
    assert_eq!(ended.told("folder"), "/");
    assert_eq!(ended.told("leads its session"), "true");
    assert_eq!(ended.told("open"), "[]");
    assert_eq!(ended.told("capabilities"), "CapabilitySet(0x0)");
}

#[test]
fn threads_and_descriptors_have_an_end() {
    let Some((stage, mut confinement)) = confined() else {
        return;
    };
    let count = |confinement: &Confinement, name| {
        let ended = attempt(&stage, confinement, &[name], Path::new("/"));
        let counted = ended.out.split(' ').next().map(str::parse);
        counted
            .and_then(Result::ok)
            .unwrap_or_else(|| panic!("{}", ended.err))
    };
    let threads: usize = count(&confinement, "count threads");
    assert!((200..1100).contains(&threads), "{threads}");

    assert_eq!(count(&confinement, "count descriptors"), 64 - 3);
    confinement.limits.descriptors = Some(1024);
    assert_eq!(count(&confinement, "count descriptors"), 1024 - 3);
}

#[test]
fn processor_time_has_an_end() {
    let Some((stage, mut confinement)) = confined() else {
        return;
    };
    confinement.limits.cpu_seconds = Some(1);
    let ended = attempt(&stage, &confinement, &["spin"], Path::new("/"));
    assert_eq!(ended.status.signal(), Some(libc::SIGXCPU));
}

#[test]
fn what_is_allowed_works_and_no_more() {
    let Some((stage, mut confinement)) = confined() else {
        return;
    };
    let folder = stage.subfolder("folder");
    let file = stage.file("folder/file", "text");

    confinement.allow.unix_sockets = true;
    let names = ["talk by an abstract name"];
    assert_done(&attempt(&stage, &confinement, &names, &folder), &names);
    let names = ["keep a path socket in its folder", "read its file"];
    assert_refused(&attempt(&stage, &confinement, &names, &folder), &names);

    confinement.allow.sockets = vec![folder.clone()];
    let names = ["keep a path socket in its folder"];
    assert_done(&attempt(&stage, &confinement, &names, &folder), &names);
    let names = [
        "make a file in its folder",
        "read its file",
        "make a path socket",
    ];
    assert_refused(&attempt(&stage, &confinement, &names, &folder), &names);

    confinement.allow.read = vec![file.clone()];
    let names = ["read its file"];
    assert_done(&attempt(&stage, &confinement, &names, &folder), &names);
    let names = ["write its file"];
    assert_refused(&attempt(&stage, &confinement, &names, &folder), &names);

    confinement.allow.write = vec![file];
    assert_done(&attempt(&stage, &confinement, &names, &folder), &names);

    // A folder stands for the files in it; none can be made there either.
    confinement.allow.read = vec![folder.clone()];
    confinement.allow.write = vec![folder.clone()];
    let names = ["read its file", "write its file"];
    assert_done(&attempt(&stage, &confinement, &names, &folder), &names);
    let names = ["make a file in its folder"];
    assert_refused(&attempt(&stage, &confinement, &names, &folder), &names);

    confinement.allow.pass_descriptors = true;
    let names = ["pass a descriptor"];
    assert_done(&attempt(&stage, &confinement, &names, &folder), &names);
}

#[test]
fn a_program_starts_in_the_folder_it_is_given() {
    let Some((stage, mut confinement)) = confined() else {
        return;
    };
    let folder = stage.subfolder("folder");
    confinement.work_dir = Some(folder.clone());
    let mut command = confinement.command(&stage.launcher(), &stage.hostile());
    let ended = Ended::of(command.args(["tell about itself", "/"]));
    let told = ended.told("folder");
    assert_eq!(Path::new(&told), folder.canonicalize().unwrap());
}

#[test]
fn the_checks_can_watch_limit_and_signal_a_confined_program() {
    let Some((stage, confinement)) = confined() else {
        return;
    };
    let ended = Ended::of(&mut support::watch(
        &stage.stand_in(),
        &confinement.command(&stage.launcher(), &stage.hostile()),
    ));
    assert_eq!(ended.out, support::WATCHED, "{}", ended.err);
}

#[test]
fn the_launcher_says_why_it_started_nothing() {
    let stage = Stage::new();
    let confinement = Confinement::default();

    let nothing = Ended::of(&mut confinement.command(&stage.launcher(), Path::new("/nothing")));
    assert_eq!(nothing.status.code(), Some(LAUNCHER_FAILED.into()));
    assert!(
        nothing.err.contains("cannot start /nothing: No such file"),
        "{}",
        nothing.err
    );

    let by_hand = Ended::of(&mut std::process::Command::new(stage.launcher()));
    assert_eq!(by_hand.status.code(), Some(LAUNCHER_FAILED.into()));
    assert!(
        by_hand.err.contains("is started by the grader"),
        "{}",
        by_hand.err
    );
}
