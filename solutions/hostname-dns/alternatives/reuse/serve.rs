//! Stage 6, `serve`, with a table of names, pointers in what it writes, and a thread each.

use std::collections::BTreeMap;
use std::io::{self, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream, UdpSocket};
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use crate::record::{Data, Name, Record, Type};
use crate::zone::Zone;

type Labels = Vec<Vec<u8>>;

/// The zone by names: reversed and in lower case, so that what is below a name follows it.
struct Table {
    names: BTreeMap<Labels, Vec<Record>>,
    zone: Zone,
}

/// Serves for ever.
pub fn serve(udp: &UdpSocket, tcp: &TcpListener, zone: &Zone) -> io::Result<()> {
    let mut names: BTreeMap<Labels, Vec<Record>> = BTreeMap::new();
    for record in &zone.records {
        names
            .entry(key(&record.name))
            .or_default()
            .push(record.clone());
    }
    let zone = zone.clone();
    let table = Arc::new(Table { names, zone });
    let (for_udp, udp) = (Arc::clone(&table), udp.try_clone()?);
    thread::spawn(move || datagrams(&udp, &for_udp));
    loop {
        match tcp.accept() {
            Ok((client, _)) => {
                let table = Arc::clone(&table);
                // Without a thread this client is dropped.
                _ = thread::Builder::new().spawn(move || stream(&client, &table));
            }
            Err(_) => thread::sleep(Duration::from_millis(20)),
        }
    }
}

fn datagrams(socket: &UdpSocket, table: &Table) {
    let mut buffer = vec![0; 1 << 16];
    loop {
        let Ok((length, from)) = socket.recv_from(&mut buffer) else {
            continue;
        };
        if let Some(answer) = answer(table, &buffer[..length], 512) {
            _ = socket.send_to(&answer, from);
        }
    }
}

fn stream(client: &TcpStream, table: &Table) -> io::Result<()> {
    let mut reader = BufReader::new(client);
    let mut writer = client;
    client.set_read_timeout(Some(Duration::from_secs(30)))?;
    loop {
        let mut length = [0; 2];
        reader.read_exact(&mut length)?;
        let mut query = vec![0; usize::from(u16::from_be_bytes(length))];
        reader.read_exact(&mut query)?;
        let Some(mut answer) = answer(table, &query, 65_535) else {
            continue;
        };
        let length = u16::try_from(answer.len())
            .unwrap_or(u16::MAX)
            .to_be_bytes();
        answer.splice(..0, length);
        writer.write_all(&answer)?;
    }
}

fn key(name: &Name) -> Labels {
    name.0
        .iter()
        .rev()
        .map(|label| label.to_ascii_lowercase())
        .collect()
}

/// What a query asks, as far as it can be understood.
enum Asked<'a> {
    Nothing,
    Unknown,
    Bad,
    About(Name, Type, u16, &'a [u8]),
}

fn read(query: &[u8]) -> Asked<'_> {
    let Some((header, body)) = query.split_at_checked(12) else {
        return Asked::Nothing;
    };
    if header[2] >= 0x80 {
        return Asked::Nothing;
    }
    if header[2] >> 3 > 0 {
        return Asked::Unknown;
    }
    let mut name = Name::default();
    let mut at = 0;
    while let Some(&length) = body.get(at) {
        let end = at + 1 + usize::from(length);
        if length > 63 || end > 255 || end > body.len() {
            return Asked::Bad;
        }
        if length == 0 {
            let Some(&[t1, t2, c1, c2]) = body[end..].first_chunk() else {
                return Asked::Bad;
            };
            if header[4..6] != [0, 1] {
                return Asked::Bad;
            }
            let (qtype, class) = (u16::from_be_bytes([t1, t2]), u16::from_be_bytes([c1, c2]));
            return Asked::About(name, Type(qtype), class, &body[..end + 4]);
        }
        name.0.push(body[at + 1..end].to_vec());
        at = end;
    }
    Asked::Bad
}

