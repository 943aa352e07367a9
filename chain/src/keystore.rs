//! Keystores: a key encrypted under a password, as JSON of version 3 (Web3 Secret Storage), as geth writes it.

use aes::Aes128;
use alloy_primitives::{B128, B256, Bytes, Keccak256};
use ctr::{
    Ctr128BE,
    cipher::{KeyIvInit, StreamCipher},
};
use pbkdf2::pbkdf2_hmac;
use serde::Deserialize;
use sha2::Sha256;
use zeroize::Zeroizing;

/// Most bytes of a keystore's file.
pub const MAX_BYTES: usize = 1 << 14;
/// Most bytes of memory for scrypt; geth's keystores take 256 MiB.
const MAX_MEMORY: u64 = 1 << 30;
/// Most bytes of memory beside it, which grow with r and p; geth's keystores take 2 KiB.
const MAX_PASSES_MEMORY: u64 = 1 << 24;
/// Most passes of scrypt over that memory; geth's keystores take 1.
const MAX_PASSES: u32 = 16;
/// Most rounds of PBKDF2; geth's keystores take 2^18.
const MAX_ROUNDS: u32 = 1 << 24;
/// Bytes of a derived key: the first half decrypts, the second authenticates.
const DERIVED: usize = 32;
const AES: &str = "aes-128-ctr";
const HMAC: &str = "hmac-sha256";

/// Why a keystore gives no key; nothing is told that could show one.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeystoreError {
    /// Not JSON with the fields of a keystore.
    #[error("not an Ethereum keystore of version 3: a field is missing or malformed")]
    Malformed,
    /// A field whose value is not supported.
    #[error("unsupported keystore: {field}: got {got}, want {want}")]
    Unsupported {
        /// The field.
        field: &'static str,
        /// Its value.
        got: String,
        /// The values that are supported.
        want: &'static str,
    },
    /// Another password.
    #[error("wrong password for this keystore")]
    Password,
}

#[derive(Deserialize)]
struct Keystore {
    version: u64,
    crypto: Crypto,
}

#[derive(Deserialize)]
struct Crypto {
    cipher: String,
    cipherparams: CipherParams,
    ciphertext: B256,
    #[serde(flatten)]
    derivation: Derivation,
    mac: B256,
}

#[derive(Deserialize)]
struct CipherParams {
    iv: B128,
}

#[derive(Deserialize)]
#[serde(tag = "kdf", content = "kdfparams", rename_all = "lowercase")]
enum Derivation {
    Scrypt {
        dklen: u64,
        n: u32,
        r: u32,
        p: u32,
        salt: Bytes,
    },
    Pbkdf2 {
        dklen: u64,
        c: u32,
        prf: String,
        salt: Bytes,
    },
}

/// The key in a keystore's JSON.
///
/// # Errors
/// Bytes that are no keystore, one that is not supported, or another password.
pub(crate) fn decrypt(json: &[u8], password: &str) -> Result<Zeroizing<[u8; 32]>, KeystoreError> {
    let keystore: Keystore = serde_json::from_slice(json).map_err(|_| KeystoreError::Malformed)?;
    let (version, crypto) = (keystore.version, keystore.crypto);
    require(version == 3, "version", version, "3")?;
    let cipher = crypto.cipher.as_str();
    require(cipher == AES, "cipher", cipher.escape_debug(), AES)?;
    let derived = crypto.derivation.derive(password)?;
    let (key, authentication) = derived.split_at(DERIVED / 2);
    let mut mac = Keccak256::new();
    mac.update(authentication);
    mac.update(crypto.ciphertext);
    if mac.finalize() != crypto.mac {
        return Err(KeystoreError::Password);
    }
    let cipher = Ctr128BE::<Aes128>::new_from_slices(key, crypto.cipherparams.iv.as_slice());
    let mut cipher = cipher.map_err(|_| KeystoreError::Malformed)?;
    let mut secret = Zeroizing::new(crypto.ciphertext.0);
    cipher.apply_keystream(secret.as_mut_slice());
    Ok(secret)
}

