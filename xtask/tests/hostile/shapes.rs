//! Submissions whose form is hostile: folders and archives that no student makes by accident.
//!
//! What each of them is refused or listed for is tested in `commands/intake.rs`; here all of them
//! are one class, in boxes, among honest ones.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::Write;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::os::unix::net::UnixListener;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use rustix::fs::{CWD, FileType, Mode, makedev, mknodat};

use crate::course::{CANARIES, Course, has_boxes};
use crate::residue;

const LAB: &str = "server-basics";

/// A class in which each makes trouble of another form.
fn class() -> Course {
    let course = Course::of(&[LAB]);
    course.hand_in_solution("class", "honest-1", LAB, &[]);
    course.hand_in_solution("class", "honest-2", LAB, &[]);
    let class = &course.path("class");
    links(class, &course.path("instructor/grades.csv"));
    special_files(class);
    odd_names(class);
    odd_modes(class);
    own_project(class);
    archives(class);
    course
}

/// The folder of the sources of `id`, made.
fn sources(class: &Path, id: &str) -> PathBuf {
    let sources = class.join(id).join("labs").join(LAB).join("src");
    fs::create_dir_all(&sources).expect("a folder");
    sources
}

/// Links to the system, to `secret`, to a neighbour, and upwards.
fn links(class: &Path, secret: &Path) {
    let links = sources(class, "links");
    symlink("/etc/passwd", links.join("echo.rs")).expect("a link");
    symlink(secret, links.join("greet.rs")).expect("a link");
    symlink(
        class.join("honest-1/labs/server-basics/src/lines.rs"),
        links.join("lines.rs"),
    )
    .expect("a link");
    symlink("..", links.join("up")).expect("a link");
    symlink("/", class.join("links/labs/udp")).expect("a link");
    fs::hard_link(secret, links.join("many.rs")).expect("a link");
}

/// What is no file.
fn special_files(class: &Path) {
    let special = sources(class, "special");
    let fifo = mknodat(CWD, special.join("echo.rs"), FileType::Fifo, Mode::RWXU, 0);
    fifo.expect("a FIFO");
    UnixListener::bind(special.join("greet.rs")).expect("a socket");
    // Only root may make one.
    let null = makedev(1, 5);
    _ = mknodat(
        CWD,
        special.join("lines.rs"),
        FileType::CharacterDevice,
        Mode::RWXU,
        null,
    );
}

/// Names that a shell, a terminal or a program would take for something else, and long ones.
fn odd_names(class: &Path) {
    let names = sources(class, "names");
    for name in [
        &b"new\nline.rs"[..],
        b"$(touch pwned).rs",
        b"`touch pwned`.rs",
        b"; touch pwned",
        b"\xff\xfe.rs",
        b"\x1b]0;pwned\x07.rs",
        b"--help",
        b"-rf",
        b"ECHO.rs",
        b"Echo.rs",
        b"\xe2\x80\xaertl.rs",
        b"con.rs",
        b"..rs",
    ] {
        fs::write(names.join(OsStr::from_bytes(name)), "fn pwned() {}").expect("a file");
    }
    fs::write(names.join("x".repeat(255)), "").expect("a file");
    deep(&names);
}

/// Modes, times and sizes.
fn odd_modes(class: &Path) {
    let odd = sources(class, "modes");
    fs::write(odd.join("echo.rs"), "fn odd() {}").expect("a file");
    fs::set_permissions(odd.join("echo.rs"), fs::Permissions::from_mode(0o6777)).expect("a mode");
    let file = File::create(odd.join("greet.rs")).expect("a file");
    let far = SystemTime::now() + Duration::from_secs(50 * 365 * 24 * 3600);
    file.set_modified(far).expect("a time");
    fs::write(odd.join("lines.rs"), "x".repeat(8 << 20)).expect("a file");
}

