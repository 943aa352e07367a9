//! The table and the query of docs/benchmarks.md, as far as what is measured depends on them: a tenth of the cells are
//! missing here, and consents end.

use crate::{
    cohort::{Cohort, TODAY, day, nearest, number},
    queries::begins,
};
use nectar_verifier::{
    column::{Column, Kind},
    date::Grid,
    query::{CodeSet, Query, Variant},
};

/// Months of the consent column.
const CONSENT_MONTHS: u16 = 120;

/// A cohort of so many rows in segments of 2^`segment_bits`.
pub fn cohort(rows: usize, segment_bits: u8) -> Cohort {
    let columns = vec![
        number("age", 111),
        number("sex", 2),
        number("dx", 64),
        number("hba1c", 256),
        number("site", 16),
        consent(),
    ];
    Cohort::random(columns, rows, segment_bits, nearest(8, 5), 1)
}

fn consent() -> Column {
    let first = Grid::Month.period(day("2020-01-01")).expect("a month");
    let kind = Kind::Consent {
        purpose: "research".into(),
        first,
        count: CONSENT_MONTHS,
    };
    Column {
        name: "consent".into(),
        kind,
    }
}

/// Q1: `COUNT(*), SUM(hba1c) WHERE age BETWEEN 40 AND 65 AND sex = 1 AND dx = 7`.
pub fn q1() -> Query {
    let mut q = Query::for_purpose(Variant::Moments, "research", day(TODAY));
    q.literals = vec![
        begins(0, CodeSet::run(41, 66)),
        begins(1, CodeSet::run(2, 2)),
        begins(2, CodeSet::run(8, 8)),
    ];
    q.x = vec![3];
    q
}
