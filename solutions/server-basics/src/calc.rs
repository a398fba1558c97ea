//! The arithmetic of the line protocol. Given: finding the lines is the lesson.
//!
//! ```text
//! request   = operation SP integer SP integer      ; without its line end
//! request  =/ "BLOB" SP count                      ; only for `answer_or_blob`
//! operation = "ADD" / "SUB" / "MUL"                ; capital letters
//! integer   = [ "+" / "-" ] 1*DIGIT                ; -2^63 to 2^63 - 1
//! count     = [ "+" ] 1*DIGIT                      ; 0 to 67108864
//!
//! reply     = integer LF / "ERR" SP reason LF
//! reply    =/ *OCTET                               ; to BLOB: count bytes, no line end
//! ```
//!
//! For example `MUL -4 5` is answered by `-20\n`, `DIV 1 0` by `ERR unknown operation\n`,
//! and `BLOB 30` by the 30 bytes `abcdefghijklmnopqrstuvwxyzabcd`.

/// How many bytes a line may have, its line end (LF or CR LF) not counted.
pub const MAX_LINE: usize = 1024;

/// The reply to a line longer than [`MAX_LINE`]; after it the connection is closed.
pub const TOO_LONG: &[u8] = b"ERR too long\n";

/// How many bytes a blob may have.
pub const MAX_BLOB: usize = 67_108_864;

const ALPHABET: &[u8] = b"abcdefghijklmnopqrstuvwxyz";

/// The reply, with its line end, to `ADD`, `SUB` and `MUL`.
///
/// `line` is one request without its line end; any bytes may stand in it.
pub fn answer(line: &[u8]) -> Vec<u8> {
    reply(words(line).and_then(|words| calculate(&words)))
}

/// As [`answer`], and knows `BLOB` too: its reply is that many bytes of the alphabet, over and over.
pub fn answer_or_blob(line: &[u8]) -> Vec<u8> {
    match words(line).as_deref() {
        Ok(["BLOB", count]) => blob(count).unwrap_or_else(|reason| reply(Err(reason))),
        Ok(["BLOB", ..]) => reply(Err("BLOB takes one number, 0 to 67108864")),
        _ => answer(line),
    }
}

fn reply(result: Result<i64, &str>) -> Vec<u8> {
    match result {
        Ok(number) => format!("{number}\n").into_bytes(),
        Err(reason) => format!("ERR {reason}\n").into_bytes(),
    }
}

fn words(line: &[u8]) -> Result<Vec<&str>, &'static str> {
    match str::from_utf8(line) {
        Ok(text) => Ok(text.split(' ').collect()),
        Err(_) => Err("not text"),
    }
}

fn calculate(words: &[&str]) -> Result<i64, &'static str> {
    let operation = match words[0] {
        "ADD" => i64::checked_add,
        "SUB" => i64::checked_sub,
        "MUL" => i64::checked_mul,
        _ => return Err("unknown operation"),
    };
    let [_, left, right] = words else {
        return Err("two integers, please");
    };
    operation(number(left)?, number(right)?).ok_or("out of range")
}

fn blob(count: &str) -> Result<Vec<u8>, &'static str> {
    let count = match count.parse::<usize>() {
        Ok(count) if count <= MAX_BLOB => count,
        _ => return Err("BLOB takes one number, 0 to 67108864"),
    };
    let mut bytes = ALPHABET.repeat(count.div_ceil(ALPHABET.len()));
    bytes.truncate(count);
    Ok(bytes)
}

fn number(word: &str) -> Result<i64, &'static str> {
    word.parse().map_err(|_| "not an integer of 64 bits")
}
