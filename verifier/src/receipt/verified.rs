//! Verification of receipts, and the values that nothing else can make.

use super::{error::ReceiptError, proof::Receipt, record::Record};
use crate::{
    abi::PurposeColumn,
    column::Column,
    field::reduce,
    header::Core,
    keys::VerifierSrs,
    trust::{Acceptance, AcceptedKeys, AcceptedSnapshot, LogView, Standing, TrustError},
};
use alloy_primitives::{B256, Keccak256};
use ark_bn254::Fr;

/// The tag of a subject who chose `secret`, in the dataset of this id, which is the salt. Whoever sees a tag can try
/// secrets on it: they have to be random.
pub fn tag(secret: &[u8; 32], dataset: B256) -> Fr {
    // Absorbed in place: a concatenation would leave a copy of the secret.
    let mut hash = Keccak256::new();
    hash.update(b"nectar/v1/tag");
    hash.update(secret);
    hash.update(dataset);
    reduce(&hash.finalize().0)
}

/// A row as it stands in an accepted snapshot. Nothing but [`super::Receipt::verify`] makes one.
#[derive(Debug, Clone)]
pub struct VerifiedReceipt {
    record: Record,
    acceptance: Acceptance,
    insecure_keys: bool,
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
        Ok(VerifiedReceipt {
            record: self.record.clone(),
            acceptance: snapshot.acceptance(),
            insecure_keys: srs.is_insecure() || snapshot.rests_on_insecure_dev_keys(),
        })
    }
}

impl VerifiedReceipt {
    /// The snapshot's header.
    pub fn core(&self) -> &Core {
        &self.record.core
    }

    /// The snapshot's root.
    pub fn root(&self) -> B256 {
        self.record.root()
    }

    /// The dataset's name.
    pub fn dataset(&self) -> &str {
        &self.record.dataset
    }

    /// The row, from 0.
    pub fn row(&self) -> u32 {
        self.record.row
    }

    /// The row's tag.
    pub fn tag(&self) -> Fr {
        self.record.tag
    }

    /// The opened columns in schema order: place, codebook, and the row's code.
    pub fn codes(&self) -> impl Iterator<Item = (u16, &Column, u16)> {
        self.record.codes()
    }

    /// Consent columns of the snapshot that the receipt does not open.
    pub fn consents_left_out(&self) -> usize {
        let opened = |p: &&PurposeColumn| self.record.columns.contains_key(&p.column);
        let purposes = &self.record.purposes;
        let shown = purposes.iter().filter(opened).count();
        purposes.len().saturating_sub(shown)
    }

    /// Whether the row is that of the subject who chose `secret`.
    pub fn is_of(&self, secret: &[u8; 32]) -> bool {
        self.tag() == tag(secret, self.core().dataset)
    }

    /// Whether the receipt's snapshot is the head of its dataset at `now` (seconds since the epoch), or was once.
    ///
    /// # Errors
    /// The log does not know the root, or knows two of its sequence number.
    pub fn standing(&self, log: &LogView, now: i64) -> Result<Standing, TrustError> {
        log.standing(self.core(), self.root(), now)
    }

    /// How the snapshot came to be accepted.
    pub fn acceptance(&self) -> Acceptance {
        self.acceptance
    }

    /// Whether keys for development are what it rests on: such a receipt shows nothing.
    pub fn has_insecure_keys(&self) -> bool {
        self.insecure_keys
    }
}
