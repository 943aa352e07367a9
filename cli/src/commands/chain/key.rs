//! Whose key signs: from a file or the environment, never from the command line, where others on the machine see it.

use crate::{
    failure::{Failure, Outcome},
    file::read_limited,
    keyring::Keyring,
    private,
};
use clap::Args;
use nectar_chain::{account::Account, keystore};
use std::{
    env,
    path::{Path, PathBuf},
};
use zeroize::Zeroizing;

/// Holds the key itself.
const KEY: &str = "NECTAR_CHAIN_KEY";
/// Holds the password of a keystore.
const PASSWORD: &str = "NECTAR_KEYSTORE_PASSWORD";

/// Where the key is [default: in the environment's NECTAR_CHAIN_KEY].
#[derive(Debug, Args)]
pub struct Key {
    /// An Ethereum keystore (JSON, version 3); its password is in the environment's NECTAR_KEYSTORE_PASSWORD, or in a
    /// file [default: a key in the environment's NECTAR_CHAIN_KEY]
    #[arg(long, value_name = "FILE", conflicts_with = "keys")]
    keystore: Option<PathBuf>,
    /// A file with the keystore's password, which nobody else may read
    #[arg(long, value_name = "FILE", requires = "keystore")]
    password_file: Option<PathBuf>,
    /// A folder of secret keys: the custodian's signs
    #[arg(long, value_name = "DIR")]
    keys: Option<PathBuf>,
}

impl Key {
    /// The account of the key.
    ///
    /// # Errors
    /// There is no key, or it cannot be read.
    pub fn account(&self) -> Outcome<Account> {
        let account = match (&self.keystore, &self.keys) {
            (Some(path), _) => return self.decrypt(path),
            (None, Some(folder)) => Account::from_bytes(&*custodian(folder)?),
            (None, None) => Account::from_hex(&secret(KEY).ok_or_else(none)?),
        };
        account.map_err(Failure::refused)
    }

    fn decrypt(&self, path: &Path) -> Outcome<Account> {
        let json = read_limited(path, keystore::MAX_BYTES, "a keystore")?;
        let account = Account::from_keystore(&json, &self.password()?);
        account.map_err(|e| Failure::Refused(format!("{}: {e}", path.display())))
    }

    fn password(&self) -> Outcome<Zeroizing<String>> {
        let Some(path) = &self.password_file else {
            return secret(PASSWORD).ok_or_else(|| {
                Failure::Usage(format!(
                    "the keystore wants a password: in the environment as {PASSWORD}, or in a file with --password-file"
                ))
            });
        };
        let text = private::read_secret(path)?;
        Ok(Zeroizing::new(text.trim_end_matches(['\r', '\n']).into()))
    }
}

/// The custodian's key in a folder that is there.
fn custodian(folder: &Path) -> Outcome<Zeroizing<[u8; 32]>> {
    if !folder.is_dir() {
        return Err(Failure::Usage(format!(
            "{}: no such folder of keys",
            folder.display()
        )));
    }
    Ok(Keyring::open(folder, &[])?.existing("custodian")?.expose())
}

fn secret(name: &str) -> Option<Zeroizing<String>> {
    env::var(name).ok().map(Zeroizing::new)
}

fn none() -> Failure {
    Failure::Usage(format!(
        "no key to sign with: want --keystore FILE, --keys DIR for the custodian's, or a key in the environment as {KEY}; \
         none is taken from the command line"
    ))
}
