//! Attestors: somebody who checked a snapshot's manifest signs its root (docs/protocol.md, section 9).

use alloy_primitives::{Address, B256, Signature};
use k256::ecdsa::SigningKey;
use nectar_verifier::trust::attestation_digest;

/// An attestor's secp256k1 key. Wiped when dropped; never shown.
pub struct AttestorKey(SigningKey);

/// Bytes that are not a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("these 32 bytes are not a secp256k1 key")]
pub struct NotAKey;

/// No signature could be made. Of a key and a digest of 32 bytes one always can but with negligible probability.
#[derive(Debug, thiserror::Error)]
#[error("root {root} could not be signed: {problem}")]
pub struct AttestError {
    /// The root.
    pub root: B256,
    /// What the signer says.
    pub problem: k256::ecdsa::Error,
}

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
    ///
    /// # Errors
    /// [`AttestError`].
    pub fn attest(&self, root: B256) -> Result<[u8; 65], AttestError> {
        let digest = attestation_digest(root);
        match self.0.sign_prehash_recoverable(digest.as_slice()) {
            Ok(signature) => Ok(Signature::from(signature).as_bytes()),
            Err(problem) => Err(AttestError { root, problem }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use nectar_verifier::trust::AcceptedSnapshot;

    #[test]
    fn a_signature_attests_its_root_and_no_other() {
        let key = AttestorKey::from_bytes(&[9; 32]).unwrap();
        let (root, attestors) = (B256::repeat_byte(1), [key.address()]);
        let signature = key.attest(root).unwrap();
        let accepted = |root| AcceptedSnapshot::attested(root, &signature, &attestors);
        assert_eq!(accepted(root).unwrap().root(), root);
        assert!(accepted(B256::repeat_byte(2)).is_err());
    }

    #[test]
    fn zero_and_the_order_are_not_keys() {
        assert!(AttestorKey::from_bytes(&[0; 32]).is_err());
        assert!(AttestorKey::from_bytes(&[0xff; 32]).is_err());
    }
}
