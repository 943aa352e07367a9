//! What the tests share: keys, small cohorts, somebody to verify as, and an evaluator that owes nothing to the engine.

#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a fixture that panics has failed its test"
)]

pub mod benchmark;
pub mod cohort;
pub mod evaluate;
pub mod exchange;
pub mod fuzz;
pub mod insecure_ptau;
pub mod keys;
pub mod npm;
pub mod peer;
pub mod published;
pub mod queries;
pub mod rooms;
pub mod vectors;
pub mod weak_transcripts;
pub mod world;
pub mod zero_check;
