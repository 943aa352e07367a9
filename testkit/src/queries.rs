//! Queries over the clinic.

use crate::cohort::{TODAY, at, day};
use nectar_verifier::query::{Axis, AxisKind, CodeSet, Literal, Query, Variant};

/// An empty query for research, today.
pub fn today(variant: Variant) -> Query {
    Query::for_purpose(variant, "research", day(TODAY))
}

/// A literal that begins a clause.
pub fn begins(column: u16, set: CodeSet) -> Literal {
    Literal {
        column,
        joins: false,
        set,
    }
}

/// A literal joined to the one before by OR.
pub fn or(column: u16, set: CodeSet) -> Literal {
    Literal {
        column,
        joins: true,
        set,
    }
}

/// One group for each code of a column, missing first when asked for.
pub fn by(column: u16, codes: std::ops::RangeInclusive<u16>) -> Axis {
    Axis {
        column,
        kind: AxisKind::Partition,
        groups: codes.map(|code| CodeSet::of([code])).collect(),
    }
}

/// Groups `from ..= last` for rising beginnings.
pub fn from(column: u16, beginnings: &[u16], last: u16) -> Axis {
    Axis {
        column,
        kind: AxisKind::Cumulative,
        groups: beginnings.iter().map(|t| CodeSet::run(*t, last)).collect(),
    }
}

/// `COUNT(*) WHERE age BETWEEN .. AND (sex = .. OR dx IN ..)`: no U, V or W.
pub fn plain() -> Query {
    let mut q = today(Variant::Counts);
    q.literals = vec![
        begins(at::AGE, CodeSet::run(2, 11)),
        begins(at::SEX, CodeSet::run(1, 1)),
        or(at::DX, CodeSet::of([1, 3])),
    ];
    q
}

/// Counts by site and sex, missing included.
pub fn counts() -> Query {
    let mut q = today(Variant::Counts);
    q.literals = vec![begins(at::AGE, CodeSet::run(2, 11))];
    q.axes = vec![by(at::SITE, 0..=4), by(at::SEX, 0..=2)];
    q
}

/// Moments of hba1c by site.
pub fn moments() -> Query {
    let mut q = today(Variant::Moments);
    q.literals = vec![begins(at::AGE, CodeSet::run(2, 11))];
    q.axes = vec![by(at::SITE, 1..=4)];
    q.x = vec![at::HBA1C];
    q
}

/// The gram matrix of age and hba1c by sex.
pub fn gram() -> Query {
    let mut q = today(Variant::Gram);
    q.axes = vec![by(at::SEX, 1..=2)];
    q.x = vec![at::AGE, at::HBA1C];
    q
}

/// One number of rows under six literals, more than the compact circuit takes.
pub fn wide() -> Query {
    let mut q = plain();
    q.literals.extend([
        begins(at::SITE, CodeSet::run(1, 3)),
        or(at::SEEN, CodeSet::run(2, 7)),
        or(at::SMOKER, CodeSet::run(1, 1)),
    ]);
    q
}
