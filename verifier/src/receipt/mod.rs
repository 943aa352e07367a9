//! Record receipts: one file that shows a subject what a snapshot holds of them (docs/protocol.md, section 8).
//!
//! A receipt opens the digits of chosen columns and the tag at one row, under a mask of its own, and nothing else.

mod record;
mod verified;
mod wire;

pub use record::{Record, SegmentOpening};
pub use verified::{VerifiedReceipt, tag};
pub use wire::{MAGIC, MAX_BYTES};

use crate::{
    abi::DecodeError,
    field::PointError,
    header::HeaderError,
    keys::{KeyError, VerifierSrs},
    merkle::PathError,
    opened::OpenedError,
    opening::{Opening, OpeningError},
    transcript::{Transcript, TranscriptError},
    trust::{AcceptedKeys, AcceptedSnapshot, TrustError},
};
use ark_bn254::{Fr, G1Affine, G1Projective};
use ark_ec::VariableBaseMSM;

/// A record with the proof that the committed vectors hold what it claims.
#[derive(Debug, Clone, PartialEq)]
pub struct Receipt {
    /// What is claimed, and of which commitments.
    pub record: Record,
    /// Commitment to the mask.
    pub m: G1Affine,
    /// The mask's value at the row.
    pub mu: Fr,
    /// The opening of the masked combination at the row.
    pub opening: Opening,
}

/// Why bytes are no receipt, or a receipt is rejected.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReceiptError {
    /// Wrong first bytes or another version.
    #[error("not a Nectar receipt of version 1")]
    Magic,
    /// Too large.
    #[error("a receipt has at most {MAX_BYTES} bytes, got {0}")]
    Size(usize),
    /// Not the one encoding.
    #[error(transparent)]
    Decode(#[from] DecodeError),
    /// A header field is out of range.
    #[error(transparent)]
    Header(#[from] HeaderError),
    /// A scalar or point is not valid.
    #[error(transparent)]
    Point(#[from] PointError),
    /// The opened columns are none, or out of order.
    #[error(transparent)]
    Columns(#[from] OpenedError),
    /// Header and columns do not lead to the accepted root.
    #[error("the receipt's header does not lead to the accepted snapshot root")]
    Root,
    /// The dataset's name is not the one the header binds.
    #[error("the dataset's name is not the one the header binds")]
    Dataset,
    /// The purpose map is not the one the header binds.
    #[error("the purpose map is not the one the header binds")]
    Purposes,
    /// The SRS is malformed.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// The SRS is not trusted.
    #[error(transparent)]
    Trust(#[from] TrustError),
    /// The SRS is not the one the header names, or too small for the segments.
    #[error("the snapshot header names another SRS than this, or larger segments")]
    Srs,
    /// Past the last row: nobody stands there, and what is committed there is anybody's invention.
    #[error("row {row} does not exist: the snapshot has {rows} rows")]
    Row {
        /// The row claimed.
        row: u32,
        /// N.
        rows: u32,
    },
    /// The tag column is missing, or not the schema's last.
    #[error("the receipt does not open the tag column, the last of the schema")]
    Tag,
    /// Codes, columns and vectors are not as many as belong together.
    #[error("the receipt opens other vectors than it claims values of")]
    Openings,
    /// A code the column does not have.
    #[error("column {column}: code {code} is claimed of {codes} codes")]
    Code {
        /// Place of the column.
        column: u16,
        /// The code claimed.
        code: u16,
        /// T_c.
        codes: u16,
    },
    /// A column or vector is not under the root.
    #[error("column {column}: {error}")]
    Path {
        /// Place of the column.
        column: u16,
        /// What is wrong with the path.
        error: PathError,
    },
    /// A challenge of 0 or +-1, or an identity point.
    #[error(transparent)]
    Transcript(#[from] TranscriptError),
    /// The opening fails: the row does not hold what is claimed.
    #[error(transparent)]
    Opening(#[from] OpeningError),
}

/// lambda, lambda^2, ..: a weight for each of `claims` claims in order and, last, for the mask.
pub fn weights(lambda: Fr, claims: usize) -> Vec<Fr> {
    std::iter::successors(Some(lambda), |w| Some(*w * lambda))
        .take(claims.saturating_add(1))
        .collect()
}

impl Receipt {
    /// Verifies the receipt under an accepted snapshot. Says nothing about time: see [`VerifiedReceipt::standing`].
    ///
    /// # Errors
    /// The first check that fails.
    pub fn verify(
        &self,
        snapshot: &AcceptedSnapshot,
        keys: &AcceptedKeys,
    ) -> Result<VerifiedReceipt, ReceiptError> {
        if self.record.root() != snapshot.root() {
            return Err(ReceiptError::Root);
        }
        let srs = keys.trust_srs(VerifierSrs::decode(&self.record.srs)?)?;
        self.check(srs.srs())?;
        Ok(VerifiedReceipt::new(&self.record, snapshot, &srs))
    }

    /// Checks everything but whether the root is accepted and the SRS trusted.
    ///
    /// # Errors
    /// The first check that fails.
    pub fn check(&self, srs: &VerifierSrs) -> Result<(), ReceiptError> {
        let record = &self.record;
        record.check(srs)?;
        let claims = record.claims();
        let (mut transcript, lambda) =
            Transcript::receipt(record.root(), record.row, &claims, &self.m, &self.mu)?;
        let challenges = self.opening.challenges(None, &mut transcript)?;
        let weights = weights(lambda, claims.len());
        let values = claims.iter().map(|c| c.1).chain([self.mu]);
        let y = weights.iter().zip(values).map(|(w, v)| *w * v).sum();
        let point = record.point();
        self.opening.check_identity(&point, y, challenges.z)?;
        let points = record.vectors.iter().map(|v| v.point).chain([self.m]);
        let commitment = G1Projective::msm_unchecked(&points.collect::<Vec<_>>(), &weights);
        Ok(self.opening.check_pairing(srs, commitment, &challenges)?)
    }
}
