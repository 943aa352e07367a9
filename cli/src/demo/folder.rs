//! The demo's folder: made new, or an earlier demo's; anything else is left alone.

use crate::failure::{Failure, Outcome};
use nectar_verifier::bundle::Bundle;
use std::{
    fs,
    path::{Path, PathBuf},
};

const MARKER: &str = "NECTAR-DEMO.txt";
/// What the demo makes anew each time; parameters stay, as they are always the same.
const REMADE: [&str; 6] = [
    "source", "dataset", "keys", "answers", "patient", "receipts",
];

const CONTENT: &str = "\
This folder was made by `nectar demo`, which will make it again.
  source/      the bundled data and its schema, with one patient's tag; consents in it are synthetic;
               the file of a public ceremony
  dataset/     the hospital's dataset: codes, commitments, index proofs (secret in real life)
  keys/        the hospital's secret keys (kept apart in real life)
  params/      that ceremony's powers of tau, and INSECURE circuit keys; anybody can forge proofs under them
  answers/     bundles: what the researcher gets, and a forged one
  patient/     one patient's secret
  receipts/    what the two snapshots hold of that patient
  trust.toml   what researcher and patient trust
  checked.toml the snapshots they checked
";

/// The folder.
#[derive(Debug)]
pub struct Folder(PathBuf);

impl Folder {
    /// Makes the folder, or empties that of an earlier demo.
    ///
    /// # Errors
    /// The folder holds something else, or I/O.
    pub fn prepare(path: &Path) -> Outcome<Self> {
        let io = Failure::at(path);
        if path.exists() && !path.join(MARKER).exists() && !is_empty(path).map_err(&io)? {
            return Err(Failure::Usage(format!(
                "{} is not a folder of this demo and is left as it is; choose another with --out",
                path.display()
            )));
        }
        fs::create_dir_all(path).map_err(&io)?;
        let folder = Folder(path.into());
        folder.write(MARKER, CONTENT.as_bytes())?;
        for name in REMADE {
            let old = folder.path(name);
            if old.exists() {
                fs::remove_dir_all(&old).map_err(Failure::at(&old))?;
            }
        }
        for name in ["source", "answers", "patient", "receipts"] {
            fs::create_dir(folder.path(name)).map_err(&io)?;
        }
        Ok(folder)
    }

    /// A path in the folder.
    pub fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    /// Writes a file.
    ///
    /// # Errors
    /// I/O.
    pub fn write(&self, name: &str, bytes: &[u8]) -> Outcome {
        let path = self.path(name);
        fs::write(&path, bytes).map_err(Failure::at(&path))
    }

    /// Reads a bundle.
    ///
    /// # Errors
    /// I/O, or bytes that are no bundle.
    pub fn bundle(&self, name: &str) -> Outcome<Bundle> {
        crate::commands::bundle::read(&self.path(name))
    }
}

fn is_empty(path: &Path) -> std::io::Result<bool> {
    Ok(fs::read_dir(path)?.next().is_none())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn foreign_content_is_left_alone() {
        let place = tempfile::tempdir().unwrap();
        let file = place.path().join("thesis.txt");
        fs::write(&file, "years of work").unwrap();
        let refused = Folder::prepare(place.path());
        assert!(matches!(refused, Err(Failure::Usage(_))));
        assert_eq!(fs::read_to_string(&file).unwrap(), "years of work");
    }

    #[test]
    fn an_earlier_demo_is_made_again() {
        let place = tempfile::tempdir().unwrap();
        let path = place.path().join("demo");
        let folder = Folder::prepare(&path).unwrap();
        folder.write("answers/old.nectar", b"old").unwrap();
        let folder = Folder::prepare(&path).unwrap();
        assert!(!folder.path("answers/old.nectar").exists());
        assert!(folder.path("answers").exists());
    }
}
