//! What a box around checks shows, keeps apart, and lets through.
#![cfg(target_os = "linux")]

mod support;

use std::collections::BTreeSet;
use std::fs;
use std::io::{BufRead, BufReader};
use std::net::{SocketAddr, TcpStream};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use sandbox::{CheckBox, Confinement, LAUNCHER_INSIDE, Level, Probed};
use support::{Ended, REFUSED, Stage, WATCHED, assert_done, assert_refused, inside, usual};

/// A box with the stage's programs in it, and what it was probed with.
struct Boxed {
    stage: Stage,
    probed: Probed,
}

impl Boxed {
    /// Nothing where there are no boxes.
    fn new() -> Option<Self> {
        let stage = Stage::new();
        let probed = stage.isolation(Level::Box)?;
        Some(Self { stage, probed })
    }

    fn check_box(&self) -> CheckBox {
        let bubblewrap = self.probed.bubblewrap.as_ref().unwrap();
        CheckBox::new(bubblewrap, &self.stage.launcher())
            .read_only(self.stage.hostile(), "/programs/hostile")
            .read_only(self.stage.stand_in(), "/programs/stand_in")
    }

    /// The command that starts a program in a box, with nothing on it.
    fn command(&self, program: &str) -> Command {
        let mut command = self.check_box().command().unwrap();
        command.arg(program);
        command
    }

    /// The command that starts `hostile` confined in a box.
    fn confined(check_box: &CheckBox, confinement: &Confinement) -> Command {
        let hostile = confinement.command(LAUNCHER_INSIDE.as_ref(), "/programs/hostile".as_ref());
        inside(check_box.command().unwrap(), &hostile)
    }

    fn confinement(&self) -> Confinement {
        self.probed.isolation.confinement()
    }
}

#[test]
fn a_box_shows_what_was_bound_and_nothing_else() {
    let Some(boxed) = Boxed::new() else { return };
    let mut command = boxed.check_box().env("SEED", "7").command().unwrap();
    let ended = Ended::of(command.args(["/programs/stand_in", "look"]));

    let known = [
        "dev", "etc", "launcher", "lib", "lib64", "proc", "programs", "tmp", "usr",
    ];
    let root: BTreeSet<_> = ended.told("root").split(' ').collect();
    assert!(root.is_subset(&known.into()), "{root:?}");
    assert_eq!(ended.told("hostname"), "lab");
    assert_eq!(
        ended.told("environment"),
        r#"[("SEED", "7"), ("PWD", "/")]"#
    );
    assert_eq!(ended.told("user"), "1000");
    assert_eq!(ended.told("capabilities"), "CapabilitySet(0x0)");
    assert_eq!(ended.told("interfaces"), "1");
    assert_eq!(ended.told("tcp_rmem"), "4096 65536 262144");
    assert_eq!(ended.told("tcp_wmem"), "4096 65536 262144");
    assert_eq!(ended.told("may write the root"), "false");
    assert_eq!(ended.told("may write a kernel setting"), "false");
    assert_eq!(ended.told("may write /tmp"), "true");
    assert_eq!(ended.told("/tmp holds 33 MiB"), "false");
    assert_eq!(ended.told("/tmp holds 30 MiB"), "true");
    assert_eq!(ended.told("/tmp holds 8000 files"), "true");
    assert_eq!(ended.told("/tmp holds 17 000 files"), "false");
    // Not even among the arguments of the first process, which is the launcher.
    let host = boxed.stage.launcher().display().to_string();
    assert!(!ended.out.contains(&host), "{}", ended.out);
}

#[test]
fn a_confined_program_in_a_box_is_refused_as_much() {
    let Some(boxed) = Boxed::new() else { return };
    let mut command = Boxed::confined(&boxed.check_box(), &boxed.confinement());
    let refused: Vec<_> = REFUSED
        .iter()
        .copied()
        // What is not in the box at all is not found, rather than denied.
        .filter(|name| !["read passwd", "read its file", "write its file"].contains(name))
        .collect();
    assert_refused(
        &Ended::of(command.args(&refused).arg("/programs")),
        &refused,
    );
}

