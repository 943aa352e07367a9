//! What the tests of the contracts share.

pub mod evm;
