//! Proportions and their comparison between two groups.

use super::{Confidence, Estimate, Figure, Level, StatisticsError, distribution::normal_quantile};

/// The share of a group that has a property: `with / (with + without)`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Proportion {
    with: f64,
    total: f64,
    share: Figure,
}

impl Proportion {
    /// From two released counts that share no record.
    ///
    /// # Errors
    /// [`StatisticsError::Undefined`] when both are 0 and [`StatisticsError::Figure`] when one is negative.
    pub fn from_parts(with: Figure, without: Figure) -> Result<Self, StatisticsError> {
        let (with, without) = (not_negative(with)?, not_negative(without)?);
        let total = with.value() + without.value();
        Self::of(with.value(), total, share(with, without))
    }

    /// From a released count and the released count of the whole group. Where rounding put the first above the
    /// second, the share is 1.
    ///
    /// # Errors
    /// [`StatisticsError::Undefined`] when the group is empty and [`StatisticsError::Figure`] when a count is negative.
    pub fn from_total(with: Figure, total: Figure) -> Result<Self, StatisticsError> {
        let (with, total) = (not_negative(with)?, not_negative(total)?);
        Self::of(with.value().min(total.value()), total.value(), with / total)
    }

    fn of(with: f64, total: f64, share: Figure) -> Result<Self, StatisticsError> {
        if total == 0.0 {
            return Err(StatisticsError::Undefined("proportion of an empty group"));
        }
        let share = share.clamp(0.0, 1.0);
        Ok(Self { with, total, share })
    }

    /// The share, 0 to 1.
    #[must_use]
    pub const fn share(&self) -> Figure {
        self.share
    }

    /// The share with Wilson's score interval (E. B. Wilson, JASA 22, 1927; without continuity correction).
    #[must_use]
    pub fn with_confidence(&self, level: Level) -> Estimate {
        Estimate {
            figure: self.share,
            confidence: self.wilson(level),
        }
    }

    fn wilson(&self, level: Level) -> Confidence {
        let z = normal_quantile(level);
        let (n, p) = (self.total, self.with / self.total);
        let shrink = 1.0 + z * z / n;
        let centre = (p + z * z / (2.0 * n)) / shrink;
        let half = z / shrink * (p * (1.0 - p) / n + z * z / (4.0 * n * n)).sqrt();
        Confidence {
            low: (centre - half).max(0.0),
            high: (centre + half).min(1.0),
            level,
        }
    }

    /// The risk difference, this share minus the other group's, with Newcombe's hybrid score interval
    /// (R. G. Newcombe, Statistics in Medicine 17, 1998, 873-890, method 10).
    #[must_use]
    pub fn difference(&self, other: &Self, level: Level) -> Estimate {
        let (p, q) = (self.with / self.total, other.with / other.total);
        let (a, b) = (self.wilson(level), other.wilson(level));
        Estimate {
            figure: (self.share - other.share).clamp(-1.0, 1.0),
            confidence: Confidence {
                low: p - q - (p - a.low).hypot(b.high - q),
                high: p - q + (a.high - p).hypot(q - b.low),
                level,
            },
        }
    }

    /// The risk ratio, this share by the other group's, with Katz's logarithmic interval
    /// (D. Katz et al., Biometrics 34, 1978, 469-474).
    ///
    /// # Errors
    /// [`StatisticsError::Undefined`] when nobody in one of the groups has the property.
    pub fn ratio(&self, other: &Self, level: Level) -> Result<Estimate, StatisticsError> {
        if self.with == 0.0 || other.with == 0.0 {
            return Err(StatisticsError::Undefined(
                "risk ratio with no cases in a group",
            ));
        }
        let figure = self.share / other.share;
        let variance = |group: &Self| group.with.recip() - group.total.recip();
        let error = (variance(self) + variance(other)).sqrt();
        let half = normal_quantile(level) * error;
        Ok(Estimate {
            figure,
            confidence: Confidence::around_logarithm(figure.value(), half, level),
        })
    }
}

/// `part / (part + rest)` for counts that share no record, each standing once so that the interval is as narrow as can be;
/// 0 within 0 to 1 when both are 0.
pub(super) fn share(part: Figure, rest: Figure) -> Figure {
    let one = Figure::exact(1.0);
    let share = if part.value() > 0.0 {
        one / (rest / part + one)
    } else if rest.value() > 0.0 {
        one - one / (part / rest + one)
    } else {
        Figure::spread(0.0, 0.0, 1.0)
    };
    share.clamp(0.0, 1.0)
}

/// A count, its interval cut at 0.
pub(super) fn not_negative(count: Figure) -> Result<Figure, StatisticsError> {
    if count.value() < 0.0 {
        return Err(StatisticsError::Figure {
            value: count.value(),
            low: 0.0,
            high: f64::INFINITY,
        });
    }
    Ok(count.clamp(0.0, f64::INFINITY))
}