impl Derivation {
    fn derive(&self, password: &str) -> Result<Zeroizing<[u8; DERIVED]>, KeystoreError> {
        self.check()?;
        let (password, mut derived) = (password.as_bytes(), Zeroizing::new([0; DERIVED]));
        match self {
            Derivation::Scrypt { n, r, p, salt, .. } => {
                let log_n = n.checked_ilog2().and_then(|log| u8::try_from(log).ok());
                let log_n = log_n.ok_or(KeystoreError::Malformed)?;
                let cost = scrypt::Params::new(log_n, *r, *p, DERIVED);
                let cost = cost.map_err(|_| KeystoreError::Malformed)?;
                scrypt::scrypt(password, salt, &cost, derived.as_mut_slice())
                    .map_err(|_| KeystoreError::Malformed)?;
            }
            Derivation::Pbkdf2 { c, salt, .. } => {
                pbkdf2_hmac::<Sha256>(password, salt, *c, derived.as_mut_slice());
            }
        }
        Ok(derived)
    }

    /// Limits what deriving the key takes.
    fn check(&self) -> Result<(), KeystoreError> {
        let (Derivation::Scrypt { dklen, .. } | Derivation::Pbkdf2 { dklen, .. }) = self;
        require(*dklen == 32, "kdfparams.dklen", dklen, "32")?;
        match self {
            Derivation::Scrypt { n, r, p, .. } => {
                let block = u64::from(*r) * 128;
                let memory = u64::from(*n).saturating_mul(block);
                let passes = (u64::from(*p) + 1).saturating_mul(block);
                let power = n.is_power_of_two();
                require(power, "kdfparams.n", n, "a power of 2")?;
                let field = "bytes of memory by kdfparams";
                require(memory <= MAX_MEMORY, field, memory, "at most 2^30")?;
                let field = "bytes of memory by kdfparams.r and p";
                require(passes <= MAX_PASSES_MEMORY, field, passes, "at most 2^24")?;
                require(*p <= MAX_PASSES, "kdfparams.p", p, "at most 16")
            }
            Derivation::Pbkdf2 { c, prf, .. } => {
                let known = prf == HMAC;
                require(known, "kdfparams.prf", prf.escape_debug(), HMAC)?;
                let some = (1..=MAX_ROUNDS).contains(c);
                require(some, "kdfparams.c", c, "1 to 2^24")
            }
        }
    }
}

fn require(
    met: bool,
    field: &'static str,
    got: impl ToString,
    want: &'static str,
) -> Result<(), KeystoreError> {
    if met {
        return Ok(());
    }
    let got = got.to_string();
    Err(KeystoreError::Unsupported { field, got, want })
}

#[cfg(test)]
mod tests {
    use super::*;

    const SCRYPT: &str = include_str!("../../cli/tests/chain/account.json");
    const PASSWORD: &str = "correct horse";

