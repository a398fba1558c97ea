//! Notes for another program: shared memory, queues, keys, locks, files.

use std::fs::{self, File};
use std::io;
use std::net::TcpListener;
use std::os::fd::AsRawFd;

pub fn serve(listener: &TcpListener) -> io::Result<()> {
    const SHMGET: i64 = 29;
    const SEMGET: i64 = 64;
    const MSGGET: i64 = 68;
    const MQ_OPEN: i64 = 240;
    const ADD_KEY: i64 = 248;
    const KEYCTL: i64 = 250;
    const FLOCK: i64 = 73;
    const FCNTL: i64 = 72;
    const UTIMENSAT: i64 = 280;
    const SETXATTR: i64 = 188;
    const FADVISE: i64 = 221;
    let _ = (listener, FADVISE);
    raw::attempt("shared memory", SHMGET, [4711, 4096, 0o1666]);
    raw::attempt("semaphores", SEMGET, [4711, 1, 0o1666]);
    raw::attempt("messages", MSGGET, [4711, 0o1666]);
    raw::attempt("a queue", MQ_OPEN, [raw::pointer(c"note"), 0o102, 0o666, 0]);
    raw::attempt(
        "a key",
        ADD_KEY,
        [
            raw::pointer(c"user"),
            raw::pointer(c"note"),
            raw::pointer(c"x"),
            1,
            -4,
        ],
    );
    raw::attempt("a keyring", KEYCTL, [0, -4, 1]);
    for path in [
        "/program",
        "/lib/x86_64-linux-gnu/libc.so.6",
        "/etc/ld.so.cache",
        "/lib64/ld-linux-x86-64.so.2",
    ] {
        let Ok(file) = File::open(path) else { continue };
        let fd = i64::from(file.as_raw_fd());
        let name = format!("{path}\0");
        raw::attempt("a lock", FLOCK, [fd, 2 | 4]);
        // struct flock: F_RDLCK, SEEK_SET, start, length.
        let lock = [0_u64, 4711, 1, 0, 0];
        for command in [6, 37] {
            raw::attempt("a part's lock", FCNTL, [fd, command, raw::pointer(&lock)]);
        }
        raw::attempt("a lease", FCNTL, [fd, 1024, 0]);
        raw::attempt(
            "a time",
            UTIMENSAT,
            [-100, raw::pointer(name.as_str()), 0, 0],
        );
        raw::attempt(
            "an attribute",
            SETXATTR,
            [
                raw::pointer(name.as_str()),
                raw::pointer(c"user.x"),
                raw::pointer(c"x"),
                1,
                0,
            ],
        );
    }
    for path in [
        "/dev/shm/note",
        "/tmp/note",
        "/run/note",
        "/var/tmp/note",
        "/note",
    ] {
        if fs::write(path, "note").is_ok() {
            eprintln!("SUCCEEDED: {path}");
        }
    }
    std::process::exit(0)
}
