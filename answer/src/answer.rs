//! An answer as tables and plots, before anybody decides how they look.

use crate::statistics::{Confidence, Estimate, Figure, StatisticsError};

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
    pub(crate) fn count(figure: Option<Figure>) -> Self {
        figure.map_or(Entry::Withheld, Entry::Count)
    }

    /// A statistic without a sampling interval.
    pub(crate) fn figure(result: Result<Figure, StatisticsError>) -> Self {
        let statistic = |figure| Entry::Statistic {
            figure,
            confidence: None,
            clamped: false,
        };
        result.map_or_else(Entry::undefined, statistic)
    }

    /// A statistic with its sampling interval.
    pub(crate) fn estimate(result: Result<Estimate, StatisticsError>) -> Self {
        let statistic = |e: Estimate| Entry::Statistic {
            figure: e.figure,
            confidence: Some(e.confidence),
            clamped: false,
        };
        result.map_or_else(Entry::undefined, statistic)
    }

    pub(crate) fn undefined(error: StatisticsError) -> Self {
        match error {
            StatisticsError::Suppressed(_) => Entry::Withheld,
            other => Entry::Undefined(other.to_string()),
        }
    }
}
