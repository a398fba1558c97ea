//! What a confined program is refused.

use std::fs::{self, File, Permissions};
use std::net::TcpListener;
use std::os::fd::{AsFd, AsRawFd};
use std::os::unix::fs::{PermissionsExt, symlink};
use std::os::unix::net::{UnixListener, UnixStream};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, io};

use super::raw::{address, call, child, fcntl, map, parent, read_memory};
use super::trial::Attempt;

pub(crate) const ATTEMPTS: &[Attempt] = &[
    // Processes.
    ("fork", || child(libc::SYS_clone, libc::SIGCHLD)),
    ("fork with a namespace", || {
        child(libc::SYS_clone, libc::CLONE_NEWUSER | libc::SIGCHLD)
    }),
    #[cfg(target_arch = "x86_64")]
    ("fork the old way", || child(libc::SYS_fork, 0)),
    ("clone3", || call(libc::SYS_clone3, []).map(drop)),
    ("spawn", || {
        Command::new(env::current_exe()?).status().map(drop)
    }),
    ("become another program", || {
        Err(Command::new(neighbour()?).exec())
    }),
    ("become another program through the loader", || {
        Err(Command::new(LOADER).arg(neighbour()?).exec())
    }),
    #[cfg(target_arch = "x86_64")]
    ("call by x32", || {
        call(0x4000_0000 + libc::SYS_getpid, []).map(drop)
    }),
    #[cfg(target_arch = "x86_64")]
    ("call by i386", super::raw::old_call),
    // Files.
    ("read passwd", || fs::read("/etc/passwd").map(drop)),
    ("read a library's neighbour", || {
        fs::read("/usr/lib/os-release").map(drop)
    }),
    ("read the first process's environment", || {
        fs::read("/proc/1/environ").map(drop)
    }),
    ("read the parent's arguments", || {
        fs::read(format!("/proc/{}/cmdline", parent())).map(drop)
    }),
    ("read its own environment", || {
        fs::read("/proc/self/environ").map(drop)
    }),
    ("read the parent's memory map", || {
        fs::read(format!("/proc/{}/maps", parent())).map(drop)
    }),
    ("open a device", || File::open("/dev/null").map(drop)),
    ("list the root", || fs::read_dir("/").map(drop)),
    ("list processes", || fs::read_dir("/proc").map(drop)),
    ("make a file", || {
        made("file", |path| File::create_new(path).map(drop))
    }),
    ("make a folder", || {
        made("folder", |path| fs::create_dir(path))
    }),
    ("make a link", || made("link", |path| symlink("/etc", path))),
    ("make a path socket", || {
        made("socket", |path| UnixListener::bind(path).map(drop))
    }),
    ("change its program's mode", || {
        fs::set_permissions(env::current_exe()?, Permissions::from_mode(0o755))
    }),
    ("change its program's times", || {
        let path = env::current_exe()?.into_os_string().into_encoded_bytes();
        let path = std::ffi::CString::new(path)?;
        let here = i64::from(libc::AT_FDCWD);
        call(libc::SYS_utimensat, [here, address(path.as_c_str())]).map(drop)
    }),
    // Others.
    ("signal the parent", || {
        call(libc::SYS_kill, [parent(), 0]).map(drop)
    }),
    ("signal the group", || {
        call(libc::SYS_kill, [0, 0]).map(drop)
    }),
    ("kill the group", || {
        call(libc::SYS_kill, [0, libc::SIGKILL.into()]).map(drop)
    }),
    ("signal everybody", || {
        call(libc::SYS_kill, [-1, 0]).map(drop)
    }),
    ("signal the parent's thread", || {
        call(libc::SYS_tgkill, [parent(), parent(), 0]).map(drop)
    }),
    ("signal any thread", || {
        call(libc::SYS_tkill, [parent(), 0]).map(drop)
    }),
    ("open the parent", || {
        call(libc::SYS_pidfd_open, [parent(), 0]).map(drop)
    }),
    ("trace the parent", || {
        call(libc::SYS_ptrace, [libc::PTRACE_SEIZE.into(), parent()]).map(drop)
    }),
    ("read the parent's memory", || read_memory(parent())),
    ("limit the parent", || {
        call(libc::SYS_prlimit64, [parent(), libc::RLIMIT_NOFILE.into()]).map(drop)
    }),
    ("slow the parent", || {
        call(
            libc::SYS_setpriority,
            [libc::PRIO_PROCESS.into(), parent(), 19],
        )
        .map(drop)
    }),
    ("send the parent SIGIO", || {
        let (end, _other) = UnixStream::pair()?;
        fcntl(&end, libc::F_SETOWN, parent())
    }),
    ("lock a file", || {
        let file = File::open(env::current_exe()?)?;
        Ok(rustix::fs::flock(
            &file,
            rustix::fs::FlockOperation::LockShared,
        )?)
    }),
    ("lock a part of a file", || lock_a_part(libc::F_SETLK)),
    ("lock a part of a file for others to see", || {
        lock_a_part(libc::F_OFD_SETLK)
    }),
    ("hide from the parent", || {
        call(libc::SYS_prctl, [libc::PR_SET_DUMPABLE.into(), 0]).map(drop)
    }),
    // Sockets.
    ("open netlink", || socket(libc::AF_NETLINK, libc::SOCK_RAW)),
    ("open vsock", || socket(libc::AF_VSOCK, libc::SOCK_STREAM)),
    ("open packets", || socket(libc::AF_PACKET, libc::SOCK_RAW)),
    ("open cryptography", || {
        socket(libc::AF_ALG, libc::SOCK_SEQPACKET)
    }),
    ("open a raw socket", || {
        let icmp = libc::IPPROTO_ICMP.into();
        call(
            libc::SYS_socket,
            [libc::AF_INET.into(), libc::SOCK_RAW.into(), icmp],
        )
        .map(drop)
    }),
    ("open a ping socket", || {
        let icmp = libc::IPPROTO_ICMP.into();
        call(
            libc::SYS_socket,
            [libc::AF_INET.into(), libc::SOCK_DGRAM.into(), icmp],
        )
        .map(drop)
    }),
    ("pass a descriptor", || {
        let (left, right) = UnixStream::pair()?;
        let rights = [right.as_fd()];
        let mut space = [std::mem::MaybeUninit::uninit(); 64];
        let mut ancillary = rustix::net::SendAncillaryBuffer::new(&mut space);
        ancillary.push(rustix::net::SendAncillaryMessage::ScmRights(&rights));
        let data = [io::IoSlice::new(b"x")];
        let flags = rustix::net::SendFlags::empty();
        rustix::net::sendmsg(&left, &data, &mut ancillary, flags)?;
        Ok(())
    }),
    ("pass many messages", || {
        let (left, _right) = UnixStream::pair()?;
        call(libc::SYS_sendmmsg, [left.as_raw_fd().into(), 0, 0]).map(drop)
    }),
    ("grow a socket's buffer", || {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        Ok(rustix::net::sockopt::set_socket_recv_buffer_size(
            &listener,
            1 << 20,
        )?)
    }),
    // Memory that no limit counts, or too much of it.
    ("make a memory file", || {
        call(libc::SYS_memfd_create, [address(c"memory")]).map(drop)
    }),
    ("map shared memory", || {
        map(libc::MAP_SHARED | libc::MAP_ANONYMOUS)
    }),
    ("map growing memory", || {
        map(libc::MAP_PRIVATE | libc::MAP_ANONYMOUS | libc::MAP_GROWSDOWN)
    }),
    ("make System V memory", || {
        call(libc::SYS_shmget, [0, 4096, 0o600]).map(drop)
    }),
    ("make a message queue", || {
        call(libc::SYS_msgget, [0, 0o600]).map(drop)
    }),
    ("make semaphores", || {
        call(libc::SYS_semget, [0, 1, 0o600]).map(drop)
    }),
    ("make a large pipe", || {
        let (_reader, writer) = io::pipe()?;
        fcntl(&writer, libc::F_SETPIPE_SZ, 1 << 18)
    }),
    ("use a gigabyte", || {
        let mut memory: Vec<u8> = Vec::new();
        memory.try_reserve_exact(1 << 30)?;
        memory.resize(1 << 30, 1);
        Ok(())
    }),
    // The kernel.
    ("make a namespace", || {
        call(libc::SYS_unshare, [libc::CLONE_NEWUSER.into()]).map(drop)
    }),
    ("enter a namespace", || {
        call(libc::SYS_setns, [0, 0]).map(drop)
    }),
    ("mount", || {
        let (here, tmpfs) = (address(c"/tmp"), address(c"tmpfs"));
        call(libc::SYS_mount, [tmpfs, here, tmpfs]).map(drop)
    }),
    ("load bpf", || call(libc::SYS_bpf, []).map(drop)),
    ("set up io_uring", || {
        call(libc::SYS_io_uring_setup, []).map(drop)
    }),
    ("find a keyring", || {
        call(libc::SYS_keyctl, [0, -3]).map(drop)
    }),
    ("handle page faults", || {
        call(libc::SYS_userfaultfd, [1]).map(drop)
    }),
    ("count events", || {
        call(libc::SYS_perf_event_open, []).map(drop)
    }),
    ("watch files", || {
        call(libc::SYS_inotify_init1, []).map(drop)
    }),
    ("change personality", || {
        call(libc::SYS_personality, [0x0004_0000]).map(drop)
    }),
];

