//! Constants of a text: exact decimals, strings, dates, booleans.

use super::error::{Reason, SqlError};
use nectar_verifier::date::{Day, parse_day};
use sqlparser::ast::{DataType, Expr, UnaryOperator, Value};
use std::{cmp::Ordering, fmt};

/// Most digits of a number, before and after the point together.
const MAX_DIGITS: usize = 26;
/// Most decimal places of a number.
const MAX_PLACES: u32 = 18;

/// A decimal number, `mantissa / 10^places`, exactly; |mantissa| < 10^26 and places <= 18.
#[derive(Debug, Clone, Copy)]
pub(super) struct Decimal {
    mantissa: i128,
    places: u32,
}

/// A constant.
#[derive(Debug, Clone)]
pub(super) enum Constant {
    /// A number.
    Number(Decimal),
    /// A string in single quotes: a label, or a date for date columns.
    Text(String),
    /// DATE '...'.
    Date(Day),
    /// TRUE or FALSE.
    Truth(bool),
}

impl Decimal {
    /// `mantissa / 10^places` for a value of a number column, which stays within 2^53 and 9 places.
    pub fn of_grid(mantissa: i64, places: u8) -> Self {
        Decimal {
            mantissa: mantissa.into(),
            places: places.into(),
        }
    }

    /// Reads digits, a point and an exponent.
    pub fn parse(text: &str) -> Option<Self> {
        let (body, exponent) = match text.split_once(['e', 'E']) {
            Some((body, exponent)) => (body, exponent.parse::<i32>().ok()?),
            None => (text, 0),
        };
        let (whole, fraction) = body.split_once('.').unwrap_or((body, ""));
        let fraction = fraction.trim_end_matches('0');
        let digits = [whole.trim_start_matches('0'), fraction].concat();
        if digits.len() > MAX_DIGITS || whole.len().saturating_add(fraction.len()) > MAX_DIGITS * 4
        {
            return None;
        }
        let mantissa: i128 = if digits.is_empty() {
            0
        } else {
            digits.parse().ok()?
        };
        let places = i32::try_from(fraction.len()).ok()?.checked_sub(exponent)?;
        let raise = u32::try_from(places.min(0).checked_neg()?).ok()?;
        let mantissa = mantissa.checked_mul(10i128.checked_pow(raise)?)?;
        let places = u32::try_from(places.max(0)).ok()?;
        let limit = 10i128.pow(26);
        (places <= MAX_PLACES && mantissa < limit).then_some(Decimal { mantissa, places })
    }

    /// Whether the number is above zero.
    pub fn is_positive(self) -> bool {
        self.mantissa > 0
    }

    /// The whole multiple of a positive `width` at or below the number: its bin.
    pub fn bin(self, width: Decimal) -> Option<i128> {
        let (a, b) = self.over_common(width)?;
        a.checked_div_euclid(b)
    }

    /// The order of two numbers; `None` where i128 does not hold them, which no value of a column can cause.
    pub fn compare(self, other: Decimal) -> Option<Ordering> {
        self.over_common(other).map(|(a, b)| a.cmp(&b))
    }

    fn negated(self) -> Self {
        Decimal {
            mantissa: self.mantissa.saturating_neg(),
            ..self
        }
    }

    /// Both mantissas over one power of ten. A column's value has 16 digits and 9 places: against any constant, each
    /// side stays below 10^35.
    fn over_common(self, other: Decimal) -> Option<(i128, i128)> {
        let places = self.places.max(other.places);
        let lift = |d: Decimal| {
            let missing = places.saturating_sub(d.places);
            d.mantissa.checked_mul(10i128.checked_pow(missing)?)
        };
        Some((lift(self)?, lift(other)?))
    }
}

