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

mod confidence;
mod distribution;
mod error;
mod figure;

pub use confidence::{Confidence, Estimate, Level};
pub use error::StatisticsError;
pub use figure::Figure;
