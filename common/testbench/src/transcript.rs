//! What passed between a program and its peers: time, who, bytes.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use crate::bytes;
use crate::record::Event;

/// How many bytes of each message are kept.
const KEPT_BYTES: usize = 96;

/// A reply longer than this arrives in many reads, which stand as one event.
const MERGED_FROM: usize = 256;

/// How many events are shown from the beginning and from the end of a long transcript.
const SHOWN: (usize, usize) = (24, 56);

/// From this many events on the middle, which is not shown, is forgotten.
const THINNED_FROM: usize = 1024;

/// The program's name in transcripts.
pub(crate) const PROGRAM: &str = "program";

/// The name of who acts on the program from outside: signals, limits.
pub(crate) const GRADER: &str = "grader";

/// A transcript that a check's peers write to.
#[derive(Debug, Clone)]
pub struct Transcript {
    began: Instant,
    entries: Arc<Mutex<Entries>>,
}

#[derive(Debug, Default)]
struct Entries {
    kept: Vec<Entry>,
    /// How many are forgotten, behind those that are shown from the beginning.
    forgotten: usize,
}

impl Entries {
    fn push(&mut self, entry: Entry) {
        self.kept.push(entry);
        if self.kept.len() >= THINNED_FROM {
            let (head, tail) = SHOWN;
            let middle = head..self.kept.len() - tail;
            self.forgotten += middle.len();
            self.kept.drain(middle);
        }
    }
}

#[derive(Debug)]
struct Entry {
    ms: f64,
    from: String,
    to: Option<String>,
    event: String,
    bytes: Option<Bytes>,
}

#[derive(Debug)]
struct Bytes {
    head: Vec<u8>,
    len: usize,
}

impl Bytes {
    fn of(data: &[u8]) -> Self {
        Self {
            head: data[..data.len().min(KEPT_BYTES)].to_vec(),
            len: data.len(),
        }
    }

    fn append(&mut self, data: &[u8]) {
        let room = KEPT_BYTES.saturating_sub(self.head.len()).min(data.len());
        self.head.extend_from_slice(&data[..room]);
        self.len += data.len();
    }
}

impl Transcript {
    /// An empty one whose clock starts here.
    pub(crate) fn new() -> Self {
        Self {
            began: Instant::now(),
            entries: Arc::default(),
        }
    }

    /// When its clock began, in milliseconds since 1970, UTC.
    pub(crate) fn began(&self) -> f64 {
        let now = SystemTime::now().duration_since(UNIX_EPOCH);
        now.unwrap_or_default().as_secs_f64() * 1000.0 - self.ms()
    }

    /// Milliseconds since the check began.
    pub(crate) fn ms(&self) -> f64 {
        self.began.elapsed().as_secs_f64() * 1000.0
    }

    /// Notes that `from` did `event`, to someone or alone.
    pub(crate) fn note(&self, from: &str, to: Option<&str>, event: &str) {
        self.push(from, to, event, None);
    }

    /// Notes that `from` sent `data` to `to`.
    pub(crate) fn sent(&self, from: &str, to: &str, data: &[u8]) {
        let mut entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(Entry {
            from: before,
            to: Some(whom),
            bytes: Some(bytes),
            ..
        }) = entries.kept.last_mut()
            && from == PROGRAM
            && before == from
            && whom == to
            && bytes.len + data.len() > MERGED_FROM
        {
            bytes.append(data);
            return;
        }
        drop(entries);
        self.push(from, Some(to), "sends", Some(Bytes::of(data)));
    }

    /// Notes that `from` sent `data` to `to`, in words of the caller's: `sends again`.
    pub(crate) fn sent_as(&self, from: &str, to: &str, event: &str, data: &[u8]) {
        self.push(from, Some(to), event, Some(Bytes::of(data)));
    }

    fn push(&self, from: &str, to: Option<&str>, event: &str, bytes: Option<Bytes>) {
        let entry = Entry {
            ms: self.ms(),
            from: from.to_owned(),
            to: to.map(str::to_owned),
            event: event.to_owned(),
            bytes,
        };
        self.entries
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(entry);
    }

    /// The events as they stand in a record; the middle of a long transcript is left out.
    pub(crate) fn events(&self) -> Vec<Event> {
        let entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        let Entries { kept, forgotten } = &*entries;
        let (head, tail) = SHOWN;
        if *forgotten == 0 && kept.len() <= head + tail + 1 {
            return kept.iter().map(Entry::event).collect();
        }
        let left_out = forgotten + kept.len() - head - tail;
        let gap = Event {
            ms: kept[head].rounded_ms(),
            from: GRADER.to_owned(),
            to: None,
            event: format!("… {left_out} events left out …"),
            bytes: None,
            len: None,
        };
        let last = kept[kept.len() - tail..].iter().map(Entry::event);
        kept[..head]
            .iter()
            .map(Entry::event)
            .chain([gap])
            .chain(last)
            .collect()
    }
}

impl Entry {
    fn rounded_ms(&self) -> f64 {
        (self.ms * 10.0).round() / 10.0
    }

    fn event(&self) -> Event {
        Event {
            ms: self.rounded_ms(),
            from: self.from.clone(),
            to: self.to.clone(),
            event: self.event.clone(),
            bytes: self.bytes.as_ref().map(|bytes| {
                let mut text = bytes::escape(&bytes.head);
                if bytes.len > bytes.head.len() {
                    text.push('…');
                }
                text
            }),
            len: self.bytes.as_ref().map(|bytes| bytes.len),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn segments_a_client_sends_stay_apart() {
        let transcript = Transcript::new();
        transcript.sent("client", PROGRAM, b"ADD 2");
        transcript.sent("client", PROGRAM, b" 3\n");
        let bytes: Vec<_> = transcript
            .events()
            .into_iter()
            .filter_map(|event| event.bytes)
            .collect();
        assert_eq!(bytes, ["ADD 2", " 3\\n"]);
    }

    #[test]
    fn a_long_reply_is_one_event_with_its_whole_length() {
        let transcript = Transcript::new();
        for _ in 0..100 {
            transcript.sent(PROGRAM, "client", &[b'x'; 500]);
        }
        let events = transcript.events();
        assert_eq!(events.len(), 1);
        assert_eq!(events[0].len, Some(50_000));
        assert!(
            events[0]
                .bytes
                .as_ref()
                .is_some_and(|text| text.ends_with('…'))
        );
    }

    #[test]
    fn a_long_transcript_keeps_its_beginning_and_its_end() {
        for (count, left_out) in [(1000, 920), (100_000, 99_920)] {
            let transcript = Transcript::new();
            for index in 0..count {
                transcript.note("client", None, &index.to_string());
            }
            let events: Vec<String> = transcript
                .events()
                .into_iter()
                .map(|event| event.event)
                .collect();
            let (head, tail) = SHOWN;
            assert_eq!(events[head - 1], (head - 1).to_string());
            assert_eq!(events[head], format!("… {left_out} events left out …"));
            assert_eq!(events[head + 1], (count - tail).to_string());
            assert_eq!(events.last(), Some(&(count - 1).to_string()));
            let kept = transcript.entries.lock().expect("no panic").kept.len();
            assert!(kept <= THINNED_FROM, "{kept} of {count} are still there");
        }
    }
}
