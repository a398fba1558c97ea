//! What of a submission counts, and what is refused, from the outside.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::Write;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{PermissionsExt, symlink};

use predicates::str::contains;
use serde_json::json;

use crate::class::{Class, STAGES, ignored};
use crate::grade::assert_keeps_to_the_schema;

/// A zip of these files.
fn zip(files: &[(&str, &str)]) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, text) in files {
        let options = zip::write::SimpleFileOptions::default();
        archive.start_file(*name, options).expect("an entry");
        archive.write_all(text.as_bytes()).expect("its text");
    }
    archive.finish().expect("an archive").into_inner()
}

/// A tar.gz of these files.
fn tar_gz(files: &[(&str, &str)]) -> Vec<u8> {
    let packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    let mut archive = tar::Builder::new(packed);
    for (name, text) in files {
        let mut header = tar::Header::new_gnu();
        header.set_size(text.len() as u64);
        header.set_mode(0o644);
        archive
            .append_data(&mut header, name, text.as_bytes())
            .expect("an entry");
    }
    let packed = archive.into_inner().expect("an archive");
    packed.finish().expect("a packed archive")
}

#[test]
fn folders_and_archives_as_platforms_export_them_are_graded() {
    let class = Class::new();
    let [hello, two_times] = STAGES.map(|file| class.solution(file));
    class.hand_in_all("jane");
    let flat = [
        ("hello.rs", hello.as_str()),
        ("two_times.rs", two_times.as_str()),
    ];
    let deep = [
        ("work/src/hello.rs", hello.as_str()),
        ("work/src/two_times.rs", two_times.as_str()),
    ];
    fs::write(class.path("bob.zip"), zip(&flat)).expect("a file");
    fs::write(class.path("eve.tar.gz"), tar_gz(&deep)).expect("a file");
    fs::write(class.path("doejane_11_22_tiny.zip"), zip(&deep)).expect("a file");
    let moodle = "Ada Lovelace_77_assignsubmission_file_";
    fs::create_dir(class.path(moodle)).expect("a folder");
    fs::write(class.path(&format!("{moodle}/tiny.zip")), zip(&flat)).expect("a file");
    fs::write(class.path("grades.csv"), "").expect("a file");
    class
        .grade(&["tiny"])
        .assert()
        .code(0)
        .stdout(contains("graded         5"))
        .stdout(contains("no submissions grades.csv"));
    for id in ["jane", "bob", "eve", "doejane_11", "Ada_Lovelace_77"] {
        let record = class.record(id);
        assert_eq!(record["points"], 100, "{id}");
        assert_eq!(record["submission"], id);
        assert_keeps_to_the_schema(&record);
    }
}

#[test]
fn a_missing_stage_counts_as_its_stub_and_is_recorded() {
    let class = Class::new();
    class.hand_in("jane/tiny/src/hello.rs", &class.solution("hello.rs"));
    class
        .grade(&[])
        .assert()
        .code(0)
        .stdout(contains("stages missing 1"))
        .stdout(contains("jane: tiny/two-times"));
    let record = class.record("jane");
    assert_keeps_to_the_schema(&record);
    assert_eq!(record["points"], 30);
    assert_eq!(record["max_points"], 100);
    let lab = &record["labs"][0];
    assert_eq!(lab["sources"]["files"], json!(["src/hello.rs"]));
    assert_eq!(lab["sources"]["missing"], json!(["two-times"]));
    assert_eq!(lab["checks"][2]["status"], "crash");
    let panic = &lab["checks"][2]["program"]["panic"]["message"];
    assert!(
        panic
            .as_str()
            .expect("a panic")
            .starts_with("not yet implemented")
    );
    assert_eq!(lab["compile"]["diagnostics"], json!([]));
}

#[test]
fn a_loose_file_counts_only_if_its_lab_was_named() {
    let class = Class::new();
    class.hand_in("jane/hello.rs", &class.solution("hello.rs"));
    class
        .grade(&[])
        .assert()
        .code(0)
        .stdout(contains("refused        1"));
    let record = class.record("jane");
    assert_keeps_to_the_schema(&record);
    let why = record["refused"][0]["why"].as_str().expect("a reason");
    assert!(
        why.contains("no stage file of tiny (hello.rs, two_times.rs)"),
        "{why}"
    );
    assert!(ignored(&record["ignored"])[0].contains("name one lab"));
    assert_eq!(record["max_points"], 0);
    class
        .grade(&["tiny"])
        .assert()
        .code(0)
        .stdout(contains("graded         1"));
    assert_eq!(class.record("jane")["points"], 30);
    assert_eq!(class.record("jane")["refused"], json!(null));
}

