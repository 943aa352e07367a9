//! Decimal numbers held exactly: no value of a codebook passes through binary floating point.
//!
//! 36 digits are what a source may write, more than the 28 of the common 96-bit decimal types.

use std::{fmt, ops::Neg};

/// Most digits of a number.
const MAX_DIGITS: usize = 36;

/// `digits / 10^scale`, without trailing zeros after the point.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Decimal {
    digits: i128,
    scale: u8,
}

impl Decimal {
    /// Reads `[+-]digits[.digits]`, at most 36 digits.
    pub fn parse(text: &str) -> Option<Self> {
        let (negative, text) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text.strip_prefix('+').unwrap_or(text)),
        };
        let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
        let fraction = fraction.trim_end_matches('0');
        let digits = || whole.bytes().chain(fraction.bytes());
        let length = whole.len().checked_add(fraction.len())?;
        let pointed = text.ends_with('.') || whole.is_empty();
        if length > MAX_DIGITS || pointed || !digits().all(|b| b.is_ascii_digit()) {
            return None;
        }
        let value = digits().fold(0i128, |v, b| {
            v.saturating_mul(10).saturating_add(i128::from(b & 15))
        });
        let scale = u8::try_from(fraction.len()).ok()?;
        let digits = if negative {
            value.saturating_neg()
        } else {
            value
        };
        Some(Decimal { digits, scale })
    }

    /// `digits / 10^scale`; `None` for more than 36 decimal places.
    pub fn new(digits: i128, scale: u8) -> Option<Self> {
        let mut d = Decimal { digits, scale };
        while d.scale > 0 && d.digits % 10 == 0 {
            d.digits /= 10;
            d.scale = d.scale.saturating_sub(1);
        }
        (usize::from(d.scale) <= MAX_DIGITS).then_some(d)
    }

    /// The value times 10^[`scale`](Self::scale).
    pub fn digits(self) -> i128 {
        self.digits
    }

    /// Decimal places, none of them a zero at the end.
    pub fn scale(self) -> u8 {
        self.scale
    }

    /// The value times 10^`scale` where that is an integer.
    pub fn at_scale(self, scale: u8) -> Option<i128> {
        let places = scale.checked_sub(self.scale)?;
        self.digits
            .checked_mul(10i128.checked_pow(u32::from(places))?)
    }
}

impl Neg for Decimal {
    type Output = Self;

    fn neg(self) -> Self {
        Decimal {
            digits: self.digits.saturating_neg(),
            ..self
        }
    }
}

/// As many decimal places as the value has, or more where a precision asks for them: `{:.2}` writes 0.5 as 0.50.
impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let places = usize::from(self.scale).max(f.precision().unwrap_or(0));
        let sign = if self.digits < 0 { "-" } else { "" };
        let width = usize::from(self.scale).saturating_add(1);
        let text = format!("{:0width$}", self.digits.unsigned_abs());
        let (whole, fraction) = text.split_at(text.len().saturating_sub(usize::from(self.scale)));
        match places {
            0 => write!(f, "{sign}{whole}"),
            _ => write!(f, "{sign}{whole}.{fraction:0<places$}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn only_plain_decimals_are_read() {
        let shown = |s: &str| Decimal::parse(s).map(|d| d.to_string());
        for (text, want) in [
            ("0", "0"),
            ("-0.50", "-0.5"),
            ("+7.0", "7"),
            ("007", "7"),
            ("0.05", "0.05"),
        ] {
            assert_eq!(shown(text).as_deref(), Some(want), "{text}");
        }
        let long = "1".repeat(37);
        for text in [
            "", "-", "+", ".", "5.", ".5", "1e3", "1,5", " 1", "NaN", "٣", "--1", "+-1", "1.2.3",
            &long,
        ] {
            assert_eq!(shown(text), None, "{text}");
        }
    }

    #[test]
    fn a_precision_adds_zeros_and_cuts_nothing() {
        for (digits, scale, want) in [
            (0, 2, "0.00"),
            (-5, 1, "-0.50"),
            (7, 0, "7.00"),
            (-1, 3, "-0.001"),
        ] {
            let d = Decimal::new(digits, scale).unwrap();
            assert_eq!(format!("{d:.2}"), want);
        }
        assert_eq!(Decimal::new(-40, 1).unwrap().to_string(), "-4");
    }

    proptest! {
        #[test]
        fn display_and_parse_agree(digits in any::<i64>(), scale in 0u8..=18) {
            let d = Decimal::new(i128::from(digits), scale).unwrap();
            prop_assert_eq!(Decimal::parse(&d.to_string()), Some(d));
            prop_assert_eq!(d.at_scale(scale), Some(i128::from(digits)));
        }
    }
}
