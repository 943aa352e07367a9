//! Statistics derived from released cells.
//!
//! A verified table holds rounded and perhaps suppressed cells, so everything computed from it is
//! uncertain in two ways, and the two are never mixed:
//!
//! - **sampling**: the records are a sample. A [`Confidence`] interval says by how much, as any statistics package
//!   would, computed at the released values.
//! - **rounding**: the disclosure rule moved each cell. A [`Figure`] carries a closed interval that surely holds
//!   what the same formula gives on the true cells.
//!
//! Rounding intervals are computed outward from the cells' own. They are conservative: where a cell enters a
//! formula more than once the interval may be wider than it need be, never narrower. Floating point is covered
//! by one unit in the last place an operation, and by 1e-10 relative for functions that are not correctly rounded.
//!
//! | module | from | to |
//! |---|---|---|
//! | [`moments`] | `COUNT(x)`, `SUM(x)`, `SUM(x^2)` | mean, variance, t interval |
//! | [`proportion`], [`rate`] | counts, exposures | Wilson and Garwood intervals, comparisons |
//! | [`cross_table`], [`two_by_two`] | a table of counts | chi-square, Cramer's V, odds and risk ratio |
//! | [`survival`] | cumulative counts | Kaplan-Meier curves, log-rank test |
//! | [`gram`], [`pair`], [`least_squares`] | a gram group | covariance, correlation, linear regression |

mod confidence;
pub mod cross_table;
mod distribution;
mod error;
mod figure;
pub mod gram;
pub mod least_squares;
mod linear;
pub mod moments;
pub mod pair;
pub mod proportion;
pub mod rate;
mod scale;
pub mod survival;
pub mod two_by_two;

pub use confidence::{Confidence, Estimate, Level};
pub use error::StatisticsError;
pub use figure::Figure;
pub use scale::Scale;
