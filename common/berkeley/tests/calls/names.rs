//! Names: literal addresses, which no resolver is asked for, and the machine's own.

use std::io;
use std::net::Ipv4Addr;

use berkeley::*;

#[test]
fn the_machine_has_the_name_that_the_kernel_knows() -> io::Result<()> {
    let name = gethostname()?;
    assert!(!name.is_empty());
    if cfg!(target_os = "linux") {
        let known = std::fs::read_to_string("/proc/sys/kernel/hostname")?;
        assert_eq!(name, known.trim_end());
    }
    Ok(())
}

#[test]
fn literal_addresses_pass() -> io::Result<()> {
    assert_eq!(gethostbyname("127.0.0.1")?, [Ipv4Addr::LOCALHOST]);
    let found = getaddrinfo("127.0.0.1", 80)?;
    assert_eq!(found, ["127.0.0.1:80".parse().expect("an address")]);
    let found = getaddrinfo("::1", 80)?;
    assert_eq!(found, ["[::1]:80".parse().expect("an address")]);
    Ok(())
}

#[test]
fn the_call_of_1983_knows_no_ipv6() {
    let error = gethostbyname("::1").unwrap_err();
    assert_eq!(error.kind(), io::ErrorKind::NotFound);
    assert_eq!(error.to_string(), "::1 has no IPv4 address");
}

#[test]
fn a_name_with_a_zero_byte_is_none() {
    let error = getaddrinfo("a\0b", 80).unwrap_err();
    assert_eq!(error.kind(), io::ErrorKind::InvalidInput);
}
