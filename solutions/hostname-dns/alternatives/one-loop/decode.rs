//! Stage 4, `decode`, with `Read` and `Seek` on the bytes.

use std::io::{Cursor, Read, Seek, SeekFrom};
use std::net::{Ipv4Addr, Ipv6Addr};

use crate::message::{Message, Question};
use crate::record::{Data, Name, Record, Soa, Type};

type Bytes<'a> = Cursor<&'a [u8]>;

/// The message in `bytes`.
pub fn message(bytes: &[u8]) -> Result<Message, String> {
    whole(bytes).map_err(|error| format!("this is no message: {error}"))
}

fn whole(bytes: &[u8]) -> std::io::Result<Message> {
    let mut from = Cursor::new(bytes);
    let (id, flags) = (u16(&mut from)?, u16(&mut from)?);
    let counts = [
        u16(&mut from)?,
        u16(&mut from)?,
        u16(&mut from)?,
        u16(&mut from)?,
    ];
    let mut message = Message {
        id,
        flags,
        ..Message::default()
    };
    for _ in 0..counts[0] {
        message.questions.push(Question {
            name: name(&mut from)?,
            qtype: Type(u16(&mut from)?),
            class: u16(&mut from)?,
        });
    }
    let sections = [
        &mut message.answers,
        &mut message.authority,
        &mut message.additional,
    ];
    for (section, count) in sections.into_iter().zip(&counts[1..]) {
        for _ in 0..*count {
            section.push(record(&mut from)?);
        }
    }
    match from.bytes().next() {
        None => Ok(message),
        Some(_) => fault("more bytes follow"),
    }
}

fn fault<T>(why: &str) -> std::io::Result<T> {
    Err(std::io::Error::other(why.to_owned()))
}

fn array<const N: usize>(from: &mut Bytes) -> std::io::Result<[u8; N]> {
    let mut bytes = [0; N];
    from.read_exact(&mut bytes)?;
    Ok(bytes)
}

fn u16(from: &mut Bytes) -> std::io::Result<u16> {
    array(from).map(u16::from_be_bytes)
}

fn u32(from: &mut Bytes) -> std::io::Result<u32> {
    array(from).map(u32::from_be_bytes)
}

fn bytes_of(from: &mut Bytes, length: usize) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    from.take(length as u64).read_to_end(&mut bytes)?;
    if bytes.len() < length {
        return fault("it ends too early");
    }
    Ok(bytes)
}

fn record(from: &mut Bytes) -> std::io::Result<Record> {
    let name = name(from)?;
    let (rtype, class, ttl) = (u16(from)?, u16(from)?, u32(from)?);
    let length = usize::from(u16(from)?);
    let start = from.position();
    bytes_of(from, length)?;
    let end = from.position();
    // The same bytes once more, of which the message seems to be made up to there.
    let upto = usize::try_from(end).unwrap_or_default();
    let mut inner = Cursor::new(&from.get_ref()[..upto]);
    inner.seek(SeekFrom::Start(start))?;
    let data = data(&mut inner, Type(rtype), class, length)?;
    if inner.position() != end {
        return fault("a record's data is not as long as it says");
    }
    Ok(Record {
        name,
        class,
        ttl,
        data,
    })
}

fn data(from: &mut Bytes, rtype: Type, class: u16, length: usize) -> std::io::Result<Data> {
    if class != 1 {
        return Ok(Data::Other(rtype, bytes_of(from, length)?));
    }
    Ok(match rtype {
        Type::A => Data::A(Ipv4Addr::from_bits(u32(from)?)),
        Type::AAAA => Data::Aaaa(Ipv6Addr::from(array::<16>(from)?)),
        Type::NS => Data::Ns(name(from)?),
        Type::CNAME => Data::Cname(name(from)?),
        Type::MX => {
            let preference = u16(from)?;
            let exchange = name(from)?;
            Data::Mx {
                preference,
                exchange,
            }
        }
        Type::SOA => {
            let (mname, rname) = (name(from)?, name(from)?);
            Data::Soa(Soa {
                mname,
                rname,
                serial: u32(from)?,
                refresh: u32(from)?,
                retry: u32(from)?,
                expire: u32(from)?,
                minimum: u32(from)?,
            })
        }
        Type::TXT => {
            let mut strings = Vec::new();
            let end = from.position() + length as u64;
            loop {
                let [length] = array(from)?;
                strings.push(bytes_of(from, length.into())?);
                if from.position() >= end {
                    break Data::Txt(strings);
                }
            }
        }
        _ => Data::Other(rtype, bytes_of(from, length)?),
    })
}

/// A name, and the cursor behind it.
fn name(from: &mut Bytes) -> std::io::Result<Name> {
    let mut labels = Vec::new();
    let mut behind = None;
    let mut low = from.position();
    let mut sum = 1;
    loop {
        let [first] = array(from)?;
        if first == 0 {
            break;
        }
        if first < 64 {
            sum += usize::from(first) + 1;
            labels.push(bytes_of(from, first.into())?);
        } else if first >= 192 {
            let [second] = array(from)?;
            behind.get_or_insert(from.position());
            let target = u64::from(first - 192) << 8 | u64::from(second);
            if target < 12 || target >= low {
                return fault("a pointer does not point back");
            }
            low = target;
            from.seek(SeekFrom::Start(target))?;
        } else {
            return fault("a label of an unknown kind");
        }
        if sum > 255 {
            return fault("a name is too long");
        }
    }
    if let Some(behind) = behind {
        from.seek(SeekFrom::Start(behind))?;
    }
    Ok(Name(labels))
}
