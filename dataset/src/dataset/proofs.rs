//! Index proofs beside the snapshots: one file a coded column, made one after the other and kept from snapshot to
//! snapshot as long as the column does not change.
//!
//! A file is the statement's digest (32 bytes) and the ABI encoding of the proof. The digest binds keys, dataset,
//! number of rows and the column with its commitments: another one means that the proof is not for this column.

use super::{Dataset, DatasetError, atomic, read_limited};
use alloy_primitives::B256;
use nectar_engine::{
    blinding::BlindingKey,
    check_index, index_keys,
    manifest::Manifest,
    prove_index,
    published::{IndexProofs, PublishedManifest},
    snapshot::Snapshot,
};
use nectar_params::ProverKeys;
use nectar_verifier::{
    column::Column,
    header::Header,
    index::{self, IndexProof, IndexStatement},
    keys::Keys,
};
use std::{
    fs,
    io::{self, Write},
    path::PathBuf,
    sync::Arc,
};

/// Bytes of a statement's digest.
const DIGEST: usize = 32;

/// How far the proof of a column is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProofState {
    /// It is being looked for, and made where there is none.
    Begun,
    /// It was there already, and holds.
    Present,
    /// An earlier snapshot has the same statement: its proof holds and was copied.
    Kept,
    /// It was made.
    Proved,
}

impl Dataset {
    /// Gives every coded column of the latest snapshot its index proof. Each is written as soon as it is there, so
    /// that a run which was stopped goes on with the columns that lack one; proofs that are there are checked, and
    /// made again if they do not hold. `told` hears of every coded column that it is begun, and how it ended.
    ///
    /// # Errors
    /// No snapshot, a table that has changed since, keys, no randomness, or the file system; proofs made until then
    /// stay.
    pub fn prove(
        &self,
        keys: &ProverKeys,
        blinding: BlindingKey,
        told: &mut dyn FnMut(&Column, ProofState),
    ) -> Result<(), DatasetError> {
        let snapshot = self.snapshot(blinding)?;
        let prover = ColumnProver {
            dataset: self,
            keys,
            index: index_keys(keys)?,
            sequences: self.sequences()?,
            snapshot: &snapshot,
        };
        fs::create_dir_all(self.proof_folder(prover.sequence()))?;
        for statement in statements(snapshot.header()) {
            told(statement.column, ProofState::Begun);
            told(statement.column, prover.column(&statement)?);
        }
        Ok(())
    }

    /// The index proofs a snapshot has so far. That each is about its column is checked, whether it holds is not.
    ///
    /// # Errors
    /// Keys, or the file system.
    pub fn index_proofs(
        &self,
        header: &Header,
        keys: &ProverKeys,
    ) -> Result<IndexProofs, DatasetError> {
        let keys = index_keys(keys)?;
        let stored = |s: IndexStatement<'_>| {
            let proof = self.stored(header.core.sequence, s.place, s.digest(&keys));
            Some(proof.transpose()?.map(|bytes| (s.place, bytes)))
        };
        let proofs = statements(header)
            .filter_map(stored)
            .collect::<Result<_, _>>()?;
        Ok(IndexProofs::new(keys, proofs))
    }

    /// A snapshot as it is published, part by part.
    ///
    /// # Errors
    /// No such snapshot, columns that have no index proof, keys, or the file system.
    pub fn published(
        &self,
        sequence: u64,
        keys: &ProverKeys,
    ) -> Result<PublishedManifest, DatasetError> {
        let manifest: Arc<Manifest> = self.manifest(sequence)?.into();
        let proofs = self.index_proofs(manifest.header(), keys)?;
        Ok(PublishedManifest::new(manifest, proofs)?)
    }

    fn proof_folder(&self, sequence: u64) -> PathBuf {
        self.folder.join("index").join(format!("{sequence:06}"))
    }

    fn proof_path(&self, sequence: u64, place: u16) -> PathBuf {
        self.proof_folder(sequence)
            .join(format!("{place:04}.proof"))
    }

    /// The encoded proof kept for a column, if it is one of the statement with this digest.
    fn stored(
        &self,
        sequence: u64,
        place: u16,
        digest: B256,
    ) -> Result<Option<Vec<u8>>, DatasetError> {
        let most = u64::try_from(DIGEST + index::MAX_BYTES).unwrap_or(u64::MAX);
        let bytes = match read_limited(&self.proof_path(sequence, place), most) {
            Ok(bytes) => bytes,
            Err(DatasetError::Malformed { .. }) => return Ok(None),
            Err(DatasetError::Io { error, .. }) if error.kind() == io::ErrorKind::NotFound => {
                return Ok(None);
            }
            Err(other) => return Err(other),
        };
        Ok(bytes.strip_prefix(digest.as_slice()).map(<[u8]>::to_vec))
    }
}

/// What the coded columns' proofs are about, in schema order.
fn statements(header: &Header) -> impl Iterator<Item = IndexStatement<'_>> {
    (0..header.core.columns).filter_map(|place| IndexStatement::of(header, place))
}

/// Gives the columns of one snapshot their proofs.
struct ColumnProver<'a> {
    dataset: &'a Dataset,
    keys: &'a ProverKeys,
    index: Keys,
    sequences: Vec<u64>,
    snapshot: &'a Snapshot,
}

impl ColumnProver<'_> {
    fn sequence(&self) -> u64 {
        self.snapshot.header().core.sequence
    }

    fn column(&self, statement: &IndexStatement<'_>) -> Result<ProofState, DatasetError> {
        let digest = statement.digest(&self.index);
        if let Some((from, proof)) = self.found(statement, digest)? {
            if from == self.sequence() {
                return Ok(ProofState::Present);
            }
            self.write(statement.place, digest, &proof)?;
            return Ok(ProofState::Kept);
        }
        let proof = prove_index(self.snapshot, self.keys, statement.place)?;
        self.write(statement.place, digest, &proof.encode())?;
        Ok(ProofState::Proved)
    }

    /// The latest proof of the statement that holds, and the snapshot that has it.
    fn found(
        &self,
        statement: &IndexStatement<'_>,
        digest: B256,
    ) -> Result<Option<(u64, Vec<u8>)>, DatasetError> {
        for &sequence in self.sequences.iter().rev() {
            let stored = self.dataset.stored(sequence, statement.place, digest)?;
            if let Some(proof) = stored.filter(|bytes| self.holds(statement, bytes)) {
                return Ok(Some((sequence, proof)));
            }
        }
        Ok(None)
    }

    fn holds(&self, statement: &IndexStatement<'_>, bytes: &[u8]) -> bool {
        let manifest = self.snapshot.manifest();
        IndexProof::decode(bytes)
            .is_ok_and(|proof| check_index(manifest, statement, &proof, &self.index).is_ok())
    }

    fn write(&self, place: u16, digest: B256, proof: &[u8]) -> Result<(), DatasetError> {
        let path = self.dataset.proof_path(self.sequence(), place);
        atomic::write_file(&path, |out| {
            out.write_all(digest.as_slice())?;
            out.write_all(proof)
        })?;
        Ok(())
    }
}
