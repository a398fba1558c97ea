//! What checks of IPv6 need of the machine: its loopback address, its default for new sockets.

use std::env;
use std::fs;
use std::io::ErrorKind;
use std::net::{IpAddr, Ipv6Addr, TcpListener};

use crate::bench::Bench;
use crate::failure::{Failure, Outcome};
use crate::settings;

/// The setting that each new IPv6 socket starts with as its IPV6_V6ONLY (ipv6(7)).
const BINDV6ONLY: &str = "/proc/sys/net/ipv6/bindv6only";

impl Bench {
    /// `::1` (RFC 4291 2.5.3); skipped where the machine does not have it. All checks share it, so
    /// bind port 0 on it, or have the machine alone.
    pub fn loopback6(&self) -> Outcome<IpAddr> {
        let ip = Ipv6Addr::LOCALHOST;
        match TcpListener::bind((ip, 0)) {
            Ok(_) => Ok(ip.into()),
            Err(error) => Err(Failure::lack(format!(
                "this machine does not have the address {ip}: {error}"
            ))),
        }
    }

    /// Lets new IPv6 sockets be for IPv6 alone unless they say otherwise, as some systems do, for
    /// as long as what is returned lives. It concerns the whole network, so the check has to be
    /// alone; it is skipped where the network is not the checks' own.
    pub fn v6only_by_default(&self) -> Outcome<V6OnlyByDefault> {
        if env::var_os(settings::NETWORK_SETTINGS).is_none() {
            return Err(Failure::lack(
                "only in a box is net.ipv6.bindv6only the grader's to change",
            ));
        }
        let failed = |error: std::io::Error| match error.kind() {
            ErrorKind::NotFound => Failure::lack("this machine has no net.ipv6.bindv6only"),
            _ => Failure::grader("change net.ipv6.bindv6only", error),
        };
        let before = fs::read_to_string(BINDV6ONLY).map_err(failed)?;
        fs::write(BINDV6ONLY, "1").map_err(failed)?;
        Ok(V6OnlyByDefault { before })
    }
}

/// The machine's default is IPv6 alone; what it was before is restored at its end.
#[derive(Debug)]
#[must_use]
pub struct V6OnlyByDefault {
    before: String,
}

impl Drop for V6OnlyByDefault {
    fn drop(&mut self) {
        // It was written a moment ago, so it can be written again.
        _ = fs::write(BINDV6ONLY, self.before.trim());
    }
}
