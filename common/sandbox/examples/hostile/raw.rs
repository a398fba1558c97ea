//! System calls that no safe library offers.
#![allow(
    unsafe_code,
    reason = "a confined program's own code may do anything, so the tests must try it"
)]

use std::io;
use std::os::fd::AsRawFd;

/// Makes a system call; missing arguments are 0.
pub(crate) fn call<const N: usize>(number: libc::c_long, given: [i64; N]) -> io::Result<i64> {
    let mut all = [0; 6];
    all[..N].copy_from_slice(&given);
    // SAFETY: no caller passes a pointer to memory of this process that the call writes
    // to, but `read_memory`, whose buffer is its own.
    let result = unsafe { libc::syscall(number, all[0], all[1], all[2], all[3], all[4], all[5]) };
    match result {
        -1 => Err(io::Error::last_os_error()),
        result => Ok(result),
    }
}

/// Makes a child by that call, which exits at once.
pub(crate) fn child(number: libc::c_long, flags: libc::c_int) -> io::Result<()> {
    if call(number, [flags.into()])? == 0 {
        std::process::exit(0);
    }
    Ok(())
}

/// The process that started this one.
pub(crate) fn parent() -> i64 {
    std::os::unix::process::parent_id().into()
}

/// Reads eight bytes of a process's memory, at an address that is readable here.
pub(crate) fn read_memory(process: i64) -> io::Result<()> {
    let mut buffer = [0_u64; 1];
    let local = libc::iovec {
        iov_base: buffer.as_mut_ptr().cast(),
        iov_len: 8,
    };
    let remote = libc::iovec {
        iov_base: std::ptr::from_ref(&libc::EPERM).cast_mut().cast(),
        iov_len: 8,
    };
    let (local, remote) = (address(&local), address(&remote));
    call(
        libc::SYS_process_vm_readv,
        [process, local, 1, remote, 1, 0],
    )?;
    Ok(())
}

/// Maps a page of memory of some kind, and leaves it mapped.
pub(crate) fn map(flags: libc::c_int) -> io::Result<()> {
    let access = libc::PROT_READ | libc::PROT_WRITE;
    let arguments = [0, 4096, access.into(), flags.into(), -1, 0];
    call(libc::SYS_mmap, arguments).map(drop)
}

/// fcntl(2) with a number.
pub(crate) fn fcntl(file: &impl AsRawFd, command: libc::c_int, value: i64) -> io::Result<()> {
    let arguments = [file.as_raw_fd().into(), command.into(), value];
    call(libc::SYS_fcntl, arguments).map(drop)
}

/// Where something lies, as an argument of a system call.
pub(crate) fn address<T: ?Sized>(thing: &T) -> i64 {
    let address = std::ptr::from_ref(thing).cast::<()>().addr();
    i64::try_from(address).expect("programs lie in the lower half of memory")
}

/// Sends a signal to itself as C programs do.
pub(crate) fn raise(signal: libc::c_int) -> io::Result<()> {
    // SAFETY: takes a number only.
    match unsafe { libc::raise(signal) } {
        0 => Ok(()),
        _ => Err(io::Error::last_os_error()),
    }
}

/// Makes a system call of 32-bit programs: getpid.
#[cfg(target_arch = "x86_64")]
pub(crate) fn old_call() -> io::Result<()> {
    let mut result: i32 = 20;
    // SAFETY: getpid takes nothing and touches no memory.
    unsafe { std::arch::asm!("int 0x80", inout("eax") result) };
    if result < 0 {
        return Err(io::Error::from_raw_os_error(-result));
    }
    Ok(())
}