/// A project that brings all that a course has.
fn own_project(class: &Path) {
    let own = sources(class, "own-project").join("../../..");
    for (path, text) in [
        (
            "Cargo.toml",
            "[workspace]\n[patch.crates-io]\nstd = { path = \"evil\" }\n[profile.xtask]\nrustflags = [\"-C\", \"linker=/bin/false\"]\n",
        ),
        ("Cargo.lock", "version = 9"),
        (
            ".cargo/config.toml",
            "[build]\nrustc-wrapper = \"./evil.sh\"\n[target.x86_64-unknown-linux-gnu]\nrunner = \"./evil.sh\"\nlinker = \"./evil.sh\"\n[env]\nRUSTC = \"./evil.sh\"\n",
        ),
        ("rust-toolchain.toml", "[toolchain]\npath = \"./evil\"\n"),
        ("evil.sh", "#!/bin/sh\ntouch /tmp/pwned pwned\n"),
        ("xtask/src/main.rs", "fn main() { println!(\"18 of 18\") }"),
        (
            "labs/server-basics/build.rs",
            "fn main() { std::fs::write(\"/tmp/pwned\", \"\").unwrap() }",
        ),
        (
            "labs/server-basics/lab.toml",
            "title = \"x\"\nsummary = \"y\"\n",
        ),
        (
            "labs/server-basics/tests/public/main.rs",
            "#[test] fn passes() {}",
        ),
        (
            "labs/server-basics/src/main.rs",
            "fn main() { println!(\"READY 127.0.0.1:1\") }",
        ),
        ("labs/server-basics/src/bin/extra.rs", "fn main() {}"),
        ("labs/server-basics/src/echo/mod.rs", "pub fn serve() {}"),
        ("solutions/server-basics/src/echo.rs", "pub fn serve() {}"),
        ("common/testbench/src/lib.rs", "pub fn pass() {}"),
        (
            "records/own-project.json",
            "{\"schema\":\"socket-labs/record/v1\",\"points\":100}",
        ),
    ] {
        let path = own.join(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, text).expect("a file");
    }
}

/// Archives that lead out, that are too much, that are none.
fn archives(class: &Path) {
    fs::create_dir(class.join("empty")).expect("a folder");
    fs::write(class.join("slips.zip"), zip_that_slips()).expect("a file");
    fs::write(class.join("bomb.zip"), zip_bomb()).expect("a file");
    fs::write(class.join("many.zip"), zip_of_many()).expect("a file");
    fs::write(class.join("cut.zip"), &zip_bomb()[..200]).expect("a file");
    fs::write(class.join("slips.tar.gz.tar.gz"), tar_that_slips()).expect("a file");
    fs::write(class.join("noise.tar.gz"), [0x1f, 0x8b, 8, 0, 7]).expect("a file");
}

/// A path of more bytes than a path may have, made step by step.
fn deep(folder: &Path) {
    let back = File::open(folder).expect("the folder");
    let mut here =
        rustix::fs::openat(&back, ".", rustix::fs::OFlags::PATH, Mode::empty()).expect("a folder");
    for _ in 0..20 {
        let name = "d".repeat(250);
        rustix::fs::mkdirat(&here, &name, Mode::RWXU).expect("a folder");
        here = rustix::fs::openat(&here, &name, rustix::fs::OFlags::PATH, Mode::empty())
            .expect("a folder");
    }
}

fn zip(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, text) in entries {
        let options = zip::write::SimpleFileOptions::default().unix_permissions(0o6777);
        archive.start_file(*name, options).expect("an entry");
        archive.write_all(text).expect("its text");
    }
    archive.finish().expect("an archive").into_inner()
}

fn zip_that_slips() -> Vec<u8> {
    let text = b"pub fn pwned() {}".as_slice();
    let mut archive = zip(&[
        ("../../pwned", text),
        ("/tmp/pwned", text),
        ("labs/server-basics/src/../../../../pwned", text),
        ("labs\\server-basics\\src\\echo.rs", text),
        ("C:\\pwned", text),
        ("labs/server-basics/src/echo.rs\0.txt", text),
        ("labs/server-basics/src/greet.rs", text),
    ]);
    // Two of one name: the second in the place of another name as long.
    let mut twice = zip(&[
        ("labs/server-basics/src/lines.rs", text),
        ("labs/server-basics/src/linez.rs", text),
    ]);
    while let Some(at) = twice.windows(8).position(|window| window == b"linez.rs") {
        twice[at + 4] = b's';
    }
    archive.extend_from_slice(&twice);
    archive
}