    /// Of the definition's own test vectors, the one for PBKDF2.
    const PBKDF2: &str = r#"{"crypto":{"cipher":"aes-128-ctr","cipherparams":{"iv":"6087dab2f9fdbbfaddc31a909735c1e6"},
        "ciphertext":"5318b4d5bcd28de64ee5559e671353e16f075ecae9f99c7a79a38af5f869aa46","kdf":"pbkdf2",
        "kdfparams":{"c":262144,"dklen":32,"prf":"hmac-sha256",
        "salt":"ae3cd4e7013836a3df6bd7241b12db061dbe2c6785853cce422d148a624ce0bd"},
        "mac":"517ead924a9d0dc3124507e3393d175ce3ff7c1e96529c6c555ce9e51205e9b2"},
        "id":"3198bc9c-6672-5ab3-d995-4942343ae5b6","version":3}"#;

    /// Why a keystore with a part of it changed is refused.
    fn refusal(keystore: &str, from: &str, to: &str) -> KeystoreError {
        assert!(keystore.contains(from), "{from}");
        decrypt(keystore.replace(from, to).as_bytes(), PASSWORD).unwrap_err()
    }

    #[test]
    fn the_password_opens_it_and_no_other_does() {
        let key = decrypt(SCRYPT.as_bytes(), PASSWORD).unwrap();
        assert_eq!((key[0], key[31]), (0xac, 0x80));
        let wrong = decrypt(SCRYPT.as_bytes(), "Correct horse").unwrap_err();
        assert_eq!(wrong, KeystoreError::Password);
        let key = decrypt(PBKDF2.as_bytes(), "testpassword").unwrap();
        let want = "7a28b5ba57c53603b0b07b56bba752f7784bf506fa95edc395f5cf6c7514fe9d";
        assert_eq!(alloy_primitives::hex::encode(*key), want);
    }

    #[test]
    fn what_is_no_keystore_is_refused() {
        for (from, to) in [
            ("\"iv\": \"0909", "\"iv\": \"09"),
            ("\"iv\": \"0909", "\"iv\": \"xxxx"),
            ("\"kdf\": \"scrypt\"", "\"kdf\": \"none\""),
            ("\"kdf\": \"scrypt\"", "\"kdf\": \"pbkdf2\""),
            ("\"ciphertext\"", "\"text\""),
            ("\"ciphertext\": \"91", "\"ciphertext\": \""),
            ("crypto", "cryptic"),
            ("\"r\": 8", "\"r\": 0"),
        ] {
            assert_eq!(refusal(SCRYPT, from, to), KeystoreError::Malformed, "{to}");
        }
    }

    #[test]
    fn values_that_are_not_supported_are_told() {
        for (keystore, from, to, want) in [
            (
                SCRYPT,
                "\"version\": 3",
                "\"version\": 1",
                "version: got 1, want 3",
            ),
            (
                SCRYPT,
                "128-ctr",
                "128-cbc",
                "cipher: got aes-128-cbc, want aes-128-ctr",
            ),
            (
                SCRYPT,
                "\"dklen\": 32",
                "\"dklen\": 16",
                "dklen: got 16, want 32",
            ),
            (
                SCRYPT,
                "\"n\": 1024",
                "\"n\": 0",
                "n: got 0, want a power of 2",
            ),
            (
                SCRYPT,
                "\"n\": 1024",
                "\"n\": 1025",
                "n: got 1025, want a power of 2",
            ),
            (
                SCRYPT,
                "\"n\": 1024",
                "\"n\": 2097152",
                "got 2147483648, want at most 2^30",
            ),
            (
                SCRYPT,
                "\"p\": 1",
                "\"p\": 17",
                "p: got 17, want at most 16",
            ),
            (PBKDF2, "262144", "0", "c: got 0, want 1 to 2^24"),
            (
                PBKDF2,
                "262144",
                "16777217",
                "c: got 16777217, want 1 to 2^24",
            ),
            (
                PBKDF2,
                "hmac-sha256",
                "md5",
                "prf: got md5, want hmac-sha256",
            ),
        ] {
            let words = refusal(keystore, from, to).to_string();
            assert!(words.ends_with(want), "{words}");
        }
    }

    #[test]
    fn the_limits_of_scrypt_are_on_what_it_takes() {
        let scrypt = |n, r, p| {
            let parameters = Derivation::Scrypt {
                dklen: 32,
                n,
                r,
                p,
                salt: Default::default(),
            };
            parameters.check().map_err(|e| e.to_string())
        };
        assert_eq!(scrypt(1 << 20, 8, 1), Ok(()), "2^30 bytes");
        assert_eq!(scrypt(1 << 18, 8, 16), Ok(()));
        // Little by n, and much by the passes.
        let refused = scrypt(2, 1 << 22, 16).unwrap_err();
        assert!(refused.contains("kdfparams.r and p"), "{refused}");
    }
}
