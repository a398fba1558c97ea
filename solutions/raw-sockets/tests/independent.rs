//! The solution beside ping and traceroute that no one here wrote, in one network of real routers.
//!
//! The network is made in namespaces of its own: this machine 10.0.1.2, a router 10.0.1.1 and 10.0.2.1, a
//! host 10.0.2.2 behind it. The router has no route to 10.0.9.0/24, and says so.

#![cfg(target_os = "linux")]

use std::process::Command;

use testbench::prelude::*;
use testbench::tool::Tool;

/// Makes the network, then runs what follows.
const NETWORK: &str = "set -e
mount -t tmpfs none /run
ip link set lo up
ip netns add router
ip netns add host
ip link add near type veth peer name left netns router
ip -n router link add right type veth peer name far netns host
ip addr add 10.0.1.2/24 dev near
ip link set near up
ip route add default via 10.0.1.1
ip -n router addr add 10.0.1.1/24 dev left
ip -n router addr add 10.0.2.1/24 dev right
ip -n router link set left up
ip -n router link set right up
ip -n router route add unreachable 10.0.9.0/24
ip -n host link set lo up
ip -n host addr add 10.0.2.2/24 dev far
ip -n host link set far up
ip -n host route add default via 10.0.2.1
ip netns exec router sh -c 'echo 1 >/proc/sys/net/ipv4/ip_forward; echo 0 >/proc/sys/net/ipv4/icmp_ratelimit'
ip netns exec host sh -c 'echo 0 >/proc/sys/net/ipv4/icmp_ratelimit'
set +e
";

/// What `script` prints in that network, in which `$OURS` is the solution.
fn in_network(script: &str) -> Outcome<String> {
    Tool::find("unshare")?;
    Tool::find("ip")?;
    let run = |script: &str| {
        Command::new("unshare")
            .args([
                "--user",
                "--map-root-user",
                "--net",
                "--mount",
                "sh",
                "-c",
                script,
            ])
            .env("OURS", env!("CARGO_BIN_EXE_raw-sockets-solution"))
            .output()
            .map_err(|error| Failure::grader("run unshare", error))
    };
    let made = run(NETWORK)?;
    if !made.status.success() {
        let why = String::from_utf8_lossy(&made.stderr).into_owned();
        return Err(Failure::lack(format!(
            "this machine makes no network for the test: {}",
            why.trim()
        )));
    }
    let output = run(&format!("{NETWORK}{script}"))?;
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Fails unless `text` holds each of `words`.
fn holds(text: &str, words: &[&str]) -> Outcome {
    words.iter().try_for_each(|words| {
        wrong(text.contains(words), Saw::Wrong, || {
            format!("there is no {words:?} in what was printed")
        })
        .map_err(|failure| failure.expecting(format!("…{words}…"), text.as_bytes()))
    })
}

/// Over a raw socket, then over a ping socket, which the group is then allowed.
#[test]
fn ping_hears_a_host_as_iputils_does() -> Graded {
    check(|_| {
        Tool::find("ping")?;
        let said = in_network(
            "ping -n -c 3 -i 0.2 10.0.2.2
             $OURS ping 10.0.2.2 --count 3 --interval 50 2>&1
             echo 0 0 >/proc/sys/net/ipv4/ping_group_range
             $OURS ping 10.0.2.2 --count 2 --interval 50 2>&1",
        )?;
        holds(
            &said,
            &[
                "3 packets transmitted, 3 received",
                "over a raw socket\nreply from 10.0.2.2: seq=1 ",
                "3 sent, 3 received, 0 lost, 0 duplicates",
                "over a ping socket\nreply from 10.0.2.2: seq=1 ",
                "2 sent, 2 received, 0 lost, 0 duplicates",
            ],
        )
    })
}

#[test]
fn ping_is_refused_as_iputils_is() -> Graded {
    check(|_| {
        Tool::find("ping")?;
        let said = in_network(
            "ping -n -c 1 10.0.9.1; echo theirs $?
             $OURS ping 10.0.9.1 --count 1; echo ours $?",
        )?;
        holds(
            &said,
            &[
                "From 10.0.1.1 icmp_seq=1 Destination Host Unreachable",
                "theirs 1",
                "unreachable from 10.0.1.1: seq=1 code=1",
                "1 sent, 0 received, 1 lost, 0 duplicates",
                "ours 1",
            ],
        )
    })
}

#[test]
fn traceroute_finds_the_hops_that_traceroute_finds() -> Graded {
    check(|_| {
        Tool::find("traceroute")?;
        let said = in_network(
            "traceroute -n -q 1 10.0.2.2; echo --
             $OURS traceroute 10.0.2.2 --tries 1; echo ours $?",
        )?;
        holds(&said, &["ours 0"])?;
        let (theirs, ours) = said.split_once("--\n").unwrap_or_default();
        let hops = |text: &str| -> String {
            text.lines()
                .filter_map(|line| {
                    let mut words = line.split_whitespace();
                    let hop: u8 = words.next()?.parse().ok()?;
                    Some(format!("{hop} {}\n", words.next()?))
                })
                .collect()
        };
        differs(
            "the hops that traceroute found",
            "1 10.0.1.1\n2 10.0.2.2\n",
            hops(theirs),
        )?;
        differs("the hops that the solution found", hops(theirs), hops(ours))
    })
}
