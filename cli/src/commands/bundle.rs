//! Bundles as files.

use crate::failure::{Failure, Outcome};
use nectar_verifier::bundle::{Bundle, MAX_BYTES};
use std::{fs, path::Path};

/// Reads and decodes a bundle file of at most [`MAX_BYTES`].
///
/// # Errors
/// I/O, or bytes that are no bundle.
pub fn read(path: &Path) -> Outcome<Bundle> {
    let length = fs::metadata(path).map_err(Failure::at(path))?.len();
    if usize::try_from(length).map_or(true, |l| l > MAX_BYTES) {
        let shown = path.display();
        return Err(Failure::Refused(format!(
            "{shown}: larger than a bundle can be"
        )));
    }
    let bytes = fs::read(path).map_err(Failure::at(path))?;
    Bundle::decode(&bytes).map_err(|e| Failure::Refused(format!("{}: {e}", path.display())))
}
