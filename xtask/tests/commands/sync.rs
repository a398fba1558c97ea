//! `cargo xtask sync`, from the outside.

use crate::tiny::Tiny;
use predicates::str::contains;

#[test]
fn stubs_are_cut_once_and_then_left_alone() {
    let tiny = Tiny::new();
    let stub = tiny.read("labs/tiny/src/hello.rs");
    assert_eq!(
        stub,
        "//! Says hello.\n\nuse std::io;\nuse std::net::TcpListener;\n\n/// Greets each client.\npub fn serve(listener: &TcpListener) -> io::Result<()> {\n    todo!(\"greet each client; {listener:?}\")\n}\n"
    );
    let written = || {
        std::fs::metadata(tiny.path("labs/tiny/src/hello.rs"))
            .and_then(|file| file.modified())
            .expect("a time")
    };
    let before = written();
    tiny.xtask(["sync"])
        .assert()
        .success()
        .stdout("3 of 3 files were in step\n");
    assert_eq!(written(), before);
}

#[test]
fn a_difference_is_told_by_check_and_mended_without_it() {
    let tiny = Tiny::new();
    let stub = tiny.read("labs/tiny/src/hello.rs");
    tiny.solve();
    tiny.xtask(["sync", "--check"])
        .assert()
        .code(1)
        .stdout(contains("differs  labs/tiny/src/hello.rs"))
        .stdout(contains("next: cargo xtask sync\n"));
    tiny.xtask(["sync", "--check", "tiny"])
        .assert()
        .code(1)
        .stdout(contains("next: cargo xtask sync tiny\n"));
    assert_ne!(tiny.read("labs/tiny/src/hello.rs"), stub);
    tiny.xtask(["sync", "tiny"])
        .assert()
        .success()
        .stdout(contains("wrote    labs/tiny/src/hello.rs"));
    assert_eq!(tiny.read("labs/tiny/src/hello.rs"), stub);
    tiny.xtask(["sync", "--check"]).assert().success();
}

#[test]
fn everything_is_checked_before_the_first_write() {
    let tiny = Tiny::new();
    tiny.solve();
    let before = tiny.read("labs/tiny/src/hello.rs");
    tiny.replace("solutions/tiny/src/two_times.rs", "    // end\n", "");
    tiny.xtask(["sync"]).assert().code(2).stderr(contains(
        "solutions/tiny/src/two_times.rs:11: this region has no end",
    ));
    assert_eq!(tiny.read("labs/tiny/src/hello.rs"), before);
}

#[test]
fn what_the_solution_does_not_have_is_not_deleted_but_told() {
    let tiny = Tiny::new();
    tiny.write("labs/tiny/src/mine.rs", "//! Mine.\n");
    tiny.xtask(["sync"])
        .assert()
        .code(2)
        .stderr(contains(
            "labs/tiny/src/mine.rs has no source in solutions/tiny/src",
        ))
        .stderr(contains("next: delete it (rm labs/tiny/src/mine.rs)"));
}

#[test]
fn a_region_that_leaves_no_rust_is_told() {
    let tiny = Tiny::new();
    tiny.replace(
        "solutions/tiny/src/hello.rs",
        "todo!(\"greet each client; {listener:?}\")",
        "todo!(",
    );
    tiny.xtask(["sync"])
        .assert()
        .code(2)
        .stderr(contains("solutions/tiny/src/hello.rs is not Rust"));
}