#[test]
fn nothing_of_a_submission_counts_but_its_stage_files() {
    let class = Class::new();
    class.hand_in_all("jane");
    let lab = "jane/labs/tiny";
    for (path, text) in [
        (
            "Cargo.toml",
            "[package]\nname = \"tiny\"\nbuild = \"build.rs\"\n",
        ),
        ("build.rs", "fn main() { std::process::exit(1) }"),
        (
            "src/main.rs",
            "fn main() { println!(\"READY 127.0.0.1:1\") }",
        ),
        ("tests/public/hello.rs", "#[test] fn greets() {}"),
        ("src/notes\n$(reboot)\u{1b}[2J.txt", "odd"),
    ] {
        class.hand_in(&format!("{lab}/{path}"), text);
    }
    class.hand_in(
        "jane/.cargo/config.toml",
        "[build]\nrustc-wrapper = \"false\"\n",
    );
    class.hand_in("jane/target/debug/hello.rs", "built");
    class.grade(&["tiny"]).assert().code(0);
    let record = class.record("jane");
    assert_keeps_to_the_schema(&record);
    assert_eq!(record["points"], 100);
    assert_eq!(
        ignored(&record["labs"][0]["sources"]["ignored"]),
        [
            ".cargo/config.toml: given by the course, whose own text is used",
            "labs/tiny/Cargo.toml: given by the course, whose own text is used",
            "labs/tiny/build.rs: a build script is never run",
            "labs/tiny/src/main.rs: given by the course, whose own text is used",
            "labs/tiny/src/notes\\n$(reboot)\\x1b[2J.txt: no stage of the rubric has a file of this name",
            "labs/tiny/tests/public/hello.rs: not in the lab's src; checks are the course's own",
            "target/: made by a tool; not looked into",
        ]
    );
}

#[test]
fn links_fifos_and_set_id_bits_do_not_count_and_are_suspicious() {
    let class = Class::new();
    class.hand_in(
        "linked/tiny/src/two_times.rs",
        &class.solution("two_times.rs"),
    );
    let passwd = class.path("linked/tiny/src/hello.rs");
    symlink("/etc/passwd", passwd).expect("a link");
    let src = |student: &str| {
        class.hand_in(
            &format!("{student}/tiny/src/hello.rs"),
            &class.solution("hello.rs"),
        );
        class.path(&format!("{student}/tiny/src/two_times.rs"))
    };
    let fifo = src("fifo");
    let made = rustix::fs::mknodat(
        rustix::fs::CWD,
        &fifo,
        rustix::fs::FileType::Fifo,
        rustix::fs::Mode::RWXU,
        0,
    );
    made.expect("a FIFO");
    let hard = src("hard");
    fs::hard_link(class.path("hard/tiny/src/hello.rs"), hard).expect("a link");
    let set_id = src("set-id");
    fs::write(&set_id, class.solution("two_times.rs")).expect("a file");
    fs::set_permissions(&set_id, fs::Permissions::from_mode(0o4755)).expect("a mode");
    symlink("/", class.path("root")).expect("a link");
    fs::create_dir(class.path("latin")).expect("a folder");
    let latin = class.path("latin").join(OsStr::from_bytes(b"\xe4"));
    fs::create_dir_all(latin.join("tiny")).expect("a folder");
    fs::write(latin.join("tiny/hello.rs"), class.solution("hello.rs")).expect("a file");

    class
        .grade(&["tiny"])
        .assert()
        .code(0)
        .stdout(contains("suspicious     5"));
    let root = &class.record("root")["refused"][0]["why"];
    assert_eq!(root, "it is a link or a device");
    for (id, why) in [
        ("linked", "tiny/src/hello.rs: it is a link"),
        ("fifo", "tiny/src/two_times.rs: it is a FIFO"),
        ("set-id", "tiny/src/two_times.rs: it has a set-user-id bit"),
    ] {
        let record = class.record(id);
        assert_keeps_to_the_schema(&record);
        let list = ignored(&record["labs"][0]["sources"]["ignored"]);
        assert_eq!(list, [why], "{id}");
        assert!(record["points"].as_u64().expect("points") < 100);
    }
    let both = class.record("hard")["refused"].to_string();
    assert!(both.contains("no stage file"), "{both}");
    // A folder's name may be of any bytes.
    assert_eq!(class.record("latin")["points"], 30);
}

