//! Parameters: the SRS, circuit keys, and where they come from. The only crate that reads key files.

#![expect(
    clippy::indexing_slicing,
    reason = "places are computed from lengths that were checked"
)]

pub mod ceremony;
pub mod circuit;
pub mod dev;
mod error;
mod file;
pub mod lock;
mod neighbours;
pub mod phase1;
pub mod phase2;
mod point;
mod prover_keys;
pub mod ptau;
mod public_seed;
pub mod qap;
pub mod r1cs;
pub mod set;
pub mod srs;
mod weights;
pub mod zkey;

pub use error::ParamsError;
pub use prover_keys::ProverKeys;
