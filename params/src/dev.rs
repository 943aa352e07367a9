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
    shape::Shape,
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

/// The development key of a shape; made in seconds.
///
/// # Errors
/// The circuit cannot be synthesised.
pub fn insecure_circuit(shape: Shape) -> Result<CircuitKey, ParamsError> {
    CircuitKey::of_known_secrets(shape, &mut rng(shape.name()))
}

fn pinned(shape: Shape) -> Option<&'static KeyTriple> {
    INSECURE_DEV_KEYS.iter().find(|k| k.shape == shape)
}

fn srs_path(folder: &Path) -> PathBuf {
    folder.join(ID).join("srs.bin")
}

fn circuit_path(folder: &Path, shape: Shape) -> PathBuf {
    folder.join(ID).join(format!("{}.pk", shape.name()))
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
    for shape in Shape::ALL {
        if !circuit_path(folder, shape).exists() {
            step(shape.name());
            insecure_circuit(shape)?.write(&circuit_path(folder, shape))?;
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
    Ok(ProverKeys::new(srs, move |shape| {
        let path = circuit_path(&folder, shape);
        let digest = pinned(shape).map(|k| k.circuit).unwrap_or_default();
        CircuitKey::read(&path, shape, digest)
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The digests in the verifier are those of the keys anybody makes from the public seed.
    #[test]
    fn pinned_digests_are_those_of_the_keys() {
        let srs = insecure_srs(SRS_BITS).verifier().digest();
        for shape in Shape::ALL {
            let circuit = insecure_circuit(shape).unwrap().verifier().digest();
            assert_eq!(
                pinned(shape),
                Some(&KeyTriple {
                    srs,
                    circuit,
                    shape
                }),
                "{shape}"
            );
        }
    }
}
