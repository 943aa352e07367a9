//! Texts against a small relation. Every test is a table and one check.

mod meaning;
mod random;
mod refusals;

use super::{Compiled, Relation, SqlError, compile};
use nectar_verifier::{
    column::{Column, Kind},
    date::{Grid, parse_day},
    query::{CodeSet, Query},
};

/// The dataset of these tests.
fn columns() -> Vec<Column> {
    let number = |min, step, scale, count, unit: &str| Kind::Number {
        min,
        step,
        scale,
        count,
        unit: unit.into(),
    };
    let labels = |labels: &[&str]| Kind::Categorical {
        labels: labels.iter().map(|l| (*l).to_owned()).collect(),
    };
    let date = |grid: Grid, first, count| Kind::Date {
        grid,
        first: grid.period(parse_day(first).unwrap()).unwrap(),
        count,
    };
    let consent = Kind::Consent {
        purpose: "research".into(),
        first: 2024 * 12,
        count: 24,
    };
    let named = [
        ("sex", labels(&["f", "m"])),
        ("age", number(18, 1, 0, 83, "years")),
        ("weight", number(400, 5, 1, 200, "kg")),
        ("visit", date(Grid::Month, "2019-01-01", 60)),
        ("smoker", Kind::Boolean),
        (
            "diagnosis",
            labels(&["C34", "E10", "E11", "E11.9", "I10", "_x"]),
        ),
        ("status", labels(&["alive", "dead", "lost"])),
        ("time", number(0, 1, 0, 37, "months")),
        ("died", Kind::Boolean),
        ("research", consent),
        ("tag", Kind::Tag),
        ("seen", date(Grid::Day, "2024-01-01", 366)),
        ("week", date(Grid::Week, "2024-01-01", 40)),
        ("income", number(0, 500, 0, 1000, "EUR")),
        ("site", labels(&["A", "B"])),
        ("Site", labels(&["x", "y"])),
    ];
    let column = |(name, kind): (&str, Kind)| Column {
        name: name.into(),
        kind,
    };
    let columns: Vec<_> = named.into_iter().map(column).collect();
    for c in &columns {
        c.validate().unwrap();
    }
    columns
}

fn compiled_over(columns: &[Column], text: &str) -> Result<Compiled, SqlError> {
    let relation = Relation {
        name: "lung",
        columns,
    };
    let day = parse_day("2024-06-30").unwrap();
    compile(text, &relation, "research", day)
}

/// Compiles a text; one that begins with WHERE is a count.
fn compiled(text: &str) -> Result<Compiled, SqlError> {
    if text.starts_with("WHERE") {
        return compiled(&format!("SELECT COUNT(*) FROM lung {text}"));
    }
    compiled_over(&columns(), text)
}

/// The query of a text that compiles.
fn query(text: &str) -> Query {
    match compiled(text) {
        Ok(compiled) => compiled.query,
        Err(e) => panic!("{text}\n  {e}"),
    }
}

/// Runs of a set, for expectations.
fn runs(runs: &[(u16, u16)]) -> CodeSet {
    CodeSet {
        missing: false,
        runs: runs.to_vec(),
    }
}
