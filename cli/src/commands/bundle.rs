//! Bundles as files.

use crate::{
    failure::{Failure, Outcome},
    file::read_limited,
};
use nectar_verifier::bundle::{Bundle, MAX_BYTES};
use std::path::Path;

/// Reads and decodes a bundle file of at most [`MAX_BYTES`].
///
/// # Errors
/// I/O, or bytes that are no bundle.
pub fn read(path: &Path) -> Outcome<Bundle> {
    let bytes = read_limited(path, MAX_BYTES, "a bundle")?;
    Bundle::decode(&bytes).map_err(|e| Failure::Refused(format!("{}: {e}", path.display())))
}
