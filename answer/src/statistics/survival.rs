//! Survival from cumulative counts.
//!
//! The cells are those of a cumulative time axis: for every grid time the records whose time is at least that, and
//! among them those whose time ended in the event. Deaths at a grid time are a difference of neighbours, so they add up:
//! the rounding of a whole curve is bounded by the few cells at its ends and not by their number.
//!
//! Times between two grid points count as the earlier one, with everybody at risk there at risk at the event; on a grid of
//! every recorded time this is the usual estimator, censored records being at risk at the time they are censored.
//! Records without a time belong in neither count.

mod kaplan_meier;
mod lattice;
mod log_rank;
mod stratum;

pub use kaplan_meier::{Band, Curve, CurveStep, Quantile};
pub use log_rank::{LogRank, log_rank};
pub use stratum::{GridPoint, Stratum};
