//! The values that `answer` and `limits` keep. Given: whose request it is, how often it came and
//! how long it is, that is the lesson.
//!
//! ```text
//! operation = "GET" SP key / "PUT" SP key SP value / "INCR" SP key
//! result    = "OK" SP value / "ERR" SP reason
//! key       = 1*64( %x21-7E )             ; no blanks
//! value     = *OCTET                      ; the rest of the operation
//! number    = [ "+" / "-" ] 1*DIGIT       ; -2^63 to 2^63 - 1
//! ```
//!
//! For example `PUT hits 7` is answered by `OK 7`, then `INCR hits` by `OK 8`, and
//! `GET misses` by `ERR no such key`.

use std::collections::HashMap;

/// How many bytes a key may have.
const LONGEST_KEY: usize = 64;

/// Keys and their values.
#[derive(Debug, Default)]
pub struct Store {
    values: HashMap<Vec<u8>, Vec<u8>>,
}

impl Store {
    /// An empty one.
    pub fn new() -> Self {
        Self::default()
    }

    /// Whether this, the part of a request behind its id, is an operation. Executes nothing.
    pub fn is_operation(operation: &[u8]) -> bool {
        parse(operation).is_some()
    }

    /// Executes an operation, the part of a request behind its id, and gives its result.
    ///
    /// Nothing when it is no operation; such a request is to be dropped.
    pub fn perform(&mut self, operation: &[u8]) -> Option<Vec<u8>> {
        let result = match parse(operation)? {
            Operation::Get(key) => self.get(key),
            Operation::Put(key, value) => self.put(key, value),
            Operation::Increase(key) => self.increase(key),
        };
        Some(match result {
            Ok(value) => [b"OK ", value].concat(),
            Err(reason) => [b"ERR ", reason.as_bytes()].concat(),
        })
    }

    fn get(&self, key: &[u8]) -> Result<&[u8], &'static str> {
        self.values.get(key).map(Vec::as_slice).ok_or("no such key")
    }

    fn put(&mut self, key: &[u8], value: &[u8]) -> Result<&[u8], &'static str> {
        self.values.insert(key.to_vec(), value.to_vec());
        self.get(key)
    }

    fn increase(&mut self, key: &[u8]) -> Result<&[u8], &'static str> {
        let number = str::from_utf8(self.get(key)?)
            .ok()
            .and_then(|text| text.parse::<i64>().ok())
            .ok_or("not a number of 64 bits")?;
        let sum = number
            .checked_add(1)
            .ok_or("no number of 64 bits follows")?;
        self.put(key, sum.to_string().as_bytes())
    }
}

/// An operation, taken apart.
enum Operation<'a> {
    Get(&'a [u8]),
    Put(&'a [u8], &'a [u8]),
    Increase(&'a [u8]),
}

fn parse(operation: &[u8]) -> Option<Operation<'_>> {
    let (word, rest) = split(operation)?;
    match word {
        b"GET" => key(rest).map(Operation::Get),
        b"PUT" => {
            let (name, value) = split(rest)?;
            Some(Operation::Put(key(name)?, value))
        }
        b"INCR" => key(rest).map(Operation::Increase),
        _ => None,
    }
}

/// What stands before the first blank, and what behind.
fn split(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let blank = bytes.iter().position(|&byte| byte == b' ')?;
    Some((&bytes[..blank], &bytes[blank + 1..]))
}

/// `name`, if it can be a key.
pub fn key(name: &[u8]) -> Option<&[u8]> {
    let fits = (1..=LONGEST_KEY).contains(&name.len());
    (fits && name.iter().all(u8::is_ascii_graphic)).then_some(name)
}
