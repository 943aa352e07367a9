//! From code units to the units a column was measured in.

use super::{Figure, StatisticsError};

/// How a numeric column's count `x = 0, 1, 2, ..` stands for a value: `min + step * x`.
///
/// Codes and counts differ by one: code 0 is missing, and code `t >= 1` counts `x = t - 1` steps.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scale {
    min: f64,
    step: f64,
}

impl Scale {
    /// A scale in real units.
    ///
    /// # Errors
    /// [`StatisticsError::Parameter`] unless `min` is finite and `step` is positive and finite.
    pub fn new(min: f64, step: f64) -> Result<Self, StatisticsError> {
        for (name, value, valid) in [("min", min, true), ("step", step, step > 0.0)] {
            if !(valid && value.is_finite()) {
                return Err(StatisticsError::Parameter { name, value });
            }
        }
        Ok(Self { min, step })
    }

    /// The value of `x = 0`.
    #[must_use]
    pub const fn min(self) -> f64 {
        self.min
    }

    /// The distance between neighbouring values.
    #[must_use]
    pub const fn step(self) -> f64 {
        self.step
    }

    /// A place on the scale, such as a mean, in real units.
    pub(super) fn place(self, x: Figure) -> Figure {
        x * self.step + self.min
    }
}
