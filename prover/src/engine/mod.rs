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

/// Rows of a segment as a power of two, where the custodian does not say otherwise (docs/benchmarks.md has the
/// curve).
pub const DEFAULT_SEGMENT_BITS: u8 = 14;

pub use prove::{Observer, ProveError, Stage, Unobserved, prove, statement};
