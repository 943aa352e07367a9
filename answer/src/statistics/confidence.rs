//! Sampling intervals and their level.

use super::{Figure, StatisticsError};

/// A two-sided confidence level, strictly between 0 and 1.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub struct Level(f64);

impl Level {
    /// A level such as 0.95 or 0.99.
    ///
    /// # Errors
    /// [`StatisticsError::Parameter`] unless `0 < level < 1`.
    pub fn new(level: f64) -> Result<Self, StatisticsError> {
        if level > 0.0 && level < 1.0 {
            Ok(Self(level))
        } else {
            Err(StatisticsError::Parameter {
                name: "confidence level",
                value: level,
            })
        }
    }

    /// The level as a fraction.
    #[must_use]
    pub const fn fraction(self) -> f64 {
        self.0
    }

    /// The probability left out on each side.
    pub(super) fn tail(self) -> f64 {
        (1.0 - self.0) / 2.0
    }
}

impl Default for Level {
    /// 95 %.
    fn default() -> Self {
        Self(0.95)
    }
}

/// A sampling confidence interval, computed at the released values: it does not include rounding.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Confidence {
    /// Lower limit.
    pub low: f64,
    /// Upper limit.
    pub high: f64,
    /// The level it was made for.
    pub level: Level,
}

impl Confidence {
    /// `centre -+ half`.
    pub(super) fn around(centre: f64, half: f64, level: Level) -> Self {
        Self {
            low: centre - half,
            high: centre + half,
            level,
        }
    }

    /// `centre * exp(-+ half)`: an interval symmetric on the logarithmic scale.
    pub(super) fn around_logarithm(centre: f64, half: f64, level: Level) -> Self {
        Self {
            low: centre * (-half).exp(),
            high: centre * half.exp(),
            level,
        }
    }
}

/// An estimate with both of its uncertainties.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Estimate {
    /// Point estimate and rounding interval.
    pub figure: Figure,
    /// Sampling interval.
    pub confidence: Confidence,
}
