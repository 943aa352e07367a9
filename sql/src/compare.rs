//! Comparisons of a column with constants: the codes for which they are true.
//!
//! Only codes of present values are returned; for NULL every comparison is unknown.

use super::{
    codes::Codes,
    constant::{Constant, order},
    error::{Nearest, Reason},
};
use nectar_verifier::{
    column::{Column, Kind},
    date::{Day, Grid, civil, parse_day},
    decimal::Decimal,
};
use std::{cmp::Ordering, fmt};

/// A comparison sign.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sign {
    /// =
    Equal,
    /// <>
    Unequal,
    /// <
    Below,
    /// <=
    AtMost,
    /// >
    Above,
    /// >=
    AtLeast,
}

impl Sign {
    /// Whether the comparison holds for things in this order.
    pub fn holds(self, order: Ordering) -> bool {
        match self {
            Sign::Equal => order.is_eq(),
            Sign::Unequal => order.is_ne(),
            Sign::Below => order.is_lt(),
            Sign::AtMost => order.is_le(),
            Sign::Above => order.is_gt(),
            Sign::AtLeast => order.is_ge(),
        }
    }

    /// The sign with its sides exchanged.
    pub fn flipped(self) -> Self {
        match self {
            Sign::Below => Sign::Above,
            Sign::Above => Sign::Below,
            Sign::AtMost => Sign::AtLeast,
            Sign::AtLeast => Sign::AtMost,
            Sign::Equal | Sign::Unequal => self,
        }
    }

    fn orders(self) -> bool {
        !matches!(self, Sign::Equal | Sign::Unequal)
    }
}

/// The value of a number column's code; `None` for NULL and other kinds.
pub(super) fn value(column: &Column, code: u16) -> Option<Decimal> {
    let Kind::Number {
        min, step, scale, ..
    } = &column.kind
    else {
        return None;
    };
    let above = i64::from(code.checked_sub(1)?).checked_mul(*step)?;
    Decimal::new(min.checked_add(above)?.into(), *scale)
}

/// The period of a date column's code; `None` for NULL and other kinds.
pub(super) fn period(column: &Column, code: u16) -> Option<(Grid, i32)> {
    let Kind::Date { grid, first, .. } = &column.kind else {
        return None;
    };
    let above = i32::from(code.checked_sub(1)?);
    Some((*grid, first.checked_add(above)?))
}

/// The codes of a column for which `column sign constant` is TRUE.
pub(super) fn matching(column: &Column, sign: Sign, constant: &Constant) -> Result<Codes, Reason> {
    let size = column.codes();
    let ordered = |order: &dyn Fn(u16) -> Option<Ordering>| {
        Codes::of(size, |c| order(c).is_some_and(|o| sign.holds(o)))
    };
    match (&column.kind, constant) {
        (Kind::Number { .. }, Constant::Number(d)) => {
            Ok(ordered(&|c| order(value(column, c)?, *d)))
        }
        (Kind::Date { grid, .. }, Constant::Text(_) | Constant::Date(_)) => {
            let bound = bound(column, *grid, sign, constant)?;
            Ok(ordered(&|c| Some(period(column, c)?.1.cmp(&bound))))
        }
        (Kind::Boolean, Constant::Truth(b)) if !sign.orders() => {
            let own = u16::from(*b).saturating_add(1);
            Ok(ordered(&|c| (c > 0).then_some(c.cmp(&own))))
        }
        (Kind::Categorical { labels }, Constant::Text(text)) if !sign.orders() => {
            let own = label(column, labels, text)?;
            Ok(ordered(&|c| (c > 0).then_some(c.cmp(&own))))
        }
        (Kind::Categorical { .. } | Kind::Boolean, _) if sign.orders() => Err(unordered(column)),
        _ => Err(Reason::usage(
            format_args!("the value {} is compared with", column.name),
            form(&column.kind),
        )),
    }
}

/// The labels that a LIKE pattern matches.
pub(super) fn like(column: &Column, pattern: &str) -> Result<Codes, Reason> {
    let Kind::Categorical { labels } = &column.kind else {
        return Err(Reason::unprovable(
            "LIKE",
            "it is over the labels of categorical columns",
            format!("compare {} with {}", column.name, form(&column.kind)),
        ));
    };
    let pattern: Vec<char> = pattern.chars().collect();
    let matches = |code: u16| {
        let label = labels.get(usize::from(code.checked_sub(1)?))?;
        Some(is_like(label, &pattern))
    };
    Ok(Codes::of(column.codes(), |c| matches(c) == Some(true)))
}

/// How a value of a column is written.
fn form(kind: &Kind) -> &'static str {
    match kind {
        Kind::Categorical { .. } => "a label in single quotes",
        Kind::Number { .. } => "a number without quotes",
        Kind::Date {
            grid: Grid::Month, ..
        } => "a date, 'YYYY-MM-DD', or a month, 'YYYY-MM'",
        Kind::Date { .. } => "a date, 'YYYY-MM-DD'",
        Kind::Boolean => "TRUE or FALSE",
        Kind::Consent { .. } | Kind::Tag => "nothing",
    }
}