#[test]
fn archives_that_would_harm_are_refused_or_harmless() {
    let class = Class::new();
    let hello = class.solution("hello.rs");
    let good = ("tiny/src/hello.rs", hello.as_str());
    let zips = [
        (
            "traversal",
            zip(&[
                good,
                ("../../etc/two_times.rs", ""),
                ("/tiny/two_times.rs", ""),
            ]),
        ),
        ("twice", zip(&[good, ("copy/tiny/hello.rs", "other")])),
        ("many", zip_of_many()),
        (
            "bomb",
            zip(&[good, ("tiny/two_times.rs", &"/".repeat(8 << 20))]),
        ),
        ("broken", zip(&[good])[..60].to_vec()),
        ("no-zip", b"%PDF-1.4".to_vec()),
        ("empty", Vec::new()),
        ("nothing", zip(&[])),
        ("same-name", zip_with_two_of_a_name(&hello)),
    ];
    for (student, bytes) in zips {
        fs::write(class.path(&format!("{student}.zip")), bytes).expect("a file");
    }
    fs::write(class.path("links.tar.gz"), tar_gz_with_links(&hello)).expect("a file");
    fs::write(class.path("tar-bomb.tar.gz"), tar_gz_bomb()).expect("a file");
    fs::write(class.path("eve.rar"), "Rar!").expect("a file");
    class.grade(&["tiny"]).assert().code(0);
    for (id, why) in [
        ("twice", "copy/tiny/hello.rs and tiny/src/hello.rs"),
        ("many", "more than 10000 entries"),
        ("broken", "cannot be read"),
        ("no-zip", "no zip and no tar.gz"),
        ("empty", "the archive is empty"),
        ("nothing", "it is empty"),
        ("same-name", "two entries of the same name"),
        ("tar-bomb", "more than 256 MiB"),
        ("eve", "hand in a zip or tar.gz"),
    ] {
        let record = class.record(id);
        assert_keeps_to_the_schema(&record);
        let told = record["refused"][0]["why"].as_str().unwrap_or_default();
        assert!(told.contains(why), "{id}: {told}");
        assert_eq!(record["points"], 0);
        assert_eq!(record["max_points"], 0);
    }
    for (id, list) in [
        (
            "traversal",
            vec![
                "../../etc/two_times.rs: its path leads out of the submission",
                "/tiny/two_times.rs: its path is absolute",
            ],
        ),
        ("bomb", vec!["tiny/two_times.rs: it is larger than 256 KiB"]),
        (
            "links",
            vec![
                "tiny/hard.rs: it is a hard link",
                "tiny/src/two_times.rs: it is a link",
            ],
        ),
    ] {
        let record = class.record(id);
        assert_eq!(record["points"], 30, "{id}: {record:#}");
        let sources = &record["labs"][0]["sources"]["ignored"];
        let mut all = ignored(sources);
        all.extend(ignored(&record["ignored"]));
        assert_eq!(all, list, "{id}");
    }
}

/// More entries than anybody needs.
fn zip_of_many() -> Vec<u8> {
    let names: Vec<String> = (0..10_500).map(|number| format!("tiny/{number}")).collect();
    let files: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), "")).collect();
    zip(&files)
}

/// Two entries of one name, of which most readers see the last only.
fn zip_with_two_of_a_name(text: &str) -> Vec<u8> {
    let bytes = zip(&[("tiny/src/hello.rs", text), ("tiny/src/hellO.rs", text)]);
    let mut found = bytes.clone();
    let other = b"tiny/src/hellO.rs";
    for at in 0..found.len() - other.len() {
        if &found[at..at + other.len()] == other {
            found[at + other.len() - 4] = b'o';
        }
    }
    found
}

fn tar_gz_with_links(hello: &str) -> Vec<u8> {
    let packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    let mut archive = tar::Builder::new(packed);
    let mut header = tar::Header::new_gnu();
    header.set_size(hello.len() as u64);
    header.set_mode(0o644);
    archive
        .append_data(&mut header, "tiny/src/hello.rs", hello.as_bytes())
        .expect("an entry");
    for (name, kind) in [
        ("tiny/src/two_times.rs", tar::EntryType::Symlink),
        ("tiny/hard.rs", tar::EntryType::Link),
    ] {
        let mut header = tar::Header::new_gnu();
        header.set_entry_type(kind);
        header.set_size(0);
        archive
            .append_link(&mut header, name, "/etc/passwd")
            .expect("an entry");
    }
    let packed = archive.into_inner().expect("an archive");
    packed.finish().expect("a packed archive")
}

/// A few hundred kilobytes that come to more than 256 MiB.
fn tar_gz_bomb() -> Vec<u8> {
    let packed = |bytes: &[u8]| {
        let mut member = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        member.write_all(bytes).expect("a member");
        member.finish().expect("a member")
    };
    let mut header = tar::Header::new_gnu();
    header.set_path("zeros").expect("a name");
    header.set_size(300 << 20);
    header.set_cksum();
    let mut bomb = packed(header.as_bytes());
    // Members of a gzip file are unpacked one after another (RFC 1952 2.2).
    bomb.extend(packed(&vec![0; 1 << 20]).repeat(300));
    bomb
}

#[test]
fn two_submissions_with_one_id_are_an_error_that_names_both() {
    let class = Class::new();
    class.hand_in_all("jane");
    fs::write(class.path("jane.zip"), zip(&[("tiny/hello.rs", "")])).expect("a file");
    class
        .grade(&["tiny"])
        .assert()
        .code(0)
        .stdout(contains("jane: jane and jane.zip would have the same id"));
    assert_eq!(class.record("jane")["max_points"], 0);
}

#[test]
fn a_folder_of_ten_thousand_files_is_refused_and_a_huge_file_not_read() {
    let class = Class::new();
    class.hand_in_all("huge");
    let sparse = File::create(class.path("huge/labs/tiny/src/two_times.rs")).expect("a file");
    sparse.set_len(1 << 40).expect("a size");
    for number in 0..10_001 {
        class.hand_in(&format!("many/{number}"), "");
    }
    class.grade(&["tiny"]).assert().code(0);
    let many = class.record("many")["refused"].to_string();
    assert!(many.contains("more than 10000 entries"), "{many}");
    assert_eq!(class.record("huge")["points"], 30);
}
