//! Memory by every other way: shared, growing, in files without a name, System V's, in pages of
//! page tables, in the stack.

use std::io;
use std::net::TcpListener;

pub fn serve(listener: &TcpListener) -> io::Result<()> {
    const MMAP: i64 = 9;
    const MPROTECT: i64 = 10;
    const SHMGET: i64 = 29;
    const MEMFD_CREATE: i64 = 319;
    const MEMFD_SECRET: i64 = 447;
    const PRLIMIT: i64 = 302;
    const GIB: i64 = 1 << 30;
    let _ = listener;
    let unlimited = [u64::MAX; 2];
    for resource in [2, 3, 6, 7, 8, 9] {
        raw::attempt(
            "raise a limit",
            PRLIMIT,
            [0, resource, raw::pointer(&unlimited), 0],
        );
    }
    raw::attempt(
        "a file without a name",
        MEMFD_CREATE,
        [raw::pointer(c"x"), 0],
    );
    raw::attempt("a secret file", MEMFD_SECRET, [0]);
    raw::attempt("System V's memory", SHMGET, [0, GIB, 0o1600]);
    for (what, flags) in [
        ("shared", 0x21),
        ("growing", 0x122),
        ("locked", 0x2022),
        ("huge", 0x4_0022),
    ] {
        raw::attempt(what, MMAP, [0, GIB, 3, flags, -1, 0]);
    }
    // A private mapping that cannot be written to is free, until it is made writable.
    let reserved = raw::call(MMAP, [0, GIB, 1, 0x22, -1, 0]);
    if reserved > 0 {
        raw::attempt("made writable", MPROTECT, [reserved, GIB, 3]);
    }
    let mut reservations = 0;
    while raw::call(MMAP, [0, GIB, 0, 0x4022, -1, 0]) > 0 {
        reservations += 1;
    }
    eprintln!(
        "reserved: {} GiB",
        if reservations < 16 {
            "under 16"
        } else {
            "TOO MANY"
        }
    );
    std::process::exit(0)
}
