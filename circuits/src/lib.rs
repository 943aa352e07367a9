//! The statements Nectar proves in zero knowledge, in constraints over the scalar field of BN254.

#![expect(
    clippy::indexing_slicing,
    clippy::expect_used,
    reason = "the sizes of circuits are constants"
)]

pub mod compiled;
pub mod fingerprint;
mod gadgets;
pub mod index;
pub mod poseidon;
pub mod r1cs;
pub mod release;
pub mod sumcheck;
