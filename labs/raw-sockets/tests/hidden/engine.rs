//! Stage `engine`: what comes that is no answer, and when.

use testbench::internet::{ICMP, Packet, UDP, echo, hexadecimal, icmp, quote};
use testbench::prelude::*;

const TARGET: &str = "10.1.2.3";
const ID: u16 = 0x1234;

/// Plays messages, by time and sender, to an engine that asks `count` times, 100 ms apart, and waits 80;
/// expects what it tells between the requests, in lines by their time.
fn rehearse(
    t: &Bench,
    count: u16,
    wait: &str,
    coming: &[(u64, &str, Vec<u8>)],
    told: &[String],
) -> Outcome {
    let data = data();
    let count_told = count.to_string();
    let program = t.run_typing(&[
        "engine",
        TARGET,
        "--id",
        &ID.to_string(),
        "--data",
        &hexadecimal(&data),
        "--count",
        &count_told,
        "--interval",
        "100",
        "--wait",
        wait,
    ])?;
    let script: String = coming
        .iter()
        .map(|(at, from, bytes)| format!("{at} {from} {}\n", hexadecimal(bytes)))
        .collect();
    program.feed(script)?;
    let at = |line: &str| -> u64 {
        let word = line.split(' ').next().unwrap_or_default();
        word.parse().unwrap_or(u64::MAX)
    };
    let mut lines: Vec<String> = (1..=count)
        .map(|n| {
            let request = hexadecimal(&echo(8, ID, n, &data));
            format!("{} sends {request}", u64::from(n - 1) * 100)
        })
        .collect();
    for line in told {
        let behind = lines.iter().rposition(|earlier| at(earlier) <= at(line));
        lines.insert(behind.map_or(0, |index| index + 1), line.clone());
    }
    program.expect_output(lines.join("\n") + "\n")?;
    program.expect_exit(0)
}

fn data() -> Vec<u8> {
    b"nonce 5".to_vec()
}

fn reply(sequence: u16) -> Vec<u8> {
    echo(0, ID, sequence, &data())
}

fn ends(at: u64, received: &str, times: &str) -> String {
    format!("{at} ends {received} times {times}")
}

/// A raw socket on loopback also hears the request itself; and others' requests.
#[test]
fn a_request_is_no_reply() -> Graded {
    check(|t| {
        let own = echo(8, ID, 1, &data());
        let other = echo(8, ID, 1, b"another");
        let coming = [(0, TARGET, own), (3, TARGET, other), (7, TARGET, reply(1))];
        let told = [
            "7 reply 1 after 7.000".to_owned(),
            ends(7, "sent 1 received 1 duplicates 0", "7.000/7.000/7.000"),
        ];
        rehearse(t, 1, "80", &coming, &told).teaches(
            "On loopback a raw socket hears the request too, which has your id and your number: only \
             type 0 is a reply.",
        )
    })
}

/// Replies to another program, to another request of this id, and from another host.
#[test]
fn replies_to_others_are_theirs() -> Graded {
    check(|t| {
        let coming = [
            (2, TARGET, echo(0, ID ^ 1, 1, &data())),
            (3, TARGET, echo(0, ID.swap_bytes(), 1, &data())),
            (4, "10.1.2.4", reply(1)),
            (5, TARGET, echo(0, ID, 1, b"nonce 6")),
            (6, TARGET, echo(0, ID, 1, b"")),
            (7, TARGET, reply(0)),
            (8, TARGET, reply(2)),
            (9, TARGET, reply(1)),
            (50, TARGET, reply(65535)),
        ];
        let told = [
            "9 reply 1 after 9.000".to_owned(),
            "150 reply 2 after 50.000".to_owned(),
            ends(150, "sent 2 received 2 duplicates 0", "9.000/29.500/50.000"),
        ];
        let coming = [coming.as_slice(), &[(150, TARGET, reply(2))]].concat();
        let lesson = "Everybody's replies come to a raw socket. Yours has your id, a number that you have \
                      sent, your data, and comes from the target.";
        rehearse(t, 2, "80", &coming, &told)
            .when(Saw::Crash, lesson)
            .teaches(lesson)
    })
}

/// Answers a moment before and a moment after their wait is over.
#[test]
fn late_is_lost() -> Graded {
    check(|t| {
        let coming = [
            (80, TARGET, reply(1)),
            (181, TARGET, reply(2)),
            (190, TARGET, reply(2)),
            (210, TARGET, reply(3)),
        ];
        let told = [
            "80 reply 1 after 80.000".to_owned(),
            "210 reply 3 after 10.000".to_owned(),
            ends(
                210,
                "sent 3 received 2 duplicates 0",
                "10.000/45.000/80.000",
            ),
        ];
        rehearse(t, 3, "80", &coming, &told).teaches(
            "An answer counts within the wait of its own request; later it is lost already, and no \
             duplicate either.",
        )
    })
}

/// The network brings a reply three times.
#[test]
fn a_duplicate_is_told_and_not_counted() -> Graded {
    check(|t| {
        let coming = [
            (5, TARGET, reply(1)),
            (6, TARGET, reply(1)),
            (108, TARGET, reply(1)),
            (120, TARGET, reply(2)),
        ];
        let told = [
            "5 reply 1 after 5.000".to_owned(),
            "6 duplicate 1".to_owned(),
            "108 duplicate 1".to_owned(),
            "120 reply 2 after 20.000".to_owned(),
            ends(120, "sent 2 received 2 duplicates 2", "5.000/12.500/20.000"),
        ];
        rehearse(t, 2, "80", &coming, &told).teaches(
            "A request is answered once; what comes after that is a duplicate, and changes no count of \
             answers and no time.",
        )
    })
}

