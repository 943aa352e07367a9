//! The Nectar prover: data in, bundles out.

pub mod engine;
