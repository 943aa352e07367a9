//! Keystores: a key under a password, as JSON of version 3 (Web3 Secret Storage).

use crate::account::KeyError;
use serde::Deserialize;
use std::{fs, path::Path};
use zeroize::Zeroizing;

/// Most bytes of a file.
const MAX_BYTES: u64 = 1 << 14;
/// Most memory that a password's check may take; geth's keystores take 256 MiB.
const MAX_MEMORY: u64 = 1 << 30;
const MAX_PARALLEL: u64 = 16;

/// What of a keystore is looked at before it is decrypted.
#[derive(Deserialize)]
struct Keystore {
    version: u8,
    crypto: Crypto,
}

#[derive(Deserialize)]
struct Crypto {
    cipher: String,
    cipherparams: Cipher,
    kdfparams: Derivation,
}

#[derive(Deserialize)]
struct Cipher {
    iv: String,
}

#[derive(Deserialize)]
struct Derivation {
    dklen: u64,
    /// Those of scrypt.
    #[serde(default)]
    n: u64,
    #[serde(default)]
    r: u64,
    #[serde(default)]
    p: u64,
}

impl Keystore {
    fn check(&self) -> Result<(), &'static str> {
        let Derivation { dklen, n, r, p } = self.crypto.kdfparams;
        let memory = n.saturating_mul(r).saturating_mul(128);
        let rules = [
            (self.version == 3, "it is of another version"),
            (
                self.crypto.cipher == "aes-128-ctr",
                "its cipher is not aes-128-ctr",
            ),
            (
                self.crypto.cipherparams.iv.len() == 32,
                "its iv has not 16 bytes",
            ),
            (dklen == 32, "its derived key has not 32 bytes"),
            (
                memory <= MAX_MEMORY && p <= MAX_PARALLEL,
                "its password takes more memory to check than 1 GiB",
            ),
        ];
        rules
            .iter()
            .find(|(ok, _)| !ok)
            .map_or(Ok(()), |(_, rule)| Err(rule))
    }
}

/// The key in a file.
///
/// # Errors
/// I/O, a file that is no keystore, or another password.
pub fn decrypt(path: &Path, password: &str) -> Result<Zeroizing<[u8; 32]>, KeyError> {
    let shown = || path.display().to_string();
    let malformed = |what| KeyError::Keystore(shown(), what);
    let io = |e: std::io::Error| KeyError::Io(shown(), e.to_string());
    if fs::metadata(path).map_err(io)?.len() > MAX_BYTES {
        return Err(malformed("it is too large"));
    }
    let text = fs::read(path).map_err(io)?;
    let keystore: Result<Keystore, _> = serde_json::from_slice(&text);
    let keystore = keystore.map_err(|_| malformed("a field is missing"))?;
    keystore.check().map_err(malformed)?;
    let key = eth_keystore::decrypt_key(path, password).map_err(|e| match e {
        eth_keystore::KeystoreError::MacMismatch => KeyError::Password(shown()),
        _ => malformed("a field is not what it should be"),
    });
    let key = Zeroizing::new(key?);
    let mut bytes = Zeroizing::new([0; 32]);
    if key.len() != bytes.len() {
        return Err(malformed("its key has not 32 bytes"));
    }
    bytes.copy_from_slice(&key);
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    const PASSWORD: &str = "correct horse";

    /// A keystore in a file, with a part of it changed.
    fn with(from: &str, to: &str) -> (tempfile::TempDir, std::path::PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("account.json");
        let text = include_str!("../../cli/tests/chain/account.json");
        assert!(text.contains(from), "{from}");
        fs::write(&path, text.replace(from, to)).unwrap();
        (folder, path)
    }

    #[test]
    fn the_password_opens_it_and_no_other_does() {
        let (_folder, path) = with("", "");
        let key = decrypt(&path, PASSWORD).unwrap();
        assert_eq!((key[0], key[31]), (0xac, 0x80));
        let wrong = decrypt(&path, "Correct horse").unwrap_err();
        assert!(matches!(wrong, KeyError::Password(_)), "{wrong}");
        assert!(
            wrong.to_string().contains("account.json: the password"),
            "{wrong}"
        );
    }

    #[test]
    fn what_is_no_keystore_is_refused() {
        for (from, to) in [
            ("\"version\": 3", "\"version\": 1"),
            ("aes-128-ctr", "aes-128-cbc"),
            ("\"dklen\": 32", "\"dklen\": 16"),
            ("\"n\": 1024", "\"n\": 1073741824"),
            ("\"iv\": \"0909", "\"iv\": \"09"),
            ("\"iv\": \"0909", "\"iv\": \"xxxx"),
            ("\"kdf\": \"scrypt\"", "\"kdf\": \"none\""),
            ("\"ciphertext\"", "\"text\""),
            ("crypto", "cryptic"),
        ] {
            let (_folder, path) = with(from, to);
            let refusal = decrypt(&path, PASSWORD).unwrap_err();
            assert!(matches!(refusal, KeyError::Keystore(..)), "{to}: {refusal}");
        }
        let missing = decrypt(Path::new("none.json"), PASSWORD).unwrap_err();
        assert!(matches!(missing, KeyError::Io(..)), "{missing}");
    }
}
