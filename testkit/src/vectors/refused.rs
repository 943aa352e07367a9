//! Queries that are not canonical, or have no statement, over the schema of the vectors.

use super::{schema::at, wire};
use crate::queries::{begins, by, from, or};
use alloy_primitives::B256;
use nectar_verifier::{
    column::Column,
    header::Core,
    query::{AxisKind, CodeSet, Query, Variant},
    statement::Statement,
};
use serde::{Deserialize, Serialize};

/// A query that is refused.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Refused {
    name: String,
    query: wire::Query,
    error: String,
}

impl Refused {
    /// The bytes are those of a query, which has no statement for the reason given.
    ///
    /// # Panics
    /// Otherwise.
    pub fn check(&self, core: &Core, columns: &[Column]) {
        let query = Query::from(&self.query);
        assert_eq!(Query::decode(&query.encode()).as_ref(), Ok(&query));
        // The map of purposes knows research alone.
        let known = nectar_verifier::column::purpose_id("research");
        let consent = (query.purpose == known).then_some(at::RESEARCH);
        let got = Statement::new(query, core, consent, columns);
        super::refused(&self.name, got, &self.error);
    }
}

type Change = fn(&mut Query);

fn set(missing: bool, runs: &[(u16, u16)]) -> CodeSet {
    CodeSet {
        missing,
        runs: runs.into(),
    }
}

fn one() -> CodeSet {
    CodeSet::run(1, 1)
}

/// Sets of the codes of age, each in a literal and as a group.
fn sets() -> Vec<(&'static str, CodeSet, &'static str)> {
    let rises = "runs rise, do not overlap or touch, and begin at code 1 or later";
    let range = "a run has lo <= hi <= T_c - 1";
    vec![
        ("overlapping runs", set(false, &[(1, 4), (3, 6)]), rises),
        ("a run twice", set(false, &[(1, 4), (1, 4)]), rises),
        ("touching runs", set(false, &[(1, 4), (5, 6)]), rises),
        ("falling runs", set(false, &[(5, 6), (1, 2)]), rises),
        ("code 0 in a run", set(false, &[(0, 4)]), rises),
        ("a reversed run", set(false, &[(4, 3)]), range),
        ("a run past the last code", set(false, &[(1, 13)]), range),
        ("a run to 65535", set(true, &[(1, u16::MAX)]), range),
        ("an empty set", set(false, &[]), "the set is empty"),
        ("everything", set(true, &[(1, 12)]), "the set is everything"),
    ]
}

const SINGLE: &str = "one-literal clauses are on different columns";
const RISE: &str = "clauses rise by their encoding";
const WITHIN: &str = "the literals of a clause rise by column, each column once";
const TAILS: &str = "cumulative groups are runs to the last code";
const HOLDS: &str = "it holds consent or tags";
const SUMS: &str = "moments sum one column, gram 1 to 7, counts none";
const AXES: &str = "counts have up to three axes, moments two, gram one";

fn clauses() -> [(&'static str, Change, &'static str); 9] {
    [
        (
            "the first literal joins",
            |q| q.literals = vec![or(at::SEX, one())],
            "the first literal joins nothing",
        ),
        (
            "falling within a clause",
            |q| q.literals = vec![begins(at::SEX, one()), or(at::AGE, one())],
            WITHIN,
        ),
        (
            "a column twice in a clause",
            |q| q.literals = vec![begins(at::SEX, one()), or(at::SEX, set(true, &[]))],
            WITHIN,
        ),
        (
            "clauses out of order",
            |q| q.literals = vec![begins(at::DX, one()), begins(at::SEX, one())],
            RISE,
        ),
        (
            "a clause twice",
            |q| {
                q.literals = vec![
                    begins(at::AGE, one()),
                    or(at::SEX, one()),
                    begins(at::AGE, one()),
                    or(at::SEX, one()),
                ]
            },
            RISE,
        ),
        (
            "a longer clause before its prefix",
            |q| {
                q.literals = vec![
                    begins(at::AGE, one()),
                    or(at::SEX, one()),
                    begins(at::AGE, one()),
                ]
            },
            RISE,
        ),
        (
            "missing before not missing",
            |q| {
                q.literals = vec![
                    begins(at::AGE, set(true, &[(1, 1)])),
                    or(at::SEX, one()),
                    begins(at::AGE, one()),
                    or(at::DX, one()),
                ]
            },
            RISE,
        ),
        (
            "two one-literal clauses of a column",
            |q| q.literals = vec![begins(at::AGE, one()), begins(at::AGE, CodeSet::run(2, 2))],
            SINGLE,
        ),
        (
            "thirteen literals",
            |q| q.literals = vec![begins(at::AGE, one()); 13],
            "too many literals: got 13",
        ),
    ]
}

fn columns() -> [(&'static str, Change, &'static str); 8] {
    [
        (
            "consent in a literal",
            |q| q.literals = vec![begins(at::RESEARCH, one())],
            HOLDS,
        ),
        (
            "consent as an axis",
            |q| q.axes = vec![by(at::RESEARCH, 1..=2)],
            HOLDS,
        ),
        (
            "tags in a literal",
            |q| q.literals = vec![begins(at::RECEIPT, one())],
            HOLDS,
        ),
        (
            "tags as an axis",
            |q| q.axes = vec![by(at::RECEIPT, 1..=1)],
            HOLDS,
        ),
        (
            "an unknown column",
            |q| q.literals = vec![begins(99, one())],
            "column 99 is unknown",
        ),
        (
            "a sum of labels",
            |q| (q.variant, q.x) = (Variant::Moments, vec![at::SEX]),
            "not an integer or decimal column",
        ),
        (
            "a sum of dates",
            |q| (q.variant, q.x) = (Variant::Moments, vec![at::SEEN]),
            "not an integer or decimal column",
        ),
        (
            "a sum of consent",
            |q| (q.variant, q.x) = (Variant::Moments, vec![at::RESEARCH]),
            "not an integer or decimal column",
        ),
    ]
}

