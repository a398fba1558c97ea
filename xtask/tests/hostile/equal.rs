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

/// Every place in which two such parts are not the same, with what stands in each.
pub(crate) fn differences(one: &Value, other: &Value) -> Vec<String> {
    let mut found = Vec::new();
    compare("", one, other, &mut found);
    found
}

fn compare(place: &str, one: &Value, other: &Value, found: &mut Vec<String>) {
    match (one, other) {
        (Value::Object(ones), Value::Object(others)) if ones.keys().eq(others.keys()) => {
            let name = one["id"].as_str().map(|id| format!("{place}({id})"));
            let place = name.as_deref().unwrap_or(place);
            for (key, value) in ones {
                compare(&format!("{place}/{key}"), value, &others[key], found);
            }
        }
        (Value::Array(ones), Value::Array(others)) if ones.len() == others.len() => {
            for (at, (value, other)) in ones.iter().zip(others).enumerate() {
                compare(&format!("{place}/{at}"), value, other, found);
            }
        }
        _ if one == other => {}
        _ => found.push(format!("{place}: {one} and {other}")),
    }
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}