/// Small stacks fit into the memory that is allowed; this needs another limit, which
/// holds for a user in a user namespace, and for root nowhere.
#[test]
fn threads_have_an_end_in_a_box() {
    let Some(boxed) = Boxed::new() else { return };
    let mut command = Boxed::confined(&boxed.check_box(), &boxed.confinement());
    let ended = Ended::of(command.args(["count small threads", "/"]));
    let counted: usize = ended.out.split(' ').next().unwrap().parse().unwrap();
    assert!((900..1024).contains(&counted), "{counted}");
}

#[test]
fn everyday_things_work_in_a_box() {
    let Some(boxed) = Boxed::new() else { return };
    let names = usual();
    let plain = Ended::of(boxed.command("/programs/hostile").args(&names));
    assert_done(&plain, &names);
    let mut confined = Boxed::confined(&boxed.check_box(), &boxed.confinement());
    assert_done(&Ended::of(confined.args(&names)), &names);
}

#[test]
fn the_checks_can_watch_limit_and_signal_a_program_in_their_box() {
    let Some(boxed) = Boxed::new() else { return };
    let hostile = boxed
        .confinement()
        .command(LAUNCHER_INSIDE.as_ref(), "/programs/hostile".as_ref());
    let watch = support::watch("/programs/stand_in".as_ref(), &hostile);
    let ended = Ended::of(&mut inside(boxed.check_box().command().unwrap(), &watch));
    assert_eq!(ended.out, WATCHED, "{}", ended.err);
}

#[test]
fn signals_stay_in_their_box() {
    let Some(boxed) = Boxed::new() else { return };
    // Unconfined, and without bubblewrap's new session this would end these tests.
    let ended = Ended::of(
        boxed
            .command("/programs/hostile")
            .args(["kill the group", "/"]),
    );
    assert_eq!(
        ended.status.code(),
        Some(128 + libc::SIGKILL),
        "{}",
        ended.err
    );
}

#[test]
fn a_box_ends_as_its_program_does() {
    let Some(boxed) = Boxed::new() else { return };
    let end = |name| {
        let ended = Ended::of(boxed.command("/programs/hostile").args([name, "/"]));
        ended.status.code()
    };
    assert_eq!(end("exit with 7"), Some(7));
    assert_eq!(end("panic"), Some(101));
    assert_eq!(end("abort"), Some(128 + libc::SIGABRT));
    let missing = Ended::of(&mut boxed.command("/programs/missing"));
    assert_eq!(missing.status.code(), Some(sandbox::LAUNCHER_FAILED.into()));
    assert!(
        missing.err.contains("cannot start /programs/missing"),
        "{}",
        missing.err
    );
}

#[test]
fn raw_sockets_are_for_those_who_are_allowed_them() {
    let Some(boxed) = Boxed::new() else { return };
    let raw = ["open a raw socket"];
    let about = ["tell about itself"];
    let check_box = boxed.check_box().raw_sockets(true);
    let mut confinement = boxed.confinement();
    let run = |confinement: &Confinement, names: &[&str]| {
        Ended::of(Boxed::confined(&check_box, confinement).args(names))
    };
    assert_refused(&run(&confinement, &raw), &raw);

    confinement.allow.raw_sockets = true;
    assert_done(&run(&confinement, &raw), &raw);
    assert_eq!(
        run(&confinement, &about).told("capabilities"),
        "CapabilitySet(NET_RAW)"
    );

    let mut look = check_box.command().unwrap();
    let look = Ended::of(look.args(["/programs/stand_in", "look"]));
    assert_eq!(
        look.told("capabilities"),
        "CapabilitySet(NET_ADMIN | NET_RAW)"
    );
    assert_eq!(look.told("ping_group_range"), "1000 1000");
}

