//! What a verified answer says: tables, tests and plots, before anybody decides how they look.
//!
//! Everything here comes from released cells. A figure carries the interval that rounding leaves open; a sampling
//! interval stands beside it where the statistic has one.

mod cross;
mod gram;
mod groups;
mod released;
mod survival;
#[cfg(test)]
mod tests;

pub use released::Released;

use nectar_sql::{Item, Moment, Output};
use nectar_verifier::{
    query::{AxisKind, Query, Variant},
    statistics::{Confidence, Estimate, Figure, StatisticsError},
};

/// An answer as tables and plots.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Answer {
    /// The tables.
    pub sections: Vec<Section>,
    /// The plots.
    pub plots: Vec<Plot>,
}

/// A table with what has to be said about it.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Section {
    /// What it shows, where more than one table is printed.
    pub title: Option<String>,
    /// Headings of its columns.
    pub headings: Vec<String>,
    /// Its rows.
    pub rows: Vec<Vec<Entry>>,
    /// Remarks, a sentence each.
    pub notes: Vec<String>,
}

/// One place in a table.
#[derive(Debug, Clone, PartialEq)]
pub enum Entry {
    /// A label.
    Text(String),
    /// A number of people.
    Count(Figure),
    /// A statistic.
    Statistic {
        /// The statistic with its rounding interval.
        figure: Figure,
        /// Its sampling interval.
        confidence: Option<Confidence>,
        /// Whether rounding had taken it out of its range, so that the range's end stands in its place.
        clamped: bool,
    },
    /// A p-value with its rounding interval.
    Probability(Figure),
    /// Withheld by the disclosure rule.
    Withheld,
    /// Not defined on these cells; the text says why.
    Undefined(String),
}

/// Something to draw.
#[derive(Debug, Clone, PartialEq)]
pub enum Plot {
    /// One bar a group, from zero.
    Bars {
        /// What is drawn.
        title: String,
        /// Labels and values.
        bars: Vec<(String, f64)>,
    },
    /// A falling line from 1.
    Steps {
        /// What is drawn.
        title: String,
        /// Times and values.
        points: Vec<(f64, f64)>,
    },
}

impl Entry {
    /// A number of people, or the mark.
    fn count(figure: Option<Figure>) -> Self {
        figure.map_or(Entry::Withheld, Entry::Count)
    }

    /// A statistic without a sampling interval.
    fn figure(result: Result<Figure, StatisticsError>) -> Self {
        let statistic = |figure| Entry::Statistic {
            figure,
            confidence: None,
            clamped: false,
        };
        result.map_or_else(Entry::undefined, statistic)
    }

    /// A statistic with its sampling interval.
    fn estimate(result: Result<Estimate, StatisticsError>) -> Self {
        let statistic = |e: Estimate| Entry::Statistic {
            figure: e.figure,
            confidence: Some(e.confidence),
            clamped: false,
        };
        result.map_or_else(Entry::undefined, statistic)
    }

    fn undefined(error: StatisticsError) -> Self {
        match error {
            StatisticsError::Suppressed(_) => Entry::Withheld,
            other => Entry::Undefined(other.to_string()),
        }
    }
}

impl Answer {
    /// Derives what `outputs` ask for from released cells. Without outputs, as for a bundle that comes without its
    /// text, what the cells hold is shown.
    pub fn new(released: &Released, outputs: &[Output]) -> Self {
        let outputs = match outputs {
            [] => of_query(&released.query),
            given => with_all_keys(&released.query, given),
        };
        let mut answer = Answer::default();
        if let Some(keys) = cross::axes(&released.query, &outputs) {
            cross::show(released, keys, &mut answer);
        } else {
            groups::show(released, &outputs, &mut answer);
        }
        for Output { item, .. } in &outputs {
            match item {
                Item::Gram(x) => gram::show(released, x, &mut answer),
                Item::Ols { y, x } => gram::regress(released, *y, x, &mut answer),
                Item::Km { .. } => survival::show(released, item, &mut answer),
                _ => {}
            }
        }
        answer
    }
}

fn output(item: Item, name: &str) -> Output {
    Output {
        item,
        name: name.into(),
    }
}

/// The outputs of a query whose text is not at hand.
fn of_query(query: &Query) -> Vec<Output> {
    let own = match query.variant {
        Variant::Counts => vec![output(Item::CountAll, "count")],
        Variant::Gram => vec![output(Item::Gram(query.x.clone()), "")],
        Variant::Moments => {
            let x = query.x.first().copied().unwrap_or_default();
            vec![
                output(Item::CountAll, "count"),
                output(Item::Moment(Moment::Count, x), "with a value"),
                output(Item::Moment(Moment::Avg, x), "mean"),
                output(Item::Moment(Moment::StddevSamp, x), "std. deviation"),
            ]
        }
    };
    with_all_keys(query, &own)
}

/// The outputs with a key for every axis: a group without its label would be a figure about nobody.
fn with_all_keys(query: &Query, outputs: &[Output]) -> Vec<Output> {
    let drawn = outputs.iter().any(|o| matches!(o.item, Item::Km { .. }));
    let shown = |axis: &usize| drawn || outputs.iter().any(|o| o.item == Item::Key(*axis));
    let missing = (0..query.axes.len()).filter(|axis| !shown(axis));
    let keys = missing.map(|axis| output(Item::Key(axis), ""));
    keys.chain(outputs.iter().cloned()).collect()
}

/// Whether an axis holds disjoint groups.
fn is_partition(query: &Query, axis: usize) -> bool {
    query
        .axes
        .get(axis)
        .is_some_and(|a| a.kind == AxisKind::Partition)
}
