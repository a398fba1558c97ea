//! DNS messages as the checks write them: by hand, byte for byte (RFC 1035 4.1).

use testbench::prelude::*;

pub(crate) const A: u16 = 1;
pub(crate) const NS: u16 = 2;
pub(crate) const CNAME: u16 = 5;
pub(crate) const SOA: u16 = 6;
pub(crate) const MX: u16 = 15;
pub(crate) const TXT: u16 = 16;
pub(crate) const AAAA: u16 = 28;

/// A response.
pub(crate) const QR: u16 = 0x8000;
/// An authority's.
pub(crate) const AA: u16 = 0x0400;
/// Truncated.
pub(crate) const TC: u16 = 0x0200;
/// Recursion desired.
pub(crate) const RD: u16 = 0x0100;
/// There is no such name.
pub(crate) const NXDOMAIN: u16 = 3;

/// A name, label by label.
pub(crate) fn name(text: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    for label in text.split('.') {
        bytes.push(u8::try_from(label.len()).expect("a short label"));
        bytes.extend(label.bytes());
    }
    bytes.push(0);
    bytes
}

/// A header with that id and these flags; counts of questions, answers, authority, additional.
pub(crate) fn header(id: u16, flags: u16, counts: [u16; 4]) -> Vec<u8> {
    let fields = [&[id, flags], &counts[..]].concat();
    fields.into_iter().flat_map(u16::to_be_bytes).collect()
}

/// A question, class IN, about a name that is bytes already.
pub(crate) fn question(name: &[u8], qtype: u16) -> Vec<u8> {
    [name, &qtype.to_be_bytes(), &[0, 1]].concat()
}

/// A query as a client sends it, recursion desired.
pub(crate) fn query(id: u16, of: &str, qtype: u16) -> Vec<u8> {
    [header(id, RD, [1, 0, 0, 0]), question(&name(of), qtype)].concat()
}

/// A record, class IN; owner and data are bytes already.
pub(crate) fn record(owner: &[u8], rtype: u16, ttl: u32, data: &[u8]) -> Vec<u8> {
    let length = u16::try_from(data.len()).expect("short data");
    [
        owner,
        &rtype.to_be_bytes(),
        &[0, 1],
        &ttl.to_be_bytes(),
        &length.to_be_bytes(),
        data,
    ]
    .concat()
}

/// A pointer to that byte of the message.
pub(crate) fn pointer(target: u16) -> [u8; 2] {
    (0xc000 | target).to_be_bytes()
}

/// Where the question's name stands in each message.
pub(crate) const QUESTION: u16 = 12;

/// The answer to `query` with these flags and these records, the query's id and its question.
pub(crate) fn answer(query: &[u8], flags: u16, records: &[Vec<u8>]) -> Vec<u8> {
    let count = u16::try_from(records.len()).expect("few records");
    let id = u16::from_be_bytes([query[0], query[1]]);
    let header = header(id, QR | flags, [1, count, 0, 0]);
    [header, query[12..].to_vec(), records.concat()].concat()
}

/// A message behind its length, as over TCP (RFC 1035 4.2.2).
pub(crate) fn frame(message: &[u8]) -> Vec<u8> {
    let length = u16::try_from(message.len()).expect("a short message");
    [&length.to_be_bytes()[..], message].concat()
}

/// The next message that comes over TCP, without its length.
pub(crate) fn next_frame(peer: &mut Peer) -> Outcome<Vec<u8>> {
    let length = peer.take(2)?;
    peer.take(usize::from(u16::from_be_bytes([length[0], length[1]])))
}

/// A file that the program may read, in a folder that lives as long as it is kept.
pub(crate) fn file(t: &Bench, text: &str) -> Outcome<(Folder, String)> {
    let folder = t.folder()?;
    folder.write("file", text)?;
    let path = folder.arg("file");
    Ok((folder, path))
}

/// A number of 16 bits, from the seed; never zero, which a program may have by itself.
pub(crate) fn number(t: &Bench) -> u16 {
    u16::try_from(1 + t.below(0xffff)).expect("16 bits")
}

/// Starts `dig`, asking `server`. Without `flags` it waits so long that a busy machine makes no
/// answer late.
pub(crate) fn dig(
    t: &Bench,
    server: &DatagramPeer,
    of: &str,
    qtype: &str,
    flags: &[&str],
) -> Outcome<Program> {
    let addr = format!("@{}", server.addr());
    let flags = if flags.is_empty() {
        &["--retry-ms", "20000"]
    } else {
        flags
    };
    t.run(&[&["dig", &addr, of, qtype], flags].concat())
}
