//! One group's follow-up, as far as it was released.

use crate::statistics::{Figure, StatisticsError, proportion::not_negative};

/// The released cells of one grid time.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct GridPoint {
    /// The time, in real units.
    pub time: f64,
    /// How many records have at least this time; `None` when suppressed.
    pub at_risk: Option<Figure>,
    /// How many of them ended in the event; `None` when suppressed.
    pub events: Option<Figure>,
}

/// One group over the grid, up to the last time at which its deaths are known.
#[derive(Clone, Debug, PartialEq)]
pub struct Stratum {
    steps: Vec<Step>,
    truncated: bool,
}

/// A grid time whose deaths are known, with the cells before and after it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Step {
    pub(super) time: f64,
    /// Records with at least this time.
    pub(super) at_risk: Figure,
    /// Records with at least the next time.
    pub(super) staying: Figure,
    /// Events at this time and later.
    pub(super) events_from: Figure,
    /// Events at the next time and later.
    pub(super) events_after: Figure,
}

impl Step {
    /// Deaths at this time by the released cells, brought into `0 ..= at risk`.
    pub(super) fn deaths(&self) -> f64 {
        self.difference().max(0.0).min(self.at_risk.value())
    }

    /// Whether [`Step::deaths`] is not what the cells say.
    pub(super) fn is_clamped(&self) -> bool {
        self.deaths() != self.difference()
    }

    fn difference(&self) -> f64 {
        self.events_from.value() - self.events_after.value()
    }
}

impl Stratum {
    /// A group from its grid, all of it, in order of time. No record may have a time beyond those the last point counts.
    ///
    /// Deaths at a time need the next time's cells, so the group ends before the first time followed by a suppressed cell.
    ///
    /// # Errors
    /// - [`StatisticsError::Inconsistent`] unless times are finite and rise;
    /// - [`StatisticsError::Figure`] when a count is negative.
    pub fn new(grid: &[GridPoint]) -> Result<Self, StatisticsError> {
        check_times(grid)?;
        let released = released(grid)?;
        let truncated = released.len() < grid.len();
        let nobody = (Figure::exact(0.0), Figure::exact(0.0));
        let end = (!truncated).then_some(nobody);
        let after = released
            .iter()
            .skip(1)
            .map(|&(_, at_risk, events)| (at_risk, events))
            .chain(end);
        let steps = released.iter().zip(after).map(
            |(&(time, at_risk, events_from), (staying, events_after))| Step {
                time,
                at_risk,
                staying,
                events_from,
                events_after,
            },
        );
        Ok(Self {
            steps: steps.collect(),
            truncated,
        })
    }

    /// Whether suppression ended the group before its grid.
    #[must_use]
    pub const fn is_truncated(&self) -> bool {
        self.truncated
    }

    /// The last time at which the deaths are known.
    #[must_use]
    pub fn last_time(&self) -> Option<f64> {
        self.steps.last().map(|step| step.time)
    }

    pub(super) fn steps(&self) -> &[Step] {
        &self.steps
    }
}

fn check_times(grid: &[GridPoint]) -> Result<(), StatisticsError> {
    let rising = grid
        .iter()
        .zip(grid.iter().skip(1))
        .all(|(point, next)| point.time < next.time);
    if rising && grid.iter().all(|point| point.time.is_finite()) {
        Ok(())
    } else {
        Err(StatisticsError::Inconsistent("grid times do not rise"))
    }
}

/// Time, at risk and events of the points before the first suppressed cell.
fn released(grid: &[GridPoint]) -> Result<Vec<(f64, Figure, Figure)>, StatisticsError> {
    grid.iter()
        .map_while(|point| Some((point.time, point.at_risk?, point.events?)))
        .map(|(time, at_risk, events)| Ok((time, not_negative(at_risk)?, not_negative(events)?)))
        .collect()
}
