//! A network of the check's own: one link, behind which the check plays every router and host.
//!
//! The link is a pair of virtual devices, veth(4). The program's machine has `v0`, with an address of
//! 10.0.0.0/8 and no need to ask for others' hardware addresses, so that everything to that network
//! leaves by it; the check reads at `v1` what has left, and sends by it what is to arrive.

#[cfg(target_os = "linux")]
mod device;
#[cfg(not(target_os = "linux"))]
mod elsewhere;
#[cfg(target_os = "linux")]
mod netlink;

use std::env;
use std::io;
use std::net::{Ipv4Addr, UdpSocket};
use std::os::fd::OwnedFd;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU8, Ordering};
use std::time::{Duration, Instant};

#[cfg(not(target_os = "linux"))]
use elsewhere::{device, netlink};

use crate::failure::{Failure, Outcome};
use crate::internet::{Packet, UDP};
use crate::program::Program;
use crate::scene::{PATIENCE, Scene};
use crate::settings;
use crate::transcript::PROGRAM;

/// The address of the program's machine on the link.
const OWN: Ipv4Addr = Ipv4Addr::new(10, 255, 0, 1);

/// How long the check looks for a packet before it asks whether the program still runs.
const GLANCE: Duration = Duration::from_millis(20);

/// A host behind the link that no check has.
const NOBODY: Ipv4Addr = Ipv4Addr::new(10, 254, 0, 1);

/// Makes the link, and waits until it can be used.
fn make() -> Outcome {
    netlink::make_link(OWN).map_err(|error| {
        Failure::lack(format!(
            "this machine makes no virtual link for the check: {error}"
        ))
    })?;
    wait_until_it_carries()
        .map_err(|error| Failure::grader("send a packet over its virtual link", error))
}

/// Waits until the link carries packets both ways: the kernel says that a device is up some time before
/// it is, and drops what is sent until then.
fn wait_until_it_carries() -> io::Result<()> {
    let far = device::open(netlink::FAR)?;
    let near = UdpSocket::bind((OWN, 0))?;
    near.set_read_timeout(Some(GLANCE))?;
    let own_port = near.local_addr()?.port();
    // From the port discard to the socket: 9 bytes, without a checksum.
    let datagram = [
        [0, 9].as_slice(),
        &own_port.to_be_bytes(),
        &[0, 9, 0, 0, b'?'],
    ]
    .concat();
    let arriving = Packet::new(NOBODY, OWN, UDP, datagram).bytes();
    let deadline = Instant::now() + PATIENCE;
    let (mut in_works, mut out_works) = (false, false);
    while !(in_works && out_works) {
        if Instant::now() > deadline {
            return Err(io::Error::other("it carries none"));
        }
        device::send(&far, &arriving)?;
        near.send_to(b"?", (NOBODY, 9))?;
        in_works = in_works || near.recv_from(&mut [0; 16]).is_ok();
        out_works = out_works || device::receive(&far, GLANCE)?.is_some();
    }
    Ok(())
}

/// The check's end of the link.
#[derive(Debug)]
pub struct Network {
    link: OwnedFd,
    subnet: u8,
    scene: Scene,
}

impl Network {
    pub(crate) fn new(scene: &Scene) -> Outcome<Self> {
        static LINK: OnceLock<Outcome> = OnceLock::new();
        static SUBNET: AtomicU8 = AtomicU8::new(0);

        if env::var_os(settings::NETWORK).is_none() {
            return Err(Failure::lack(
                "this check needs a network of its own, which only a box gives it: cargo xtask install-tools",
            ));
        }
        LINK.get_or_init(make).clone()?;
        let link = device::open(netlink::FAR)
            .map_err(|error| Failure::grader("open the far end of the link", error))?;
        Ok(Self {
            link,
            // What an earlier check's program has left behind concerns nobody.
            subnet: SUBNET.fetch_add(1, Ordering::Relaxed) % 250,
            scene: scene.clone(),
        })
    }

    /// The address of the program's machine.
    pub fn own(&self) -> Ipv4Addr {
        OWN
    }

    /// An address behind the link, of this check only.
    pub fn address(&self, third: u8, fourth: u8) -> Ipv4Addr {
        Ipv4Addr::new(10, self.subnet, third, fourth)
    }

    /// Denies raw sockets to the programs that start from here on.
    pub fn deny_raw_sockets(&self) {
        self.scene.deny_raw_sockets();
    }

    /// Denies ping sockets to the programs that start from here on.
    pub fn deny_ping_sockets(&self) {
        self.scene.deny_ping_sockets();
    }

    /// The next packet that the program sends to an address of this check, which is awaited as
    /// `awaited`: `a probe`.
    pub fn next(&self, program: &Program, awaited: &str) -> Outcome<Packet> {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let ended = program.try_wait().is_some();
            if let Some(packet) = self.next_within(GLANCE)? {
                return Ok(packet);
            }
            if ended || Instant::now() > deadline {
                return Err(program.absence("the network", awaited, PATIENCE));
            }
        }
    }

    /// The next packet to an address of this check that comes within that time.
    pub fn next_within(&self, time: Duration) -> Outcome<Option<Packet>> {
        let deadline = Instant::now() + time;
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            let frame = device::receive(&self.link, left)
                .map_err(|error| Failure::grader("read from the link", error))?;
            let Some(frame) = frame else {
                if left.is_zero() {
                    return Ok(None);
                }
                continue;
            };
            let Some(packet) = Packet::read(&frame) else {
                continue;
            };
            if packet.destination.octets()[..2] != [10, self.subnet] {
                continue;
            }
            let event = format!("sends, with a time to live of {},", packet.ttl);
            let to = packet.destination.to_string();
            self.scene
                .transcript
                .sent_as(PROGRAM, &to, &event, &packet.payload);
            return Ok(Some(packet));
        }
    }

    /// Lets a packet come to the program's machine.
    pub fn deliver(&self, packet: &Packet) -> Outcome {
        self.scene.transcript.sent_as(
            &packet.source.to_string(),
            PROGRAM,
            "sends",
            &packet.payload,
        );
        device::send(&self.link, &packet.bytes())
            .map_err(|error| Failure::grader("send over the link", error))
    }
}
