//! Answers for machines: one JSON object, numbers unrounded, withheld cells null.

use crate::{
    answer::{Answer, Entry, Section},
    policy, question,
    statistics::Figure,
    time::day_text,
    verdict::{columns, open_points, purpose},
};
use nectar_verifier::{
    trust::Acceptance,
    verified::{Verdict, Verified},
};
use serde_json::{Value, json};

/// A verdict with its answer.
pub fn verdict(verdict: &Verdict, answer: &Answer) -> Value {
    let (verified, word) = match verdict {
        Verdict::Verified(v) => (v, "verified"),
        Verdict::Historical(h) => (h.answer_of_unknown_time(), "historical"),
    };
    let mut value = established(verified);
    value["verdict"] = word.into();
    value["left_open"] = open_points(verdict).into();
    value["tables"] = answer.sections.iter().map(section).collect();
    value
}

fn established(v: &Verified) -> Value {
    let core = v.core();
    let (acceptance, attestor) = acceptance(v.acceptance());
    json!({
        "dataset": v.dataset(),
        "sequence": core.sequence,
        "root": v.root().to_string(),
        "statement": v.digest().to_string(),
        "question": question::sentence(v.statement().query(), &columns(v)),
        "purpose": purpose(v).trim_matches('"'),
        "date": day_text(v.day()),
        "as_of": core.as_of,
        "judged_at": v.judged_at(),
        "lag_days": core.lag,
        "acceptance": acceptance,
        "attestor": attestor,
        "policy": {
            "k": core.policy.k(),
            "base": core.policy.base(),
            "zeros": core.policy.zeros(),
            "text": policy::sentence(&core.policy),
        },
    })
}

/// How a snapshot was accepted, and the attestor whose word it was.
pub fn acceptance(acceptance: Acceptance) -> (&'static str, Option<String>) {
    match acceptance {
        Acceptance::Attested(attestor) => ("attested", Some(attestor.to_string())),
        Acceptance::Proven(_) => ("proven", None),
    }
}

fn section(section: &Section) -> Value {
    let row = |row: &Vec<Entry>| row.iter().map(entry).collect::<Value>();
    json!({
        "title": section.title,
        "columns": section.headings,
        "rows": section.rows.iter().map(row).collect::<Vec<_>>(),
        "notes": section.notes,
    })
}

fn entry(entry: &Entry) -> Value {
    match entry {
        Entry::Text(text) => json!(text),
        Entry::Count(figure) | Entry::Probability(figure) => interval(figure),
        Entry::Withheld => Value::Null,
        Entry::Undefined(why) => json!({ "undefined": why }),
        Entry::Statistic {
            figure,
            confidence,
            clamped,
        } => {
            let mut value = interval(figure);
            if let Some(c) = confidence.as_ref().filter(|_| figure.is_informative()) {
                value["confidence"] =
                    json!({ "level": c.level.fraction(), "low": c.low, "high": c.high });
            }
            if *clamped {
                value["clamped"] = true.into();
            }
            value
        }
    }
}

/// A figure with its rounding interval; the value is left out where the bound exceeds it, and an infinite end is null.
fn interval(figure: &Figure) -> Value {
    let mut value = json!({ "low": figure.low(), "high": figure.high() });
    if figure.is_informative() {
        value["value"] = json!(figure.value());
    }
    value
}
