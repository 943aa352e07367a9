//! Digests of files that stay byte for byte what they are unless a change of the protocol says otherwise.

use super::workspace::Error;
use serde::Serialize;
use sha2::{Digest, Sha256};
use std::{
    collections::BTreeMap,
    fmt::{self, Display, Formatter},
    fs,
    path::Path,
};

/// SHA-256 in hexadecimal, for each kind over the names and contents of its files.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct Digests {
    /// Of the test vectors for second verifiers.
    pub vectors: String,
    /// Of the circuits' fingerprints.
    pub fingerprints: String,
    /// Of the compiled contracts.
    pub artifacts: String,
}

impl Digests {
    /// Those of the workspace at `root`.
    ///
    /// # Errors
    /// Files of some kind are missing or cannot be read.
    pub fn read(root: &Path) -> Result<Self, Error> {
        Ok(Digests {
            vectors: digest(&root.join("tests/vectors"), &["json", "nectar"])?,
            fingerprints: digest(&root.join("circuits/src/fingerprint"), &["txt"])?,
            artifacts: digest(&root.join("contracts/artifacts"), &["json"])?,
        })
    }
}

/// Hashes, by rising name, every file below a folder that has one of the extensions: the name from the folder on with
/// `/` between its parts, then the content, each after its length as 8 bytes big-endian.
pub(super) fn digest(folder: &Path, extensions: &[&str]) -> Result<String, Error> {
    let mut files = BTreeMap::new();
    collect(folder, "", extensions, &mut files)?;
    if files.is_empty() {
        let what = format!("no file ends in {}", extensions.join(" or "));
        return Err(Error::new(folder, what));
    }
    let mut hasher = Sha256::new();
    for (name, content) in &files {
        for part in [name.as_bytes(), content] {
            hasher.update((part.len() as u64).to_be_bytes());
            hasher.update(part);
        }
    }
    let digest = hasher.finalize();
    Ok(digest.iter().map(|b| format!("{b:02x}")).collect())
}

fn collect(
    folder: &Path,
    prefix: &str,
    extensions: &[&str],
    files: &mut BTreeMap<String, Vec<u8>>,
) -> Result<(), Error> {
    let fail = |e| Error::new(folder, e);
    let counted = |path: &Path| {
        let extension = path.extension().unwrap_or_default();
        extensions.iter().any(|e| extension == *e)
    };
    for entry in fs::read_dir(folder).map_err(fail)? {
        let entry = entry.map_err(fail)?;
        let (path, name) = (entry.path(), entry.file_name());
        let name = format!("{prefix}{}", name.to_string_lossy());
        if path.is_dir() {
            collect(&path, &format!("{name}/"), extensions, files)?;
        } else if counted(&path) {
            let content = fs::read(&path).map_err(|e| Error::new(&path, e))?;
            files.insert(name, content);
        }
    }
    Ok(())
}

impl Display for Digests {
    fn fmt(&self, f: &mut Formatter) -> fmt::Result {
        writeln!(f, "SHA-256 of the vectors:      {}", self.vectors)?;
        writeln!(f, "SHA-256 of the fingerprints: {}", self.fingerprints)?;
        write!(f, "SHA-256 of the artifacts:    {}", self.artifacts)
    }
}