impl Constant {
    /// The constant an expression is; `None` for an expression that is none.
    ///
    /// # Errors
    /// NULL, parameters, and constants of types that no column has.
    pub fn read(expr: &Expr) -> Result<Option<Self>, SqlError> {
        match expr {
            Expr::Nested(inner) => Constant::read(inner),
            Expr::Value(value) => Constant::value(&value.value)
                .map(Some)
                .map_err(|r| r.at(expr)),
            Expr::UnaryOp { op, expr: inner } => Constant::signed(*op, inner),
            Expr::TypedString(typed) if typed.data_type == DataType::Date => {
                let text = typed.value.value.clone().into_string();
                match text.as_deref().and_then(parse_day) {
                    Some(day) => Ok(Some(Constant::Date(day))),
                    None => Err(Reason::usage(expr, "DATE 'YYYY-MM-DD'").at(expr)),
                }
            }
            Expr::TypedString(_) | Expr::Interval(_) => {
                Err(Reason::usage(expr, "DATE 'YYYY-MM-DD'").at(expr))
            }
            _ => Ok(None),
        }
    }

    fn signed(op: UnaryOperator, inner: &Expr) -> Result<Option<Self>, SqlError> {
        Ok(match (op, Constant::read(inner)?) {
            (UnaryOperator::Minus, Some(Constant::Number(d))) => {
                Some(Constant::Number(d.negated()))
            }
            (UnaryOperator::Plus, Some(Constant::Number(d))) => Some(Constant::Number(d)),
            _ => None,
        })
    }

    fn value(value: &Value) -> Result<Self, Reason> {
        match value {
            Value::Number(text, false) => {
                Decimal::parse(text).map(Constant::Number).ok_or_else(|| {
                    Reason::usage(
                        text,
                        "a number of at most 26 digits, 18 of them decimal places",
                    )
                })
            }
            Value::SingleQuotedString(text) => Ok(Constant::Text(text.clone())),
            Value::Boolean(b) => Ok(Constant::Truth(*b)),
            Value::Null => Err(Reason::usage(
                "NULL",
                "IS NULL or IS NOT NULL: comparing with NULL, also in a list, is never true",
            )),
            other => Err(Reason::usage(
                other,
                "the value itself: a number, 'text', DATE '2024-01-31', TRUE or FALSE",
            )),
        }
    }

    /// The order of two constants of one type.
    pub fn compare(&self, other: &Constant) -> Option<Ordering> {
        match (self, other) {
            (Constant::Number(a), Constant::Number(b)) => a.compare(*b),
            (Constant::Text(a), Constant::Text(b)) => Some(a.cmp(b)),
            (Constant::Date(a), Constant::Date(b)) => Some(a.cmp(b)),
            (Constant::Truth(a), Constant::Truth(b)) => Some(a.cmp(b)),
            _ => None,
        }
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.mantissa < 0 { "-" } else { "" };
        let unit = 10u128.saturating_pow(self.places).max(1);
        let (a, width) = (self.mantissa.unsigned_abs(), usize::try_from(self.places));
        match width {
            Ok(width) if width > 0 => write!(f, "{sign}{}.{:0width$}", a / unit, a % unit),
            _ => write!(f, "{sign}{a}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decimal(text: &str) -> Decimal {
        Decimal::parse(text).unwrap()
    }

    #[test]
    fn decimals_are_exact() {
        let same = [
            ("1", "1.0"),
            ("0.1", ".1000"),
            ("1e3", "1000"),
            ("25e-1", "2.5"),
            ("007", "7."),
        ];
        for (a, b) in same {
            let order = decimal(a).compare(decimal(b));
            assert_eq!(order, Some(Ordering::Equal), "{a} {b}");
        }
        assert_eq!(
            decimal("0.30000000000000001").compare(decimal("0.3")),
            Some(Ordering::Greater)
        );
        assert_eq!(decimal("25e-1").to_string(), "2.5");
    }

    #[test]
    fn numbers_beyond_the_limits_are_refused() {
        for text in [
            "1e99",
            "1e-99",
            "1e99999999999",
            "123456789012345678901234567",
            "1e",
            "0x1",
        ] {
            assert!(Decimal::parse(text).is_none(), "{text}");
        }
    }

    #[test]
    fn bins_are_aligned_below_zero_too() {
        assert_eq!(Decimal::of_grid(-15, 1).bin(decimal("1")), Some(-2));
        assert_eq!(Decimal::of_grid(25, 0).bin(decimal("10")), Some(2));
        assert_eq!(Decimal::of_grid(3, 1).bin(decimal("0.1")), Some(3));
    }
}
