//! The size of a table, and a coarser one where it does not fit.

use super::{error::Reason, scope::Scope};
use nectar_verifier::{
    column::{Column, Kind},
    decimal::Decimal,
    query::{Axis, AxisKind, Query, Variant},
    shape::Shape,
};

/// Checks that the table fits the largest circuit.
pub(super) fn check(scope: &Scope, query: &Query) -> Result<(), Reason> {
    let most = Shape::Wide.cells();
    let own = match query.variant {
        Variant::Counts => 1,
        Variant::Moments => 4,
        Variant::Gram if query.x.len() < 4 => 16,
        Variant::Gram => 64,
    };
    let sizes = query.axes.iter().map(|a| a.groups.len());
    let cells = sizes.fold(own, usize::saturating_mul);
    if cells <= most {
        return Ok(());
    }
    let name = |a: &Axis| scope.column(a.column).map_or("", |c| c.name.as_str());
    let groups = |a: &Axis| format!("{} groups of {}", a.groups.len(), name(a));
    let mut parts: Vec<_> = query.axes.iter().map(groups).collect();
    if own > 1 {
        parts.push(format!("{own} for the sums"));
    }
    Err(Reason::Cells {
        cells,
        sizes: parts.join(" x "),
        instead: instead(scope, query, cells, most),
    })
}

/// A coarser key in place of the largest one.
fn instead(scope: &Scope, query: &Query, cells: usize, most: usize) -> String {
    let largest = query.axes.iter().max_by_key(|a| a.groups.len());
    let fallback = || "fewer keys, or fewer groups: restrict a key in WHERE".to_owned();
    let Some((axis, column)) = largest.and_then(|a| Some((a, scope.column(a.column)?))) else {
        return fallback();
    };
    let others = cells.checked_div(axis.groups.len()).unwrap_or(cells);
    let room = most.checked_div(others).unwrap_or(0);
    if room < 2 {
        return fallback();
    }
    let function = match axis.kind {
        AxisKind::Partition => "BIN",
        AxisKind::Cumulative => "CUMULATIVE",
    };
    match &column.kind {
        Kind::Number { .. } => match width(column, room) {
            Some(width) => format!(
                "{function}({}, {width}) (KM takes the width as well)",
                column.name
            ),
            None => fallback(),
        },
        Kind::Date { .. } if axis.kind == AxisKind::Partition => format!("YEAR({})", column.name),
        Kind::Date { .. } => format!("AT_LEAST({}, ...) at fewer dates", column.name),
        _ => fallback(),
    }
}

/// The least width 1, 2 or 5 times a power of ten that leaves at most `room` bins, in the column's unit.
fn width(column: &Column, room: usize) -> Option<String> {
    let Kind::Number {
        step, scale, count, ..
    } = &column.kind
    else {
        return None;
    };
    let span = step.checked_mul(i64::from(*count))?;
    // One bin more than the span fills, for bins that begin below the least value.
    let least = span.checked_div(i64::try_from(room).ok()?.checked_sub(1)?)?;
    let nice =
        (0..18u32).flat_map(|e| [1, 2, 5].map(|d| 10i64.saturating_pow(e).saturating_mul(d)));
    let width = nice.into_iter().find(|w| *w > least && *w >= *step)?;
    Decimal::new(width.into(), *scale).map(|w| w.to_string())
}
