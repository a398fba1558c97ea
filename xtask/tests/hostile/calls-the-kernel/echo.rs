//! Everything of the kernel that a server does not need.

use std::io;
use std::net::TcpListener;

pub fn serve(listener: &TcpListener) -> io::Result<()> {
    let _ = listener;
    let path = raw::pointer(c"/tmp");
    for (what, number, given) in [
        ("bpf", 321, [0, 0, 0, 0, 0]),
        ("io_uring", 425, [8, 0, 0, 0, 0]),
        ("io_setup", 206, [8, 0, 0, 0, 0]),
        ("userfaultfd", 323, [1, 0, 0, 0, 0]),
        ("keyctl", 250, [0, -3, 0, 0, 0]),
        ("unshare", 272, [0x1000_0000, 0, 0, 0, 0]),
        ("setns", 308, [0, 0, 0, 0, 0]),
        ("mount", 165, [path, path, path, 0, 0]),
        ("umount", 166, [path, 2, 0, 0, 0]),
        ("pivot_root", 155, [path, path, 0, 0, 0]),
        ("chroot", 161, [path, 0, 0, 0, 0]),
        ("fsopen", 430, [path, 0, 0, 0, 0]),
        ("open_tree", 428, [-100, path, 0, 0, 0]),
        ("move_mount", 429, [-100, path, -100, path, 0]),
        ("personality", 135, [0x0004_0000, 0, 0, 0, 0]),
        ("perf_event_open", 298, [0, 0, -1, -1, 0]),
        ("inotify", 294, [0, 0, 0, 0, 0]),
        ("fanotify", 300, [0, 0, 0, 0, 0]),
        ("name_to_handle_at", 303, [-100, path, 0, 0, 0]),
        ("modify_ldt", 154, [1, 0, 0, 0, 0]),
        ("kexec", 246, [0, 0, 0, 0, 0]),
        ("init_module", 175, [0, 0, path, 0, 0]),
        ("swapon", 167, [path, 0, 0, 0, 0]),
        ("reboot", 169, [0xfee1_dead, 672_274_793, 0, 0, 0]),
        ("sethostname", 170, [path, 4, 0, 0, 0]),
        ("settimeofday", 164, [path, 0, 0, 0, 0]),
        ("clock_settime", 227, [0, path, 0, 0, 0]),
        ("acct", 163, [path, 0, 0, 0, 0]),
        ("quotactl", 179, [0, 0, 0, 0, 0]),
        ("iopl", 172, [3, 0, 0, 0, 0]),
        ("setuid", 105, [0, 0, 0, 0, 0]),
        ("mknod", 133, [path, 0o20_666, 0x103, 0, 0]),
        ("sync", 162, [0, 0, 0, 0, 0]),
        ("x32", 0x4000_0027, [0, 0, 0, 0, 0]),
    ] {
        raw::attempt(what, number, given);
    }
    std::process::exit(0)
}