#[test]
fn ping_sockets_are_for_those_who_are_allowed_them() {
    let Some(boxed) = Boxed::new() else { return };
    let (raw, ping) = (["open a raw socket"], ["open a ping socket"]);
    let check_box = boxed.check_box().raw_sockets(true);
    let mut confinement = boxed.confinement();
    let run = |confinement: &Confinement, names: &[&str]| {
        Ended::of(Boxed::confined(&check_box, confinement).args(names))
    };
    assert_refused(&run(&confinement, &ping), &ping);

    confinement.allow.ping_sockets = true;
    assert_done(&run(&confinement, &ping), &ping);
    assert_refused(&run(&confinement, &raw), &raw);
}

#[test]
fn network_settings_are_for_checks_and_not_for_programs() {
    let Some(boxed) = Boxed::new() else { return };
    let looks_around = |check_box: &CheckBox| {
        let mut look = check_box.command().unwrap();
        Ended::of(look.args(["/programs/stand_in", "look"]))
    };
    let refused = looks_around(&boxed.check_box());
    assert_eq!(refused.told("may write a network setting"), "false");

    let check_box = boxed.check_box().network_settings(true);
    let look = looks_around(&check_box);
    assert_eq!(look.told("may write a network setting"), "true");
    assert_eq!(look.told("capabilities"), "CapabilitySet(NET_ADMIN)");
    assert_eq!(look.told("may write a kernel setting"), "false");

    let about = ["tell about itself"];
    let mut command = Boxed::confined(&check_box, &boxed.confinement());
    assert_eq!(
        Ended::of(command.args(about)).told("capabilities"),
        "CapabilitySet(0x0)"
    );
}

/// Starts a program that listens in a box; its address there.
fn listening(boxed: &Boxed) -> (Child, SocketAddr) {
    let mut child = boxed
        .command("/programs/hostile")
        .arg("wait for a client")
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    let mut out = BufReader::new(child.stdout.take().unwrap());
    out.read_line(&mut line).unwrap();
    (child, line.trim().parse().unwrap())
}

#[test]
fn networks_are_apart() {
    let Some(boxed) = Boxed::new() else { return };
    let (mut child, address) = listening(&boxed);
    let refused = TcpStream::connect(address).unwrap_err();
    assert_eq!(refused.kind(), std::io::ErrorKind::ConnectionRefused);
    child.kill().unwrap();
    child.wait().unwrap();
}

/// The processes that descend from one.
fn descendants(ancestor: u32) -> Vec<u32> {
    let mut found = vec![ancestor];
    let mut next = 0;
    while let Some(parent) = found.get(next) {
        let children = fs::read_to_string(format!("/proc/{parent}/task/{parent}/children"));
        let children = children.unwrap_or_default();
        found.extend(
            children
                .split_whitespace()
                .map(|pid| pid.parse::<u32>().unwrap()),
        );
        next += 1;
    }
    found.split_off(1)
}

#[test]
fn nothing_outlives_a_killed_box() {
    let Some(boxed) = Boxed::new() else { return };
    let (mut child, _) = listening(&boxed);
    let inner = descendants(child.id());
    assert!(inner.len() >= 2, "{inner:?}");
    child.kill().unwrap();
    child.wait().unwrap();
    let deadline = Instant::now() + Duration::from_secs(5);
    let alive = |pid: &u32| fs::exists(format!("/proc/{pid}/exe")).unwrap_or(true);
    while inner.iter().any(alive) {
        assert!(Instant::now() < deadline, "{inner:?}");
        std::thread::yield_now();
    }
}

#[test]
fn a_box_ends_with_the_thread_that_started_it() {
    let Some(boxed) = Boxed::new() else { return };
    let (mut child, _) = std::thread::scope(|scope| {
        let started = scope.spawn(|| listening(&boxed));
        started.join().unwrap()
    });
    let status = child.wait().unwrap();
    assert!(!status.success());
}

#[test]
fn boxes_stand_side_by_side() {
    let Some(boxed) = Boxed::new() else { return };
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                for _ in 0..4 {
                    let names = ["talk over IPv4", "make a file", "start threads"];
                    let ended = Ended::of(boxed.command("/programs/hostile").args(names));
                    assert_done(&ended, &names);
                }
            });
        }
    });
}
