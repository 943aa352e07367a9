//! The contracts, as bytecode that is checked in, against the verifier of this workspace.

#[path = "contracts/gas.rs"]
mod gas;
#[path = "contracts/registry.rs"]
mod registry;
#[path = "contracts/verifier.rs"]
mod verifier;
