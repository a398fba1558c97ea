//! How many boxes the memory of this machine holds.

use std::fs;

use sandbox::Limits;

const MIB: u64 = 1 << 20;

/// The temporary folder of a box, bytes.
const TEMPORARY: u64 = 32 * MIB;

/// What the sockets of one box can hold in the kernel, bytes: measured with 1024 descriptors and
/// the buffers that a box allows.
const SOCKETS: u64 = 261 * MIB;

/// As many boxes as fit into half of the memory that is free now; at least one. Nothing where
/// the platform does not tell.
pub fn boxes() -> Option<usize> {
    let machine = available_in(&fs::read_to_string("/proc/meminfo").ok()?)?;
    let free = group_limit().map_or(machine, |limit| machine.min(limit));
    Some(fit(free))
}

fn fit(free: u64) -> usize {
    let data = Limits::default().data.unwrap_or_default();
    let boxes = free / 2 / (data + TEMPORARY + SOCKETS);
    usize::try_from(boxes).unwrap_or(usize::MAX).max(1)
}

/// `MemAvailable` of proc_meminfo(5), bytes.
fn available_in(meminfo: &str) -> Option<u64> {
    let line = meminfo
        .lines()
        .find_map(|line| line.strip_prefix("MemAvailable:"))?;
    let kib: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kib * 1024)
}

/// A container's memory limit, bytes, if there is one (cgroup v2, seen from inside). What counts
/// against it now is mostly the cache of files, which gives way.
fn group_limit() -> Option<u64> {
    let text = fs::read_to_string("/sys/fs/cgroup/memory.max").ok()?;
    text.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn boxes_fill_half_of_what_is_free_and_there_is_always_one() {
        assert_eq!(fit(0), 1);
        assert_eq!(fit(2 * 549 * MIB), 1);
        assert_eq!(fit(24 * 1024 * MIB), 22);
    }

    #[test]
    fn what_is_free_is_read_as_the_kernel_tells_it() {
        let told = "MemTotal:       24555604 kB\nMemAvailable:   24052612 kB\n";
        assert_eq!(available_in(told), Some(24_052_612 * 1024));
        assert_eq!(available_in("MemTotal: 1 kB\n"), None);
    }
}
