//! Sends the SOA with its own TTL, whatever its minimum is.
//! stage: serve
//! fails: serve::a_no_tells_how_long_it_holds
//!        serve::aliases_are_followed
//! meant: serve::a_no_tells_how_long_it_holds
//! says: the lesser of the SOA's own TTL and its minimum

use std::io;
use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::net::{TcpListener, UdpSocket};
use std::thread;
use std::time::Duration;

use crate::message::{AA, QR, RD, Rcode, TC, UDP_LIMIT};
use crate::record::{Data, IN, Name, Record, Type};
use crate::zone::Zone;

/// Answers questions about `zone` for ever, over UDP and TCP at the same time.
///
/// Returning ends the program: with an error only when nobody can be served any more.
pub fn serve(udp: &UdpSocket, tcp: &TcpListener, zone: &Zone) -> io::Result<()> {
    thread::scope(|scope| {
        thread::Builder::new().spawn_scoped(scope, || accept(tcp, zone, scope))?;
        answer_datagrams(udp, zone)
    })
}

/// The bytes of a header.
const HEADER: usize = 12;

/// How many bytes a name may have (RFC 1035 2.3.4).
const LONGEST_NAME: usize = 255;

/// What of a query's flags an answer repeats: the opcode, and RD (RFC 1035 4.1.1).
const REPEATED: u16 = 0x7800 | RD;

/// The longest message that TCP carries: its length has two bytes.
const TCP_LIMIT: usize = u16::MAX as usize;

/// For how long a client may be silent (RFC 7766 6.2.3), and may leave its answers unread.
const IDLE: Duration = Duration::from_secs(10);

/// How long to wait when accept fails: the listener is sound, but a lack that lasts (of
/// descriptors, say) would make it fail again at once (accept(2), EMFILE).
const BACK_OFF: Duration = Duration::from_millis(50);

/// Answers each datagram by one to whom it came from.
fn answer_datagrams(socket: &UdpSocket, zone: &Zone) -> ! {
    let mut buffer = vec![0; usize::from(u16::MAX)];
    loop {
        let exchanged = socket.recv_from(&mut buffer).and_then(|(length, client)| {
            match response(&buffer[..length], zone, UDP_LIMIT) {
                Some(response) => socket.send_to(&response, client).map(drop),
                None => Ok(()),
            }
        });
        // An error belongs to this client, or to an earlier one; the next is served all the same.
        if let Err(error) = exchanged {
            eprintln!("UDP: {error}");
        }
    }
}

/// Gives each connection a thread, so that nobody waits for anybody (RFC 1035 6.1.1).
fn accept<'scope>(
    listener: &TcpListener,
    zone: &'scope Zone,
    scope: &'scope thread::Scope<'scope, '_>,
) {
    loop {
        let started = listener.accept().and_then(|(client, peer)| {
            thread::Builder::new().spawn_scoped(scope, move || {
                if let Err(error) = converse(&client, zone) {
                    eprintln!("{peer}: {error}");
                }
            })
        });
        if let Err(error) = started {
            eprintln!("accept: {error}");
            thread::sleep(BACK_OFF);
        }
    }
}

/// Answers one query after another, each behind its length, until the client has no more.
fn converse(mut client: &TcpStream, zone: &Zone) -> io::Result<()> {
    client.set_read_timeout(Some(IDLE))?;
    client.set_write_timeout(Some(IDLE))?;
    loop {
        let mut length = [0; 2];
        match client.read_exact(&mut length) {
            // Half a length is no query either.
            Err(error) if error.kind() == ErrorKind::UnexpectedEof => return Ok(()),
            read => read?,
        }
        let mut query = vec![0; usize::from(u16::from_be_bytes(length))];
        client.read_exact(&mut query)?;
        if let Some(response) = response(&query, zone, TCP_LIMIT) {
            // It was kept within the limit of just this length.
            let length = u16::try_from(response.len()).unwrap_or(u16::MAX);
            let frame = [&length.to_be_bytes()[..], &response].concat();
            client.write_all(&frame)?;
        }
    }
}

