//! GROUP BY: from a key to an axis, one group of codes for each row of the answer.
//!
//! A key groups the rows that have a value; rows where the column is NULL are in no group unless the key is wrapped
//! in `WITH_NULL`.

use super::{
    call::{Call, column},
    compare::{self, Sign},
    constant::{Constant, bin},
    error::{Nearest, Reason, SqlError},
    predicate::unprovable,
    scope::{Place, Scope},
};
use nectar_verifier::{
    column::Kind,
    date::{Day, Grid},
    decimal::Decimal,
    query::{Axis, AxisKind, CodeSet},
};
use sqlparser::ast::Expr;

/// The functions of GROUP BY.
pub(super) const FUNCTIONS: [&str; 8] = [
    "BIN",
    "BINS",
    "YEAR",
    "QUARTER",
    "MONTH",
    "WITH_NULL",
    "CUMULATIVE",
    "AT_LEAST",
];

/// Reads a key.
///
/// # Errors
/// Neither a column nor one of the [`FUNCTIONS`] over one.
pub(super) fn axis(scope: &Scope, expr: &Expr) -> Result<Axis, SqlError> {
    if let Some(place) = scope.named(expr)? {
        return Ok(partition(place, |code| Some(code.into())));
    }
    let Some(call) = Call::read(expr)? else {
        return Err(unprovable(expr));
    };
    match call.name.as_str() {
        "BIN" => equal_bins(scope, &call),
        "BINS" => cuts(scope, &call, "BINS(column, 18, 40, 65)").map(|(p, c)| bins(p, &c)),
        "YEAR" => calendar(scope, &call, "YEAR(date_column)", 12),
        "QUARTER" => calendar(scope, &call, "QUARTER(date_column)", 3),
        "MONTH" => calendar(scope, &call, "MONTH(date_column)", 1),
        "WITH_NULL" => with_null(scope, &call),
        "CUMULATIVE" => cumulative(scope, &call),
        "AT_LEAST" => {
            let (place, cuts) = cuts(scope, &call, "AT_LEAST(column, 40, 65)")?;
            Ok(tails(place, cuts))
        }
        _ => Err(Reason::Unknown {
            what: "function in GROUP BY".into(),
            name: call.name.clone(),
            nearest: Nearest::among(&call.name, FUNCTIONS),
        }
        .at(expr)),
    }
}

/// The tails of a column that begin wherever a bin of the width does: KM's and CUMULATIVE's time points.
pub(super) fn thresholds(
    scope: &Scope,
    call: &Call,
    args: &[&Expr],
    usage: &str,
) -> Result<Axis, SqlError> {
    let (place, width) = match args {
        [only] => (column(scope, only)?, None),
        [first, width] => (column(scope, first)?, Some(positive(width)?)),
        _ => return Err(call.usage(usage)),
    };
    ordered(place, call)?;
    let steps = match width {
        None => partition(place, |code| Some(code.into())),
        Some(width) => {
            numeric(place, call)?;
            partition(place, |code| {
                bin(compare::value(place.column, code)?, width)
            })
        }
    };
    let beginnings = steps.groups.iter().filter_map(CodeSet::least).collect();
    Ok(tails(place, beginnings))
}

/// The groups of equal keys, in the order of their least codes.
fn partition(place: Place, key: impl Fn(u16) -> Option<i128>) -> Axis {
    let mut groups: Vec<(i128, u16, u16)> = vec![];
    for code in 1..place.column.codes() {
        let Some(own) = key(code) else { continue };
        match groups.last_mut() {
            Some((last, _, hi)) if *last == own => *hi = code,
            _ => groups.push((own, code, code)),
        }
    }
    Axis {
        column: place.index,
        kind: AxisKind::Partition,
        groups: groups
            .into_iter()
            .map(|(_, lo, hi)| CodeSet::run(lo, hi))
            .collect(),
    }
}

fn tails(place: Place, beginnings: Vec<u16>) -> Axis {
    let last = place.column.codes().saturating_sub(1);
    let tail = |lo: u16| (lo <= last).then(|| CodeSet::run(lo, last));
    Axis {
        column: place.index,
        kind: AxisKind::Cumulative,
        groups: beginnings.into_iter().filter_map(tail).collect(),
    }
}

fn equal_bins(scope: &Scope, call: &Call) -> Result<Axis, SqlError> {
    const USAGE: &str = "BIN(number_column, 10)";
    let exprs = call.exprs(USAGE)?;
    let [first, width] = exprs.as_slice() else {
        return Err(call.usage(USAGE));
    };
    let place = column(scope, first)?;
    numeric(place, call)?;
    let width = positive(width)?;
    Ok(partition(place, |code| {
        bin(compare::value(place.column, code)?, width)
    }))
}

