//! Secret keys in a folder of their own, apart from the data: one file a key, readable by its owner alone.

use crate::{
    failure::{Failure, Outcome},
    private,
};
use alloy_primitives::hex;
use nectar_engine::{attest::AttestorKey, blinding::BlindingKey};
use nectar_verifier::header::dataset_id;
use std::{
    fs,
    path::{Path, PathBuf},
};
use zeroize::Zeroizing;

/// A folder of keys.
#[derive(Debug, Clone)]
pub struct Keyring {
    folder: PathBuf,
}

impl Keyring {
    /// The folder, made if it is not there; it may not lie inside a dataset.
    ///
    /// # Errors
    /// I/O, or a folder inside one of `datasets`.
    pub fn open(folder: &Path, datasets: &[PathBuf]) -> Outcome<Self> {
        make_private(folder)?;
        let own = folder.canonicalize().map_err(Failure::at(folder))?;
        let inside = |d: &&PathBuf| d.canonicalize().is_ok_and(|d| own.starts_with(d));
        if let Some(dataset) = datasets.iter().find(inside) {
            let (keys, data) = (folder.display(), dataset.display());
            return Err(Failure::Usage(format!(
                "the keys folder {keys} lies inside the dataset {data}; keep keys apart from the data they protect"
            )));
        }
        Ok(Keyring {
            folder: folder.into(),
        })
    }

    /// The secret that blinds a dataset's commitments.
    ///
    /// # Errors
    /// There is none, or it cannot be read.
    pub fn blinding(&self, dataset: &str) -> Outcome<BlindingKey> {
        let path = self.blinding_path(dataset);
        read(&path).map(|bytes| BlindingKey::from_bytes(*bytes))
    }

    /// The secret that blinds a dataset's commitments, made if there is none: for first snapshots.
    ///
    /// # Errors
    /// I/O, or no randomness.
    pub fn blinding_or_new(&self, dataset: &str) -> Outcome<BlindingKey> {
        let path = self.blinding_path(dataset);
        if !path.exists() {
            let key = BlindingKey::generate().map_err(Failure::io)?;
            write_new(&path, key.expose())?;
        }
        self.blinding(dataset)
    }

    /// A signing key by the name of who signs, made if there is none.
    ///
    /// # Errors
    /// I/O, no randomness, or a file that is no key.
    pub fn signer(&self, name: &str) -> Outcome<AttestorKey> {
        let path = self.signer_path(name);
        if !path.exists() {
            let key = AttestorKey::generate().map_err(Failure::io)?;
            write_new(&path, &key.expose())?;
        }
        self.existing(name)
    }

    /// A signing key that has to be there, by the name of who signs.
    ///
    /// # Errors
    /// There is none, I/O, or a file that is no key.
    pub fn existing(&self, name: &str) -> Outcome<AttestorKey> {
        let path = self.signer_path(name);
        let refuse = |e| Failure::Refused(format!("{}: {e}", path.display()));
        AttestorKey::from_bytes(&*read(&path)?).map_err(refuse)
    }

    fn signer_path(&self, name: &str) -> PathBuf {
        self.folder.join(format!("{name}.key"))
    }

    /// Named by the dataset's id, since names may hold anything.
    #[expect(clippy::indexing_slicing, reason = "an id has 32 bytes")]
    fn blinding_path(&self, dataset: &str) -> PathBuf {
        let id = hex::encode(&dataset_id(dataset)[..8]);
        self.folder.join(format!("blinding-{id}.key"))
    }
}

/// Reads a key file: 64 hexadecimal digits.
fn read(path: &Path) -> Outcome<Zeroizing<[u8; 32]>> {
    if !path.exists() {
        return Err(Failure::Usage(format!(
            "{}: no such key; give the keys folder that the snapshot was committed with",
            path.display()
        )));
    }
    let text = private::read_secret(path)?;
    let mut key = Zeroizing::new([0; 32]);
    let refuse = |e| Failure::Refused(format!("{}: not a key file: {e}", path.display()));
    hex::decode_to_slice(text.trim(), key.as_mut_slice()).map_err(refuse)?;
    Ok(key)
}

fn write_new(path: &Path, key: &[u8; 32]) -> Outcome {
    let text = Zeroizing::new(hex::encode(key));
    private::write_new(path, text.as_bytes())
}

#[cfg(unix)]
fn make_private(folder: &Path) -> Outcome {
    use std::os::unix::fs::DirBuilderExt;
    let made = fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(folder);
    made.map_err(Failure::at(folder))
}

#[cfg(not(unix))]
fn make_private(folder: &Path) -> Outcome {
    fs::create_dir_all(folder).map_err(Failure::at(folder))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_made_once_and_kept() {
        let folder = tempfile::tempdir().unwrap();
        let ring = Keyring::open(&folder.path().join("keys"), &[]).unwrap();
        assert!(matches!(ring.blinding("lung"), Err(Failure::Usage(_))));
        let made = ring.blinding_or_new("lung").unwrap();
        assert_eq!(ring.blinding("lung").unwrap().expose(), made.expose());
        assert_ne!(
            ring.blinding_or_new("heart").unwrap().expose(),
            made.expose()
        );
        let attestor = ring.signer("attestor").unwrap().address();
        assert_eq!(ring.signer("attestor").unwrap().address(), attestor);
        assert_ne!(ring.signer("custodian").unwrap().address(), attestor);
    }

    #[test]
    fn keys_lie_apart_from_the_data() {
        let data = tempfile::tempdir().unwrap();
        let inside = data.path().join("keys");
        let refused = Keyring::open(&inside, &[data.path().into()]);
        assert!(matches!(refused, Err(Failure::Usage(_))));
    }

    #[cfg(unix)]
    #[test]
    fn keys_others_may_read_are_refused() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let ring = Keyring::open(folder.path(), &[]).unwrap();
        ring.signer("attestor").unwrap();
        let path = folder.path().join("attestor.key");
        assert_eq!(
            fs::metadata(&path).unwrap().permissions().mode() & 0o777,
            0o600
        );
        fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
        assert!(matches!(ring.signer("attestor"), Err(Failure::Refused(_))));
    }
}
