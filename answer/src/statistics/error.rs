//! Why a statistic is refused.

use thiserror::Error;

/// A statistic that cannot be computed from the cells at hand.
#[derive(Clone, Debug, PartialEq, Error)]
#[non_exhaustive]
pub enum StatisticsError {
    /// Cells the statistic needs were suppressed; each as (row, column), from 0.
    #[error("suppressed cells (row, column): {0:?}")]
    Suppressed(Vec<(usize, usize)>),
    /// The number of cells, rows or columns does not fit the statistic.
    #[error("wrong shape: got {got} cells or columns, want {want}")]
    Shape {
        /// What came in.
        got: usize,
        /// What is needed, at least.
        want: usize,
    },
    /// Too few observations for the statistic to be defined.
    #[error("too few observations: got {got}, want more than {more_than}")]
    TooFew {
        /// Observations by the released count.
        got: f64,
        /// The bound that must be exceeded.
        more_than: f64,
    },
    /// The statistic is undefined on these cells; the text says what vanishes.
    #[error("undefined: {0}")]
    Undefined(&'static str),
    /// A cell's value lies outside its own interval, or is not finite.
    #[error("figure {value} does not lie within {low} .. {high}")]
    Figure {
        /// The value given.
        value: f64,
        /// The lower bound given.
        low: f64,
        /// The upper bound given.
        high: f64,
    },
    /// No true cells can have given the released ones.
    #[error("inconsistent cells: {0}")]
    Inconsistent(&'static str),
    /// A parameter outside its range, such as a confidence level of 1 or a step of 0.
    #[error("parameter {name} = {value} is out of range")]
    Parameter {
        /// Which parameter.
        name: &'static str,
        /// What it was.
        value: f64,
    },
}
