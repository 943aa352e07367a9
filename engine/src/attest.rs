//! Attestors: somebody who checked a snapshot's manifest signs its root (docs/protocol.md, section 9).

use alloy_primitives::{Address, B256, Signature};
use k256::ecdsa::SigningKey;
use nectar_verifier::trust::attestation_digest;

/// An attestor's secp256k1 key. Wiped when dropped; never shown.
pub struct AttestorKey(SigningKey);

/// Bytes that are no key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("these 32 bytes are not a secp256k1 key")]
pub struct NotAKey;

impl AttestorKey {
    /// A fresh key from the operating system.
    ///
    /// # Errors
    /// The operating system has no randomness to give.
    pub fn generate() -> Result<Self, getrandom::Error> {
        loop {
            let mut bytes = zeroize::Zeroizing::new([0; 32]);
            getrandom::fill(bytes.as_mut_slice())?;
            if let Ok(key) = Self::from_bytes(&bytes) {
                return Ok(key);
            }
        }
    }

    /// The key of 32 bytes.
    ///
    /// # Errors
    /// Zero, or not below the order of the curve.
    pub fn from_bytes(bytes: &[u8; 32]) -> Result<Self, NotAKey> {
        SigningKey::from_slice(bytes)
            .map(AttestorKey)
            .map_err(|_| NotAKey)
    }

    /// The bytes, for the key file.
    pub fn expose(&self) -> zeroize::Zeroizing<[u8; 32]> {
        zeroize::Zeroizing::new(self.0.to_bytes().into())
    }

    /// The address by which verifiers name the attestor.
    pub fn address(&self) -> Address {
        Address::from_public_key(self.0.verifying_key())
    }

    /// Signs a root: 65 bytes r | s | v.
    pub fn attest(&self, root: B256) -> [u8; 65] {
        let digest = attestation_digest(root);
        match self.0.sign_prehash_recoverable(digest.as_slice()) {
            Ok(signature) => Signature::from(signature).as_bytes(),
            // A 32-byte digest is always signed; an all-zero signature is nobody's.
            Err(_) => [0; 65],
        }
    }
}
