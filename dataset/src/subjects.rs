//! Which row is whose: a keyed digest of the subject's id for each row, in row order.
//!
//! The key is random for each dataset, so digests cannot be matched against guessed ids without the table's file.

use super::order::permute;
use ark_std::rand::{CryptoRng, RngCore};
use sha2::{Digest as _, Sha256};

/// Bytes of the key.
pub const KEY: usize = 32;
/// Bytes of a digest.
pub const DIGEST: usize = 16;

/// The digest of a subject's id.
pub type Digest = [u8; DIGEST];

/// A key and one digest a row.
#[derive(Clone, PartialEq, Eq)]
pub struct Subjects {
    key: [u8; KEY],
    digests: Vec<Digest>,
}

impl std::fmt::Debug for Subjects {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Subjects({})", self.digests.len())
    }
}

impl Subjects {
    /// No rows yet, and a fresh key.
    pub fn generate<R: RngCore + CryptoRng>(rng: &mut R) -> Self {
        let mut key = [0; KEY];
        rng.fill_bytes(&mut key);
        Self::new(key, Vec::new())
    }

    /// No rows yet, and the same key.
    pub fn successor(&self) -> Self {
        Self::new(self.key, Vec::new())
    }

    /// Key and digests as they were written.
    pub fn new(key: [u8; KEY], digests: Vec<Digest>) -> Self {
        Subjects { key, digests }
    }

    /// The digest of an id: SHA-256 of key and id, cut to 128 bits. It is compared, never published.
    pub fn digest(&self, id: &str) -> Digest {
        let hash = Sha256::new()
            .chain_update(self.key)
            .chain_update(id)
            .finalize();
        std::array::from_fn(|i| hash.get(i).copied().unwrap_or_default())
    }

    /// Adds the next row's subject.
    pub fn push(&mut self, digest: Digest) {
        self.digests.push(digest);
    }

    /// The row of a subject; a pass over all rows.
    pub fn row_of(&self, id: &str) -> Option<u32> {
        let digest = self.digest(id);
        let row = self.digests.iter().position(|d| *d == digest)?;
        u32::try_from(row).ok()
    }

    /// Rows held.
    pub fn len(&self) -> usize {
        self.digests.len()
    }

    /// Whether no row is held.
    pub fn is_empty(&self) -> bool {
        self.digests.is_empty()
    }

    /// The key.
    pub fn key(&self) -> &[u8; KEY] {
        &self.key
    }

    /// The digests in row order.
    pub fn digests(&self) -> &[Digest] {
        &self.digests
    }

    /// Puts the rows into another order.
    pub(super) fn permute(&mut self, order: &[u32]) {
        self.digests = permute(&self.digests, order);
    }
}
