//! What the tests of the contracts share.

#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "a fixture that panics has failed its test"
)]

pub mod evm;
