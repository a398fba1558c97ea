//! The zone that a server knows, from its file. Given.
//!
//! ```text
//! zone   = *( [ record ] [ ";" comment ] LF )
//! record = owner blank ttl blank type blank data     ; blank: spaces and tabs
//! owner  = name / "@"                                 ; "@" is the zone's own name
//! name   = label *( "." label ) [ "." ]               ; without the last dot the zone's name follows
//! label  = 1*( letter / digit / "-" / "_" )
//! data   = address                                    ; A, AAAA
//!        / name                                       ; NS, CNAME
//!        / preference blank name                      ; MX
//!        / 1*( blank string )                         ; TXT, in quotes where it has blanks
//!        / name blank name 5( blank number )          ; SOA: server, mailbox, serial,
//!                                                     ; refresh, retry, expire, minimum
//! ```
//!
//! The first record is the SOA, its owner is the zone's name with its last dot:
//!
//! ```text
//! lab.test.  3600 SOA    ns1 admin 1 7200 900 1209600 300
//! @          3600 NS     ns1
//! ns1        3600 A      192.0.2.53
//! www         300 A      192.0.2.1      ; and a second one
//! www         300 A      192.0.2.2
//! ftp         300 CNAME  www
//! ```
//!
//! To keep serving simple there are at most 128 records, no name of more than 63 characters and no
//! text of more than 255 bytes (so that no name, and no message over TCP, comes near its limit), no
//! wildcard, no delegation (NS below the zone's own name), and nothing beside a CNAME (RFC 1034 3.6.2).

use std::str::FromStr;

use crate::record::{Data, IN, Name, Record, Soa, Type};

const MOST_RECORDS: usize = 128;
const LONGEST_NAME: usize = 63;
/// With the length byte of each string.
const LONGEST_TEXT: usize = 256;

/// A zone.
#[derive(Debug, Clone)]
pub struct Zone {
    /// Its name.
    pub name: Name,
    /// What it says of itself; it stands among the records too.
    pub soa: Soa,
    /// All its records, in the order of the file.
    pub records: Vec<Record>,
}

impl Zone {
    /// Reads a zone. The error is a sentence that names the line.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut zone: Option<Self> = None;
        for (number, line) in (1..).zip(text.lines()) {
            let words = words(line).map_err(|error| format!("line {number}: {error}"))?;
            if words.is_empty() {
                continue;
            }
            add(&mut zone, &words).map_err(|error| format!("line {number}: {error}"))?;
        }
        zone.ok_or_else(|| "there is no record".to_owned())
    }
}

/// Adds the record that `words` are to the zone; the first one makes it.
fn add(zone: &mut Option<Zone>, words: &[String]) -> Result<(), String> {
    let [owner, ttl, rtype, data @ ..] = words else {
        return Err("a record is: owner, TTL, type, data".to_owned());
    };
    let rtype: Type = rtype.parse()?;
    let Some(zone) = zone else {
        let name = name(owner, None)?;
        let Data::Soa(soa) = read_data(rtype, data, &name)? else {
            return Err("the first record of a zone is its SOA".to_owned());
        };
        let mut first = Zone {
            name,
            soa: soa.clone(),
            records: Vec::new(),
        };
        first.records.push(Record {
            name: first.name.clone(),
            class: IN,
            ttl: number("TTL", ttl)?,
            data: Data::Soa(soa),
        });
        *zone = Some(first);
        return Ok(());
    };
    let record = Record {
        name: name(owner, Some(&zone.name))?,
        class: IN,
        ttl: number("TTL", ttl)?,
        data: read_data(rtype, data, &zone.name)?,
    };
    zone.fits(&record)?;
    zone.records.push(record);
    Ok(())
}

