//! Decimal numbers held exactly: no value of a codebook passes through binary floating point.

use std::fmt;

/// Most digits of a number.
const MAX_DIGITS: usize = 36;

/// `digits / 10^scale`, without trailing zeros after the point.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Decimal {
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

    /// `digits / 10^scale`; `None` for more places than a source may have.
    pub fn new(digits: i128, scale: u8) -> Option<Self> {
        let mut d = Decimal { digits, scale };
        while d.scale > 0 && d.digits % 10 == 0 {
            d.digits /= 10;
            d.scale = d.scale.saturating_sub(1);
        }
        (usize::from(d.scale) <= MAX_DIGITS).then_some(d)
    }

    /// The shortest decimal that reads back as the same binary number; `None` where it is not finite or too long.
    pub fn from_float(value: impl fmt::Display) -> Option<Self> {
        Self::parse(&value.to_string())
    }

    /// Decimal places.
    pub fn scale(self) -> u8 {
        self.scale
    }

    /// The value times 10^`scale` where that is an integer.
    pub fn at_scale(self, scale: u8) -> Option<i128> {
        let places = scale.checked_sub(self.scale)?;
        self.digits
            .checked_mul(10i128.checked_pow(u32::from(places))?)
    }

    /// Digits without leading zeros.
    pub fn significant(self) -> usize {
        self.digits.unsigned_abs().to_string().len()
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.scale == 0 {
            return write!(f, "{}", self.digits);
        }
        let sign = if self.digits < 0 { "-" } else { "" };
        let width = usize::from(self.scale).saturating_add(1);
        let text = format!("{:0width$}", self.digits.unsigned_abs());
        let (whole, fraction) = text.split_at(text.len().saturating_sub(usize::from(self.scale)));
        write!(f, "{sign}{whole}.{fraction}")
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
        assert_eq!(Decimal::from_float(0.1f64).unwrap().to_string(), "0.1");
        assert_eq!(Decimal::from_float(0.1f32).unwrap().to_string(), "0.1");
        assert_eq!(Decimal::from_float(f64::NAN), None);
        assert_eq!(Decimal::from_float(1e300), None);
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
