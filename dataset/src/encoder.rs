//! From cells to codes: the value side of each kind of codebook.

use super::{fault::Rule, value::Value};
use nectar_verifier::{
    column::{Column, Kind},
    date::{Day, Grid, parse_day},
    decimal::Decimal,
};
use serde::Deserialize;
use std::collections::HashMap;

/// Where a number between two values of a codebook goes, if the schema allows it at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Round {
    /// To the value below.
    Down,
    /// To the nearer value, from the middle to the one above.
    Nearest,
}

/// Turns present cells of one column into codes from 1, and words for "none" into 0.
#[derive(Debug, Clone)]
pub(super) enum Encoder {
    /// A label of a categorical column.
    Label(HashMap<String, u16>),
    /// A number on a grid.
    Number {
        min: i64,
        step: i64,
        scale: u8,
        count: u16,
        round: Option<Round>,
    },
    /// A date.
    Period { grid: Grid, first: i32, count: u16 },
    /// A spelling of false (1) or true (2), in lower case.
    Boolean(HashMap<String, u16>),
    /// The last day of a consent.
    Consent {
        first: i32,
        count: u16,
        words: HashMap<String, u16>,
    },
}

impl Encoder {
    /// The encoder of a column; `words` are spellings of a boolean column or words of a consent column.
    pub fn new(kind: &Kind, words: HashMap<String, u16>, round: Option<Round>) -> Option<Self> {
        Some(match kind {
            Kind::Categorical { labels } => {
                let code = |(i, l): (usize, &String)| {
                    Some((l.clone(), u16::try_from(i).ok()?.checked_add(1)?))
                };
                Encoder::Label(labels.iter().enumerate().filter_map(code).collect())
            }
            &Kind::Number {
                min,
                step,
                scale,
                count,
                ..
            } => Encoder::Number {
                min,
                step,
                scale,
                count,
                round,
            },
            &Kind::Date { grid, first, count } => Encoder::Period { grid, first, count },
            Kind::Boolean => Encoder::Boolean(words),
            &Kind::Consent { first, count, .. } => Encoder::Consent {
                first,
                count,
                words,
            },
            Kind::Tag => return None,
        })
    }

    /// The code of a present value of `column`.
    ///
    /// # Errors
    /// The rule the value breaks.
    pub fn code(&self, column: &Column, value: &Value) -> Result<u16, Rule> {
        match self {
            Encoder::Label(labels) => {
                value
                    .with_text(|t| labels.get(t).copied())
                    .ok_or(Rule::UnknownLabel {
                        labels: labels.len(),
                    })
            }
            Encoder::Number { .. } => {
                let number = number_of(value)?;
                self.place(number).map_err(|miss| miss.rule(column))
            }
            &Encoder::Period { grid, first, count } => {
                let day = day_of(value, grid).ok_or(Rule::NotADate)?;
                period_code(grid.period(day), first, count).ok_or_else(|| Rule::DateRange {
                    first: column.label(1),
                    last: column.label(count),
                })
            }
            Encoder::Boolean(spellings) => value
                .with_text(|t| spellings.get(&t.to_ascii_lowercase()).copied())
                .ok_or_else(|| Rule::NotABoolean {
                    spellings: listed(spellings),
                }),
            Encoder::Consent {
                first,
                count,
                words,
            } => consent(value, *first, *count, words),
        }
    }
}

fn number_of(value: &Value) -> Result<Decimal, Rule> {
    match value {
        Value::Number(number) => Ok(*number),
        Value::Text(text) => Decimal::parse(text).ok_or(Rule::NotANumber),
        other => Err(Rule::WrongType {
            want: "number",
            got: other.kind(),
        }),
    }
}

/// How a number misses its codebook.
enum Miss {
    Range,
    Grid,
}

impl Miss {
    fn rule(self, column: &Column) -> Rule {
        let first = column.label(1);
        let Kind::Number { step, scale, .. } = column.kind else {
            return Rule::NotANumber;
        };
        let step = Decimal::new(step.into(), scale).map_or_else(String::new, |d| d.to_string());
        match self {
            Miss::Grid => Rule::OffGrid { first, step },
            Miss::Range => Rule::NumberRange {
                first,
                last: column.label(column.codes().saturating_sub(1)),
            },
        }
    }
}