/// Two gigabytes of nothing, as an empty-looking file of two megabytes.
fn zip_bomb() -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default();
    archive
        .start_file("labs/server-basics/src/echo.rs", options)
        .expect("an entry");
    let zeros = vec![0; 1 << 20];
    for _ in 0..256 {
        archive.write_all(&zeros).expect("its text");
    }
    archive.finish().expect("an archive").into_inner()
}

fn zip_of_many() -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for number in 0..100_000 {
        let options = zip::write::SimpleFileOptions::default();
        archive
            .start_file(format!("labs/server-basics/src/{number}.rs"), options)
            .expect("an entry");
    }
    archive.finish().expect("an archive").into_inner()
}

fn tar_that_slips() -> Vec<u8> {
    let packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    let mut archive = tar::Builder::new(packed);
    let mut entry = |kind: tar::EntryType, name: &str, target: &str| {
        let mut header = tar::Header::new_gnu();
        let bytes = &mut header.as_old_mut().name;
        bytes[..name.len()].copy_from_slice(name.as_bytes());
        if !target.is_empty() {
            let bytes = &mut header.as_old_mut().linkname;
            bytes[..target.len()].copy_from_slice(target.as_bytes());
        }
        header.set_entry_type(kind);
        header.set_size(0);
        header.set_mode(0o6777);
        header.set_mtime(u64::from(u32::MAX) * 2);
        header.set_cksum();
        archive.append(&header, std::io::empty()).expect("an entry");
    };
    entry(tar::EntryType::Regular, "../../pwned", "");
    entry(tar::EntryType::Regular, "/tmp/pwned", "");
    entry(
        tar::EntryType::Symlink,
        "labs/server-basics/src/echo.rs",
        "/etc/passwd",
    );
    entry(
        tar::EntryType::Link,
        "labs/server-basics/src/greet.rs",
        "/etc/passwd",
    );
    entry(tar::EntryType::Fifo, "labs/server-basics/src/lines.rs", "");
    entry(tar::EntryType::Char, "labs/server-basics/src/many.rs", "");
    entry(tar::EntryType::Block, "labs/server-basics/src/leave.rs", "");
    let packed = archive.into_inner().expect("an archive");
    packed.finish().expect("a packed archive")
}

#[test]
fn forms_that_are_hostile_are_graded_or_refused_and_touch_nothing() {
    if !has_boxes() {
        return;
    }
    let course = class();
    let run = course.grade(LAB, "class", "out");
    let told =
        String::from_utf8_lossy(&run.stdout).into_owned() + &String::from_utf8_lossy(&run.stderr);
    assert_eq!(run.status.code(), Some(0), "{told}");
    let harmless = |c: char| c == '\n' || !testbench::bytes::is_treacherous(c);
    assert!(told.chars().all(harmless), "{told:?}");
    let mut seen = 0;
    for entry in fs::read_dir(course.path("out/records"))
        .expect("records")
        .flatten()
    {
        let id = entry
            .path()
            .file_stem()
            .expect("a name")
            .to_string_lossy()
            .into_owned();
        let (record, text) = course.record("out", &id);
        seen += 1;
        if id.starts_with("honest-") {
            assert_eq!(record["points"], record["max_points"], "{id}");
            continue;
        }
        assert_eq!(record["points"], 0, "{id}");
        for secret in [CANARIES[2], CANARIES[3], "root:x:"] {
            assert!(!text.contains(secret), "{id} holds {secret}");
        }
        assert!(text.chars().all(harmless), "{id}");
        // Neither nothing at all nor 0 of 0 without a word.
        let why = record["refused"][0]["why"].as_str().unwrap_or_default();
        assert!(record["max_points"] != 0 || !why.is_empty(), "{id}");
    }
    assert!(seen >= 13, "{seen} records:\n{told}");
    for place in ["pwned", "class/pwned", "out/pwned", "tmp/pwned"] {
        assert!(!course.path(place).exists(), "{place}");
    }
    assert!(!Path::new("/tmp/pwned").exists());
    assert_eq!(residue::processes(), Vec::<String>::new());
    let notes = course.path("tmp/notes.txt").display().to_string();
    let left = residue::files(&course.path("tmp"));
    assert!(left.iter().all(|path| *path == notes), "{left:?}");
}
