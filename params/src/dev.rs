//! Development keys from a public seed. Everybody can know their secrets and forge proofs under them; verifiers
//! refuse them unless told otherwise.

use crate::{
    ParamsError, ProverKeys,
    circuit::CircuitKey,
    srs::{RawSrs, Srs},
};
use alloy_primitives::keccak256;
use ark_bn254::Fr;
use ark_ff::UniformRand;
use ark_std::rand::{SeedableRng, rngs::StdRng};
use nectar_verifier::{
    circuit::Circuit,
    trust::{INSECURE_DEV_KEYS, KeyTriple},
};
use std::path::{Path, PathBuf};

/// Name of the folder the keys are kept in; it says what they are.
pub const ID: &str = "insecure-dev-v1";
/// Segment size the SRS serves.
const SRS_BITS: u8 = 16;

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

fn pinned(circuit: Circuit) -> Option<&'static KeyTriple> {
    INSECURE_DEV_KEYS.iter().find(|k| k.circuit == circuit)
}

fn srs_path(folder: &Path) -> PathBuf {
    folder.join(ID).join("srs.bin")
}

fn circuit_path(folder: &Path, circuit: Circuit) -> PathBuf {
    folder.join(ID).join(format!("{circuit}.pk"))
}

/// Makes the keys that are not in `folder` yet; `step` is told what is being made.
///
/// # Errors
/// I/O, or keys that are not those pinned in the verifier: the circuit has changed without a new id.
pub fn insecure_setup(folder: &Path, step: &dyn Fn(&str)) -> Result<ProverKeys, ParamsError> {
    if !srs_path(folder).exists() {
        step("powers of tau");
        insecure_srs(SRS_BITS).write(&srs_path(folder))?;
    }
    for circuit in Circuit::ALL {
        let path = circuit_path(folder, circuit);
        if !path.exists() {
            step(circuit.name());
            insecure_circuit(circuit)?.write(&path)?;
        }
    }
    load(folder)
}

/// Loads the keys from `folder`.
///
/// # Errors
/// I/O, malformed or other keys.
pub fn load(folder: &Path) -> Result<ProverKeys, ParamsError> {
    let path = srs_path(folder);
    let srs = RawSrs::read(&path)?.validate(&path)?;
    let folder = folder.to_path_buf();
    Ok(ProverKeys::new(srs, move |circuit| {
        let path = circuit_path(&folder, circuit);
        let digest = pinned(circuit).map(|k| k.key).unwrap_or_default();
        CircuitKey::read(&path, circuit, digest)
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The digests in the verifier are those of the keys anybody makes from the public seed.
    #[test]
    fn pinned_digests_are_those_of_the_keys() {
        let srs = insecure_srs(SRS_BITS).verifier().digest();
        for circuit in Circuit::ALL {
            let key = insecure_circuit(circuit).unwrap().verifier().digest();
            let triple = KeyTriple { srs, key, circuit };
            assert_eq!(pinned(circuit), Some(&triple), "{circuit}");
        }
    }
}
