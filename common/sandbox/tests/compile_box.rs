//! What a box around the compiler makes, hides, and stops.
#![cfg(target_os = "linux")]

mod support;

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use sandbox::{CompileBox, Level, Limits, NOBODY, Probed};
use support::{Ended, Stage, assert_done, assert_refused};

/// What is needed to compile in a box.
struct Boxed {
    stage: Stage,
    probed: Probed,
    toolchain: PathBuf,
}

impl Boxed {
    /// Nothing where there are no boxes.
    fn new() -> Option<Self> {
        let stage = Stage::new();
        let probed = stage.isolation(Level::Box)?;
        let sysroot = Ended::of(Command::new("rustc").args(["--print", "sysroot"]));
        Some(Self {
            stage,
            probed,
            toolchain: sysroot.out.trim().into(),
        })
    }

    fn compile_box(&self, output: &Path) -> CompileBox {
        let bubblewrap = self.probed.bubblewrap.as_ref().unwrap();
        CompileBox::new(bubblewrap, &self.stage.launcher(), &self.toolchain, output)
            .env("MARK", "a mark")
    }

    /// Compiles a program of one file; the program's path is the second.
    fn compile(&self, limits: Limits, source: &str) -> (Ended, PathBuf) {
        let sources = self.stage.subfolder("sources");
        self.stage.file("sources/main.rs", source);
        let output = self.stage.subfolder("output");
        let mut command = self
            .compile_box(&output)
            .read_only(sources, "/sources")
            .work_dir("/sources")
            .limits(limits)
            .command()
            .unwrap();
        let program = Path::new(CompileBox::OUTPUT).join("program");
        command.args(["--edition", "2024", "main.rs", "-C", "debuginfo=0", "-o"]);
        (Ended::of(command.arg(program)), output.join("program"))
    }
}

#[test]
fn a_program_is_compiled_and_linked() {
    let Some(boxed) = Boxed::new() else { return };
    let source = r#"fn main() { println!("hello, {}", env!("MARK")); }"#;
    let (ended, program) = boxed.compile(Limits::compiler(), source);
    assert!(ended.status.success(), "{}", ended.err);
    assert_eq!(
        Ended::of(&mut Command::new(&program)).out,
        "hello, a mark\n"
    );
    let owner = fs::metadata(&program).unwrap().uid();
    let expected = match rustix::process::geteuid() {
        root if root.is_root() => NOBODY,
        user => user.as_raw(),
    };
    assert_eq!(owner, expected);
}

#[test]
fn errors_come_out_as_the_compiler_tells_them() {
    let Some(boxed) = Boxed::new() else { return };
    let (ended, program) = boxed.compile(Limits::compiler(), "fn main() { let x: u8 = 'a'; }");
    assert_eq!(ended.status.code(), Some(1));
    assert!(ended.err.contains("--> main.rs:1:"), "{}", ended.err);
    assert!(!program.exists());
}

#[test]
fn files_of_the_host_are_not_there() {
    let Some(boxed) = Boxed::new() else { return };
    let hidden = boxed.stage.file("hidden", "a secret");
    let source = format!(
        r#"
        const A: &str = include_str!("{}");
        const B: &str = include_str!("/etc/passwd");
        const C: &str = env!("HOME");
        fn main() {{ print!("{{A}}{{B}}{{C}}"); }}
        "#,
        hidden.display()
    );
    let (ended, _) = boxed.compile(Limits::compiler(), &source);
    assert_eq!(ended.status.code(), Some(1));
    let missing = ended.err.matches("couldn't read").count();
    assert_eq!(missing, 2, "{}", ended.err);
    assert!(
        ended.err.contains("variable `HOME` not defined"),
        "{}",
        ended.err
    );
}

/// There it would find bubblewrap's arguments and the sources of its mounts.
#[test]
fn the_process_table_is_closed() {
    let Some(boxed) = Boxed::new() else { return };
    let names = [
        "1/cmdline",
        "1/environ",
        "self/environ",
        "self/mountinfo",
        "mounts",
    ];
    let includes = names.map(|name| format!("include_bytes!(\"/proc/{name}\");\n"));
    let source = format!("fn main() {{ {} }}", includes.concat());
    let (ended, _) = boxed.compile(Limits::compiler(), &source);
    let denied = ended.err.matches("Permission denied").count();
    assert_eq!(denied, names.len(), "{}", ended.err);
}

#[test]
fn not_even_a_compiler_gone_bad_reaches_the_host() {
    let Some(mut boxed) = Boxed::new() else {
        return;
    };
    boxed.toolchain = boxed.stage.subfolder("toolchain");
    let programs = boxed.stage.subfolder("toolchain/bin");
    fs::copy(boxed.stage.hostile(), programs.join("rustc")).unwrap();
    let output = boxed.stage.subfolder("output");
    let attempt = |names: &[&str]| {
        let mut command = boxed.compile_box(&output).command().unwrap();
        Ended::of(command.args(names))
    };
    let refused = [
        "list processes",
        "read its own environment",
        "open packets",
        "open a raw socket",
    ];
    assert_refused(&attempt(&refused), &refused);

    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let host = format!("connect to {}", listener.local_addr().unwrap());
    let hidden = ["read passwd", &host];
    let expected = [libc::ENOENT, libc::ECONNREFUSED].map(|number| number.to_string());
    let ended = attempt(&hidden);
    let outcomes: Vec<_> = ended
        .attempts()
        .into_iter()
        .map(|(_, outcome)| outcome)
        .collect();
    assert_eq!(outcomes, expected);

    let done = ["make a file", "spawn", "tell about itself"];
    // As shells do: a descriptor that is not closed on exec.
    let leak = rustix::io::dup(&listener).unwrap();
    let ended = attempt(&done);
    drop(leak);
    assert_done(&ended, &done);
    assert_eq!(ended.told("capabilities"), "CapabilitySet(0x0)");
    assert_eq!(ended.told("open"), "[]");
}

#[test]
fn endless_compiling_has_an_end() {
    let Some(boxed) = Boxed::new() else { return };
    let source = "
        #![allow(long_running_const_eval)]
        const N: u64 = { let mut n = 0u64; while n < u64::MAX { n += 1; } n };
        fn main() { println!(\"{N}\"); }
    ";
    let limits = Limits {
        cpu_seconds: Some(1),
        ..Limits::compiler()
    };
    let (ended, program) = boxed.compile(limits, source);
    assert_eq!(
        ended.status.code(),
        Some(128 + libc::SIGXCPU),
        "{}",
        ended.err
    );
    assert!(!program.exists());
}

#[test]
fn a_macro_that_doubles_for_ever_has_an_end() {
    let Some(boxed) = Boxed::new() else { return };
    let source = "
        #![recursion_limit = \"1000000\"]
        macro_rules! twice { ($($t:tt)*) => { twice! { $($t)* $($t)* } } }
        fn main() { twice!(1); }
    ";
    let (ended, program) = boxed.compile(Limits::compiler(), source);
    assert!(!ended.status.success());
    assert!(ended.err.len() < 100_000, "{} bytes", ended.err.len());
    assert!(!program.exists());
}

#[test]
fn a_large_output_has_an_end() {
    let Some(boxed) = Boxed::new() else { return };
    let source = "
        static LARGE: [u8; 100 << 20] = [1; 100 << 20];
        fn main() { println!(\"{}\", LARGE[std::env::args().count()]); }
    ";
    let (ended, program) = boxed.compile(Limits::compiler(), source);
    assert!(!ended.status.success());
    assert!(!program.exists());
}