fn answer(table: &Table, query: &[u8], limit: usize) -> Option<Vec<u8>> {
    let (rcode, name, qtype, question) = match read(query) {
        Asked::Nothing => return None,
        Asked::Unknown => (4, None, Type::ANY, &[][..]),
        Asked::Bad => (1, None, Type::ANY, &[][..]),
        Asked::About(name, qtype, class, bytes) => {
            let ours = class == 1 && key(&name).starts_with(&key(&table.zone.name));
            (5, Some(name).filter(|_| ours), qtype, bytes)
        }
    };
    let mut out = query[..2].to_vec();
    out.extend([0x80 | query[2] & 0x79, rcode, 0, 0, 0, 0, 0, 0, 0, 0]);
    out.extend(question);
    out[5] = u8::from(!question.is_empty());
    let Some(name) = name else {
        return Some(out);
    };
    out[2] |= 4;
    let mut written = BTreeMap::new();
    let mut place = 12;
    for index in 0..name.0.len() {
        remember(&mut written, &name.0[index..], place);
        place += 1 + name.0[index].len();
    }

    let (rcode, answers, denied) = search(table, name, qtype);
    out[3] = rcode;
    let mut soa = Vec::new();
    if denied && let Some(mut record) = table.zone.records.first().cloned() {
        record.ttl = record.ttl.min(table.zone.soa.minimum);
        soa.push(record);
    }
    for (count, records) in [(7, &answers), (9, &soa)] {
        for record in records {
            let before = out.len();
            write(&mut out, record, &mut written);
            if out.len() > limit {
                out.truncate(before);
                out[2] |= 2;
                return Some(out);
            }
            out[count] += 1;
        }
    }
    Some(out)
}

/// The code, the records, and whether a no stands at the end.
fn search(table: &Table, mut name: Name, qtype: Type) -> (u8, Vec<Record>, bool) {
    let mut answers = Vec::new();
    // There are not more aliases than records: by then they go in a circle.
    for _ in 0..=table.zone.records.len() {
        let key = key(&name);
        if !key.starts_with(&self::key(&table.zone.name)) {
            return (0, answers, false);
        }
        let Some(records) = table.names.get(&key) else {
            let below = table.names.range(key.clone()..).next();
            let exists = below.is_some_and(|(other, _)| other.starts_with(&key));
            return (if exists { 0 } else { 3 }, answers, true);
        };
        if let [alias] = &records[..]
            && let Data::Cname(target) = &alias.data
            && qtype != Type::CNAME
            && qtype != Type::ANY
        {
            if answers.contains(alias) {
                return (2, answers, false);
            }
            answers.push(alias.clone());
            name = target.clone();
            continue;
        }
        let before = answers.len();
        let fits = |record: &&Record| qtype == Type::ANY || record.data.rtype() == qtype;
        answers.extend(records.iter().filter(fits).cloned());
        let denied = answers.len() == before;
        return (0, answers, denied);
    }
    (2, answers, false)
}

/// Where each name that was written stands, with all that it ends in.
type Written = BTreeMap<Labels, u16>;

/// Remembers that these labels, up to the root, stand at that place, if a pointer can say it.
fn remember(written: &mut Written, labels: &[Vec<u8>], at: usize) {
    if let Ok(place @ ..0x4000) = u16::try_from(at) {
        written.entry(labels.to_vec()).or_insert(place);
    }
}

fn write_name(out: &mut Vec<u8>, name: &Name, written: &mut Written) {
    for (index, label) in name.0.iter().enumerate() {
        let rest = &name.0[index..];
        if let Some(place) = written.get(rest) {
            out.extend((0xc000 | place).to_be_bytes());
            return;
        }
        remember(written, rest, out.len());
        out.push(u8::try_from(label.len()).unwrap_or_default());
        out.extend(label);
    }
    out.push(0);
}

fn write(out: &mut Vec<u8>, record: &Record, written: &mut Written) {
    write_name(out, &record.name, written);
    out.extend(record.data.rtype().0.to_be_bytes());
    out.extend([0, 1]);
    out.extend(record.ttl.to_be_bytes());
    out.extend([0, 0]);
    let start = out.len();
    match &record.data {
        Data::A(ip) => out.extend(ip.octets()),
        Data::Aaaa(ip) => out.extend(ip.octets()),
        Data::Ns(name) | Data::Cname(name) => write_name(out, name, written),
        Data::Mx {
            preference,
            exchange,
        } => {
            out.extend(preference.to_be_bytes());
            write_name(out, exchange, written);
        }
        Data::Txt(strings) => {
            for string in strings {
                out.push(u8::try_from(string.len()).unwrap_or_default());
                out.extend(string);
            }
        }
        Data::Soa(soa) => {
            write_name(out, &soa.mname, written);
            write_name(out, &soa.rname, written);
            for number in [soa.serial, soa.refresh, soa.retry, soa.expire, soa.minimum] {
                out.extend(number.to_be_bytes());
            }
        }
        Data::Other(_, bytes) => out.extend(bytes),
    }
    let length = u16::try_from(out.len() - start).unwrap_or_default();
    out[start - 2..start].copy_from_slice(&length.to_be_bytes());
}
