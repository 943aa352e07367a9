//! Keys from a public seed. Everybody can know their secrets and forge proofs under them.

use crate::{circuit::CircuitKey, error::ParamsError, srs::Srs};
use alloy_primitives::keccak256;
use ark_bn254::Fr;
use ark_ff::UniformRand;
use ark_std::rand::{SeedableRng, rngs::StdRng};
use nectar_verifier::circuit::Circuit;

fn rng(part: &str) -> StdRng {
    StdRng::from_seed(*keccak256(format!(
        "nectar insecure development keys, version 1: {part}"
    )))
}

/// The development SRS for segments of up to 2^bits rows; made in less than a second.
pub fn insecure_srs(bits: u8) -> Srs {
    Srs::of_known_secret(bits, Fr::rand(&mut rng("srs")))
}

/// The development key of a circuit; made in seconds.
///
/// # Errors
/// The circuit cannot be synthesised.
pub fn insecure_circuit(circuit: impl Into<Circuit>) -> Result<CircuitKey, ParamsError> {
    let circuit = circuit.into();
    CircuitKey::of_known_secrets(circuit, &mut rng(circuit.name()))
}