#[cfg(target_arch = "x86_64")]
const LOADER: &str = "/lib64/ld-linux-x86-64.so.2";
#[cfg(not(target_arch = "x86_64"))]
const LOADER: &str = "/lib/ld-linux-aarch64.so.1";

/// Another program, in the same folder.
fn neighbour() -> io::Result<PathBuf> {
    Ok(env::current_exe()?.with_file_name("stand_in"))
}

fn socket(family: libc::c_int, kind: libc::c_int) -> io::Result<()> {
    call(libc::SYS_socket, [family.into(), kind.into(), 0]).map(drop)
}

/// A lock that needs no right to write.
fn lock_a_part(command: libc::c_int) -> io::Result<()> {
    let shared = libc::flock {
        l_type: i16::try_from(libc::F_RDLCK).unwrap_or_default(),
        l_whence: 0,
        l_start: 7,
        l_len: 1,
        l_pid: 0,
    };
    fcntl(&File::open(env::current_exe()?)?, command, address(&shared))
}

/// Makes something in the temporary folder and removes it again.
fn made(name: &str, make: impl FnOnce(&Path) -> io::Result<()>) -> io::Result<()> {
    let name = format!("hostile-{name}-{}", std::process::id());
    let path = PathBuf::from("/tmp").join(name);
    make(&path)?;
    fs::remove_file(&path).or_else(|_| fs::remove_dir(&path))
}