fn unordered(column: &Column) -> Reason {
    Reason::unprovable(
        format!("an order of the values of {}", column.name),
        "labels and truth values have none",
        format!("name the values: {} IN (...)", column.name),
    )
}

fn label(column: &Column, labels: &[String], text: &str) -> Result<u16, Reason> {
    let place = labels.iter().position(|l| l == text);
    let code = place.and_then(|i| u16::try_from(i.saturating_add(1)).ok());
    code.ok_or_else(|| Reason::Unknown {
        what: format!("label of {}", column.name),
        name: text.into(),
        nearest: Nearest::among(text, labels.iter().map(String::as_str)),
    })
}

/// The period to compare with in place of a date or month.
fn bound(column: &Column, grid: Grid, sign: Sign, constant: &Constant) -> Result<i32, Reason> {
    let day = match constant {
        Constant::Date(day) => Some(*day),
        Constant::Text(text) if grid == Grid::Month && text.len() == 7 => {
            let first = parse_day(&format!("{text}-01")).and_then(|d| grid.period(d));
            return first.ok_or_else(|| Reason::usage(text, form(&column.kind)));
        }
        Constant::Text(text) => parse_day(text),
        _ => None,
    };
    let place = day.and_then(|day| Within::new(grid, day));
    let Some(within) = place else {
        let usage = form(&column.kind);
        return Err(Reason::usage(
            format_args!("a value of {}", column.name),
            usage,
        ));
    };
    let whole = match sign {
        Sign::Below | Sign::AtLeast => within.day == within.first,
        Sign::AtMost | Sign::Above => within.day == within.last,
        Sign::Equal | Sign::Unequal => within.first == within.last,
    };
    if whole {
        return Ok(within.period);
    }
    Err(Reason::Splits {
        comparison: format!("{} {sign} '{}'", column.name, written(within.day)),
        period: within.to_string(),
        column: column.name.clone(),
        nearest: within.nearest(column, sign),
    })
}

/// A day within its period.
struct Within {
    grid: Grid,
    period: i32,
    day: Day,
    first: Day,
    last: Day,
}

impl Within {
    fn new(grid: Grid, day: Day) -> Option<Self> {
        let period = grid.period(day)?;
        let next = grid.first_day(period.checked_add(1)?)?;
        Some(Within {
            grid,
            period,
            day,
            first: grid.first_day(period)?,
            last: next.checked_sub(1)?,
        })
    }

    fn nearest(&self, column: &Column, sign: Sign) -> String {
        let (name, first, last) = (&column.name, written(self.first), written(self.last));
        match sign {
            Sign::Below | Sign::AtLeast => format!("{name} {sign} '{first}'"),
            Sign::AtMost | Sign::Above => format!("{name} {sign} '{last}'"),
            Sign::Equal => format!("{name} BETWEEN '{first}' AND '{last}'"),
            Sign::Unequal => format!("{name} NOT BETWEEN '{first}' AND '{last}'"),
        }
    }
}

impl fmt::Display for Within {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let noun = match self.grid {
            Grid::Month => "the month",
            Grid::Week => "the week of",
            Grid::Day => "the day",
        };
        write!(f, "{noun} {}", self.grid.label(self.period))
    }
}

impl fmt::Display for Sign {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Sign::Equal => "=",
            Sign::Unequal => "<>",
            Sign::Below => "<",
            Sign::AtMost => "<=",
            Sign::Above => ">",
            Sign::AtLeast => ">=",
        })
    }
}

fn written(day: Day) -> String {
    civil(day).map_or_else(|| day.to_string(), |date| date.to_string())
}

/// LIKE: `%` is any text, `_` any one character. Backtracks to the last `%` only, so it takes |text| * |pattern|.
fn is_like(text: &str, pattern: &[char]) -> bool {
    let text: Vec<char> = text.chars().collect();
    let (mut t, mut p) = (0usize, 0usize);
    let mut retry: Option<(usize, usize)> = None;
    while let Some(c) = text.get(t) {
        match (pattern.get(p), retry) {
            (Some('%'), _) => {
                p = p.saturating_add(1);
                retry = Some((p, t));
            }
            (Some(sign), _) if *sign == '_' || sign == c => {
                (t, p) = (t.saturating_add(1), p.saturating_add(1));
            }
            (_, Some((after, from))) => {
                t = from.saturating_add(1);
                p = after;
                retry = Some((after, t));
            }
            (_, None) => return false,
        }
    }
    pattern.iter().skip(p).all(|sign| *sign == '%')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns() {
        let check = |text: &str, pattern: &str, want| {
            let signs: Vec<char> = pattern.chars().collect();
            assert_eq!(is_like(text, &signs), want, "{text} LIKE {pattern}");
        };
        check("E11.9", "E11%", true);
        check("E11", "E11%", true);
        check("E10", "E11%", false);
        check("E11.9", "%.9", true);
        check("E11.9", "E__._", true);
        check("aab", "%ab", true);
        check("abcab", "a%ab", true);
        check("abc", "", false);
        check("", "%", true);
        check("", "_", false);
        check("é", "_", true);
    }
}
