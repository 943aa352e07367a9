//! The proving engine: commitments, sumcheck over rows, opening, release circuit. No tokio, no files.

pub mod blinding;
pub mod commit;
mod opening;
mod prove;
mod rows;
mod scan;
pub mod snapshot;
mod table;
#[cfg(test)]
mod testing;

pub use prove::{Observer, ProveError, Stage, Unobserved, prove, statement};
