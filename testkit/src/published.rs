//! A small dataset as it is published: snapshot, index proofs, and the bytes of both.

use crate::{
    cohort::{Cohort, labels, nearest, number},
    keys::keys,
    world::accepted,
};
use ark_bn254::Fr;
use nectar_engine::{
    blinding::BlindingKey,
    index_keys, index_statement, prove_index,
    snapshot::{Records, Snapshot},
};
use nectar_verifier::{
    column::{Column, Kind},
    evaluation::{Commitments, ProofError},
    index::{IndexProof, IndexStatement},
    keys::Keys,
    manifest::{ManifestError, ManifestVerifier, encode_head},
    trust::AcceptedSnapshot,
};
use std::sync::LazyLock;

/// Places of the toy's columns.
pub mod at {
    /// Number, five values: codes below no power of two.
    pub const AGE: u16 = 0;
    /// Two labels.
    pub const SEX: u16 = 1;
    /// Two labels, and the codes of sex.
    pub const SITE: u16 = 2;
    /// Tags.
    pub const TAG: u16 = 3;
}

/// The keys that index proofs verify under.
pub fn verifier_keys() -> Keys {
    index_keys(keys()).expect("index keys")
}

/// A snapshot with the proof of each coded column.
pub struct Published {
    /// The snapshot.
    pub snapshot: Snapshot,
    /// Proofs in schema order; none for a tag column.
    pub proofs: Vec<Option<IndexProof>>,
}

impl Published {
    /// Proves every coded column.
    pub fn of(snapshot: Snapshot) -> Self {
        let prove = |place| {
            index_statement(&snapshot, place)?;
            Some(prove_index(&snapshot, keys(), place).expect("an index proof"))
        };
        Published {
            proofs: (0..snapshot.header().core.columns).map(prove).collect(),
            snapshot,
        }
    }

    /// Twenty rows in two segments; made once for all tests of a process, and accepted.
    ///
    /// # Panics
    /// It is not accepted.
    pub fn toy() -> &'static Published {
        static TOY: LazyLock<Published> = LazyLock::new(|| {
            let toy = Published::of(commit(&toy_cohort()));
            let root = verify(&toy.encode()).map(|s| s.root());
            assert_eq!(root, Ok(toy.snapshot.root()), "the honest manifest");
            toy
        });
        &TOY
    }

    /// The first part: header and keys.
    pub fn head(&self) -> Vec<u8> {
        encode_head(self.snapshot.header(), &verifier_keys())
    }

    /// The part of a column.
    ///
    /// # Panics
    /// There is no such column.
    pub fn part(&self, column: u16) -> Vec<u8> {
        let proof = self.proofs[usize::from(column)].as_ref();
        let proof = proof.map_or(vec![], IndexProof::encode);
        let part = self.snapshot.manifest().publish_column(column, &proof);
        part.expect("a column")
    }

    /// Every part, the first with what stands before it.
    pub fn parts(&self) -> Vec<Vec<u8>> {
        let columns = 0..self.snapshot.header().core.columns;
        [self.head()]
            .into_iter()
            .chain(columns.map(|c| self.part(c)))
            .collect()
    }

    /// The whole manifest.
    pub fn encode(&self) -> Vec<u8> {
        self.parts().concat()
    }
}

/// Takes a manifest's bytes at once.
///
/// # Errors
/// The first rule that is broken.
pub fn verify(bytes: &[u8]) -> Result<AcceptedSnapshot, ManifestError> {
    verify_in(bytes, bytes.len().max(1))
}

/// Takes a manifest's bytes in pieces of a size.
///
/// # Errors
/// The first rule that is broken.
pub fn verify_in(bytes: &[u8], size: usize) -> Result<AcceptedSnapshot, ManifestError> {
    let accepted = accepted();
    let mut verifier = ManifestVerifier::new(&accepted);
    for piece in bytes.chunks(size) {
        verifier.push(piece)?;
    }
    verifier.finish()
}

/// The toy's table; sex and site hold the same codes.
pub fn toy_cohort() -> Cohort {
    let columns = vec![number("age", 5), labels("sex", 2), labels("site", 2)];
    let mut cohort = Cohort::random(columns, 20, 4, nearest(3, 5), 7);
    cohort.codes[usize::from(at::SITE)] = cohort.codes[usize::from(at::SEX)].clone();
    cohort.columns.push(Column {
        name: "tag".into(),
        kind: Kind::Tag,
    });
    cohort
}

/// Commits a table whose last column is one of tags, which are 1, 2, ..
pub fn commit(cohort: &Cohort) -> Snapshot {
    commit_after(cohort, None)
}

/// Commits the next state of such a table.
pub fn commit_after(cohort: &Cohort, parent: Option<&Snapshot>) -> Snapshot {
    let rows = 1u64..;
    let records = Records {
        tags: rows.map(Fr::from).take(cohort.codes[0].len()).collect(),
        codes: cohort.codes.clone(),
    };
    let key = BlindingKey::from_bytes(cohort.secret);
    let (header, parent) = (cohort.header(parent), parent.map(Snapshot::manifest));
    Snapshot::commit(header, records, parent, keys().srs(), key, &|_| {}).expect("a snapshot")
}

/// The commitments a statement is about.
pub fn vectors(snapshot: &Snapshot, statement: &IndexStatement<'_>) -> Commitments {
    let vector = |(place, leaf)| {
        let points = snapshot.manifest().vector(place, leaf);
        ((place, leaf), points.expect("a committed vector"))
    };
    statement.leaves().into_iter().map(vector).collect()
}

/// Verifies one column's proof.
///
/// # Errors
/// The first check that fails.
pub fn verify_column(
    snapshot: &Snapshot,
    column: u16,
    proof: &IndexProof,
) -> Result<(), ProofError> {
    let statement = index_statement(snapshot, column).expect("a coded column");
    proof.verify(&statement, &vectors(snapshot, &statement), &verifier_keys())
}