fn cumulative(scope: &Scope, call: &Call) -> Result<Axis, SqlError> {
    const USAGE: &str = "CUMULATIVE(column) or CUMULATIVE(number_column, 10)";
    let exprs = call.exprs(USAGE)?;
    thresholds(scope, call, &exprs, USAGE)
}

fn with_null(scope: &Scope, call: &Call) -> Result<Axis, SqlError> {
    const USAGE: &str = "WITH_NULL(column) or WITH_NULL(BIN(column, 10))";
    let exprs = call.exprs(USAGE)?;
    let [only] = exprs.as_slice() else {
        return Err(call.usage(USAGE));
    };
    let mut inner = axis(scope, only)?;
    if inner.kind == AxisKind::Cumulative || inner.groups.iter().any(|g| g.missing) {
        return Err(call.usage(USAGE));
    }
    let missing = CodeSet {
        missing: true,
        runs: vec![],
    };
    inner.groups.insert(0, missing);
    Ok(inner)
}

/// The column and, for each cut point, the first code at or above it.
fn cuts<'a>(
    scope: &Scope<'a>,
    call: &Call,
    usage: &str,
) -> Result<(Place<'a>, Vec<u16>), SqlError> {
    let exprs = call.exprs(usage)?;
    let Some((first, points)) = exprs.split_first().filter(|(_, points)| !points.is_empty()) else {
        return Err(call.usage(usage));
    };
    let place = column(scope, first)?;
    ordered(place, call)?;
    let mut codes = vec![];
    for point in points {
        let Some(constant) = Constant::read(point)? else {
            return Err(unprovable(point));
        };
        let from = compare::matching(place.column, Sign::AtLeast, &constant);
        let from = from.map_err(|r| r.at(*point))?;
        codes.push(from.iter().next().unwrap_or(place.column.codes()));
    }
    codes.sort_unstable();
    codes.dedup();
    Ok((place, codes))
}

fn bins(place: Place, cuts: &[u16]) -> Axis {
    let below = |code: u16| cuts.iter().filter(|cut| **cut <= code).count();
    partition(place, |code| i128::try_from(below(code)).ok())
}

/// Groups of `months` calendar months, counted from January.
fn calendar(scope: &Scope, call: &Call, usage: &str, months: i32) -> Result<Axis, SqlError> {
    let [place] = call.columns(scope, usage)?;
    if !matches!(place.column.kind, Kind::Date { .. }) {
        return Err(call.usage(usage));
    }
    let key = |day: Day| Some(i128::from(Grid::Month.period(day)?.div_euclid(months)));
    let ends = |code: u16| {
        let (grid, period) = compare::period(place.column, code)?;
        let last = grid.first_day(period.checked_add(1)?)?.checked_sub(1)?;
        Some((key(grid.first_day(period)?)?, key(last)?))
    };
    let split = (1..place.column.codes()).find(|c| ends(*c).is_none_or(|(a, b)| a != b));
    if let Some(code) = split {
        return Err(Reason::Splits {
            comparison: call.name.clone(),
            period: format!("the period of {}", place.column.label(code)),
            column: place.column.name.clone(),
            nearest: format!(
                "{} itself, or BINS({}, ...)",
                place.column.name, place.column.name
            ),
        }
        .at(call.expr));
    }
    Ok(partition(place, |code| ends(code).map(|(first, _)| first)))
}

fn positive(expr: &Expr) -> Result<Decimal, SqlError> {
    match Constant::read(expr)? {
        Some(Constant::Number(width)) if width.digits() > 0 => Ok(width),
        _ => Err(Reason::usage(expr, "a width above 0, in the column's unit").at(expr)),
    }
}

fn numeric(place: Place, call: &Call) -> Result<(), SqlError> {
    let instead = match &place.column.kind {
        Kind::Number { .. } => return Ok(()),
        Kind::Date { .. } => format!("YEAR({0}), QUARTER({0}) or MONTH({0})", place.column.name),
        _ => place.column.name.clone(),
    };
    Err(Reason::unprovable(
        format!("a width of {}", place.column.name),
        "its values are not numbers",
        instead,
    )
    .at(call.expr))
}

fn ordered(place: Place, call: &Call) -> Result<(), SqlError> {
    if matches!(place.column.kind, Kind::Number { .. } | Kind::Date { .. }) {
        return Ok(());
    }
    Err(Reason::unprovable(
        format!("an order of the values of {}", place.column.name),
        "labels and truth values have none",
        format!("GROUP BY {}", place.column.name),
    )
    .at(call.expr))
}
