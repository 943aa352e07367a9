//! What a verifier of snapshots reads: manifests in pieces, and index proofs.

use crate::{published::verify_in, world::accepted};
use nectar_verifier::{
    index::IndexProof,
    manifest::{ManifestError, ManifestVerifier},
    trust::AcceptedSnapshot,
};

/// Takes a manifest at once and in pieces whose sizes follow from its first byte, with the same verdict.
pub fn manifest(bytes: &[u8]) {
    let Some((size, bytes)) = bytes.split_first() else {
        return;
    };
    let whole = verify_in(bytes, bytes.len().max(1));
    assert_eq!(whole, pieces(bytes, *size), "pieces make no difference");
    if let Err(error) = whole {
        drop(error.to_string());
    }
}

/// Pieces of rising size, then of one size.
fn pieces(bytes: &[u8], size: u8) -> Result<AcceptedSnapshot, ManifestError> {
    let accepted = accepted();
    let mut verifier = ManifestVerifier::new(&accepted);
    let (first, rest) = bytes.split_at(bytes.len().min(usize::from(size)));
    verifier.push(&[])?;
    verifier.push(first)?;
    for piece in rest.chunks(usize::from(size) * 16 + 1) {
        verifier.push(piece)?;
        let columns = verifier.header().map_or(0, |h| h.columns.len());
        assert!(verifier.checked() <= columns);
    }
    verifier.finish()
}

/// Decodes an index proof.
pub fn index_proof(bytes: &[u8]) {
    match IndexProof::decode(bytes) {
        Ok(proof) => assert_eq!(proof.encode(), bytes, "an index proof has one encoding"),
        Err(error) => drop(error.to_string()),
    }
}
