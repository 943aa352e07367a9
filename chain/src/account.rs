//! A key that signs transactions.

use crate::keystore::{self, KeystoreError};
use alloy_consensus::{SignableTransaction, TxEip1559};
use alloy_primitives::{Address, B256, hex};
use alloy_signer::SignerSync;
use alloy_signer_local::PrivateKeySigner;
use core::fmt;
use zeroize::Zeroizing;

/// An account by its secp256k1 key, which is wiped when dropped and never shown.
pub struct Account(PrivateKeySigner);

/// Why there is no key; nothing is told that could show one.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// Not a key.
    #[error(
        "not a secret key of secp256k1: want 64 hexadecimal digits, more than 0 and less than the group's order"
    )]
    Malformed,
    /// A keystore that gives no key.
    #[error(transparent)]
    Keystore(#[from] KeystoreError),
    /// No signature can be made.
    #[error("the key cannot sign this transaction")]
    Signature,
}

/// A signed transaction.
#[derive(Debug, Clone)]
pub(crate) struct Signed {
    /// Its hash.
    pub hash: B256,
    /// Its nonce.
    pub nonce: u64,
    /// Its encoding (EIP-2718).
    pub bytes: Vec<u8>,
}

impl Account {
    /// The account of a key's 32 bytes.
    ///
    /// # Errors
    /// They are no key.
    pub fn from_bytes(bytes: &[u8; 32]) -> Result<Self, KeyError> {
        let signer = PrivateKeySigner::from_slice(bytes);
        signer.map(Account).map_err(|_| KeyError::Malformed)
    }

    /// The account of a key in hexadecimal, with or without `0x`.
    ///
    /// # Errors
    /// It is no key.
    pub fn from_hex(text: &str) -> Result<Self, KeyError> {
        let mut bytes = Zeroizing::new([0; 32]);
        let digits = hex::decode_to_slice(text.trim(), bytes.as_mut_slice());
        digits.map_err(|_| KeyError::Malformed)?;
        Account::from_bytes(&bytes)
    }

    /// The account of a keystore's JSON, of version 3.
    ///
    /// # Errors
    /// Bytes that are no keystore, one that is not supported, or another password.
    pub fn from_keystore(json: &[u8], password: &str) -> Result<Self, KeyError> {
        Account::from_bytes(&*keystore::decrypt(json, password)?)
    }

    /// The account's address.
    pub fn address(&self) -> Address {
        self.0.address()
    }

    pub(crate) fn sign(&self, transaction: TxEip1559) -> Result<Signed, KeyError> {
        let signature = self.0.sign_hash_sync(&transaction.signature_hash());
        let nonce = transaction.nonce;
        let signed = transaction.into_signed(signature.map_err(|_| KeyError::Signature)?);
        let mut bytes = vec![];
        signed.eip2718_encode(&mut bytes);
        let hash = *signed.hash();
        Ok(Signed { hash, nonce, bytes })
    }
}

impl fmt::Debug for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Account({})", self.address())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str = "ac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80";

    #[test]
    fn a_key_is_an_account_and_is_not_shown() {
        let account = Account::from_hex(KEY).unwrap();
        let shown = "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266";
        assert_eq!(account.address().to_string(), shown);
        assert_eq!(format!("{account:?}"), format!("Account({shown})"));
        let prefixed = Account::from_hex(&format!(" 0x{KEY}\n")).unwrap();
        assert_eq!(prefixed.address(), account.address());
    }

    #[test]
    fn what_is_no_key_is_refused_without_showing_it() {
        let zero = "00".repeat(32);
        let order = "ff".repeat(32);
        for text in ["", "5e5e", &KEY[1..], &zero, &order, &format!("{KEY}5e")] {
            let refusal = Account::from_hex(text).unwrap_err();
            assert_eq!(refusal, KeyError::Malformed, "{text}");
        }
    }
}
