//! Sets of development keys, which everybody can make again and forge proofs under; verifiers refuse them unless told
//! otherwise.

use crate::{
    ceremony::Ceremony,
    error::ParamsError,
    lock::{KeyEntry, KeySource, SrsSource},
    set::Set,
};
use nectar_verifier::circuit::Circuit;
use std::path::Path;

pub use crate::public_seed::{insecure_circuit, insecure_srs};

/// Name of the folder the keys are kept in; it says what they are.
pub const ID: &str = "insecure-dev-v1";
/// Segment size the SRS serves.
const SRS_BITS: u8 = 16;

/// Opens the set of a folder and makes the keys it does not have yet, or makes the set, over the development SRS or
/// over a ceremony's; `step` is told what is being made.
///
/// # Errors
/// I/O, or a set with other keys or another SRS.
pub fn insecure_setup(
    folder: &Path,
    ceremony: Option<Ceremony>,
    step: &dyn Fn(&str),
) -> Result<Set, ParamsError> {
    let mut set = match Set::is_in(folder) {
        true => reopen(folder, ceremony.as_ref())?,
        false => {
            step("powers of tau");
            begin(folder, ceremony)?
        }
    };
    for circuit in Circuit::ALL {
        if set.lock().circuit(circuit).is_none() {
            step(circuit.name());
            set.add(&insecure_circuit(circuit)?, KeySource::InsecurePublicSeed)?;
        }
    }
    Ok(set)
}

fn begin(folder: &Path, ceremony: Option<Ceremony>) -> Result<Set, ParamsError> {
    let (srs, source) = match ceremony {
        Some(ceremony) => {
            let (srs, provenance) = ceremony.into_parts();
            (srs, SrsSource::Ptau(provenance))
        }
        None => (insecure_srs(SRS_BITS), SrsSource::InsecurePublicSeed),
    };
    Set::create(folder, srs, source)
}

fn reopen(folder: &Path, ceremony: Option<&Ceremony>) -> Result<Set, ParamsError> {
    let set = Set::open(folder)?;
    let same_srs = match (&set.lock().srs.source, ceremony) {
        (SrsSource::InsecurePublicSeed, None) => true,
        (SrsSource::Ptau(_), Some(c)) => c.srs().verifier() == set.srs().verifier(),
        _ => false,
    };
    let insecure = |e: &KeyEntry| e.source == KeySource::InsecurePublicSeed;
    if same_srs && set.lock().circuits.iter().all(insecure) {
        Ok(set)
    } else {
        Err(ParamsError::OtherSet {
            folder: folder.into(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lock::Lock;
    use nectar_verifier::trust::INSECURE_DEV_KEYS;

    /// The digests in the verifier and in the pinned lock are those of the keys anybody makes from the public seed. A
    /// circuit that changes needs a lock with a new id here.
    #[test]
    fn pinned_digests_are_those_of_the_keys() {
        let folder = tempfile::tempdir().unwrap();
        let set = insecure_setup(folder.path(), None, &|_| {}).unwrap();
        let triples: Vec<_> = set.lock().triples().collect();
        assert_eq!(triples, INSECURE_DEV_KEYS);
        let pinned = Lock::decode(include_bytes!("../locks/insecure-dev-v1.toml")).unwrap();
        assert_eq!(set.lock().encode(), pinned.encode());
        let id = "0xc47cf50471a4be25f601f8d305acddc57724315bef2b47b9836191f9804ecae8";
        assert_eq!(set.id().to_string(), id);
    }
}
