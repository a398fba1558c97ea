//! Stage 3, `encode`: put a question into bytes.
//!
//! What is asked: docs/src/labs/hostname-dns.md#encode

use crate::record::Type;

/// A query with this `id` for the records of type `qtype` that `name` has, recursion desired.
///
/// The error is a sentence that says what is wrong with the name.
pub fn query(id: u16, name: &str, qtype: Type) -> Result<Vec<u8>, String> {
    todo!(
        "write the header with id {id}, then the question: {name:?} label by label, {qtype}, class IN"
    )
}
