//! Blindings and proof randomness: pseudo-random functions of secrets (docs/protocol.md, sections 2 and 4).

use alloy_primitives::{B256, keccak256};
use ark_bn254::Fr;
use ark_ff::{AdditiveGroup, PrimeField};
use ark_std::rand::{SeedableRng, rngs::StdRng};
use hmac::{Hmac, Mac};
use nectar_verifier::column::Leaf;
use sha2::Sha512;
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

/// The secret of a dataset. It blinds every commitment and is kept apart from the data.
#[derive(Zeroize, ZeroizeOnDrop, Clone)]
pub struct BlindingKey([u8; 32]);

impl std::fmt::Debug for BlindingKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("BlindingKey(secret)")
    }
}

/// Where a commitment stands. Everything here enters the blinding: with less, two versions of a segment would
/// subtract to the plaintext of what changed.
#[derive(Debug, Clone, Copy)]
pub struct Place {
    /// Dataset id.
    pub dataset: B256,
    /// Place of the column in the schema.
    pub column: u16,
    /// The segment.
    pub segment: u32,
    /// When it was committed, and what.
    pub origin: Origin,
}

/// What a segment's blindings owe to the moment it was committed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Origin {
    /// Sequence number of the snapshot in which the segment was last committed.
    pub sequence: u64,
    /// keccak256 of the segment's codes or tags.
    pub values: B256,
    /// 32 bytes drawn for that commitment: a sequence number may come again, after a restored copy or a second import
    /// under one key, and equal rows must not give equal commitments then.
    pub salt: B256,
}

impl BlindingKey {
    /// A fresh key from the operating system.
    ///
    /// # Errors
    /// The operating system has no randomness to give.
    pub fn generate() -> Result<Self, getrandom::Error> {
        let mut key = [0; 32];
        getrandom::fill(&mut key)?;
        Ok(BlindingKey(key))
    }

    /// A key kept by the caller.
    pub fn from_bytes(key: [u8; 32]) -> Self {
        BlindingKey(key)
    }

    /// The bytes, for the key file.
    pub fn expose(&self) -> &[u8; 32] {
        &self.0
    }

    fn prf(&self, parts: &[&[u8]]) -> Zeroizing<[u8; 64]> {
        let mut mac =
            Hmac::<Sha512>::new_from_slice(&self.0).expect("HMAC takes keys of any length");
        for part in parts {
            mac.update(part);
        }
        Zeroizing::new(mac.finalize().into_bytes().into())
    }

    /// The blinding of one segment of the index vector A_t.
    pub fn code(&self, place: &Place, t: u16) -> Fr {
        self.blind(place, Leaf::Code(t))
    }

    /// The blinding of one segment of the binary digit b.
    pub fn bit(&self, place: &Place, b: u8) -> Fr {
        self.blind(place, Leaf::Bit(b))
    }

    /// The blinding of one segment of a tag column.
    pub fn tag(&self, place: &Place) -> Fr {
        self.blind(place, Leaf::Tag)
    }

    /// The blinding of one segment of a vector: 0 for X and X2, which have none beside those of the vectors they are
    /// sums of.
    pub fn blind(&self, place: &Place, leaf: Leaf) -> Fr {
        if matches!(leaf, Leaf::X | Leaf::X2) {
            return Fr::ZERO;
        }
        let (kind, index) = leaf.id();
        let wide = self.prf(&[
            b"nectar/v1/blind",
            place.dataset.as_slice(),
            &place.origin.sequence.to_be_bytes(),
            &[kind],
            &place.column.to_be_bytes(),
            &index.to_be_bytes(),
            &place.segment.to_be_bytes(),
            place.origin.values.as_slice(),
            place.origin.salt.as_slice(),
        ]);
        Fr::from_be_bytes_mod_order(wide.as_slice())
    }

    /// The seed of one attempt at one proof: mask, salts and Groth16's randomness expand from it. It binds the
    /// statement, the attempt and 32 fresh bytes of the operating system, lives in memory only, and is used
    /// once: the same mask at another challenge would open the data.
    ///
    /// # Errors
    /// The operating system has no randomness to give.
    pub fn attempt(&self, d0: B256, attempt: u32) -> Result<Attempt, getrandom::Error> {
        self.fresh(&[b"nectar/v1/proof", d0.as_slice(), &attempt.to_be_bytes()])
    }

    /// The seed of one receipt's mask, as [`BlindingKey::attempt`]'s of a proof: used once, whatever is opened.
    ///
    /// # Errors
    /// The operating system has no randomness to give.
    pub fn receipt(
        &self,
        root: B256,
        row: u32,
        columns: &[u16],
    ) -> Result<Attempt, getrandom::Error> {
        let columns: Vec<u8> = columns.iter().flat_map(|c| c.to_be_bytes()).collect();
        self.fresh(&[
            b"nectar/v1/receipt-mask",
            root.as_slice(),
            &row.to_be_bytes(),
            &columns,
        ])
    }

    fn fresh(&self, parts: &[&[u8]]) -> Result<Attempt, getrandom::Error> {
        let mut fresh = Zeroizing::new([0; 32]);
        getrandom::fill(fresh.as_mut_slice())?;
        let wide = self.prf(&[parts, &[fresh.as_slice()]].concat());
        let mut seed = [0; 32];
        seed.copy_from_slice(&wide[..32]);
        Ok(Attempt { seed })
    }
}

/// The randomness of one attempt at a proof or receipt. Not `Clone`, and consumed by the proof.
#[derive(Zeroize, ZeroizeOnDrop)]
pub struct Attempt {
    seed: [u8; 32],
}

impl Attempt {
    /// The stream for one use: mask, salts or Groth16. No two uses share a stream.
    pub(super) fn stream(&self, usage: &str) -> StdRng {
        StdRng::from_seed(*keccak256(
            [self.seed.as_slice(), usage.as_bytes()].concat(),
        ))
    }
}
