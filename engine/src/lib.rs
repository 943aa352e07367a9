//! The proving engine: commitments, sumcheck over rows, opening, release circuit. No tokio, no files.

#![expect(
    clippy::indexing_slicing,
    clippy::expect_used,
    reason = "places are computed from lengths made here, or come from statements and tables that were checked"
)]

pub mod attest;
pub mod blinding;
mod combine;
pub mod commit;
#[cfg(feature = "test-util")]
pub mod dishonest;
mod evaluate;
mod index;
pub mod manifest;
mod opening;
mod prove;
pub mod published;
pub mod receipt;
mod rounds;
mod rows;
mod scan;
pub mod snapshot;
mod statement;
mod strategy;
mod table;
#[cfg(test)]
mod testing;
mod zero_check;

/// Largest segment, as a power of two of rows, where the custodian does not say otherwise (docs/benchmarks.md has
/// the curve).
const DEFAULT_SEGMENT_BITS: u32 = 15;

/// s for a dataset of `rows` rows: the least that holds them in one segment, up to the default.
pub fn default_segment_bits(rows: u32) -> u8 {
    let needed = u32::BITS - rows.saturating_sub(1).leading_zeros();
    u8::try_from(needed.clamp(4, DEFAULT_SEGMENT_BITS)).unwrap_or(16)
}

pub use index::{check_index, index_keys, index_statement, prove_index};
pub use prove::{Observer, ProveError, Stage, Unobserved, prove};
pub use statement::{SnapshotStatement, statement};
