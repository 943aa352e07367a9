//! The Nectar prover: data in, bundles out.

pub mod attest;
pub mod engine;
