//! Stage 4, `decode`, as functions that take the message and a position and give both on.

use crate::message::{Message, Question};
use crate::record::{Data, IN, Name, Record, Soa, Type};

type Read<T> = Result<(T, usize), String>;

/// The message in `bytes`.
pub fn message(bytes: &[u8]) -> Result<Message, String> {
    let mut fields = [0; 6];
    let mut at = 0;
    for field in &mut fields {
        (*field, at) = number(bytes, at)?;
    }
    let [id, flags, questions, answers, authority, additional] = fields;
    let (questions, at) = many(questions, at, |at| question(bytes, at))?;
    let (answers, at) = many(answers, at, |at| record(bytes, at))?;
    let (authority, at) = many(authority, at, |at| record(bytes, at))?;
    let (additional, at) = many(additional, at, |at| record(bytes, at))?;
    if at != bytes.len() {
        return Err(format!(
            "the message ends at byte {at}, and there are {}",
            bytes.len()
        ));
    }
    Ok(Message {
        id,
        flags,
        questions,
        answers,
        authority,
        additional,
    })
}

fn many<T>(count: u16, mut at: usize, read: impl Fn(usize) -> Read<T>) -> Read<Vec<T>> {
    let mut all = Vec::new();
    for _ in 0..count {
        let (one, next) = read(at)?;
        all.push(one);
        at = next;
    }
    Ok((all, at))
}

fn bytes_at(bytes: &[u8], at: usize, length: usize) -> Read<&[u8]> {
    match bytes.get(at..at + length) {
        Some(found) => Ok((found, at + length)),
        None => Err(format!("the message ends before byte {}", at + length)),
    }
}

fn number(bytes: &[u8], at: usize) -> Read<u16> {
    let (two, at) = bytes_at(bytes, at, 2)?;
    Ok((u16::from(two[0]) << 8 | u16::from(two[1]), at))
}

fn long(bytes: &[u8], at: usize) -> Read<u32> {
    let (high, at) = number(bytes, at)?;
    let (low, at) = number(bytes, at)?;
    Ok((u32::from(high) << 16 | u32::from(low), at))
}

fn question(bytes: &[u8], at: usize) -> Read<Question> {
    let (name, at) = name(bytes, at)?;
    let (qtype, at) = number(bytes, at)?;
    let (class, at) = number(bytes, at)?;
    let qtype = Type(qtype);
    Ok((Question { name, qtype, class }, at))
}

fn record(bytes: &[u8], at: usize) -> Read<Record> {
    let (name, at) = name(bytes, at)?;
    let (rtype, at) = number(bytes, at)?;
    let (class, at) = number(bytes, at)?;
    let (ttl, at) = long(bytes, at)?;
    let (length, at) = number(bytes, at)?;
    let (_, end) = bytes_at(bytes, at, length.into())?;
    let (data, read) = if class == IN {
        data(&bytes[..end], at, Type(rtype), &bytes[at..end])?
    } else {
        (Data::Other(Type(rtype), bytes[at..end].to_vec()), end)
    };
    if read != end {
        return Err(format!("{} bytes of data are left over", end - read));
    }
    let record = Record {
        name,
        class,
        ttl,
        data,
    };
    Ok((record, end))
}

fn data(bytes: &[u8], at: usize, rtype: Type, all: &[u8]) -> Read<Data> {
    let end = bytes.len();
    match rtype {
        Type::A => {
            let ip: [u8; 4] = all.try_into().map_err(|_| "an IPv4 address has 4 bytes")?;
            Ok((Data::A(ip.into()), end))
        }
        Type::AAAA => {
            let ip: [u8; 16] = all.try_into().map_err(|_| "an IPv6 address has 16 bytes")?;
            Ok((Data::Aaaa(ip.into()), end))
        }
        Type::NS => name(bytes, at).map(|(name, at)| (Data::Ns(name), at)),
        Type::CNAME => name(bytes, at).map(|(name, at)| (Data::Cname(name), at)),
        Type::MX => {
            let (preference, at) = number(bytes, at)?;
            let (exchange, at) = name(bytes, at)?;
            let mx = Data::Mx {
                preference,
                exchange,
            };
            Ok((mx, at))
        }
        Type::SOA => {
            let (mname, at) = name(bytes, at)?;
            let (rname, mut at) = name(bytes, at)?;
            let mut times = [0; 5];
            for time in &mut times {
                (*time, at) = long(bytes, at)?;
            }
            let [serial, refresh, retry, expire, minimum] = times;
            let soa = Soa {
                mname,
                rname,
                serial,
                refresh,
                retry,
                expire,
                minimum,
            };
            Ok((Data::Soa(soa), at))
        }
        Type::TXT => {
            let mut strings = Vec::new();
            let mut rest = all;
            while let [length, behind @ ..] = rest {
                let length = usize::from(*length);
                if behind.len() < length {
                    return Err("a string is longer than its record".to_owned());
                }
                strings.push(behind[..length].to_vec());
                rest = &behind[length..];
            }
            if strings.is_empty() {
                return Err("a TXT has at least one string".to_owned());
            }
            Ok((Data::Txt(strings), end))
        }
        other => Ok((Data::Other(other, all.to_vec()), end)),
    }
}

/// A name: the labels here, and what the pointer behind them leads to.
fn name(bytes: &[u8], at: usize) -> Read<Name> {
    let mut name = Name::default();
    let end = labels(bytes, at, &mut name.0, 255)?;
    Ok((name, end))
}

/// Adds labels from `begin` on, of which all together may have `room` bytes. Each call by a pointer
/// is about an earlier place than the one before, so that there are not many.
fn labels(
    bytes: &[u8],
    begin: usize,
    name: &mut Vec<Vec<u8>>,
    room: usize,
) -> Result<usize, String> {
    let (mut at, mut room) = (begin, room);
    loop {
        let first = usize::from(*bytes.get(at).ok_or("a name does not end")?);
        match first >> 6 {
            0 if first + 1 > room => return Err("a name is too long".to_owned()),
            0 if first == 0 => return Ok(at + 1),
            0 => {
                let (label, next) = bytes_at(bytes, at + 1, first)?;
                name.push(label.to_vec());
                room -= first + 1;
                at = next;
            }
            3 => {
                let (two, end) = number(bytes, at)?;
                let target = usize::from(two & 0x3fff);
                if target < 12 || target >= begin {
                    return Err(format!("the pointer at byte {at} does not lead back"));
                }
                return labels_by_pointer(bytes, target, name, room).map(|()| end);
            }
            _ => return Err("a length byte has reserved bits".to_owned()),
        }
    }
}

/// As `labels`, in a loop while there is nothing but pointers: calls would take too much stack.
fn labels_by_pointer(
    bytes: &[u8],
    mut target: usize,
    name: &mut Vec<Vec<u8>>,
    room: usize,
) -> Result<(), String> {
    while let (two @ 0xc000.., _) = number(bytes, target)? {
        let next = usize::from(two & 0x3fff);
        if next < 12 || next >= target {
            return Err(format!("the pointer at byte {target} does not lead back"));
        }
        target = next;
    }
    labels(bytes, target, name, room).map(drop)
}
