//! What rounding leaves open of a Kaplan-Meier curve.
//!
//! Deaths are differences of neighbouring cells, and an event moved from one time to the next changes two factors
//! against each other; bounding every factor alone would add up an error per time that is not there. True counts
//! are integers, and a cell leaves only a few of them. So the extremes are found exactly, by dynamic programming over the paths
//! through those integers.

use super::stratum::Step;
use crate::statistics::{Figure, StatisticsError};

/// The most integers a cell may leave; a rounding unit is at most 255.
const MAX_COUNTS: f64 = 256.0;
/// Slack for the products' floating-point error.
const SLACK: f64 = 1e-12;

/// A possible count of events still to come, with the extremes of survival until then.
#[derive(Clone, Copy)]
struct Node {
    events: f64,
    low: f64,
    high: f64,
}

/// The least and greatest survival after each step, over all true counts the cells admit.
///
/// # Errors
/// - [`StatisticsError::Inconsistent`] when the cells admit none;
/// - [`StatisticsError::Parameter`] when a cell leaves more than 256 integers.
pub(super) fn survival_bounds(steps: &[Step]) -> Result<Vec<(f64, f64)>, StatisticsError> {
    let mut nodes: Vec<Node> = match steps.first() {
        Some(first) => counts(first.events_from)?
            .map(|events| Node {
                events,
                low: 1.0,
                high: 1.0,
            })
            .collect(),
        None => return Ok(Vec::new()),
    };
    steps
        .iter()
        .map(|step| {
            nodes = counts(step.events_after)?
                .filter_map(|after| reach(step, &nodes, after))
                .collect();
            extremes(&nodes)
        })
        .collect()
}

/// The node of `after` events to come, when one of `nodes` leads there.
fn reach(step: &Step, nodes: &[Node], after: f64) -> Option<Node> {
    nodes
        .iter()
        .filter_map(|node| {
            let (low, high) = factors(step, node.events - after, after)?;
            Some(Node {
                events: after,
                low: node.low * low,
                high: node.high * high,
            })
        })
        .reduce(|a, b| Node {
            events: after,
            low: a.low.min(b.low),
            high: a.high.max(b.high),
        })
}

/// The least and greatest `1 - deaths / at risk`, or `None` when that many deaths cannot be. Who dies was at risk and does
/// not stay, and who has an event to come stays.
fn factors(step: &Step, deaths: f64, after: f64) -> Option<(f64, f64)> {
    let most = step.at_risk.high();
    let least = step
        .at_risk
        .low()
        .max(deaths + after.max(step.staying.low()));
    if deaths < 0.0 || least > most {
        None
    } else if deaths == 0.0 {
        Some((1.0, 1.0))
    } else {
        Some((1.0 - deaths / least, 1.0 - deaths / most))
    }
}

fn extremes(nodes: &[Node]) -> Result<(f64, f64), StatisticsError> {
    let (low, high) = nodes
        .iter()
        .map(|node| (node.low, node.high))
        .reduce(|a, b| (a.0.min(b.0), a.1.max(b.1)))
        .ok_or(StatisticsError::Inconsistent(
            "no true counts give these survival cells",
        ))?;
    let slack = if low < high { SLACK } else { 0.0 };
    Ok((low * (1.0 - slack), high * (1.0 + slack)))
}

/// The integers within a cell's interval.
fn counts(cell: Figure) -> Result<impl Iterator<Item = f64>, StatisticsError> {
    let (first, last) = (cell.low().ceil(), cell.high().floor());
    let count = last - first + 1.0;
    if count > MAX_COUNTS || count.is_nan() {
        return Err(StatisticsError::Parameter {
            name: "integers a count's rounding leaves",
            value: count,
        });
    }
    Ok((0..)
        .map(move |offset: u16| first + f64::from(offset))
        .take_while(move |&events| events <= last))
}
