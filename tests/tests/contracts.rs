//! The contracts, as bytecode that is checked in, against the verifier of this workspace.

#![cfg(test)]

#[path = "contracts/gas.rs"]
mod gas;
#[path = "contracts/groth16.rs"]
mod groth16;
#[path = "contracts/interface.rs"]
mod interface;
#[path = "contracts/keys.rs"]
mod keys;
#[path = "contracts/mutations.rs"]
mod mutations;
#[path = "contracts/points.rs"]
mod points;
#[path = "contracts/registry.rs"]
mod registry;
#[path = "contracts/vectors.rs"]
mod vectors;
#[path = "contracts/verifier.rs"]
mod verifier;