impl Encoder {
    /// The code of a number, computed at the finer of the two scales.
    fn place(&self, value: Decimal) -> Result<u16, Miss> {
        let &Encoder::Number {
            min,
            step,
            scale,
            count,
            round,
        } = self
        else {
            return Err(Miss::Grid);
        };
        let fine = scale.max(value.scale());
        let unit = 10i128.checked_pow(u32::from(fine.saturating_sub(scale)));
        let scaled = |v: i64| i128::from(v).checked_mul(unit?);
        let above = value
            .at_scale(fine)
            .zip(scaled(min))
            .and_then(|(v, m)| v.checked_sub(m));
        let (Some(above), Some(step)) = (above, scaled(step)) else {
            return Err(Miss::Range);
        };
        let moved = match round {
            Some(Round::Nearest) => above.saturating_add(step.checked_div(2).unwrap_or(0)),
            Some(Round::Down) | None => above,
        };
        let index = moved
            .checked_div_euclid(step)
            .and_then(|i| u16::try_from(i).ok());
        let index = index.filter(|i| *i < count).ok_or(Miss::Range)?;
        if round.is_none() && above.checked_rem_euclid(step) != Some(0) {
            return Err(Miss::Grid);
        }
        Ok(index.saturating_add(1))
    }
}

/// The day of a date cell; on the month grid `YYYY-MM` will do.
fn day_of(value: &Value, grid: Grid) -> Option<Day> {
    match value {
        Value::Day(day) => Some(*day),
        Value::Text(text) => strict_day(text).or_else(|| match grid {
            Grid::Month => strict_month(text),
            Grid::Week | Grid::Day => None,
        }),
        _ => None,
    }
}

/// The day of exactly `YYYY-MM-DD`.
pub(super) fn strict_day(text: &str) -> Option<Day> {
    let form = |(i, b): (usize, u8)| match i {
        4 | 7 => b == b'-',
        _ => b.is_ascii_digit(),
    };
    let right = text.len() == 10 && text.bytes().enumerate().all(form);
    right.then(|| parse_day(text)).flatten()
}

/// The first day of exactly `YYYY-MM`.
pub(super) fn strict_month(text: &str) -> Option<Day> {
    (text.len() == 7)
        .then(|| strict_day(&format!("{text}-01")))
        .flatten()
}

fn period_code(period: Option<i32>, first: i32, count: u16) -> Option<u16> {
    let code = period?.checked_sub(first)?.checked_add(1)?;
    u16::try_from(code).ok().filter(|c| (1..=count).contains(c))
}

/// The last month a consent covers wholly, its end rounded down (section 1 of the protocol).
fn consent(
    value: &Value,
    first: i32,
    count: u16,
    words: &HashMap<String, u16>,
) -> Result<u16, Rule> {
    if let Value::Text(text) = value
        && let Some(&code) = words.get(&text.to_ascii_lowercase())
    {
        return Ok(code);
    }
    let not = || Rule::NotConsent {
        words: listed(words),
    };
    let last_day = day_of(value, Grid::Day).ok_or_else(not)?;
    let month_after = last_day.checked_add(1).and_then(|d| Grid::Month.period(d));
    let covered = month_after.ok_or_else(not)?.saturating_sub(first);
    // Ended before the first month: none. Ends after the last: open as far as the grid goes.
    Ok(u16::try_from(covered.max(0)).map_or(count, |c| c.min(count)))
}

fn listed(words: &HashMap<String, u16>) -> String {
    let mut words: Vec<_> = words.keys().map(String::as_str).collect();
    words.sort_unstable();
    words.join(", ")
}

/// Whether a consent that begins on this day has begun.
///
/// # Errors
/// No day, or not a date.
pub(super) fn begun(value: &Value, as_of: Day) -> Result<bool, Rule> {
    day_of(value, Grid::Day)
        .map(|day| day <= as_of)
        .ok_or(Rule::NotADate)
}
