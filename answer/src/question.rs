//! A query in words: what is counted, among whom, by what.

use nectar_verifier::{
    column::{Column, Columns},
    query::{Axis, AxisKind, Literal, Query, Variant},
    verified::describe,
};
use std::collections::BTreeMap;

/// Groups of an axis that are named; more are counted.
const NAMED: usize = 6;

/// The query as one sentence without its full stop.
pub fn sentence(query: &Query, columns: &BTreeMap<u16, Column>) -> String {
    let name = |c: u16| {
        columns
            .column(c)
            .map_or_else(|| format!("column {c}"), |c| c.name.clone())
    };
    let summed: Vec<String> = query.x.iter().map(|x| name(*x)).collect();
    let what = match query.variant {
        Variant::Counts => "number of people".into(),
        Variant::Moments => format!("sums of {}", summed.join(", ")),
        Variant::Gram => format!("sums and products of {}", summed.join(", ")),
    };
    let clauses: Vec<String> = query.clauses().map(|c| clause(c, columns)).collect();
    let among = match clauses.as_slice() {
        [] => String::new(),
        some => format!(" where {}", some.join(" and ")),
    };
    let axes: Vec<String> = query.axes.iter().map(|a| axis(a, columns)).collect();
    let by = match axes.as_slice() {
        [] => String::new(),
        some => format!(", by {}", some.join(" and ")),
    };
    format!("{what}{among}{by}")
}

fn clause(literals: &[Literal], columns: &BTreeMap<u16, Column>) -> String {
    let literal = |l: &Literal| match columns.column(l.column) {
        Some(c) => format!("{} is {}", c.name, describe(c, &l.set)),
        None => format!("column {} is restricted", l.column),
    };
    let parts: Vec<String> = literals.iter().map(literal).collect();
    match parts.as_slice() {
        [one] => one.clone(),
        more => format!("({})", more.join(" or ")),
    }
}

fn axis(axis: &Axis, columns: &BTreeMap<u16, Column>) -> String {
    let Some(column) = columns.column(axis.column) else {
        return format!("column {}", axis.column);
    };
    let label = |set| describe(column, set);
    let labels: Vec<String> = axis.groups.iter().take(NAMED).map(label).collect();
    let more = axis.groups.len().saturating_sub(NAMED);
    let more = if more > 0 {
        format!(" and {more} more")
    } else {
        String::new()
    };
    let kind = match axis.kind {
        AxisKind::Partition => "",
        AxisKind::Cumulative => "cumulative ",
    };
    format!("{kind}{} ({}{more})", column.name, labels.join("; "))
}
