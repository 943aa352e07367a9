//! A number with the interval that rounding leaves for it.

use std::ops::{Add, Div, Mul, Neg, Sub};

use super::StatisticsError;

/// Relative slack for functions that are not correctly rounded (logarithms, distribution functions).
const FUNCTION_SLACK: f64 = 1e-10;

/// A value computed from released cells, and a closed interval that surely holds what the true cells would have given.
///
/// The interval covers rounding by the disclosure rule only, never sampling. Arithmetic is interval arithmetic
/// (Moore, Kearfott & Cloud, *Introduction to Interval Analysis*, SIAM 2009, chapter 2), each end moved
/// outward by one unit in the last place. Between exact figures it is ordinary arithmetic and the result is exact:
/// floating-point error, unlike rounding by the rule, does not make a figure inexact.
///
/// Ends may be infinite, where nothing is known. A value is finite wherever this module returns a figure.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Figure {
    value: f64,
    low: f64,
    high: f64,
}

impl Figure {
    /// A figure that no rounding touched.
    #[must_use]
    pub const fn exact(value: f64) -> Self {
        Self {
            value,
            low: value,
            high: value,
        }
    }

    /// A released value and the least and greatest true value that could have become it.
    ///
    /// # Errors
    /// [`StatisticsError::Figure`] unless `value` is finite and `low <= value <= high`.
    pub fn within(value: f64, low: f64, high: f64) -> Result<Self, StatisticsError> {
        if value.is_finite() && low <= value && value <= high {
            Ok(Self { value, low, high })
        } else {
            Err(StatisticsError::Figure { value, low, high })
        }
    }

    /// The point estimate, from the released values.
    #[must_use]
    pub const fn value(&self) -> f64 {
        self.value
    }

    /// The lower end of the rounding interval.
    #[must_use]
    pub const fn low(&self) -> f64 {
        self.low
    }

    /// The upper end of the rounding interval.
    #[must_use]
    pub const fn high(&self) -> f64 {
        self.high
    }

    /// The most that rounding can have moved the value, either way.
    #[must_use]
    pub fn bound(&self) -> f64 {
        (self.high - self.value).max(self.value - self.low)
    }

    /// Whether no rounding touched the figure.
    #[must_use]
    pub fn is_exact(&self) -> bool {
        self.low == self.high
    }

    /// Whether the value may be printed; where it may not, because the bound exceeds it, only the interval is.
    #[must_use]
    pub fn is_informative(&self) -> bool {
        self.is_exact() || self.bound() <= self.value.abs()
    }

    /// Whether `x` lies within the rounding interval, ends included.
    #[must_use]
    pub fn contains(&self, x: f64) -> bool {
        self.low <= x && x <= self.high
    }

    /// The figure with both ends and the value brought into `low ..= high`, a range the true value cannot leave.
    pub(super) fn clamp(self, low: f64, high: f64) -> Self {
        let into = |x: f64| x.max(low).min(high);
        Self {
            value: into(self.value),
            low: into(self.low),
            high: into(self.high),
        }
    }

    /// The figure with its interval cut to `other`'s, when both hold the same true value; the value stays.
    pub(super) fn narrowed_by(self, other: Self) -> Self {
        Self {
            value: self.value,
            low: self.low.max(other.low).min(self.value),
            high: self.high.min(other.high).max(self.value),
        }
    }

    /// A value and how far the true one may lie below and above it; a negative distance is taken for 0, an
    /// undefined one for any.
    pub(super) fn spread(value: f64, below: f64, above: f64) -> Self {
        if below == 0.0 && above == 0.0 {
            return Self::exact(value);
        }
        let distance = |x: f64| {
            if x.is_nan() {
                f64::INFINITY
            } else {
                x.max(0.0)
            }
        };
        Self::outward(value, value - distance(below), value + distance(above))
    }

    /// A value and ends computed by functions good to 1e-10 relative.
    pub(super) fn enclosing(value: f64, low: f64, high: f64) -> Self {
        let (low, high) = (
            low - FUNCTION_SLACK * low.abs(),
            high + FUNCTION_SLACK * high.abs(),
        );
        Self::outward(value, low.min(value), high.max(value))
    }

