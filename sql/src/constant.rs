//! Constants of a text: exact decimals, strings, dates, booleans.

use super::error::{Reason, SqlError};
use nectar_verifier::{
    date::{Day, parse_day},
    decimal::Decimal,
};
use sqlparser::ast::{DataType, Expr, UnaryOperator, Value};
use std::cmp::Ordering;

/// Most digits of a number, before and after the point together.
const MAX_DIGITS: usize = 26;
/// Most decimal places of a number.
const MAX_PLACES: u8 = 18;
/// The least number with more digits.
const LIMIT: i128 = 10i128.pow(26);

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

/// Reads a number as SQL writes it: digits, with or without a point and an exponent.
fn number(text: &str) -> Option<Decimal> {
    let (body, exponent) = match text.split_once(['e', 'E']) {
        Some((body, exponent)) => (body, exponent.parse::<i32>().ok()?),
        None => (text, 0),
    };
    let (whole, fraction) = body.split_once('.').unwrap_or((body, ""));
    let (whole, fraction) = (
        whole.trim_start_matches('0'),
        fraction.trim_end_matches('0'),
    );
    if whole.len().saturating_add(fraction.len()) > MAX_DIGITS {
        return None;
    }
    let number = Decimal::parse(&format!("0{whole}.{fraction}0"))?;
    let places = i32::from(number.scale()).checked_sub(exponent)?;
    let raise = u32::try_from(places.min(0).checked_neg()?).ok()?;
    let digits = number.digits().checked_mul(10i128.checked_pow(raise)?)?;
    let number = Decimal::new(digits, u8::try_from(places.max(0)).ok()?)?;
    (number.scale() <= MAX_PLACES && number.digits() < LIMIT).then_some(number)
}

/// The order of two numbers; `None` where i128 does not hold them, which no value of a column can cause.
pub(super) fn order(a: Decimal, b: Decimal) -> Option<Ordering> {
    over_common(a, b).map(|(a, b)| a.cmp(&b))
}

/// The whole multiple of a positive `width` at or below a number: its bin.
pub(super) fn bin(number: Decimal, width: Decimal) -> Option<i128> {
    let (a, b) = over_common(number, width)?;
    a.checked_div_euclid(b)
}

/// Both numbers over one power of ten. A column's value has 16 digits and 9 places: against any constant, each side
/// stays below 10^35.
fn over_common(a: Decimal, b: Decimal) -> Option<(i128, i128)> {
    let scale = a.scale().max(b.scale());
    Some((a.at_scale(scale)?, b.at_scale(scale)?))
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
            (UnaryOperator::Minus, Some(Constant::Number(d))) => Some(Constant::Number(-d)),
            (UnaryOperator::Plus, Some(Constant::Number(d))) => Some(Constant::Number(d)),
            _ => None,
        })
    }

    fn value(value: &Value) -> Result<Self, Reason> {
        match value {
            Value::Number(text, false) => number(text).map(Constant::Number).ok_or_else(|| {
                Reason::usage(
                    text,
                    "a number of at most 26 digits, 18 of them decimal places",
                )
            }),
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
            (Constant::Number(a), Constant::Number(b)) => order(*a, *b),
            (Constant::Text(a), Constant::Text(b)) => Some(a.cmp(b)),
            (Constant::Date(a), Constant::Date(b)) => Some(a.cmp(b)),
            (Constant::Truth(a), Constant::Truth(b)) => Some(a.cmp(b)),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decimal(text: &str) -> Decimal {
        number(text).unwrap()
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
            assert_eq!(decimal(a), decimal(b), "{a} {b}");
        }
        assert_eq!(
            order(decimal("0.30000000000000001"), decimal("0.3")),
            Some(Ordering::Greater)
        );
        assert_eq!(decimal("25e-1").to_string(), "2.5");
    }

    #[test]
    fn all_26_digits_and_18_places_are_read() {
        let digits = "12345678901234567890123456";
        for text in [
            digits.to_owned(),
            format!("000{digits}"),
            "12345678.901234567890123456e18".into(),
            format!("0.{digits}e26"),
        ] {
            assert_eq!(decimal(&text).to_string(), digits, "{text}");
        }
        let text = "12345678.901234567890123456";
        assert_eq!(decimal(text).to_string(), text);
        assert_eq!(decimal("1e25").digits(), 10i128.pow(25));
        assert!(number("1e26").is_none());
        assert!(number("1e-19").is_none());
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
            assert!(number(text).is_none(), "{text}");
        }
    }

    #[test]
    fn bins_are_aligned_below_zero_too() {
        let bin = |digits, scale, width| bin(Decimal::new(digits, scale)?, decimal(width));
        assert_eq!(bin(-15, 1, "1"), Some(-2));
        assert_eq!(bin(25, 0, "10"), Some(2));
        assert_eq!(bin(3, 1, "0.1"), Some(3));
    }
}