/// The answer to a message, of at most `limit` bytes; nothing when there is none to give.
///
/// A response is never answered: two servers would go on for ever.
fn response(message: &[u8], zone: &Zone, limit: usize) -> Option<Vec<u8>> {
    let (header, rest) = message.split_at_checked(HEADER)?;
    let field = |at: usize| u16::from_be_bytes([header[at], header[at + 1]]);
    let (id, flags, questions) = (field(0), field(2), field(4));
    if flags & QR != 0 {
        return None;
    }
    let flags = QR | flags & REPEATED;
    let refusal = |rcode: Rcode| Some(Response::new(id, flags | rcode.0, &[]).bytes);
    if flags & REPEATED & !RD != 0 {
        return refusal(Rcode::NOTIMP);
    }
    // One question a query (RFC 9619), and what follows it is not looked at: an OPT record is
    // tolerated in this way.
    let Some(question) = Question::read(rest).filter(|_| questions == 1) else {
        return refusal(Rcode::FORMERR);
    };
    if question.class != IN || !is_within(&question.name, &zone.name) {
        return Some(Response::new(id, flags | Rcode::REFUSED.0, question.bytes).bytes);
    }
    let found = find(zone, question.name, question.qtype);
    let mut response = Response::new(id, flags | AA | found.rcode.0, question.bytes);
    let fits = found
        .answers
        .iter()
        .all(|record| response.add(ANSWER, record, record.ttl, limit));
    if fits && found.is_negative {
        response.add_soa(zone, limit);
    }
    Some(response.bytes)
}

/// What is asked, and the bytes that say so.
struct Question<'a> {
    name: Name,
    qtype: Type,
    class: u16,
    bytes: &'a [u8],
}

impl<'a> Question<'a> {
    /// The question that `bytes` begin with. Nothing stands before it that a pointer in its name
    /// could lead to, so that there are labels only.
    fn read(bytes: &'a [u8]) -> Option<Self> {
        let mut name = Name::default();
        let mut rest = bytes;
        loop {
            let (&length, behind) = rest.split_first()?;
            if length > 63 || bytes.len() - behind.len() > LONGEST_NAME {
                return None;
            }
            let (label, behind) = behind.split_at_checked(length.into())?;
            rest = behind;
            if label.is_empty() {
                break;
            }
            name.0.push(label.to_vec());
        }
        let (&[t1, t2, c1, c2], rest) = rest.split_first_chunk()?;
        Some(Question {
            name,
            qtype: Type(u16::from_be_bytes([t1, t2])),
            class: u16::from_be_bytes([c1, c2]),
            bytes: &bytes[..bytes.len() - rest.len()],
        })
    }
}

/// What the zone says to a question.
struct Found<'a> {
    rcode: Rcode,
    answers: Vec<&'a Record>,
    /// Whether a "no" stands at the end, for which the SOA says how long it holds.
    is_negative: bool,
}

/// RFC 1034 4.3.2, with one zone and without wildcards and delegations: aliases are followed as
/// long as they stay in the zone, and the last name decides (RFC 6604 3).
fn find(zone: &Zone, mut name: Name, qtype: Type) -> Found<'_> {
    let mut found = Found {
        rcode: Rcode::NOERROR,
        answers: Vec::new(),
        is_negative: false,
    };
    while is_within(&name, &zone.name) {
        let here = zone
            .records
            .iter()
            .filter(|record| is_same(&record.name, &name));
        let alias = here
            .clone()
            .find(|record| matches!(record.data, Data::Cname(_)));
        if let Some(alias) = alias
            && qtype != Type::CNAME
            && qtype != Type::ANY
        {
            if found.answers.contains(&alias) {
                // A circle: there is no more to tell.
                return found;
            }
            found.answers.push(alias);
            if let Data::Cname(target) = &alias.data {
                name = target.clone();
            }
            continue;
        }
        let before = found.answers.len();
        let asked = |record: &&Record| qtype == Type::ANY || record.data.rtype() == qtype;
        found.answers.extend(here.filter(asked));
        found.is_negative = found.answers.len() == before;
        // A name exists when it has records, or when a name below it has (RFC 4592 2.2.2).
        if !zone
            .records
            .iter()
            .any(|record| is_within(&record.name, &name))
        {
            found.rcode = Rcode::NXDOMAIN;
        }
        return found;
    }
    found
}

/// Whether two names are the same: in any case of their letters (RFC 4343).
fn is_same(left: &Name, right: &Name) -> bool {
    left.0.len() == right.0.len() && is_within(left, right)
}

