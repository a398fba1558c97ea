//! The filters: calls that are refused whole, and calls refused for some arguments.

use std::collections::BTreeMap;
use std::process;

use libc::{c_int, c_long};
use seccompiler::SeccompCmpOp::{Eq, MaskedEq, Ne};
use seccompiler::{
    BpfProgram, SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition, SeccompFilter,
    SeccompRule, TargetArch, apply_filter, sock_filter,
};

use super::refused::{MODES, MODES_HERE, REFUSED, REFUSED_HERE};
use crate::Allow;

#[cfg(target_arch = "x86_64")]
const ARCH: TargetArch = TargetArch::x86_64;
#[cfg(target_arch = "aarch64")]
const ARCH: TargetArch = TargetArch::aarch64;

/// Refused calls; those without rules whatever their arguments.
type Refusals = BTreeMap<c_long, Vec<SeccompRule>>;

/// Which argument, how it is compared, with what.
type Condition = (u8, SeccompCmpOp, u64);

/// Refuses them to this process and what it becomes, for ever.
pub(crate) fn refuse(allow: &Allow) -> anyhow::Result<()> {
    let filter = SeccompFilter::new(
        refusals(allow)?,
        SeccompAction::Allow,
        SeccompAction::Errno(libc::EPERM.unsigned_abs()),
        ARCH,
    )?;
    apply_filter(&unimplemented_calls())?;
    apply_filter(&BpfProgram::try_from(filter)?)?;
    Ok(())
}

fn refusals(allow: &Allow) -> anyhow::Result<Refusals> {
    let mut refusals: Refusals = [REFUSED, REFUSED_HERE]
        .concat()
        .into_iter()
        .map(|call| (call, Vec::new()))
        .collect();
    if allow.sockets.is_empty() {
        let modes = [MODES, MODES_HERE].concat();
        refusals.extend(modes.into_iter().map(|call| (call, Vec::new())));
    }
    if !allow.pass_descriptors {
        refusals.extend([libc::SYS_sendmsg, libc::SYS_sendmmsg].map(|call| (call, Vec::new())));
    }
    let mut refuse = |call, conditions: &[Condition]| -> anyhow::Result<()> {
        refusals.entry(call).or_default().push(rule(conditions)?);
        Ok(())
    };

    // Signals and limits for oneself only. The process id outlives exec.
    let own = u64::from(process::id());
    refuse(libc::SYS_kill, &[(0, Ne, own)])?;
    refuse(libc::SYS_tgkill, &[(0, Ne, own)])?;
    for call in [libc::SYS_prlimit64, libc::SYS_sched_setaffinity] {
        refuse(call, &[(0, Ne, 0), (0, Ne, own)])?;
    }
    // SIGIO and its like to others, pipes of a megabyte, leases, watches and locks.
    for command in [
        libc::F_SETOWN,
        F_SETSIG,
        F_SETOWN_EX,
        libc::F_SETPIPE_SZ,
        libc::F_SETLEASE,
        libc::F_NOTIFY,
        libc::F_GETLK,
        libc::F_SETLK,
        libc::F_SETLKW,
        libc::F_OFD_GETLK,
        libc::F_OFD_SETLK,
        libc::F_OFD_SETLKW,
    ] {
        refuse(libc::SYS_fcntl, &[(1, Eq, bits(command))])?;
    }
    for request in [FIOSETOWN, SIOCSPGRP, TIOCSTI] {
        refuse(libc::SYS_ioctl, &[(1, Eq, request)])?;
    }
    // Threads, but no processes.
    refuse(
        libc::SYS_clone,
        &[(0, MaskedEq(bits(libc::CLONE_THREAD)), 0)],
    )?;
    // Both kinds of memory escape RLIMIT_DATA.
    let shared = bits(libc::MAP_SHARED | libc::MAP_ANONYMOUS);
    let grows = bits(libc::MAP_GROWSDOWN);
    refuse(libc::SYS_mmap, &[(3, MaskedEq(shared), shared)])?;
    refuse(libc::SYS_mmap, &[(3, MaskedEq(grows), grows)])?;
    // Three families at most; kernel memory as the box has set it.
    let mut others = vec![(0, Ne, bits(libc::AF_INET)), (0, Ne, bits(libc::AF_INET6))];
    if allow.unix_sockets || !allow.sockets.is_empty() {
        others.push((0, Ne, bits(libc::AF_UNIX)));
    }
    refuse(libc::SYS_socket, &others)?;
    if !allow.raw_sockets {
        refuse(
            libc::SYS_socket,
            &[(1, MaskedEq(SOCK_TYPE), bits(libc::SOCK_RAW))],
        )?;
    }
    if !allow.ping_sockets {
        for protocol in [libc::IPPROTO_ICMP, libc::IPPROTO_ICMPV6] {
            let datagrams = bits(libc::SOCK_DGRAM);
            refuse(
                libc::SYS_socket,
                &[(1, MaskedEq(SOCK_TYPE), datagrams), (2, Eq, bits(protocol))],
            )?;
        }
    }
    refuse(libc::SYS_socketpair, &[(0, Ne, bits(libc::AF_UNIX))])?;
    for option in [
        libc::SO_SNDBUF,
        libc::SO_RCVBUF,
        libc::SO_SNDBUFFORCE,
        libc::SO_RCVBUFFORCE,
    ] {
        refuse(
            libc::SYS_setsockopt,
            &[(1, Eq, bits(libc::SOL_SOCKET)), (2, Eq, bits(option))],
        )?;
    }
    // A process that is not dumpable cannot be watched by the checks.
    for option in [
        libc::PR_SET_DUMPABLE,
        libc::PR_SET_PTRACER,
        libc::PR_SET_MM,
        libc::PR_SCHED_CORE,
    ] {
        refuse(libc::SYS_prctl, &[(0, Eq, bits(option))])?;
    }
    Ok(refusals)
}

