//! Frames at the far end of the link: packet(7).

use std::io;
use std::mem::MaybeUninit;
use std::os::fd::OwnedFd;
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::net::addr::SocketAddrStorage;
use rustix::net::{
    AddressFamily, RecvFlags, SendFlags, SocketAddrAny, SocketFlags, SocketType, bind, netdevice,
    recv, socket_with,
};

/// The hardware address of the near device: locally administered.
pub(super) const NEAR_ADDRESS: [u8; 6] = [2, 0, 0, 0, 0, 1];
/// The hardware address of the far device.
pub(super) const FAR_ADDRESS: [u8; 6] = [2, 0, 0, 0, 0, 2];

/// The type of a frame with IPv4 in it, ETH_P_IP.
const IPV4: [u8; 2] = [8, 0];

/// The bytes of a frame before its packet: two hardware addresses and a type.
const HEADER: usize = 14;

/// A socket for the frames of a device.
pub(super) fn open(device: &str) -> io::Result<OwnedFd> {
    // Without a protocol it hears nothing until it is bound, not what other devices have.
    let socket = socket_with(
        AddressFamily::PACKET,
        SocketType::RAW,
        SocketFlags::CLOEXEC,
        None,
    )?;
    bind(&socket, &link_address(index(device)?))?;
    Ok(socket)
}

/// The number of a device.
pub(super) fn index(device: &str) -> io::Result<u32> {
    let socket = socket_with(
        AddressFamily::INET,
        SocketType::DGRAM,
        SocketFlags::CLOEXEC,
        None,
    )?;
    Ok(netdevice::name_to_index(&socket, device)?)
}

/// The packet in the next frame, if there is one within that time.
pub(super) fn receive(socket: &OwnedFd, time: Duration) -> io::Result<Option<Vec<u8>>> {
    let time = Timespec::try_from(time).map_err(io::Error::other)?;
    let mut fds = [PollFd::new(socket, PollFlags::IN)];
    match poll(&mut fds, Some(&time)) {
        Ok(0) | Err(rustix::io::Errno::INTR) => return Ok(None),
        ready => ready?,
    };
    let mut frame = vec![0; 65_536];
    let (_, length) = recv(socket, &mut frame[..], RecvFlags::empty())?;
    Ok(frame.get(HEADER..length).map(<[u8]>::to_vec))
}

/// Sends a packet in a frame to the near device.
pub(super) fn send(socket: &OwnedFd, packet: &[u8]) -> io::Result<()> {
    let frame = [&NEAR_ADDRESS, &FAR_ADDRESS, IPV4.as_slice(), packet].concat();
    rustix::net::send(socket, &frame, SendFlags::empty())?;
    Ok(())
}

/// `struct sockaddr_ll` for IPv4 of a device: family, protocol, index, and nothing of what only
/// sending asks for.
#[allow(
    unsafe_code,
    reason = "rustix has no type for the address of a packet socket"
)]
fn link_address(index: u32) -> SocketAddrAny {
    let family = AddressFamily::PACKET.as_raw().to_ne_bytes();
    let bytes: [u8; 20] = {
        let mut bytes = [0; 20];
        bytes[..2].copy_from_slice(&family);
        bytes[2..4].copy_from_slice(&IPV4);
        bytes[4..8].copy_from_slice(&index.to_ne_bytes());
        bytes
    };
    let mut storage = MaybeUninit::<SocketAddrStorage>::zeroed();
    // SAFETY: the storage is larger than 20 bytes, and no reference to it exists; afterwards its first
    // 20 bytes are a `sockaddr_ll`, which is valid whatever its numbers are.
    unsafe {
        storage
            .as_mut_ptr()
            .cast::<[u8; 20]>()
            .write_unaligned(bytes);
        SocketAddrAny::new(storage, 20)
    }
}