/// Whether `name` is `zone`, or below it.
fn is_within(name: &Name, zone: &Name) -> bool {
    let pairs = name.0.iter().rev().zip(zone.0.iter().rev());
    name.0.len() >= zone.0.len()
        && pairs
            .into_iter()
            .all(|(left, right)| left.eq_ignore_ascii_case(right))
}

/// Where the counts of records stand in the header.
const ANSWER: usize = 6;
const AUTHORITY: usize = 8;

/// A response being written.
struct Response {
    bytes: Vec<u8>,
}

impl Response {
    /// A header, and the question as it came: `question` is its bytes, or nothing.
    fn new(id: u16, flags: u16, question: &[u8]) -> Self {
        let questions = u16::from(!question.is_empty());
        let mut bytes = Vec::with_capacity(UDP_LIMIT);
        for field in [id, flags, questions, 0, 0, 0] {
            bytes.extend(field.to_be_bytes());
        }
        bytes.extend(question);
        Response { bytes }
    }

    /// Adds a record, whole, to the section whose count stands at `count`. If there is no room
    /// for it, nothing is added but the bit that says so (RFC 2181 9), and the answer is no.
    fn add(&mut self, count: usize, record: &Record, ttl: u32, limit: usize) -> bool {
        let before = self.bytes.len();
        self.push_record(record, ttl);
        if self.bytes.len() > limit {
            self.bytes.truncate(before);
            self.change(2, |flags| flags | TC);
            return false;
        }
        self.change(count, |count| count + 1);
        true
    }

    /// Adds the zone's SOA.
    fn add_soa(&mut self, zone: &Zone, limit: usize) {
        let is_soa = |record: &&Record| matches!(record.data, Data::Soa(_));
        if let Some(record) = zone.records.iter().find(is_soa) {
            self.add(AUTHORITY, record, record.ttl, limit);
        }
    }

    /// Changes the field of the header at `at`.
    fn change(&mut self, at: usize, change: impl Fn(u16) -> u16) {
        let field = change(u16::from_be_bytes([self.bytes[at], self.bytes[at + 1]]));
        self.bytes[at..at + 2].copy_from_slice(&field.to_be_bytes());
    }

    fn push_record(&mut self, record: &Record, ttl: u32) {
        self.push_name(&record.name);
        self.bytes.extend(record.data.rtype().0.to_be_bytes());
        self.bytes.extend(record.class.to_be_bytes());
        self.bytes.extend(ttl.to_be_bytes());
        // The length is known when the data is there.
        let at = self.bytes.len();
        self.bytes.extend([0; 2]);
        self.push_data(&record.data);
        let length = u16::try_from(self.bytes.len() - at - 2).unwrap_or(u16::MAX);
        self.change(at, |_| length);
    }

    fn push_data(&mut self, data: &Data) {
        match data {
            Data::A(ip) => self.bytes.extend(ip.octets()),
            Data::Aaaa(ip) => self.bytes.extend(ip.octets()),
            Data::Ns(name) | Data::Cname(name) => self.push_name(name),
            Data::Mx {
                preference,
                exchange,
            } => {
                self.bytes.extend(preference.to_be_bytes());
                self.push_name(exchange);
            }
            Data::Txt(strings) => strings.iter().for_each(|string| self.push_string(string)),
            Data::Soa(soa) => {
                self.push_name(&soa.mname);
                self.push_name(&soa.rname);
                let numbers = [soa.serial, soa.refresh, soa.retry, soa.expire, soa.minimum];
                self.bytes
                    .extend(numbers.iter().flat_map(|number| number.to_be_bytes()));
            }
            Data::Other(_, bytes) => self.bytes.extend(bytes),
        }
    }

    /// Nobody has to use pointers (RFC 1035 4.1.4); without them a name is its labels.
    fn push_name(&mut self, name: &Name) {
        name.0.iter().for_each(|label| self.push_string(label));
        self.bytes.push(0);
    }

    /// A label or a string, behind its length. The zone has none that would not fit.
    fn push_string(&mut self, string: &[u8]) {
        self.bytes
            .push(u8::try_from(string.len()).unwrap_or(u8::MAX));
        self.bytes.extend(string);
    }
}
