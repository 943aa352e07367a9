//! Bundles as files.

use crate::failure::{Failure, Outcome};
use nectar_verifier::bundle::{Bundle, MAX_BYTES};
use std::{fs, path::Path};

/// Reads and decodes a bundle file of at most [`MAX_BYTES`].
///
/// # Errors
/// I/O, or bytes that are no bundle.
pub fn read(path: &Path) -> Outcome<Bundle> {
    let bytes = read_limited(path, MAX_BYTES, "a bundle")?;
    Bundle::decode(&bytes).map_err(|e| Failure::Refused(format!("{}: {e}", path.display())))
}

/// Reads a file of at most `most` bytes, which is to be `what`.
///
/// # Errors
/// I/O, or a larger file.
pub fn read_limited(path: &Path, most: usize, what: &str) -> Outcome<Vec<u8>> {
    let length = fs::metadata(path).map_err(Failure::at(path))?.len();
    if usize::try_from(length).map_or(true, |l| l > most) {
        let shown = path.display();
        return Err(Failure::Refused(format!(
            "{shown}: larger than {what} can be"
        )));
    }
    fs::read(path).map_err(Failure::at(path))
}