/// A rule that holds where all conditions do. Only the lower half of an argument counts:
/// all those compared here are `int`s or flags in it.
fn rule(conditions: &[Condition]) -> anyhow::Result<SeccompRule> {
    let conditions = conditions
        .iter()
        .map(|(argument, comparison, value)| {
            SeccompCondition::new(
                *argument,
                SeccompCmpArgLen::Dword,
                comparison.clone(),
                *value,
            )
        })
        .collect::<Result<Vec<_>, _>>()?;
    Ok(SeccompRule::new(conditions)?)
}

/// The bits of an `int` argument.
fn bits(value: c_int) -> u64 {
    u64::from(value.cast_unsigned())
}

// Not in libc; the same on all processors (fcntl.h, sockios.h, ioctls.h).
const F_SETSIG: c_int = 10;
const F_SETOWN_EX: c_int = 15;
const FIOSETOWN: u64 = 0x8901;
const SIOCSPGRP: u64 = 0x8902;
const TIOCSTI: u64 = 0x5412;
/// What of a type of socket is no flag (SOCK_TYPE_MASK of linux/net.h).
const SOCK_TYPE: u64 = 0xf;

/// A filter for calls that are to look as if this kernel had none, ENOSYS.
///
/// - clone3 has its flags in memory, where no filter can see them; glibc falls back to
///   clone.
/// - The x32 interface has every call a second time, under a number of its own.
fn unimplemented_calls() -> BpfProgram {
    // linux/bpf_common.h, linux/filter.h
    const LOAD: u16 = 0x20;
    const IF_EQUAL: u16 = 0x15;
    const IF_AT_LEAST: u16 = 0x35;
    const RETURN: u16 = 0x06;
    const NUMBER_OF_CALL: u32 = 0;
    const X32: u32 = 0x4000_0000;
    const CLONE3: u32 = 435;

    let step = |code, jt, jf, k| sock_filter { code, jt, jf, k };
    vec![
        step(LOAD, 0, 0, NUMBER_OF_CALL),
        step(IF_EQUAL, 2, 0, CLONE3),
        step(IF_AT_LEAST, 1, 0, X32),
        step(RETURN, 0, 0, libc::SECCOMP_RET_ALLOW),
        step(
            RETURN,
            0,
            0,
            libc::SECCOMP_RET_ERRNO | libc::ENOSYS.unsigned_abs(),
        ),
    ]
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn no_call_is_refused_both_whole_and_in_part() {
        let whole = [REFUSED, REFUSED_HERE, MODES, MODES_HERE].concat();
        let refusals = refusals(&Allow::default()).unwrap();
        for call in &whole {
            assert!(refusals[call].is_empty(), "system call {call}");
        }
        let distinct: BTreeSet<_> = whole.iter().collect();
        assert_eq!(
            distinct.len(),
            whole.len(),
            "a call stands twice in the tables"
        );
    }

    #[test]
    fn the_filter_fits_the_kernel() {
        let filter = SeccompFilter::new(
            refusals(&Allow::default()).unwrap(),
            SeccompAction::Allow,
            SeccompAction::Errno(1),
            ARCH,
        )
        .unwrap();
        assert!(BpfProgram::try_from(filter).unwrap().len() < 4096);
    }
}