    /// The square; tighter than a product because both factors are the same.
    pub(super) fn square(self) -> Self {
        let product = self * self;
        if self.low < 0.0 && self.high > 0.0 {
            product.clamp(0.0, f64::INFINITY)
        } else {
            product
        }
    }

    /// The square root, negative ends taken for 0.
    pub(super) fn sqrt(self) -> Self {
        self.clamp(0.0, f64::INFINITY).increasing(f64::sqrt)
    }

    /// The image under a nondecreasing function good to 1e-10 relative.
    pub(super) fn increasing(self, function: impl Fn(f64) -> f64) -> Self {
        let value = function(self.value);
        if self.is_exact() {
            return Self::exact(value);
        }
        Self::enclosing(value, function(self.low), function(self.high))
    }

    /// The image under a nonincreasing function good to 1e-10 relative.
    pub(super) fn decreasing(self, function: impl Fn(f64) -> f64) -> Self {
        -self.increasing(|x| -function(x))
    }

    /// The reciprocal's interval; the value is infinite at 0.
    fn reciprocal(self) -> Self {
        let (low, high) = match (self.low, self.high) {
            (low, high) if low > 0.0 || high < 0.0 => (high.recip(), low.recip()),
            (low, high) if low == 0.0 && high > 0.0 => (high.recip(), f64::INFINITY),
            (low, high) if low < 0.0 && high == 0.0 => (f64::NEG_INFINITY, low.recip()),
            _ => (f64::NEG_INFINITY, f64::INFINITY),
        };
        Self::outward(self.value.recip(), low, high)
    }

    /// The interval widened by a unit in the last place at each end. An end of 0 stays, being exact but for
    /// underflow; an undefined end is infinite.
    fn outward(value: f64, low: f64, high: f64) -> Self {
        let end = |x: f64, unknown: f64, further: f64| match x {
            _ if x.is_nan() => unknown,
            0.0 => 0.0,
            _ => further,
        };
        Self {
            value,
            low: end(low, f64::NEG_INFINITY, low.next_down()),
            high: end(high, f64::INFINITY, high.next_up()),
        }
    }
}

/// The product of two ends, where 0 times anything is 0: an infinite end stands for arbitrarily large numbers.
fn product(a: f64, b: f64) -> f64 {
    if a == 0.0 || b == 0.0 { 0.0 } else { a * b }
}

impl From<f64> for Figure {
    fn from(value: f64) -> Self {
        Self::exact(value)
    }
}

impl<T: Into<Figure>> Add<T> for Figure {
    type Output = Self;

    fn add(self, other: T) -> Self {
        let other = other.into();
        let value = self.value + other.value;
        if self.is_exact() && other.is_exact() {
            return Self::exact(value);
        }
        Self::outward(value, self.low + other.low, self.high + other.high)
    }
}

impl Neg for Figure {
    type Output = Self;

    fn neg(self) -> Self {
        Self {
            value: -self.value,
            low: -self.high,
            high: -self.low,
        }
    }
}

impl<T: Into<Figure>> Sub<T> for Figure {
    type Output = Self;

    fn sub(self, other: T) -> Self {
        self + -other.into()
    }
}

impl<T: Into<Figure>> Mul<T> for Figure {
    type Output = Self;

    fn mul(self, other: T) -> Self {
        let other = other.into();
        let value = self.value * other.value;
        if self.is_exact() && other.is_exact() {
            return Self::exact(value);
        }
        let corners = [
            product(self.low, other.low),
            product(self.low, other.high),
            product(self.high, other.low),
            product(self.high, other.high),
        ];
        let low = corners.into_iter().fold(f64::INFINITY, f64::min);
        let high = corners.into_iter().fold(f64::NEG_INFINITY, f64::max);
        Self::outward(value, low, high)
    }
}

impl<T: Into<Figure>> Div<T> for Figure {
    type Output = Self;

    fn div(self, other: T) -> Self {
        let other = other.into();
        let value = self.value / other.value;
        if self.is_exact() && other.is_exact() {
            return Self::exact(value);
        }
        Self {
            value,
            ..self * other.reciprocal()
        }
    }
}

impl std::iter::Sum for Figure {
    fn sum<I: Iterator<Item = Self>>(figures: I) -> Self {
        figures.fold(Self::exact(0.0), Add::add)
    }
}
