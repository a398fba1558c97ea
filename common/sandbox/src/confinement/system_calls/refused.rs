//! Calls that are refused whatever their arguments.

#[allow(
    clippy::wildcard_imports,
    reason = "a table of some hundred names of one kind"
)]
use libc::*;

/// On every processor.
pub(super) const REFUSED: &[c_long] = &[
    // Signals to others.
    SYS_tkill,
    SYS_rt_sigqueueinfo,
    SYS_rt_tgsigqueueinfo,
    SYS_pidfd_open,
    SYS_pidfd_getfd,
    SYS_pidfd_send_signal,
    // Looking into others, and at what the kernel tells.
    SYS_ptrace,
    SYS_process_vm_readv,
    SYS_process_vm_writev,
    SYS_process_madvise,
    SYS_process_mrelease,
    SYS_kcmp,
    SYS_migrate_pages,
    SYS_move_pages,
    SYS_perf_event_open,
    SYS_syslog,
    SYS_inotify_init1,
    SYS_fanotify_init,
    // Others' time on the processor and the disk.
    SYS_setpriority,
    SYS_ioprio_set,
    SYS_sched_setscheduler,
    SYS_sched_setparam,
    SYS_sched_setattr,
    SYS_sync,
    SYS_syncfs,
    // Namespaces and mounts.
    SYS_unshare,
    SYS_setns,
    SYS_chroot,
    SYS_pivot_root,
    SYS_mount,
    SYS_umount2,
    SYS_mount_setattr,
    SYS_move_mount,
    SYS_open_tree,
    OPEN_TREE_ATTR,
    SYS_fsopen,
    SYS_fsconfig,
    SYS_fsmount,
    SYS_fspick,
    STATMOUNT,
    LISTMOUNT,
    SYS_name_to_handle_at,
    SYS_open_by_handle_at,
    // Large or young parts of the kernel that no lab needs.
    SYS_bpf,
    SYS_keyctl,
    SYS_add_key,
    SYS_request_key,
    SYS_io_setup,
    SYS_io_uring_setup,
    SYS_io_uring_enter,
    SYS_io_uring_register,
    SYS_userfaultfd,
    SYS_personality,
    SYS_quotactl,
    SYS_quotactl_fd,
    // Memory that no limit counts, or that others share.
    SYS_memfd_create,
    SYS_memfd_secret,
    SYS_shmget,
    SYS_shmat,
    SYS_shmctl,
    SYS_semget,
    SYS_semop,
    SYS_semtimedop,
    SYS_semctl,
    SYS_msgget,
    SYS_msgsnd,
    SYS_msgrcv,
    SYS_msgctl,
    SYS_mq_open,
    SYS_mq_unlink,
    // Locks, by which boxes could talk: the libraries they all read are the same files.
    SYS_flock,
    // What Landlock does not cover of files; truncate only from its third ABI.
    SYS_truncate,
    SYS_fchown,
    SYS_fchownat,
    SYS_utimensat,
    SYS_setxattr,
    SYS_lsetxattr,
    SYS_fsetxattr,
    SETXATTRAT,
    SYS_removexattr,
    SYS_lremovexattr,
    SYS_fremovexattr,
    REMOVEXATTRAT,
    FILE_SETATTR,
];

/// On this processor.
#[cfg(target_arch = "x86_64")]
pub(super) const REFUSED_HERE: &[c_long] = &[
    SYS_fork,
    SYS_vfork,
    SYS_inotify_init,
    SYS_chown,
    SYS_lchown,
    SYS_utime,
    SYS_utimes,
    SYS_futimesat,
    SYS_modify_ldt,
];

/// On this processor; the older of two calls for one thing never existed here.
#[cfg(target_arch = "aarch64")]
pub(super) const REFUSED_HERE: &[c_long] = &[];

/// Changing modes, which Landlock does not cover: allowed with path sockets, whose
/// stages set them.
pub(super) const MODES: &[c_long] = &[SYS_fchmod, SYS_fchmodat, FCHMODAT2];

/// On this processor.
#[cfg(target_arch = "x86_64")]
pub(super) const MODES_HERE: &[c_long] = &[SYS_chmod];

/// On this processor.
#[cfg(target_arch = "aarch64")]
pub(super) const MODES_HERE: &[c_long] = &[];

// Younger than libc's lists; the same number on all processors.
const FCHMODAT2: c_long = 452;
const STATMOUNT: c_long = 457;
const LISTMOUNT: c_long = 458;
const SETXATTRAT: c_long = 463;
const REMOVEXATTRAT: c_long = 466;
const OPEN_TREE_ATTR: c_long = 467;
const FILE_SETATTR: c_long = 469;