/// Damaged replies, cut ones, other types, and random bytes.
#[test]
fn garbage_is_nothing() -> Graded {
    check(|t| {
        let mut coming = Vec::new();
        let mut damaged = reply(1);
        damaged[9] ^= 4;
        coming.push((1, TARGET, damaged));
        for length in [0, 1, 4, 7] {
            coming.push((2, TARGET, reply(1)[..length].to_vec()));
        }
        for kind in [13, 14, 255] {
            coming.push((3, TARGET, icmp(kind, 0, [0x12, 0x34, 0, 1], &data())));
        }
        for _ in 0..50 {
            let length = t.below(40);
            coming.push((4, TARGET, t.bytes(length)));
        }
        coming.push((5, TARGET, reply(1)));
        let told = [
            "5 reply 1 after 5.000".to_owned(),
            ends(5, "sent 1 received 1 duplicates 0", "5.000/5.000/5.000"),
        ];
        let lesson = "What is no intact message of a kind that you wait for is nothing to you: go on \
                      waiting, whatever it is.";
        rehearse(t, 1, "80", &coming, &told)
            .when(Saw::Crash, lesson)
            .when(Saw::Exit, lesson)
            .teaches(lesson)
    })
}

/// Errors about this engine's requests, and about what others have sent.
#[test]
fn an_error_is_about_what_it_quotes() -> Graded {
    check(|t| {
        let me = [10, 1, 2, 9].into();
        let about = |kind: u8, code: u8, to: [u8; 4], protocol: u8, payload: Vec<u8>| {
            let packet = Packet::new(me, to.into(), protocol, payload).bytes();
            icmp(kind, code, [0; 4], quote(&packet))
        };
        let to = [10, 1, 2, 3];
        let own = |sequence: u16| echo(8, ID, sequence, &data());
        let coming = [
            (1, "10.1.0.1", about(3, 1, [10, 1, 2, 4], ICMP, own(1))),
            (2, "10.1.0.1", about(3, 1, to, UDP, own(1))),
            (
                3,
                "10.1.0.1",
                about(11, 0, to, ICMP, echo(8, ID ^ 1, 1, &data())),
            ),
            (
                4,
                "10.1.0.1",
                about(11, 0, to, ICMP, echo(0, ID, 1, &data())),
            ),
            (5, "10.1.0.1", about(11, 0, to, ICMP, own(2))),
            (6, "10.1.0.1", icmp(3, 1, [0; 4], &[0x45, 0, 0])),
            (40, "10.1.0.1", about(11, 0, to, ICMP, own(1))),
            (41, "10.1.0.1", about(11, 0, to, ICMP, own(1))),
            (142, "10.1.0.7", about(3, 1, to, ICMP, own(2))),
            (143, TARGET, reply(2)),
            (207, TARGET, reply(3)),
        ];
        let told = [
            "40 time-exceeded 0 1 from 10.1.0.1".to_owned(),
            "142 unreachable 1 2 from 10.1.0.7".to_owned(),
            "207 reply 3 after 7.000".to_owned(),
            ends(207, "sent 3 received 1 duplicates 0", "7.000/7.000/7.000"),
        ];
        let lesson = "An error comes from a router that you never asked; what tells whose it is stands \
                      in the packet it quotes: your target, ICMP, type 8, your id and number.";
        rehearse(t, 3, "80", &coming, &told)
            .when(Saw::Crash, lesson)
            .teaches(lesson)
    })
}

/// With a wait of three intervals, answers come when later requests have left, in another order.
#[test]
fn answers_may_overtake_each_other() -> Graded {
    check(|t| {
        let coming = [
            (230, TARGET, reply(2)),
            (240, TARGET, reply(1)),
            (290, TARGET, reply(3)),
        ];
        let told = [
            "230 reply 2 after 130.000".to_owned(),
            "240 reply 1 after 240.000".to_owned(),
            "290 reply 3 after 90.000".to_owned(),
            ends(
                290,
                "sent 3 received 3 duplicates 0",
                "90.000/153.333/240.000",
            ),
        ];
        rehearse(t, 3, "300", &coming, &told).teaches(
            "Several requests are on their way at once: the number in the answer says which one it \
             answers, and when that one left.",
        )
    })
}

/// Others' replies come every few milliseconds, before, between and after.
#[test]
fn strangers_do_not_change_its_times() -> Graded {
    check(|t| {
        let foreign = echo(0, ID ^ 0xff, 1, &data());
        let mut coming: Vec<(u64, &str, Vec<u8>)> = (0..400)
            .map(|step| (3 * step, TARGET, foreign.clone()))
            .collect();
        coming.push((10, TARGET, reply(1)));
        coming.sort_by_key(|(at, ..)| *at);
        let told = [
            "10 reply 1 after 10.000".to_owned(),
            ends(
                180,
                "sent 2 received 1 duplicates 0",
                "10.000/10.000/10.000",
            ),
        ];
        rehearse(t, 2, "80", &coming, &told).teaches(
            "Whatever comes meanwhile, a request leaves when it is due, and the end comes when the last wait \
             is over: keep moments, not spans that begin anew with each message.",
        )
    })
}