fn axes() -> [(&'static str, Change, &'static str); 10] {
    [
        (
            "an axis without groups",
            |q| q.axes[0].groups.clear(),
            "an axis has a group",
        ),
        (
            "groups falling",
            |q| q.axes[0].groups = vec![CodeSet::run(2, 2), one()],
            "groups rise by their least code",
        ),
        (
            "missing in the second group",
            |q| q.axes[0].groups = vec![one(), set(true, &[])],
            "groups rise by their least code",
        ),
        (
            "missing in two groups",
            |q| q.axes[0].groups = vec![set(true, &[]), set(true, &[(1, 1)])],
            "groups rise by their least code",
        ),
        (
            "groups that overlap",
            |q| q.axes[0].groups = vec![set(false, &[(1, 1), (3, 3)]), CodeSet::run(2, 3)],
            "groups are disjoint",
        ),
        (
            "a cumulative group short of the last code",
            |q| q.axes = vec![from(at::DX, &[1, 2], 4)],
            TAILS,
        ),
        (
            "cumulative beginnings falling",
            |q| q.axes = vec![from(at::DX, &[2, 1], 5)],
            TAILS,
        ),
        (
            "a cumulative group twice",
            |q| q.axes = vec![from(at::DX, &[2, 2], 5)],
            TAILS,
        ),
        (
            "missing in a cumulative group",
            |q| {
                q.axes = vec![from(at::DX, &[2], 5)];
                q.axes[0].groups[0].missing = true;
            },
            TAILS,
        ),
        (
            "four axes",
            |q| q.axes = vec![by(at::DX, 1..=1); 4],
            "too many axes: got 4",
        ),
    ]
}

fn forms() -> [(&'static str, Change, &'static str); 14] {
    [
        ("a sum in counts", |q| q.x = vec![at::AGE], SUMS),
        ("moments of nothing", |q| q.variant = Variant::Moments, SUMS),
        (
            "moments of two",
            |q| (q.variant, q.x) = (Variant::Moments, vec![at::AGE, at::HBA1C]),
            SUMS,
        ),
        (
            "a gram of none",
            |q| {
                q.variant = Variant::Gram;
                q.axes.pop();
            },
            SUMS,
        ),
        (
            "a gram of eight",
            |q| q.x = vec![at::AGE; 8],
            "too many summed columns: got 8",
        ),
        (
            "a gram by two axes",
            |q| (q.variant, q.x) = (Variant::Gram, vec![at::AGE]),
            AXES,
        ),
        (
            "moments by three axes",
            |q| {
                (q.variant, q.x) = (Variant::Moments, vec![at::AGE]);
                q.axes.push(by(at::SMOKER, 1..=2));
            },
            AXES,
        ),
        (
            "x falling",
            |q| (q.variant, q.x, q.axes) = (Variant::Gram, vec![at::HBA1C, at::AGE], vec![]),
            "the columns of a gram rise",
        ),
        (
            "x twice",
            |q| (q.variant, q.x, q.axes) = (Variant::Gram, vec![at::AGE, at::AGE], vec![]),
            "the columns of a gram rise",
        ),
        (
            "a cumulative axis in moments",
            |q| {
                (q.variant, q.x) = (Variant::Moments, vec![at::AGE]);
                q.axes = vec![from(at::DX, &[1, 3], 5)];
                q.axes[0].kind = AxisKind::Cumulative;
            },
            "cumulative axes are for counts only",
        ),
        (
            "more cells than the wide circuit",
            |q| {
                q.axes = vec![
                    by(at::AGE, 1..=12),
                    by(at::HBA1C, 1..=20),
                    by(at::SEX, 1..=2),
                ]
            },
            "1 literals and 480 cells",
        ),
        (
            "an unknown purpose",
            |q| q.purpose = B256::ZERO,
            "knows no consent for this purpose",
        ),
        (
            "a day before all consent",
            |q| q.day = crate::cohort::day("2024-12-31"),
            "outside the periods",
        ),
        (
            "a day after all consent",
            |q| q.day = crate::cohort::day("2027-01-01"),
            "outside the periods",
        ),
    ]
}

/// All of them, changed from an honest query.
pub fn all(honest: &Query) -> Vec<Refused> {
    let entry = |name: String, query: &Query, error: &str| Refused {
        name,
        query: query.into(),
        error: error.into(),
    };
    let changed = |(name, change, error): (&str, Change, &str)| {
        let mut query = honest.clone();
        change(&mut query);
        entry(name.into(), &query, error)
    };
    let placed = |(name, set, error): (&str, CodeSet, &str)| {
        let mut literal = honest.clone();
        literal.literals = vec![begins(at::AGE, set.clone())];
        let mut axis = honest.clone();
        axis.axes.truncate(1);
        (axis.axes[0].column, axis.axes[0].groups) = (at::AGE, vec![set]);
        [
            entry(format!("{name} in a literal"), &literal, error),
            entry(format!("{name} in a group"), &axis, error),
        ]
    };
    let changes = clauses()
        .into_iter()
        .chain(columns())
        .chain(axes())
        .chain(forms());
    sets()
        .into_iter()
        .flat_map(placed)
        .chain(changes.map(changed))
        .collect()
}
