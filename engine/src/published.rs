//! A manifest as it is published: header, keys, commitments, and an index proof of every coded column
//! (docs/protocol.md, sections 7 and 9).

use super::manifest::Manifest;
use nectar_verifier::{header::Header, keys::Keys, manifest::encode_head};
use std::{collections::BTreeMap, sync::Arc};

/// Most names of columns in an error.
const MAX_NAMED: usize = 8;

/// The encoded index proofs of a snapshot's columns, as far as they are there.
#[derive(Debug, Clone)]
pub struct IndexProofs {
    keys: Keys,
    proofs: BTreeMap<u16, Vec<u8>>,
}

/// Coded columns without an index proof.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "{} of {coded} columns have no index proof yet: {}",
    missing.len(),
    named(missing)
)]
pub struct Unproven {
    /// The columns' names, in schema order.
    pub missing: Vec<String>,
    /// How many columns want a proof.
    pub coded: usize,
}

/// A manifest with all its index proofs.
#[derive(Debug, Clone)]
pub struct PublishedManifest {
    manifest: Arc<Manifest>,
    proofs: IndexProofs,
}

impl IndexProofs {
    /// Proofs by place of their column in the schema, and the keys they verify under.
    pub fn new(keys: Keys, proofs: BTreeMap<u16, Vec<u8>>) -> Self {
        IndexProofs { keys, proofs }
    }

    /// Checks that every coded column has one. Whether they hold is for verifiers.
    ///
    /// # Errors
    /// [`Unproven`].
    pub fn check_complete(&self, header: &Header) -> Result<(), Unproven> {
        let coded: Vec<_> = (0..)
            .zip(&header.columns)
            .filter(|(_, column)| column.codes() > 0)
            .collect();
        let missing = coded.iter().filter(|(i, _)| !self.proofs.contains_key(i));
        let missing: Vec<String> = missing.map(|(_, c)| c.name.clone()).collect();
        if missing.is_empty() {
            return Ok(());
        }
        Err(Unproven {
            missing,
            coded: coded.len(),
        })
    }
}

impl PublishedManifest {
    /// Puts a manifest and its proofs together.
    ///
    /// # Errors
    /// [`Unproven`].
    pub fn new(manifest: Arc<Manifest>, proofs: IndexProofs) -> Result<Self, Unproven> {
        proofs.check_complete(manifest.header())?;
        Ok(PublishedManifest { manifest, proofs })
    }

    /// The manifest.
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// A part of the bytes: 0 is what comes before the columns, 1 the first column and so on. Nothing past the last.
    pub fn part(&self, part: u16) -> Option<Vec<u8>> {
        let Some(column) = part.checked_sub(1) else {
            return Some(encode_head(self.manifest.header(), &self.proofs.keys));
        };
        let proof = self.proofs.proofs.get(&column);
        self.manifest
            .publish_column(column, proof.map_or(&[], Vec::as_slice))
    }

    /// All parts, each made when it is asked for: one after the other they are the published manifest.
    pub fn parts(&self) -> impl Iterator<Item = Vec<u8>> {
        (0..).map_while(|part| self.part(part))
    }
}

fn named(missing: &[String]) -> String {
    let shown: Vec<_> = missing
        .iter()
        .take(MAX_NAMED)
        .map(|name| name.escape_debug().to_string())
        .collect();
    let more = match missing.len().saturating_sub(MAX_NAMED) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    shown.join(", ") + &more
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_names_the_first_columns() {
        let error = |columns: u8| Unproven {
            missing: (1..=columns).map(|i| format!("c{i}")).collect(),
            coded: 20,
        };
        let few = error(2).to_string();
        assert_eq!(few, "2 of 20 columns have no index proof yet: c1, c2");
        let many = error(10).to_string();
        assert!(many.ends_with("c7, c8 and 2 more"), "{many}");
    }
}
