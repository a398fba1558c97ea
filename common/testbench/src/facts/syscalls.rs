//! The system calls in which programs of the labs wait, by number.

/// The call's name as learners know it, and whether its first argument is a descriptor.
pub(super) fn name(number: u32) -> Option<(&'static str, bool)> {
    CALLS
        .iter()
        .find(|(known, ..)| *known == number)
        .map(|(_, name, on_descriptor)| (*name, *on_descriptor))
}

/// From the kernel's `arch/x86/entry/syscalls/syscall_64.tbl`.
#[cfg(target_arch = "x86_64")]
const CALLS: &[(u32, &str, bool)] = &[
    (0, "read", true),
    (1, "write", true),
    (7, "poll", false),
    (20, "write", true),
    (23, "select", false),
    (35, "sleep", false),
    (42, "connect", true),
    (43, "accept", true),
    (44, "send", true),
    (45, "recv", true),
    (46, "sendmsg", true),
    (47, "recvmsg", true),
    (202, "futex", false),
    (257, "open", false),
    (230, "sleep", false),
    (232, "epoll_wait", false),
    (270, "select", false),
    (271, "poll", false),
    (281, "epoll_wait", false),
    (288, "accept", true),
];

/// From the kernel's `include/uapi/asm-generic/unistd.h`.
#[cfg(not(target_arch = "x86_64"))]
const CALLS: &[(u32, &str, bool)] = &[
    (22, "epoll_wait", false),
    (56, "open", false),
    (63, "read", true),
    (64, "write", true),
    (66, "write", true),
    (72, "select", false),
    (73, "poll", false),
    (98, "futex", false),
    (101, "sleep", false),
    (115, "sleep", false),
    (202, "accept", true),
    (203, "connect", true),
    (206, "send", true),
    (207, "recv", true),
    (211, "sendmsg", true),
    (212, "recvmsg", true),
    (242, "accept", true),
];
