//! What `ping` sends and prints, read back.

use testbench::prelude::*;

/// The datagram is the probe of that number; gives its token.
pub(crate) fn probe(bytes: &[u8], number: usize) -> Outcome<String> {
    let beginning = format!("PING {number} ");
    let token = str::from_utf8(bytes)
        .ok()
        .and_then(|text| text.strip_prefix(&beginning));
    let happened = match token {
        Some(token) if token.len() != 8 => format!(
            "a token has 8 hexadecimal digits, and that of probe {number} is {} bytes long",
            token.len()
        ),
        Some(token) if !token.bytes().all(is_hexadecimal) => {
            format!("a token has the digits 0-9 and a-f, and that of probe {number} has others")
        }
        Some(token) => return Ok(token.to_owned()),
        None => format!("the datagram is not probe {number}"),
    };
    let form = format!("of this form, with your own token: PING {number} 5f0c2b9a");
    Err(Failure::new(Saw::Wrong, happened).expecting(form, bytes))
}

fn is_hexadecimal(byte: u8) -> bool {
    byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte)
}

/// The line says that the probe of that number had a reply; gives its time, in milliseconds.
pub(crate) fn time(line: &str, number: usize) -> Outcome<f64> {
    let time = line
        .strip_prefix(&format!("seq={number} time="))
        .and_then(|rest| rest.strip_suffix(" ms"))
        .and_then(milliseconds);
    time.ok_or_else(|| {
        let happened = format!("the line does not tell the time of probe {number}");
        let form = format!("of this form, with your own time: seq={number} time=0.213 ms");
        Failure::new(Saw::Wrong, happened).expecting(form, line.as_bytes())
    })
}

/// A number with three decimals.
fn milliseconds(text: &str) -> Option<f64> {
    let (_, decimals) = text.split_once('.')?;
    text.parse().ok().filter(|_| decimals.len() == 3)
}

/// The line is the summary of `sent` probes, of which those with these times had replies.
pub(crate) fn summary(line: &str, sent: usize, times: &[f64]) -> Outcome {
    let received = times.len();
    let counts = format!("sent={sent} received={received} lost={}", sent - received);
    let Some(rest) = line.strip_prefix(&counts) else {
        return differs("the summary", &counts, line);
    };
    if times.is_empty() {
        return differs("the summary", &counts, line);
    }
    let min = times.iter().copied().fold(f64::INFINITY, f64::min);
    let max = times.iter().copied().fold(0.0, f64::max);
    // Each of the times is told to half a thousandth, and so is their average.
    let avg = times.iter().sum::<f64>() / f64::from(u32::try_from(received).unwrap_or(u32::MAX));
    let told = rest
        .strip_prefix(&format!(" min={min:.3} avg="))
        .and_then(|rest| rest.strip_suffix(&format!(" max={max:.3} ms")))
        .and_then(milliseconds);
    wrong(
        told.is_some_and(|told| (told - avg).abs() < 0.0015),
        Saw::Wrong,
        || "the summary does not fit the lines before it".to_owned(),
    )
    .map_err(|failure| {
        let form = format!("{counts} min={min:.3} avg={avg:.3} max={max:.3} ms");
        failure.expecting(form, line.as_bytes())
    })
}
