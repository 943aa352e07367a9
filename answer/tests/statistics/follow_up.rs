//! Cumulative cells from counts of who left when.

use nectar_answer::statistics::{Figure, survival::GridPoint};
use proptest::prelude::*;

use crate::{
    released::{exact, nearest},
    studies::Leaving,
};

/// The disclosure rule of a test: counts below `k` are suppressed, zero included, the others rounded to the nearest `base`.
#[derive(Clone, Copy, Debug)]
pub struct Rule {
    pub k: u64,
    pub base: u64,
}

/// No rule at all.
pub const UNTOUCHED: Rule = Rule { k: 0, base: 1 };

impl Rule {
    pub fn cell(self, n: u64) -> Option<Figure> {
        (n >= self.k).then(|| nearest(n, self.base))
    }
}

/// Cumulative cells of one group on a grid of `days`-long periods.
pub fn grid(leaving: &[(u32, u64, u64)], days: u32, rule: Rule) -> Vec<GridPoint> {
    let mut starts: Vec<u32> = leaving.iter().map(|row| row.0 / days * days).collect();
    starts.dedup();
    let points = starts.iter().map(|&start| {
        let staying = leaving.iter().filter(|row| row.0 >= start);
        let (dying, censored) = staying.fold((0, 0), |sum, row| (sum.0 + row.1, sum.1 + row.2));
        GridPoint {
            time: f64::from(start),
            at_risk: rule.cell(dying + censored),
            events: rule.cell(dying),
        }
    });
    points.collect()
}

/// Who left one group.
pub fn group<const G: usize>(rows: &[Leaving<G>], index: usize) -> Vec<(u32, u64, u64)> {
    rows.iter()
        .map(|(day, dying, censored)| (*day, dying[index], censored[index]))
        .collect()
}

/// Who left, of all groups.
pub fn everybody<const G: usize>(rows: &[Leaving<G>]) -> Vec<(u32, u64, u64)> {
    rows.iter()
        .map(|(day, dying, censored)| (*day, dying.iter().sum(), censored.iter().sum()))
        .collect()
}

/// A grid point that no rule touched.
pub fn point(time: f64, at_risk: u64, events: u64) -> GridPoint {
    GridPoint {
        time,
        at_risk: Some(exact(at_risk)),
        events: Some(exact(events)),
    }
}

/// A study of three groups, group 0 dying twice as readily as the others.
pub fn study() -> impl Strategy<Value = Vec<Leaving<3>>> {
    let leaving = (
        prop::array::uniform3(0u64..12),
        prop::array::uniform3(0u64..6),
    );
    prop::collection::vec(leaving, 3..30).prop_map(|days| {
        let rows = (0..).zip(days);
        rows.map(|(day, ([a, b, c], censored))| (day, [2 * a, b, c], censored))
            .collect()
    })
}
