//! Memory, descriptors and doings of others, by every call for that.

use std::io;
use std::net::TcpListener;

pub fn serve(listener: &TcpListener) -> io::Result<()> {
    const PTRACE: i64 = 101;
    const READV: i64 = 310;
    const WRITEV: i64 = 311;
    const KCMP: i64 = 312;
    const PIDFD_OPEN: i64 = 434;
    const PIDFD_GETFD: i64 = 438;
    const PERF_EVENT_OPEN: i64 = 298;
    const MIGRATE_PAGES: i64 = 256;
    const PROCESS_MADVISE: i64 = 440;
    const PRLIMIT: i64 = 302;
    const SETPRIORITY: i64 = 141;
    const SCHED_SETAFFINITY: i64 = 203;
    const OPEN_BY_HANDLE_AT: i64 = 304;
    const SYSLOG: i64 = 103;
    let _ = listener;
    let parent = i64::from(std::os::unix::process::parent_id());
    let buffer = [0_u64; 8];
    let local = [raw::pointer(&buffer), 8];
    let remote = [raw::pointer(&buffer), 8];
    for process in [parent, 1, 2, 3, 4] {
        for request in [0x4206, 16] {
            raw::attempt("ptrace", PTRACE, [request, process, 0, 0]);
        }
        raw::attempt(
            "read memory",
            READV,
            [
                process,
                raw::pointer(&local),
                1,
                raw::pointer(&remote),
                1,
                0,
            ],
        );
        raw::attempt(
            "write memory",
            WRITEV,
            [
                process,
                raw::pointer(&local),
                1,
                raw::pointer(&remote),
                1,
                0,
            ],
        );
        raw::attempt("compare", KCMP, [process, process, 0, 1, 2]);
        raw::attempt("open a process", PIDFD_OPEN, [process, 0]);
        raw::attempt("limit", PRLIMIT, [process, 7, raw::pointer(&[1_u64, 1]), 0]);
        raw::attempt("slow", SETPRIORITY, [0, process, 19]);
        raw::attempt(
            "bind",
            SCHED_SETAFFINITY,
            [process, 8, raw::pointer(&[1_u64])],
        );
        raw::attempt("move pages", MIGRATE_PAGES, [process, 0, 0, 0]);
    }
    raw::attempt("take a descriptor", PIDFD_GETFD, [3, 0, 0]);
    raw::attempt("advise", PROCESS_MADVISE, [3, 0, 0, 0, 0]);
    raw::attempt("count events", PERF_EVENT_OPEN, [0, 0, -1, -1, 0]);
    raw::attempt("open by handle", OPEN_BY_HANDLE_AT, [-100, 0, 0]);
    raw::attempt(
        "read the kernel's log",
        SYSLOG,
        [3, raw::pointer(&buffer), 64],
    );
    std::process::exit(0)
}
