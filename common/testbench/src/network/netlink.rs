//! Making the link: messages to the kernel, rtnetlink(7).

use std::io;
use std::net::Ipv4Addr;

use rustix::net::netlink::SocketAddrNetlink;
use rustix::net::{
    AddressFamily, RecvFlags, SendFlags, SocketFlags, SocketType, recv, sendto, socket_with,
};

/// The device of the program's machine.
const NEAR: &str = "v0";
/// The device that the check reads.
pub(super) const FAR: &str = "v1";

// linux/netlink.h, linux/rtnetlink.h
const NLMSG_ERROR: u16 = 2;
const RTM_NEWLINK: u16 = 16;
const RTM_NEWADDR: u16 = 20;
const REQUEST: u16 = 1;
const ACK: u16 = 4;
const EXCLUSIVE: u16 = 0x200;
const CREATE: u16 = 0x400;

// linux/if_link.h, linux/veth.h
const IFLA_ADDRESS: u16 = 1;
const IFLA_IFNAME: u16 = 3;
const IFLA_LINKINFO: u16 = 18;
const IFLA_INFO_KIND: u16 = 1;
const IFLA_INFO_DATA: u16 = 2;
const VETH_INFO_PEER: u16 = 1;

// linux/if_addr.h
const IFA_ADDRESS: u16 = 1;
const IFA_LOCAL: u16 = 2;

// linux/if.h
const IFF_UP: u32 = 1;
const IFF_NOARP: u32 = 0x80;

/// Makes both devices, up, and gives the near one `own` of a network of 8 bits.
pub(super) fn make_link(own: Ipv4Addr) -> io::Result<()> {
    let peer = [
        interface(0, 0),
        attribute(IFLA_IFNAME, &text(FAR)),
        attribute(IFLA_ADDRESS, &super::device::FAR_ADDRESS),
    ]
    .concat();
    let data = attribute(IFLA_INFO_DATA, &attribute(VETH_INFO_PEER, &peer));
    let kind = attribute(IFLA_INFO_KIND, &text("veth"));
    let link = [
        interface(0, IFF_NOARP),
        attribute(IFLA_IFNAME, &text(NEAR)),
        attribute(IFLA_ADDRESS, &super::device::NEAR_ADDRESS),
        attribute(IFLA_LINKINFO, &[kind, data].concat()),
    ]
    .concat();
    ask(RTM_NEWLINK, CREATE | EXCLUSIVE, &link)?;
    // Neither comes up before the other is there.
    let index = super::device::index(NEAR)?;
    ask(
        RTM_NEWLINK,
        0,
        &interface(super::device::index(FAR)?, IFF_UP),
    )?;
    ask(RTM_NEWLINK, 0, &interface(index, IFF_UP | IFF_NOARP))?;
    let inet = u8::try_from(AddressFamily::INET.as_raw()).unwrap_or_default();
    let address = [
        vec![inet, 8, 0, 0],
        index.to_ne_bytes().to_vec(),
        attribute(IFA_LOCAL, &own.octets()),
        attribute(IFA_ADDRESS, &own.octets()),
    ]
    .concat();
    ask(RTM_NEWADDR, CREATE | EXCLUSIVE, &address)
}

/// Sends a request and hears what came of it.
fn ask(kind: u16, flags: u16, body: &[u8]) -> io::Result<()> {
    let socket = socket_with(
        AddressFamily::NETLINK,
        SocketType::RAW,
        SocketFlags::CLOEXEC,
        None,
    )?;
    let length = u32::try_from(16 + body.len()).unwrap_or(u32::MAX);
    let flags = REQUEST | ACK | flags;
    let message = [
        length.to_ne_bytes().as_slice(),
        &kind.to_ne_bytes(),
        &flags.to_ne_bytes(),
        &[0; 8],
        body,
    ]
    .concat();
    let kernel = SocketAddrNetlink::new(0, 0);
    sendto(&socket, &message, SendFlags::empty(), &kernel)?;
    let mut answer = [0; 8192];
    let (_, length) = recv(&socket, &mut answer, RecvFlags::empty())?;
    // The header, then an error number as the kernel has it: negative, 0 when it is done.
    match answer[..length] {
        [
            _,
            _,
            _,
            _,
            t0,
            t1,
            _,
            _,
            _,
            _,
            _,
            _,
            _,
            _,
            _,
            _,
            e0,
            e1,
            e2,
            e3,
            ..,
        ] if u16::from_ne_bytes([t0, t1]) == NLMSG_ERROR => {
            match i32::from_ne_bytes([e0, e1, e2, e3]) {
                0 => Ok(()),
                error => Err(io::Error::from_raw_os_error(-error)),
            }
        }
        _ => Err(io::Error::other("the kernel's answer is not understood")),
    }
}

/// `struct ifinfomsg` of the device of that number, 0 for a new one, with these flags.
fn interface(index: u32, flags: u32) -> Vec<u8> {
    [
        [0; 4].as_slice(),
        &index.to_ne_bytes(),
        &flags.to_ne_bytes(),
        &(IFF_UP | IFF_NOARP).to_ne_bytes(),
    ]
    .concat()
}

/// `struct rtattr` and its value, filled up to four bytes.
fn attribute(kind: u16, value: &[u8]) -> Vec<u8> {
    let length = u16::try_from(4 + value.len()).unwrap_or(u16::MAX);
    let mut bytes = [&length.to_ne_bytes(), &kind.to_ne_bytes(), value].concat();
    bytes.resize(bytes.len().next_multiple_of(4), 0);
    bytes
}

fn text(name: &str) -> Vec<u8> {
    [name.as_bytes(), &[0]].concat()
}
