//! Events by exposure, such as deaths per person-year.

use super::{
    Confidence, Estimate, Figure, Level, StatisticsError,
    distribution::{chi_square_quantile, normal_quantile},
    proportion::not_negative,
};

/// A rate: events by the exposure they happened in, in events per unit of exposure.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rate {
    events: Figure,
    exposure: Figure,
}

impl Rate {
    /// From a released count and a sum of exposure, for instance [`total`](super::moments::Moments::total) of a follow-up time.
    ///
    /// # Errors
    /// [`StatisticsError::Undefined`] when there is no exposure, [`StatisticsError::Figure`] when either is negative.
    pub fn new(events: Figure, exposure: Figure) -> Result<Self, StatisticsError> {
        let (events, exposure) = (not_negative(events)?, not_negative(exposure)?);
        if exposure.value() == 0.0 {
            return Err(StatisticsError::Undefined("rate without exposure"));
        }
        Ok(Self { events, exposure })
    }

    /// Events per unit of exposure.
    #[must_use]
    pub fn figure(&self) -> Figure {
        self.events / self.exposure
    }

    /// The rate with the exact Poisson interval (F. Garwood, Biometrika 28, 1936, 437-442).
    ///
    /// # Errors
    /// [`StatisticsError::Parameter`] when there are more than half a billion events.
    pub fn with_confidence(&self, level: Level) -> Result<Estimate, StatisticsError> {
        let (events, exposure) = (self.events.value(), self.exposure.value());
        let low = if events > 0.0 {
            chi_square_quantile(level.tail(), 2.0 * events)? / 2.0
        } else {
            0.0
        };
        let high = chi_square_quantile(1.0 - level.tail(), 2.0 * (events + 1.0))? / 2.0;
        Ok(Estimate {
            figure: self.figure(),
            confidence: Confidence {
                low: low / exposure,
                high: high / exposure,
                level,
            },
        })
    }

    /// The rate ratio, this rate by the other's, with the logarithmic interval whose standard error is
    /// `sqrt(1 / events + 1 / other events)` (K. J. Rothman, *Epidemiology*, 2nd ed. 2012, chapter 9).
    ///
    /// # Errors
    /// [`StatisticsError::Undefined`] when one of the groups has no events.
    pub fn ratio(&self, other: &Self, level: Level) -> Result<Estimate, StatisticsError> {
        if self.events.value() == 0.0 || other.events.value() == 0.0 {
            return Err(StatisticsError::Undefined(
                "rate ratio with no events in a group",
            ));
        }
        let figure = self.figure() / other.figure();
        let error = (self.events.value().recip() + other.events.value().recip()).sqrt();
        let half = normal_quantile(level) * error;
        Ok(Estimate {
            figure,
            confidence: Confidence::around_logarithm(figure.value(), half, level),
        })
    }
}
