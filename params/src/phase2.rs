//! Circuit keys out of a phase-2 ceremony: a `.zkey` file, checked against the circuit and the powers of tau it was
//! made with.

use crate::{
    ceremony::{Ceremony, Provenance, name_of},
    circuit::CircuitKey,
    error::ParamsError,
    file,
    zkey::{self, Phase2, Zkey, ZkeyError},
};
use alloy_primitives::B512;
use nectar_circuits::{compiled::Compiled, r1cs::R1cs};
use nectar_verifier::circuit::Circuit;
use serde::{Deserialize, Serialize};
use std::path::Path;

/// What is known of the files that a circuit's key comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ZkeySource {
    /// Name of the `.zkey` file, without its folder.
    pub source: String,
    /// The powers of tau it was made with.
    pub phase1: Provenance,
    /// The file, and the contributions in it, each of them verified.
    pub phase2: Phase2,
}

impl ZkeySource {
    /// Whether this is about the same files, whatever their names.
    pub(crate) fn same_files_as(&self, other: &ZkeySource) -> bool {
        self.phase2 == other.phase2 && self.phase1.same_file_as(&other.phase1)
    }

    /// Checks what a lock says.
    pub(crate) fn check(&self) -> Result<(), &'static str> {
        if self.phase2.contributions.iter().all(|c| c.beacon.is_some()) {
            return Err("its key has no contribution but beacons");
        }
        self.phase1.check_name()
    }
}

/// The files of a circuit's key, and what their user has from elsewhere.
#[derive(Debug, Clone, Copy)]
pub struct Files<'a> {
    /// The `.zkey` file.
    pub zkey: &'a Path,
    /// The `.ptau` file.
    pub ptau: &'a Path,
    /// BLAKE2b-512 of the `.ptau` file; not needed for a published one.
    pub digest: Option<B512>,
    /// The circuit hash that one's own `snarkjs zkey new` prints for circuit and `.ptau` file.
    pub circuit_hash: B512,
}

/// Imports the key of a circuit. `progress` is told how many bytes of the `.ptau` file are done.
///
/// # Errors
/// I/O, whatever [`Ceremony::import`], [`zkey::read`] or [`zkey::RawZkey::check`] refuses.
pub fn import(
    circuit: Circuit,
    files: Files<'_>,
    progress: &dyn Fn(u64),
) -> Result<(CircuitKey, ZkeySource), ParamsError> {
    let compiled = Compiled::new(circuit).map_err(|e| ParamsError::Circuit {
        circuit,
        what: e.to_string(),
    })?;
    let (zkey, phase1) = check(&compiled.r1cs, files, progress)?;
    let (key, phase2) = zkey.into_parts();
    let source = ZkeySource {
        source: name_of(files.zkey),
        phase2,
        phase1,
    };
    Ok((CircuitKey::of(compiled, key)?, source))
}

/// Reads a `.zkey` file and checks that it is a key of these constraints.
fn check(
    r1cs: &R1cs,
    files: Files<'_>,
    progress: &dyn Fn(u64),
) -> Result<(Zkey, Provenance), ParamsError> {
    let refuse = |error: ZkeyError| ParamsError::Zkey {
        path: files.zkey.into(),
        error,
    };
    // What is wrong with the smaller file is better known before the larger one is read.
    let raw = zkey::read(&file::read(files.zkey, file::MAX_KEY_BYTES)?).map_err(refuse)?;
    let bits = r1cs.domain_size().ilog2() as u8;
    let (ceremony, powers) = Ceremony::import_for_phase2(files.ptau, files.digest, bits, progress)?;
    let zkey = raw
        .check(r1cs, &powers, files.circuit_hash)
        .map_err(refuse)?;
    let (_, provenance) = ceremony.into_parts();
    Ok((zkey, provenance))
}
