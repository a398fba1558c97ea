//! Does not look whether anything follows the last record.
//! stage: decode
//! fails: decode::lengths_and_counts_are_held_to_their_word
//! meant: decode::lengths_and_counts_are_held_to_their_word
//! says: have no byte left behind the last

use crate::message::Message;
use std::net::{Ipv4Addr, Ipv6Addr};

use crate::message::Question;
use crate::record::{Data, IN, Name, Record, Soa, Type};

/// The message in `bytes`, all of them. The error is a sentence that says why they are none.
pub fn message(bytes: &[u8]) -> Result<Message, String> {
    let mut reader = Reader { bytes, at: 0 };
    let mut message = Message {
        id: reader.u16()?,
        flags: reader.u16()?,
        ..Message::default()
    };
    let [questions, answers, authority, additional] =
        [reader.u16()?, reader.u16()?, reader.u16()?, reader.u16()?];
    // The counts are claims: nothing is reserved for them, and each record has to be there.
    for _ in 0..questions {
        message.questions.push(reader.question()?);
    }
    for _ in 0..answers {
        message.answers.push(reader.record()?);
    }
    for _ in 0..authority {
        message.authority.push(reader.record()?);
    }
    for _ in 0..additional {
        message.additional.push(reader.record()?);
    }
    Ok(message)
}

/// The bytes of a header; no name begins among them.
const HEADER: usize = 12;

/// How many bytes a name may have, the length bytes and the root's counted (RFC 1035 2.3.4).
const LONGEST_NAME: usize = 255;

/// What the first two bits of a length byte say (RFC 1035 4.1.4).
const KIND: u8 = 0b1100_0000;
const LABEL: u8 = 0b0000_0000;
const POINTER: u8 = 0b1100_0000;

/// A place in the message. Whatever is read must be there: that no read can leave the bytes is
/// decided in [`Reader::take`] and nowhere else.
struct Reader<'a> {
    /// The message up to where reading has to end: its own end, or that of a record's data.
    /// Always from the message's beginning, for pointers count from there.
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Reader<'a> {
    /// The next `length` bytes.
    fn take(&mut self, length: usize) -> Result<&'a [u8], String> {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        let (taken, _) = rest
            .split_at_checked(length)
            .ok_or_else(|| format!("{length} bytes should follow byte {}", self.at))?;
        self.at += length;
        Ok(taken)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], String> {
        let taken = self.take(N)?;
        taken.try_into().map_err(|_| "too few bytes".to_owned())
    }

    fn u8(&mut self) -> Result<u8, String> {
        let [byte] = self.array()?;
        Ok(byte)
    }

    fn u16(&mut self) -> Result<u16, String> {
        self.array().map(u16::from_be_bytes)
    }

    fn u32(&mut self) -> Result<u32, String> {
        self.array().map(u32::from_be_bytes)
    }

    /// Everything must have been read.
    fn end(&self, otherwise: &str) -> Result<(), String> {
        if self.at == self.bytes.len() {
            Ok(())
        } else {
            Err(otherwise.to_owned())
        }
    }

    fn question(&mut self) -> Result<Question, String> {
        Ok(Question {
            name: self.name()?,
            qtype: Type(self.u16()?),
            class: self.u16()?,
        })
    }

    fn record(&mut self) -> Result<Record, String> {
        let name = self.name()?;
        let (rtype, class, ttl) = (Type(self.u16()?), self.u16()?, self.u32()?);
        let length = usize::from(self.u16()?);
        // The data has a reader of its own, which ends where the record says that the data ends.
        let start = self.at;
        self.take(length)?;
        let mut data = Reader {
            bytes: &self.bytes[..self.at],
            at: start,
        };
        let record = Record {
            name,
            class,
            ttl,
            data: data.data(rtype, class)?,
        };
        data.end("the data of a record is longer than it should be")?;
        Ok(record)
    }

    fn data(&mut self, rtype: Type, class: u16) -> Result<Data, String> {
        Ok(match rtype {
            _ if class != IN => self.other(rtype)?,
            Type::A => Data::A(Ipv4Addr::from(self.array::<4>()?)),
            Type::AAAA => Data::Aaaa(Ipv6Addr::from(self.array::<16>()?)),
            Type::NS => Data::Ns(self.name()?),
            Type::CNAME => Data::Cname(self.name()?),
            Type::SOA => Data::Soa(Soa {
                mname: self.name()?,
                rname: self.name()?,
                serial: self.u32()?,
                refresh: self.u32()?,
                retry: self.u32()?,
                expire: self.u32()?,
                minimum: self.u32()?,
            }),
            Type::MX => Data::Mx {
                preference: self.u16()?,
                exchange: self.name()?,
            },
            Type::TXT => Data::Txt(self.strings()?),
            _ => self.other(rtype)?,
        })
    }

    /// The rest as it is.
    fn other(&mut self, rtype: Type) -> Result<Data, String> {
        let rest = self.take(self.bytes.len() - self.at)?;
        Ok(Data::Other(rtype, rest.to_vec()))
    }

    /// Strings up to the end, each behind its length; at least one (RFC 1035 3.3.14).
    fn strings(&mut self) -> Result<Vec<Vec<u8>>, String> {
        let mut strings = Vec::new();
        while strings.is_empty() || self.at < self.bytes.len() {
            let length = self.u8()?;
            strings.push(self.take(length.into())?.to_vec());
        }
        Ok(strings)
    }

    /// A name: labels up to the root's, or up to a pointer to where the name goes on.
    ///
    /// A pointer leads to "a prior occurance of the same name" (RFC 1035 4.1.4), that is: before
    /// the labels just read. So each run of labels begins before the one it continues, and there
    /// is an end to them (RFC 9267 2).
    fn name(&mut self) -> Result<Name, String> {
        let mut name = Name::default();
        let mut length = 0;
        let mut began = self.at;
        let mut run = Reader { ..*self };
        // Where the message goes on: behind the root's label, or behind the first pointer.
        let mut behind = None;
        loop {
            let first = run.u8()?;
            match first & KIND {
                LABEL => {
                    length += 1 + usize::from(first);
                    if length > LONGEST_NAME {
                        return Err(format!("a name has more than {LONGEST_NAME} bytes"));
                    }
                    if first == 0 {
                        self.at = behind.unwrap_or(run.at);
                        return Ok(name);
                    }
                    name.0.push(run.take(first.into())?.to_vec());
                }
                POINTER => {
                    let target = usize::from(u16::from_be_bytes([first & !KIND, run.u8()?]));
                    if !(HEADER..began).contains(&target) {
                        return Err(format!(
                            "a pointer to byte {target} does not lead back from byte {began}"
                        ));
                    }
                    behind = behind.or(Some(run.at));
                    began = target;
                    run.at = target;
                }
                _ => return Err(format!("{first:#04x} begins neither a label nor a pointer")),
            }
        }
    }
}
