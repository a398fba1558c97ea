//! A DNS message as a value, and as text. Given.
//!
//! Turning it into bytes and back is what the stages are about: RFC 1035 4.1 has the format.
//! As text, each part is a line:
//!
//! ```text
//! header id=7 qr=1 opcode=0 aa=1 tc=0 rd=1 ra=0 rcode=0
//! question ftp.lab.test. IN A
//! answer ftp.lab.test. 300 IN CNAME www.lab.test.
//! answer www.lab.test. 300 IN A 192.0.2.1
//! ```

use std::fmt::{self, Display, Formatter};

use crate::record::{Class, Name, Record, Type};

/// The bit of the flags that a response has and a query has not.
pub const QR: u16 = 0x8000;
/// The server is an authority for the name asked for.
pub const AA: u16 = 0x0400;
/// The message is longer than what carries it; the rest is missing.
pub const TC: u16 = 0x0200;
/// Recursion is desired.
pub const RD: u16 = 0x0100;
/// Recursion is available.
pub const RA: u16 = 0x0080;

/// How many bytes a message in a UDP datagram may have (RFC 1035 4.2.1).
pub const UDP_LIMIT: usize = 512;

/// A response code: the last four bits of the flags (RFC 1035 4.1.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rcode(pub u16);

impl Rcode {
    /// The answer is in the records, or their absence.
    pub const NOERROR: Self = Self(0);
    /// The server could not make sense of the query.
    pub const FORMERR: Self = Self(1);
    /// Something went wrong in the server.
    pub const SERVFAIL: Self = Self(2);
    /// There is no such name.
    pub const NXDOMAIN: Self = Self(3);
    /// The server does not do that.
    pub const NOTIMP: Self = Self(4);
    /// The server does not do that for you.
    pub const REFUSED: Self = Self(5);

    /// The code in a message's flags.
    pub fn of(flags: u16) -> Self {
        Self(flags & 0x000f)
    }
}

impl Display for Rcode {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let names = [
            "NOERROR", "FORMERR", "SERVFAIL", "NXDOMAIN", "NOTIMP", "REFUSED",
        ];
        match names.get(usize::from(self.0)) {
            Some(name) => f.write_str(name),
            None => write!(f, "RCODE{}", self.0),
        }
    }
}

/// A message.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Message {
    /// What the asker chose, and the answer repeats.
    pub id: u16,
    /// The second two bytes of the header: [`QR`], opcode, [`AA`], [`TC`], [`RD`], [`RA`], [`Rcode`].
    pub flags: u16,
    /// Usually one.
    pub questions: Vec<Question>,
    /// Records that answer the question.
    pub answers: Vec<Record>,
    /// Records about who is an authority.
    pub authority: Vec<Record>,
    /// Records that may be useful besides.
    pub additional: Vec<Record>,
}

impl Message {
    /// What kind of query it is; 0 is the usual one.
    pub fn opcode(&self) -> u16 {
        self.flags >> 11 & 0x000f
    }
}

/// The header and each record, a line each.
impl Display for Message {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let bit = |bit: u16| u16::from(self.flags & bit != 0);
        writeln!(
            f,
            "header id={} qr={} opcode={} aa={} tc={} rd={} ra={} rcode={}",
            self.id,
            bit(QR),
            self.opcode(),
            bit(AA),
            bit(TC),
            bit(RD),
            bit(RA),
            Rcode::of(self.flags).0,
        )?;
        for question in &self.questions {
            writeln!(f, "question {question}")?;
        }
        let sections = [
            ("answer", &self.answers),
            ("authority", &self.authority),
            ("additional", &self.additional),
        ];
        for (section, records) in sections {
            for record in records {
                writeln!(f, "{section} {record}")?;
            }
        }
        Ok(())
    }
}

/// What is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// The name.
    pub name: Name,
    /// Which of its records.
    pub qtype: Type,
    /// In which class, [`crate::record::IN`] here.
    pub class: u16,
}

/// `www.lab.test. IN A`
impl Display for Question {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} {}", self.name, Class(self.class), self.qtype)
    }
}