impl Zone {
    /// Whether `record` may be added.
    fn fits(&self, record: &Record) -> Result<(), String> {
        let (name, rtype) = (&record.name, record.data.rtype());
        if self.records.len() == MOST_RECORDS {
            return Err(format!("a zone has at most {MOST_RECORDS} records"));
        }
        if !lower(name).0.ends_with(&lower(&self.name).0) {
            return Err(format!("{name} is not in the zone {}", self.name));
        }
        if rtype == Type::SOA {
            return Err("a zone has one SOA".to_owned());
        }
        if rtype == Type::NS && lower(name) != lower(&self.name) {
            return Err(
                "only the zone's own name has an NS: this format knows no delegation".to_owned(),
            );
        }
        let alone = |one: Type| one == Type::CNAME || rtype == Type::CNAME;
        let beside = self
            .records
            .iter()
            .find(|other| lower(&other.name) == lower(name) && alone(other.data.rtype()));
        match beside {
            Some(_) => Err(format!(
                "{name} has a CNAME and another record (RFC 1034 3.6.2)"
            )),
            None => Ok(()),
        }
    }
}

/// The words of a line, without its comment. Quotes hold blanks and `;` together.
fn words(line: &str) -> Result<Vec<String>, String> {
    let mut words = Vec::new();
    let mut rest = line.trim_start();
    while !rest.is_empty() && !rest.starts_with(';') {
        let (word, after) = match rest.strip_prefix('"') {
            Some(quoted) => quoted.split_once('"').ok_or("a quote is not closed")?,
            None => rest.split_at(rest.find([' ', '\t', ';']).unwrap_or(rest.len())),
        };
        words.push(word.to_owned());
        rest = after.trim_start();
    }
    Ok(words)
}

fn read_data(rtype: Type, words: &[String], origin: &Name) -> Result<Data, String> {
    let origin = Some(origin);
    Ok(match (rtype, words) {
        (Type::A, [ip]) => Data::A(number("address", ip)?),
        (Type::AAAA, [ip]) => Data::Aaaa(number("address", ip)?),
        (Type::NS, [target]) => Data::Ns(name(target, origin)?),
        (Type::CNAME, [target]) => Data::Cname(name(target, origin)?),
        (Type::MX, [preference, exchange]) => Data::Mx {
            preference: number("preference", preference)?,
            exchange: name(exchange, origin)?,
        },
        (Type::TXT, [_, ..]) => Data::Txt(strings(words)?),
        (Type::SOA, [mname, rname, serial, refresh, retry, expire, minimum]) => Data::Soa(Soa {
            mname: name(mname, origin)?,
            rname: name(rname, origin)?,
            serial: number("serial", serial)?,
            refresh: number("refresh", refresh)?,
            retry: number("retry", retry)?,
            expire: number("expire", expire)?,
            minimum: number("minimum", minimum)?,
        }),
        _ => return Err(format!("no data of type {rtype}: {}", words.join(" "))),
    })
}

fn strings(words: &[String]) -> Result<Vec<Vec<u8>>, String> {
    let bytes: usize = words.iter().map(|word| 1 + word.len()).sum();
    if bytes > LONGEST_TEXT {
        return Err("the strings of a TXT have at most 255 bytes here".to_owned());
    }
    Ok(words.iter().map(|word| word.clone().into_bytes()).collect())
}

/// A name as it stands in the file; one without its last dot is in `origin`.
fn name(text: &str, origin: Option<&Name>) -> Result<Name, String> {
    if text == "@" {
        return origin
            .cloned()
            .ok_or_else(|| "the zone has no name yet".to_owned());
    }
    let (labels, rest) = match (text.strip_suffix('.'), origin) {
        (Some(labels), _) => (labels, &[][..]),
        (None, Some(origin)) => (text, &origin.0[..]),
        (None, None) => return Err(format!("the zone's name ends with a dot: {text}.")),
    };
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    let own = labels.split('.').map(|label| {
        if label.is_empty() || !label.bytes().all(allowed) {
            return Err(format!("{text} is no name for this format"));
        }
        Ok(label.as_bytes().to_vec())
    });
    let mut name = Name(own.collect::<Result<_, _>>()?);
    name.0.extend_from_slice(rest);
    if name.to_string().len() > LONGEST_NAME {
        return Err(format!(
            "a name has at most {LONGEST_NAME} characters here: {name}"
        ));
    }
    Ok(name)
}

fn number<T: FromStr>(what: &str, word: &str) -> Result<T, String> {
    word.parse().map_err(|_| format!("{word} is no {what}"))
}

fn lower(name: &Name) -> Name {
    Name(
        name.0
            .iter()
            .map(|label| label.to_ascii_lowercase())
            .collect(),
    )
}
