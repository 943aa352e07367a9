//! What verification established, what it rests on, and what it leaves open: shown with every verified answer.

use crate::{
    policy, question,
    summary::Summary,
    time::{day_text, moment_text},
};
use nectar_verifier::{
    column::{Column, Kind},
    trust::Acceptance,
    verified::{Caveat, Verdict, Verified},
};
use std::collections::BTreeMap;

/// Who says that a root was its dataset's one head.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HeadSource {
    /// A list in the verifier's trust file.
    List,
    /// A registry on a chain.
    Registry,
}

/// The summary of a verified answer.
pub fn summary(verdict: &Verdict, heads: HeadSource) -> Summary {
    let (verified, word) = match verdict {
        Verdict::Verified(v) => (v, "VERIFIED"),
        Verdict::Historical(h) => (h.answer_of_unknown_time(), "PROOF HOLDS, TIME UNKNOWN"),
    };
    let (dataset, sequence) = (verified.dataset().escape_debug(), verified.core().sequence);
    let open = open_points(verdict).into_iter();
    let mut lines = lines(verified, heads);
    lines.extend(open.map(|line| ("left open", line)));
    Summary {
        word,
        of: format!("{dataset}, snapshot {sequence}"),
        values: vec![],
        lines,
    }
}

fn lines(v: &Verified, heads: HeadSource) -> Vec<(&'static str, String)> {
    let core = v.core();
    let who = match heads {
        HeadSource::List => "your list of heads",
        HeadSource::Registry => "the registry",
    };
    let columns = columns(v);
    let cohort = format!(
        "exactly this, over all records whose consent covers {} on {}, and no other record",
        purpose(v),
        day_text(v.day())
    );
    let mut lines = vec![
        (
            "question",
            question::sentence(v.statement().query(), &columns),
        ),
        ("proven", cohort),
        (
            "policy",
            format!("{}; part of what is proven", policy::sentence(&core.policy)),
        ),
        ("trusted", acceptance(v.acceptance())),
        (
            "",
            format!("{who} says that the root was the dataset's one head"),
        ),
        (
            "not proven",
            "that the custodian's table is true to life".into(),
        ),
        ("root", v.root().to_string()),
        ("statement", v.digest().to_string()),
        (
            "as of",
            format!(
                "{}; consents are counted as they stood then",
                moment_text(core.as_of)
            ),
        ),
    ];
    if let Some(at) = v.judged_at() {
        let days = if core.lag == 1 { "day" } else { "days" };
        let lag = format!("a query's date may lag {} {days} behind", core.lag);
        lines.push(("judged at", format!("{}; {lag}", moment_text(at))));
    }
    lines
}

/// The columns an answer opens, by place.
pub fn columns(v: &Verified) -> BTreeMap<u16, Column> {
    let places = v.statement().columns();
    let opened = places
        .into_iter()
        .filter_map(|i| Some((i, v.column(i)?.clone())));
    opened.collect()
}

/// The purpose by the name its consent column gives it.
pub fn purpose(v: &Verified) -> String {
    let (place, _) = v.statement().consent();
    match v.column(place).map(|c| &c.kind) {
        Some(Kind::Consent { purpose, .. }) => format!("{purpose:?}"),
        _ => v.statement().query().purpose.to_string(),
    }
}

/// Why the snapshot is accepted as well formed.
pub fn acceptance(acceptance: Acceptance) -> String {
    match acceptance {
        Acceptance::Attested(by) => format!(
            "attestor {by} signed that the committed table is well formed: trust, not proof"
        ),
        Acceptance::Proven(_) => {
            "every column's index proof was checked: each row counts exactly once in each column"
                .into()
        }
    }
}

/// What keys, policy and time leave open, a sentence each.
pub fn open_points(verdict: &Verdict) -> Vec<String> {
    let (verified, historical) = match verdict {
        Verdict::Verified(v) => (v, false),
        Verdict::Historical(h) => (h.answer_of_unknown_time(), true),
    };
    let mut points: Vec<String> = verified.caveats().into_iter().map(caveat).collect();
    if historical {
        points.push(
            "the snapshot was a head once and is not now, and no log entry says when the answer was made: \
             people may have withdrawn since"
                .into(),
        );
    }
    points.push("the policy protects one table; several tables together may say more".into());
    points
}

/// What a caveat says, as a sentence.
pub fn caveat(caveat: Caveat) -> String {
    match caveat {
        Caveat::ExactCounts => "counts are exact: two tables may be subtracted from each other",
        Caveat::DifferencedSums => {
            "sums are finer than counts: two sums may be subtracted from each other"
        }
        Caveat::InsecureKeys => {
            "INSECURE DEVELOPMENT KEYS: anybody can forge a proof under them, so this one proves nothing"
        }
    }
    .into()
}
