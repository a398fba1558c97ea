//! Resource limits, getrlimit(2).

use std::io;

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use serde::{Deserialize, Serialize};

const MIB: u64 = 1 << 20;
const GIB: u64 = 1 << 30;

/// What one process may use. `None` leaves a limit as it is; none is ever raised.
///
/// Besides these, none leaves a core file, locks memory or makes a message queue, and
/// 256 signals may be queued.
#[derive(Serialize, Deserialize, Clone, Debug, PartialEq, Eq)]
#[serde(default, deny_unknown_fields)]
pub struct Limits {
    /// Private writable memory, bytes (`RLIMIT_DATA`).
    pub data: Option<u64>,
    /// Address space, bytes (`RLIMIT_AS`). Much more than `data`: each thread's heap
    /// reserves 64 MiB of it and uses little.
    pub address_space: Option<u64>,
    /// Size of each file written, bytes (`RLIMIT_FSIZE`).
    pub file_size: Option<u64>,
    /// Processor time, seconds (`RLIMIT_CPU`): SIGXCPU, and a second later SIGKILL.
    pub cpu_seconds: Option<u64>,
    /// Threads of the user in this user namespace, that is, of all the programs and the
    /// checks that run side by side in a box (`RLIMIT_NPROC`). Root is exempt.
    pub processes: Option<u64>,
    /// One more than the highest descriptor (`RLIMIT_NOFILE`); up to 1024 for stages
    /// that need them.
    pub descriptors: Option<u64>,
    /// Stack of the first thread, bytes (`RLIMIT_STACK`).
    pub stack: Option<u64>,
}

impl Default for Limits {
    /// What a student's program may use.
    fn default() -> Self {
        Self {
            data: Some(256 * MIB),
            address_space: Some(16 * GIB),
            file_size: Some(16 * MIB),
            cpu_seconds: Some(20),
            processes: Some(1024),
            descriptors: Some(64),
            stack: Some(8 * MIB),
        }
    }
}

impl Limits {
    /// What a compiler may use for one lab.
    pub fn compiler() -> Self {
        Self {
            data: None,
            address_space: Some(2 * GIB),
            file_size: Some(64 * MIB),
            cpu_seconds: Some(5),
            processes: None,
            descriptors: Some(256),
            stack: Some(8 * MIB),
        }
    }

    /// Nothing but the limits that always hold.
    pub fn none() -> Self {
        Self {
            data: None,
            address_space: None,
            file_size: None,
            cpu_seconds: None,
            processes: None,
            descriptors: None,
            stack: None,
        }
    }

    /// Puts the limits on this process.
    pub(crate) fn apply(&self) -> io::Result<()> {
        let chosen = [
            (Resource::Data, self.data),
            (Resource::As, self.address_space),
            (Resource::Fsize, self.file_size),
            (Resource::Nproc, self.processes),
            (Resource::Nofile, self.descriptors),
            (Resource::Stack, self.stack),
            // No core file is that small. 0 would not do: a program that the system pipes cores to
            // (core(5)) is started whatever the limit, but for 1.
            (Resource::Core, Some(1)),
            (Resource::Memlock, Some(0)),
        ];
        for (resource, value) in chosen {
            if let Some(value) = value {
                lower(resource, value, value)?;
            }
        }
        if let Some(seconds) = self.cpu_seconds {
            lower(Resource::Cpu, seconds, seconds + 1)?;
        }
        #[cfg(target_os = "linux")]
        {
            lower(Resource::Msgqueue, 0, 0)?;
            lower(Resource::Sigpending, 256, 256)?;
        }
        Ok(())
    }
}

/// Sets both limits, but never above the hard limit there is: that takes privilege.
fn lower(resource: Resource, soft: u64, hard: u64) -> io::Result<()> {
    let most = getrlimit(resource).maximum.unwrap_or(u64::MAX);
    let limit = Rlimit {
        current: Some(soft.min(most)),
        maximum: Some(hard.min(most)),
    };
    Ok(setrlimit(resource, limit)?)
}
