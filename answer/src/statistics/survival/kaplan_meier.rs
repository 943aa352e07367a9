//! The Kaplan-Meier estimator.

use super::{
    lattice::survival_bounds,
    stratum::{Step, Stratum},
};
use crate::statistics::{
    Confidence, Figure, Level, StatisticsError, distribution::normal_quantile,
};

/// How close survival must come to a quantile to have reached it.
const QUANTILE_SLACK: f64 = 1e-9;

/// The scale on which a confidence interval for survival is symmetric (D. Collett, *Modelling Survival Data in Medical
/// Research*, 3rd ed. 2015, section 2.2.3).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Band {
    /// `S^exp(-+ z se / (S log S))`: never leaves 0 to 1.
    #[default]
    LogLog,
    /// `S exp(-+ z se / S)`, cut at 1: what R's `survfit` gives unless told otherwise.
    Log,
    /// `S -+ z se`, cut to 0 and 1.
    Plain,
}

/// Survival over time.
#[derive(Clone, Debug, PartialEq)]
pub struct Curve {
    /// A step for every grid time with somebody at risk, up to the end of what was released.
    pub steps: Vec<CurveStep>,
    /// Whether a step's deaths, by the released cells, were negative or more than were at risk, so that the curve was made monotone.
    pub clamped: bool,
    /// Whether suppression ended the curve.
    pub truncated: bool,
}

/// Survival from one grid time until the next.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CurveStep {
    /// The grid time, in real units.
    pub time: f64,
    /// Records at risk.
    pub at_risk: Figure,
    /// Estimated probability of surviving beyond this time.
    pub survival: Figure,
    /// Greenwood's standard error of it, at the released values.
    pub standard_error: f64,
    /// The sampling interval; `None` once survival is 0, where it is undefined.
    pub confidence: Option<Confidence>,
}

/// The first time at which survival is at most some probability; every field is `None` where the curve ends before that.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Quantile {
    /// By the released cells.
    pub time: Option<f64>,
    /// The earliest that the true cells can give.
    pub earliest: Option<f64>,
    /// The latest that the true cells can give.
    pub latest: Option<f64>,
    /// Lower sampling limit: where the confidence band's lower edge crosses (R. Brookmeyer & J. Crowley, Biometrics 38, 1982, 29-41).
    pub confidence_low: Option<f64>,
    /// Upper sampling limit: where its upper edge does.
    pub confidence_high: Option<f64>,
}

/// The sum of a curve's past: survival and `sum d / (Y (Y - d))`.
#[derive(Clone, Copy)]
struct Past {
    survival: f64,
    greenwood: f64,
}

impl Stratum {
    /// The product-limit estimate `S(t) = prod_{t_j <= t} (1 - d_j / Y_j)` (E. L. Kaplan & P. Meier, JASA 53, 1958, 457-481)
    /// with Greenwood's standard error `S sqrt(sum d_j / (Y_j (Y_j - d_j)))`.
    ///
    /// # Errors
    /// - [`StatisticsError::Inconsistent`] when no true counts give these cells;
    /// - [`StatisticsError::Parameter`] when a count's rounding interval holds more than 256 integers.
    pub fn kaplan_meier(&self, band: Band, level: Level) -> Result<Curve, StatisticsError> {
        let bounds = survival_bounds(self.steps())?;
        let steps = self
            .steps()
            .iter()
            .take_while(|step| step.at_risk.value() > 0.0);
        let pasts = steps.clone().scan(
            Past {
                survival: 1.0,
                greenwood: 0.0,
            },
            |past, step| {
                *past = past.after(step);
                Some(*past)
            },
        );
        Ok(Curve {
            clamped: steps.clone().any(Step::is_clamped),
            truncated: self.is_truncated(),
            steps: steps
                .zip(pasts.zip(bounds))
                .map(|(step, (past, (low, high)))| CurveStep {
                    time: step.time,
                    at_risk: step.at_risk,
                    survival: Figure::spread(
                        past.survival,
                        past.survival - low,
                        high - past.survival,
                    )
                    .clamp(0.0, 1.0),
                    standard_error: past.standard_error(),
                    confidence: past.confidence(band, level),
                })
                .collect(),
        })
    }
}

impl Past {
    fn after(self, step: &Step) -> Self {
        let (deaths, at_risk) = (step.deaths(), step.at_risk.value());
        Self {
            survival: self.survival * (1.0 - deaths / at_risk),
            greenwood: self.greenwood
                + if deaths < at_risk {
                    deaths / (at_risk * (at_risk - deaths))
                } else {
                    0.0
                },
        }
    }

    fn standard_error(self) -> f64 {
        self.survival * self.greenwood.sqrt()
    }

    fn confidence(self, band: Band, level: Level) -> Option<Confidence> {
        if self.survival <= 0.0 {
            return None;
        }
        let (survival, half) = (
            self.survival,
            normal_quantile(level) * self.greenwood.sqrt(),
        );
        let confidence = match band {
            Band::LogLog if half == 0.0 => Confidence::around(survival, 0.0, level),
            Band::LogLog => {
                let scaled = half / survival.ln().abs();
                Confidence {
                    low: survival.powf(scaled.exp()),
                    high: survival.powf((-scaled).exp()),
                    level,
                }
            }
            Band::Log => Confidence::around_logarithm(survival, half, level),
            Band::Plain => Confidence::around(survival, survival * half, level),
        };
        Some(Confidence {
            low: confidence.low.max(0.0),
            high: confidence.high.min(1.0),
            level,
        })
    }
}

impl Curve {
    /// The median survival time.
    #[must_use]
    pub fn median(&self) -> Quantile {
        self.quantile(0.5)
    }

    /// The first time at which survival is at most `probability`.
    #[must_use]
    pub fn quantile(&self, probability: f64) -> Quantile {
        let first = |edge: &dyn Fn(&CurveStep) -> Option<f64>| {
            let reached = |step: &&CurveStep| {
                edge(step).is_some_and(|edge| edge <= probability + QUANTILE_SLACK)
            };
            self.steps.iter().find(reached).map(|step| step.time)
        };
        Quantile {
            time: first(&|step| Some(step.survival.value())),
            earliest: first(&|step| Some(step.survival.low())),
            latest: first(&|step| Some(step.survival.high())),
            confidence_low: first(&|step| Some(step.confidence?.low)),
            confidence_high: first(&|step| Some(step.confidence?.high)),
        }
    }
}
