//! What a server answered, read and put into text, so that checks can say what they expect.

use std::net::{Ipv4Addr, Ipv6Addr};

use testbench::prelude::*;

use crate::messages::{A, AAAA, CNAME, MX, NS, SOA, TXT};

/// An answer.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) id: u16,
    pub(crate) flags: u16,
    /// All of the question's bytes; nothing if there is none.
    pub(crate) question: Vec<u8>,
    /// `www.lab.test. 300 A 192.0.2.1`, names in lower case; sorted, for the order is free.
    pub(crate) answers: Vec<String>,
    /// In the same form.
    pub(crate) authority: Vec<String>,
    /// In the same form.
    pub(crate) additional: Vec<String>,
    /// How long the whole answer is.
    pub(crate) length: usize,
}

impl Reply {
    /// Reads all of `bytes`; a failure when they are no message.
    pub(crate) fn read(bytes: &[u8]) -> Outcome<Self> {
        let no_message = || {
            Failure::new(Saw::Wrong, "the answer is no message: its parts do not fit")
                .expecting("a message as its counts and lengths say", bytes)
        };
        Cursor { bytes, at: 0 }.reply().ok_or_else(no_message)
    }

    /// Reads the answer to `client`'s query from a datagram.
    pub(crate) fn next(client: &mut DatagramPeer, server: &Server) -> Outcome<Self> {
        Self::read(&client.receive(server)?.bytes)
    }

    /// The code in the flags.
    pub(crate) fn rcode(&self) -> u16 {
        self.flags & 0x000f
    }

    /// These, in whatever order, are the records of the answer section.
    pub(crate) fn expect_answers(&self, expected: &[&str]) -> Outcome {
        let mut expected: Vec<&str> = expected.to_vec();
        expected.sort_unstable();
        let lines = |records: &[&str]| {
            records
                .iter()
                .map(|record| format!("{record}\n"))
                .collect::<String>()
        };
        let seen: Vec<&str> = self.answers.iter().map(String::as_str).collect();
        differs("the answer section", lines(&expected), lines(&seen))
    }

    /// The code is this one.
    pub(crate) fn expect_rcode(&self, expected: u16) -> Outcome {
        let seen = self.rcode();
        wrong(seen == expected, Saw::Wrong, || {
            format!("the answer's RCODE is {seen}; {expected} was expected")
        })
    }
}

struct Cursor<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Cursor<'a> {
    fn take(&mut self, length: usize) -> Option<&'a [u8]> {
        let taken = self.bytes.get(self.at..self.at.checked_add(length)?)?;
        self.at += length;
        Some(taken)
    }

    fn u16(&mut self) -> Option<u16> {
        Some(u16::from_be_bytes(self.take(2)?.try_into().ok()?))
    }

    fn u32(&mut self) -> Option<u32> {
        Some(u32::from_be_bytes(self.take(4)?.try_into().ok()?))
    }

    fn reply(&mut self) -> Option<Reply> {
        let (id, flags) = (self.u16()?, self.u16()?);
        let counts = [self.u16()?, self.u16()?, self.u16()?, self.u16()?];
        let begin = self.at;
        for _ in 0..counts[0] {
            self.name()?;
            self.take(4)?;
        }
        let question = self.bytes[begin..self.at].to_vec();
        let reply = Reply {
            id,
            flags,
            question,
            answers: self.section(counts[1])?,
            authority: self.section(counts[2])?,
            additional: self.section(counts[3])?,
            length: self.bytes.len(),
        };
        (self.at == self.bytes.len()).then_some(reply)
    }

    fn section(&mut self, count: u16) -> Option<Vec<String>> {
        let mut lines = (0..count)
            .map(|_| self.record())
            .collect::<Option<Vec<_>>>()?;
        lines.sort_unstable();
        Some(lines)
    }

    fn record(&mut self) -> Option<String> {
        let owner = self.name()?;
        let (rtype, class, ttl) = (self.u16()?, self.u16()?, self.u32()?);
        let length = usize::from(self.u16()?);
        let end = self.at.checked_add(length)?;
        if end > self.bytes.len() || class != 1 {
            return None;
        }
        let data = match rtype {
            A => format!(
                "A {}",
                Ipv4Addr::from(<[u8; 4]>::try_from(self.take(4)?).ok()?)
            ),
            AAAA => format!(
                "AAAA {}",
                Ipv6Addr::from(<[u8; 16]>::try_from(self.take(16)?).ok()?)
            ),
            NS => format!("NS {}", self.name()?),
            CNAME => format!("CNAME {}", self.name()?),
            MX => format!("MX {} {}", self.u16()?, self.name()?),
            TXT => {
                let mut text = "TXT".to_owned();
                while self.at < end {
                    let length = self.take(1)?[0];
                    let string = self.take(length.into())?;
                    text.extend([" \"", &String::from_utf8_lossy(string), "\""]);
                }
                text
            }
            SOA => {
                let names = format!("SOA {} {}", self.name()?, self.name()?);
                (0..5).try_fold(names, |text, _| Some(format!("{text} {}", self.u32()?)))?
            }
            other => format!("TYPE{other} {:?}", self.take(length)?),
        };
        (self.at == end).then(|| format!("{owner} {ttl} {data}"))
    }

    /// A name in lower case, with its last dot.
    fn name(&mut self) -> Option<String> {
        let mut text = String::new();
        let mut behind = None;
        // Each label has at least two bytes, each pointer leads to one: a name has no more parts.
        for _ in 0..256 {
            let first = self.take(1)?[0];
            match first {
                0 => {
                    self.at = behind.unwrap_or(self.at);
                    return Some(if text.is_empty() {
                        ".".to_owned()
                    } else {
                        text
                    });
                }
                1..64 => {
                    let label = self.take(first.into())?;
                    text += &String::from_utf8_lossy(label).to_lowercase();
                    text.push('.');
                }
                192.. => {
                    let target = u16::from_be_bytes([first & 0x3f, self.take(1)?[0]]);
                    behind.get_or_insert(self.at);
                    self.at = target.into();
                }
                _ => return None,
            }
        }
        None
    }
}
