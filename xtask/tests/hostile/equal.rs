//! What of a record must be the same whoever else was graded: points, status, sentence. Addresses,
//! ports and process numbers, times and transcripts are not; nor is how far a wrong program had got
//! when it failed, and with it which part of a payload is shown: that is a race which it runs itself.

use serde_json::{Value, json};

/// The part of `record` that is the same in every run with the same seed.
pub(crate) fn comparable(record: &Value) -> Value {
    let labs: Vec<Value> = list(&record["labs"]).iter().map(lab).collect();
    json!({
        "submission": record["submission"],
        "course": record["course"],
        "isolation": record["isolation"],
        "seed": record["seed"],
        "refused": record["refused"].as_array().map(|all| {
            all.iter()
                .map(|refused| (&refused["lab"], &refused["why"]))
                .collect::<Vec<_>>()
        }),
        "points": record["points"],
        "max_points": record["max_points"],
        "labs": labs,
    })
}

fn lab(lab: &Value) -> Value {
    let checks: Vec<Value> = list(&lab["checks"]).iter().map(check).collect();
    json!({
        "id": lab["id"],
        "sources": lab["sources"],
        "diagnostics": lab["compile"]["diagnostics"],
        "points": lab["points"],
        "max_points": lab["max_points"],
        "checks": checks,
    })
}

fn check(check: &Value) -> Value {
    let panic = &check["program"]["panic"];
    json!({
        "id": check["id"],
        "stage": check["stage"],
        "status": check["status"],
        "because": check["because"],
        "points": check["points"],
        "max_points": check["max_points"],
        "feedback": check["feedback"],
        "replay": check["replay"],
        "panic_at": panic["at"],
    })
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}
