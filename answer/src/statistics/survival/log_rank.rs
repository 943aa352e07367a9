//! The log-rank test.

use super::stratum::{Step, Stratum};
use crate::statistics::{
    Figure, StatisticsError, distribution::chi_square_tail, linear::System, proportion::share,
};

/// The log-rank test of two or more groups (N. Mantel, Cancer Chemotherapy Reports 50, 1966, 163-170).
#[derive(Clone, Debug, PartialEq)]
pub struct LogRank {
    /// Chi-square statistic.
    pub statistic: Figure,
    /// Degrees of freedom, the number of groups less one.
    pub freedom: usize,
    /// The p-value; its interval follows the statistic's.
    pub p: Figure,
    /// The last time counted: the last one at which every group's deaths are known.
    pub until: f64,
    /// Whether suppression in a group ended the comparison before the grid.
    pub truncated: bool,
    /// Deaths of each group, at the released values.
    pub observed: Vec<f64>,
    /// Deaths of each group expected if all died at one rate, at the released values.
    pub expected: Vec<f64>,
}

/// Tests whether the groups die at one rate.
///
/// With `w_g = Y_g / Y` at each time, `Z_g = sum (d_g - d w_g)` and `V_gh = sum d (Y - d) / (Y - 1) w_g (1{g = h} - w_h)`; the
/// statistic is `Z' V^-1 Z` without the last group (J. P. Klein & M. L. Moeschberger, *Survival Analysis*, 2nd ed. 2003,
/// section 7.3). `Z` and `V` are sums of deaths times weights, hence linear in the cumulative cells once the weights
/// are bounded, which is how rounding is followed through them.
///
/// # Errors
/// - [`StatisticsError::Shape`] unless there are two groups or more;
/// - [`StatisticsError::Inconsistent`] when their grids differ;
/// - [`StatisticsError::Undefined`] when no time is known in all groups, or a group was never at risk at a death.
pub fn log_rank(groups: &[Stratum]) -> Result<LogRank, StatisticsError> {
    let comparison = Comparison::new(groups)?;
    let freedom = groups.len() - 1;
    let statistic = comparison.statistic(freedom)?;
    Ok(LogRank {
        statistic,
        freedom,
        p: chi_square_tail(statistic, freedom)?,
        until: comparison.until,
        truncated: groups.iter().any(Stratum::is_truncated),
        observed: comparison
            .groups
            .iter()
            .map(|steps| deaths(steps))
            .collect(),
        expected: (0..groups.len())
            .map(|group| comparison.expected(group).value())
            .collect(),
    })
}

/// The groups over the times known in all of them.
struct Comparison<'a> {
    groups: Vec<&'a [Step]>,
    /// For each time, what the groups have in common.
    moments: Vec<Moment>,
    until: f64,
}

impl<'a> Comparison<'a> {
    fn new(groups: &'a [Stratum]) -> Result<Self, StatisticsError> {
        if groups.len() < 2 {
            return Err(StatisticsError::Shape {
                got: groups.len(),
                want: 2,
            });
        }
        let length = groups
            .iter()
            .map(|group| group.steps().len())
            .min()
            .unwrap_or(0);
        let groups: Vec<&[Step]> = groups
            .iter()
            .filter_map(|group| group.steps().get(..length))
            .collect();
        let moments = (0..length)
            .map(|index| Moment::new(groups.iter().filter_map(|steps| steps.get(index)).collect()))
            .collect::<Result<Vec<_>, _>>()?;
        let last = moments.last().ok_or(StatisticsError::Undefined(
            "no time is known in every group",
        ))?;
        Ok(Self {
            until: last.time,
            groups,
            moments,
        })
    }

    /// `Z' V^-1 Z` over the first `freedom` groups.
    fn statistic(&self, freedom: usize) -> Result<Figure, StatisticsError> {
        let excesses: Vec<Figure> = (0..freedom).map(|group| self.excess(group)).collect();
        let covariances: Vec<Vec<Figure>> = (0..freedom)
            .map(|group| {
                (0..freedom)
                    .map(|other| self.covariance(group, other))
                    .collect()
            })
            .collect();
        let direct = match (excesses.as_slice(), covariances.iter().flatten().next()) {
            (&[excess], Some(&variance)) => {
                Some(excess.square() / variance.clamp(0.0, f64::INFINITY))
            }
            _ => None,
        };
        let system = System::new(covariances).ok_or(StatisticsError::Undefined(
            "a group was never at risk at a death",
        ))?;
        let form = system.form(&excesses);
        Ok(direct.map_or(form, |direct| form.narrowed_by(direct)))
    }

