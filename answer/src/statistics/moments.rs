//! Mean and spread of a numeric column in one group.

use super::{
    Confidence, Estimate, Figure, Level, Scale, StatisticsError, distribution::t_quantile,
};

/// The released cells of one group of a moments table, in code units.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Moments {
    /// `COUNT(x)`: records in the group whose `x` is present.
    pub count: Figure,
    /// `SUM(x)` over them.
    pub sum: Figure,
    /// `SUM(x^2)` over them.
    pub sum_of_squares: Figure,
    /// What `x` stands for.
    pub scale: Scale,
}

/// A sample variance, in squared real units.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Variance {
    /// The estimate, never negative.
    pub figure: Figure,
    /// Whether rounding had made it negative, so that 0 stands in its place.
    pub clamped: bool,
}

impl Moments {
    /// The sum of the values, in real units: `min * n + step * sum`.
    #[must_use]
    pub fn total(&self) -> Figure {
        self.count * self.scale.min() + self.sum * self.scale.step()
    }

    /// The mean, in real units: `min + step * sum / n`.
    ///
    /// # Errors
    /// [`StatisticsError::TooFew`] when the released count is 0.
    pub fn mean(&self) -> Result<Figure, StatisticsError> {
        self.require_more_than(0.0)?;
        Ok(self.scale.place(self.sum / self.count))
    }

    /// The sample variance, `step^2 * (sum_of_squares - sum^2 / n) / (n - 1)`.
    ///
    /// # Errors
    /// [`StatisticsError::TooFew`] when the released count is below 2.
    pub fn variance(&self) -> Result<Variance, StatisticsError> {
        self.require_more_than(1.0)?;
        let squares = self.sum_of_squares - self.sum.square() / self.count;
        let freedom = (self.count - 1.0).clamp(0.0, f64::INFINITY);
        let scaled = squares / freedom * (self.scale.step() * self.scale.step());
        Ok(Variance {
            figure: scaled.clamp(0.0, f64::INFINITY),
            clamped: scaled.value() < 0.0,
        })
    }

    /// The sample standard deviation, in real units.
    ///
    /// # Errors
    /// As for [`Moments::variance`].
    pub fn standard_deviation(&self) -> Result<Figure, StatisticsError> {
        Ok(self.variance()?.figure.sqrt())
    }

    /// The standard error of the mean, `sqrt(variance / n)`, in real units.
    ///
    /// # Errors
    /// As for [`Moments::variance`].
    pub fn standard_error(&self) -> Result<Figure, StatisticsError> {
        Ok((self.variance()?.figure / self.count).sqrt())
    }

    /// The mean with Student's interval, `mean -+ t(n - 1) * standard error`.
    ///
    /// # Errors
    /// As for [`Moments::variance`].
    pub fn mean_with_confidence(&self, level: Level) -> Result<Estimate, StatisticsError> {
        let figure = self.mean()?;
        let t = t_quantile(level, self.count.value() - 1.0)?;
        let half = t * self.standard_error()?.value();
        Ok(Estimate {
            figure,
            confidence: Confidence::around(figure.value(), half, level),
        })
    }

    fn require_more_than(&self, more_than: f64) -> Result<(), StatisticsError> {
        let got = self.count.value();
        if got > more_than {
            Ok(())
        } else {
            Err(StatisticsError::TooFew { got, more_than })
        }
    }
}
