//! The decoder, in this process, against millions of messages with some bytes wrong: no panic, no
//! hang, and never another answer than two decoders that were written differently.
//!
//! `SOCKET_LABS_MUTATIONS` says how many (20000), `SOCKET_LABS_SEED` which:
//!
//! ```text
//! SOCKET_LABS_MUTATIONS=10000000 cargo test --release -p hostname-dns-solution --test decoder -- --nocapture
//! ```

use std::env;
use std::hash::{BuildHasher, RandomState};
use std::time::{Duration, Instant};

use message::Message;

#[path = "../src/decode.rs"]
#[allow(dead_code, reason = "only its function is used")]
pub mod decode;
#[path = "../src/message.rs"]
#[allow(dead_code, reason = "decoding needs a part of it")]
pub mod message;
#[path = "../alternatives/one-loop/decode.rs"]
pub mod one_loop;
#[path = "../src/record.rs"]
#[allow(dead_code, reason = "decoding needs a part of it")]
pub mod record;
#[path = "../alternatives/reuse/decode.rs"]
pub mod reuse;

/// How many mutations are tried unless told otherwise.
const MUTATIONS: u64 = 20_000;

/// No message may take so long, on whatever machine.
const LONGEST: Duration = Duration::from_secs(2);

/// A generator of numbers, the same each time for a seed (SplitMix64).
struct Numbers(u64);

impl Numbers {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ mixed >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ mixed >> 31
    }

    /// A number below `limit`, which is not 0.
    fn below(&mut self, limit: usize) -> usize {
        usize::try_from(self.next() % limit as u64).expect("it is below a usize")
    }

    fn byte(&mut self) -> u8 {
        self.next().to_le_bytes()[0]
    }
}

/// Messages as servers send them: plain, with pointers to pointers, and with every type.
fn good_messages() -> Vec<Vec<u8>> {
    let question = b"\x03ftp\x03lab\x04test\x00\x00\x01\x00\x01".to_vec();
    let header = |counts: [u8; 4]| {
        let [questions, answers, authority, additional] = counts;
        [
            &[0, 7, 0x85, 0][..],
            &[0, questions, 0, answers, 0, authority, 0, additional],
        ]
        .concat()
    };
    let chain = [
        header([1, 2, 0, 0]),
        question.clone(),
        b"\xc0\x0c\x00\x05\x00\x01\x00\x00\x01\x2c\x00\x06\x03www\xc0\x10".to_vec(),
        b"\xc0\x2a\x00\x01\x00\x01\x00\x00\x01\x2c\x00\x04\xc0\x00\x02\x01".to_vec(),
    ];
    let types = [
        header([1, 4, 2, 1]),
        question.clone(),
        b"\xc0\x0c\x00\x01\x00\x01\x00\x00\x00\x3c\x00\x04\xc0\x00\x02\x01".to_vec(),
        b"\xc0\x0c\x00\x1c\x00\x01\x00\x00\x00\x3c\x00\x10\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\x01".to_vec(),
        b"\x04mail\xc0\x10\x00\x0f\x00\x01\x00\x00\x00\x3c\x00\x09\x00\x0a\x04mail\xc0\x10".to_vec(),
        b"\xc0\x10\x00\x10\x00\x01\x00\x00\x00\x3c\x00\x0a\x05hello\x00\x02\xff\"".to_vec(),
        b"\xc0\x10\x00\x02\x00\x01\x00\x00\x00\x3c\x00\x05\x02ns\xc0\x10".to_vec(),
        b"\xc0\x10\x00\x06\x00\x01\x00\x00\x00\x3c\x00\x1c\xc0\x10\x03dns\xc0\x10\0\0\0\x01\0\0\0\x02\0\0\0\x03\0\0\0\x04\0\0\0\x05".to_vec(),
        b"\x00\x00\x29\x10\x00\x00\x00\x00\x00\x00\x00".to_vec(),
    ];
    let query = [header([1, 0, 0, 0]), question];
    vec![chain.concat(), types.concat(), query.concat()]
}

/// `good` with one to eight changes: bytes, pointers, lengths, cuts, and pieces of itself.
fn mutation(good: &[u8], numbers: &mut Numbers) -> Vec<u8> {
    let mut message = good.to_vec();
    for _ in 0..=numbers.below(8) {
        let at = numbers.below(message.len());
        let place = numbers.below(message.len() + 2);
        match numbers.below(9) {
            0 => message[at] = numbers.byte(),
            1 => message[at] ^= 1 << numbers.below(8),
            2 => message[at] = [0, 1, 63, 64, 0x80, 0xbf, 0xc0, 0xff][numbers.below(8)],
            3 => {
                let pointer = 0xc000 | u16::try_from(place).unwrap_or(u16::MAX);
                for (byte, part) in message[at..].iter_mut().zip(pointer.to_be_bytes()) {
                    *byte = part;
                }
            }
            4 => {
                // Where a pointer stands already, another target.
                if let Some(there) = message[at..].iter().position(|byte| *byte == 0xc0)
                    && let Some(low) = message.get_mut(at + there + 1)
                {
                    *low = u8::try_from(place).unwrap_or(u8::MAX);
                }
            }
            5 => message.truncate(at.max(1)),
            6 => message.push(numbers.byte()),
            7 => {
                let piece = message[at..].to_vec();
                message.splice(place.min(at)..place.min(at), piece);
                message.truncate(2000);
            }
            _ => _ = message.remove(at),
        }
        if message.is_empty() {
            message.push(0);
        }
    }
    message
}

fn told<T>(name: &str, read: impl Fn(&str) -> Option<T>) -> Option<T> {
    env::var(name).ok().and_then(|text| read(&text))
}

#[test]
fn mutated_messages_neither_crash_nor_hang_and_are_read_in_one_way() {
    let seed = told("SOCKET_LABS_SEED", |text| {
        u64::from_str_radix(text, 16).ok()
    });
    let seed = seed.unwrap_or_else(|| RandomState::new().hash_one(0));
    let count = told("SOCKET_LABS_MUTATIONS", |text| text.parse().ok()).unwrap_or(MUTATIONS);
    println!("seed {seed:016x}, {count} mutations");

    let good = good_messages();
    for message in &good {
        assert!(
            decode::message(message).is_ok(),
            "this one is whole: {message:x?}"
        );
    }
    let mut numbers = Numbers(seed);
    let (mut read, mut bytes) = (0_u64, 0_u64);
    let (mut total, mut slowest) = (Duration::ZERO, Duration::ZERO);
    for index in 0..count {
        let chosen = numbers.below(good.len());
        let message = mutation(&good[chosen], &mut numbers);
        let began = Instant::now();
        let ours: Option<Message> = decode::message(&message).ok();
        let took = began.elapsed();
        total += took;
        slowest = slowest.max(took);
        assert!(
            took < LONGEST,
            "mutation {index} took {took:?}: {message:x?}"
        );
        read += u64::from(ours.is_some());
        bytes += message.len() as u64;
        let theirs = [
            reuse::message(&message).ok(),
            one_loop::message(&message).ok(),
        ];
        for other in theirs {
            assert_eq!(ours, other, "mutation {index}: {message:x?}");
        }
    }
    let nanos = total.as_nanos().max(1);
    let (rate, speed) = (
        u128::from(count) * 1_000_000_000 / nanos,
        u128::from(bytes) * 1000 / nanos,
    );
    println!(
        "{read} were messages all the same; {rate} a second, {speed} MB a second, the slowest took {slowest:?}"
    );
    assert!(
        read > 0 && read < count,
        "mutations must be neither all good nor all bad"
    );
}
