//! The values that one conversation of `rpc` keeps. Given: what a request is, and how long the
//! values live, that is the lesson.
//!
//! ```text
//! request = "GET" SP key / "PUT" SP key SP value / "INCR" SP key
//! reply   = "OK" SP value / "ERR" SP reason
//! key     = 1*64( %x21-7E )               ; no blanks
//! value   = *OCTET                        ; the rest of the message
//! number  = [ "+" / "-" ] 1*DIGIT         ; -2^63 to 2^63 - 1
//! ```
//!
//! For example `PUT hits 7` is answered by `OK 7`, then `INCR hits` by `OK 8`, `GET misses` by
//! `ERR no such key`, and `hello` by `ERR no request`.

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

    /// Executes a request and gives its reply; what is no request has one, too.
    pub fn perform(&mut self, request: &[u8]) -> Vec<u8> {
        let result = self.execute(request).unwrap_or(Err("no request"));
        match result {
            Ok(value) => [b"OK ", value].concat(),
            Err(reason) => [b"ERR ", reason.as_bytes()].concat(),
        }
    }

    /// What comes of a request; nothing when it is none.
    fn execute(&mut self, request: &[u8]) -> Option<Result<&[u8], &'static str>> {
        let (word, rest) = split(request)?;
        Some(match word {
            b"GET" => self.get(key(rest)?),
            b"PUT" => {
                let (name, value) = split(rest)?;
                self.put(key(name)?, value)
            }
            b"INCR" => self.increase(key(rest)?),
            _ => return None,
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

/// What stands before the first blank, and what behind.
fn split(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let blank = bytes.iter().position(|&byte| byte == b' ')?;
    Some((&bytes[..blank], &bytes[blank + 1..]))
}

/// `name`, if it can be a key.
fn key(name: &[u8]) -> Option<&[u8]> {
    let fits = (1..=LONGEST_KEY).contains(&name.len());
    (fits && name.iter().all(u8::is_ascii_graphic)).then_some(name)
}