    /// `Z_g`: deaths of `group` beyond those expected.
    fn excess(&self, group: usize) -> Figure {
        self.sum_of_deaths(|dying, moment| {
            let own = if dying == group { 1.0 } else { 0.0 };
            Figure::exact(own) - moment.share(group)
        })
    }

    /// Deaths expected in `group`.
    fn expected(&self, group: usize) -> Figure {
        self.sum_of_deaths(|_, moment| moment.share(group))
    }

    /// `V_gh`.
    fn covariance(&self, group: usize, other: usize) -> Figure {
        self.sum_of_deaths(|_, moment| {
            let share = moment.share(group);
            let spread = if group == other {
                (Figure::exact(0.25) - (share - 0.5).square()).clamp(0.0, 0.25)
            } else {
                -(share * moment.share(other))
            };
            moment.correction * spread
        })
    }

    /// The sum over groups and times of deaths times `weight(group, time)`.
    fn sum_of_deaths(&self, weight: impl Fn(usize, &Moment) -> Figure) -> Figure {
        let by_group = self.groups.iter().enumerate().map(|(group, steps)| {
            let weights: Vec<Figure> = self
                .moments
                .iter()
                .map(|moment| weight(group, moment))
                .collect();
            weighted_deaths(steps, &weights)
        });
        by_group.sum()
    }
}

/// One grid time over all groups.
struct Moment {
    time: f64,
    /// Each group's share of those at risk.
    shares: Vec<Figure>,
    /// `(Y - d) / (Y - 1)`: what drawing without replacement takes from the variance.
    correction: Figure,
}

impl Moment {
    fn new(groups: Vec<&Step>) -> Result<Self, StatisticsError> {
        let time = groups.first().map_or(f64::NAN, |step| step.time);
        if groups.iter().any(|step| step.time != time) {
            return Err(StatisticsError::Inconsistent(
                "grid times differ between groups",
            ));
        }
        let shares = groups.iter().enumerate().map(|(group, step)| {
            let others = groups
                .iter()
                .enumerate()
                .filter(|&(other, _)| other != group);
            share(step.at_risk, others.map(|(_, step)| step.at_risk).sum())
        });
        Ok(Self {
            time,
            shares: shares.collect(),
            correction: correction(&groups),
        })
    }

    fn share(&self, group: usize) -> Figure {
        self.shares
            .get(group)
            .copied()
            .unwrap_or(Figure::exact(0.0))
    }
}

/// `(Y - d) / (Y - 1) = 1 - (d - 1) / (Y - 1)`, within 0 to 1 as it matters only where `1 <= d <= Y`; 0 where `Y` is 1.
fn correction(groups: &[&Step]) -> Figure {
    let at_risk: Figure = groups.iter().map(|step| step.at_risk).sum();
    let deaths: Figure = groups
        .iter()
        .map(|step| step.events_from - step.events_after)
        .sum();
    if at_risk.value() <= 1.0 {
        return Figure::spread(0.0, 0.0, at_risk.high() - 1.0).clamp(0.0, 1.0);
    }
    let others = (at_risk - 1.0).clamp(0.0, f64::INFINITY);
    let dying = (deaths - 1.0).clamp(0.0, f64::INFINITY);
    (Figure::exact(1.0) - dying / others).clamp(0.0, 1.0)
}

/// `sum_j d_j weight_j` with `d_j = E_j - E_{j+1}`. True deaths are not negative, so the weights' ends bound it; and with the
/// weights fixed it is linear in the cells, `sum_j E_j (weight_j - weight_{j-1})`, each standing once.
fn weighted_deaths(steps: &[Step], weights: &[Figure]) -> Figure {
    let value = steps
        .iter()
        .zip(weights)
        .map(|(step, weight)| step.deaths() * weight.value())
        .sum();
    let low = linear_in_cells(steps, weights.iter().map(Figure::low)).low();
    let high = linear_in_cells(steps, weights.iter().map(Figure::high)).high();
    if low == high {
        Figure::exact(value)
    } else {
        Figure::spread(value, value - low, high - value)
    }
}

fn linear_in_cells(steps: &[Step], weights: impl Iterator<Item = f64>) -> Figure {
    let mut before = 0.0;
    let mut sum = Figure::exact(0.0);
    for (step, weight) in steps.iter().zip(weights) {
        sum = sum + step.events_from * (weight - before);
        before = weight;
    }
    match steps.last() {
        Some(last) => sum - last.events_after * before,
        None => sum,
    }
}

fn deaths(steps: &[Step]) -> f64 {
    steps.iter().map(Step::deaths).sum()
}
