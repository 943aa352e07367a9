//! A snapshot as the prover holds it: codes, commitments, header, and the trees over them.

use super::{
    blinding::{BlindingKey, Place},
    commit::{ColumnCommitments, Committer, values_digest},
};
use alloy_primitives::B256;
use nectar_params::{ParamsError, srs::Srs};
use nectar_verifier::{
    column::{Column, Kind, Leaf},
    header::{Core, Header, HeaderError, column_node},
    merkle::{self, Tree},
};
use rayon::prelude::*;

/// Why a snapshot cannot be made or loaded.
#[derive(Debug, thiserror::Error)]
pub enum SnapshotError {
    /// The header breaks a rule.
    #[error(transparent)]
    Header(#[from] HeaderError),
    /// The SRS does not serve the segment size.
    #[error(transparent)]
    Params(#[from] ParamsError),
    /// Codes, commitments and header do not belong together.
    #[error("the snapshot's parts do not belong together: {0}")]
    Mismatch(&'static str),
}

/// The sequence numbers under which each segment of a column was last committed.
pub type Committed = Vec<u64>;

/// A column's commitments with when each segment was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CommittedColumn {
    /// The commitments.
    pub commitments: ColumnCommitments,
    /// Sequence number by segment.
    pub sequences: Committed,
}

/// A snapshot with everything a proof needs.
pub struct Snapshot {
    header: Header,
    codes: Vec<Vec<u16>>,
    columns: Vec<CommittedColumn>,
    digests: Vec<Vec<B256>>,
    root: B256,
    columns_tree: Tree,
    key: BlindingKey,
}

impl Snapshot {
    /// Commits a table. Segments that did not change since `parent` keep their commitments, except in consent
    /// columns, which are committed afresh as a whole: nobody may see whose consent changed (section 1).
    ///
    /// `core` comes with everything but what follows from the schema: columns, purposes, rows. `done` is called
    /// with numbers of cells as they are committed, out of rows times columns.
    ///
    /// # Errors
    /// An invalid header, an SRS too small, or codes that are not the schema's.
    pub fn commit(
        header: Header,
        codes: Vec<Vec<u16>>,
        parent: Option<&Snapshot>,
        srs: &Srs,
        key: BlindingKey,
        done: &(dyn Fn(usize) + Sync),
    ) -> Result<Self, SnapshotError> {
        let powers = srs.powers(header.core.segment_bits)?;
        let committer = Committer::new(powers, &key);
        let commit = |(i, (column, codes)): (usize, (&Column, &Vec<u16>))| {
            let kept = parent.and_then(|p| p.unchanged(i, column, codes, committer.segment_rows()));
            if let Some(kept) = kept {
                done(codes.len());
                return kept;
            }
            let core = &header.core;
            let place = |k: usize, values| place(core, i, k, core.sequence, values);
            let commitments = committer.column(column, codes, place, done);
            let sequences = vec![core.sequence; core.segments()];
            CommittedColumn {
                commitments,
                sequences,
            }
        };
        check_codes(&header, &codes)?;
        let columns: Vec<_> = header
            .columns
            .iter()
            .zip(&codes)
            .enumerate()
            .map(commit)
            .collect();
        drop(committer);
        let leaves_roots = columns
            .iter()
            .map(|c| leaves_tree(&c.commitments).root())
            .collect();
        Snapshot::load(
            Header {
                leaves_roots,
                ..header
            },
            codes,
            columns,
            key,
        )
    }

    /// Puts a stored snapshot together and checks that its parts belong together.
    ///
    /// # Errors
    /// [`SnapshotError`].
    pub fn load(
        header: Header,
        codes: Vec<Vec<u16>>,
        columns: Vec<CommittedColumn>,
        key: BlindingKey,
    ) -> Result<Self, SnapshotError> {
        header.validate()?;
        check_codes(&header, &codes)?;
        if columns.len() != header.columns.len() {
            return Err(SnapshotError::Mismatch(
                "columns of commitments and of the schema",
            ));
        }
        for ((column, committed), root) in header
            .columns
            .iter()
            .zip(&columns)
            .zip(&header.leaves_roots)
        {
            let vectors = &committed.commitments.vectors;
            let whole = vectors.iter().all(|v| v.len() == header.core.segments());
            if vectors.len() != column.leaf_count()
                || !whole
                || committed.sequences.len() != header.core.segments()
            {
                return Err(SnapshotError::Mismatch(
                    "commitments and codebook of a column",
                ));
            }
            if leaves_tree(&committed.commitments).root() != *root {
                return Err(SnapshotError::Mismatch("commitments and root of a column"));
            }
        }
        let nodes = header
            .columns
            .iter()
            .zip(&header.leaves_roots)
            .map(|(c, r)| column_node(c, *r))
            .collect();
        let columns_tree = Tree::new(nodes);
        let root = header.core.root(columns_tree.root());
        let n = 1usize << header.core.segment_bits;
        let digests = codes
            .iter()
            .map(|c| c.par_chunks(n).map(values_digest).collect())
            .collect();
        Ok(Snapshot {
            header,
            codes,
            columns,
            digests,
            root,
            columns_tree,
            key,
        })
    }

    fn unchanged(
        &self,
        i: usize,
        column: &Column,
        codes: &[u16],
        n: usize,
    ) -> Option<CommittedColumn> {
        let same = self.header.columns.get(i) == Some(column)
            && self.codes.get(i).is_some_and(|old| old == codes)
            && 1usize << self.header.core.segment_bits == n;
        let consent = matches!(column.kind, Kind::Consent { .. });
        if same && !consent {
            self.columns.get(i).cloned()
        } else {
            None
        }
    }

    /// The header.
    pub fn header(&self) -> &Header {
        &self.header
    }

    /// The root.
    pub fn root(&self) -> B256 {
        self.root
    }

    /// All columns of codes, in schema order.
    pub fn codes(&self) -> &[Vec<u16>] {
        &self.codes
    }

    /// All commitments, in schema order.
    pub fn columns(&self) -> &[CommittedColumn] {
        &self.columns
    }

    /// The dataset's secret.
    pub(super) fn key(&self) -> &BlindingKey {
        &self.key
    }

    /// Root over all columns.
    pub fn columns_root(&self) -> B256 {
        self.columns_tree.root()
    }

    /// The path of a column under the columns root.
    pub fn column_path(&self, column: u16) -> Vec<B256> {
        self.columns_tree.path(usize::from(column))
    }

    /// The tree over one column's vectors.
    pub fn leaves_tree(&self, column: u16) -> Tree {
        leaves_tree(&self.columns[usize::from(column)].commitments)
    }

    /// All segments of one committed vector.
    pub fn vector(&self, column: u16, leaf: Leaf) -> Option<&[ark_bn254::G1Affine]> {
        let place = self
            .header
            .columns
            .get(usize::from(column))?
            .leaf_index(leaf)?;
        Some(
            self.columns
                .get(usize::from(column))?
                .commitments
                .vectors
                .get(place)?
                .as_slice(),
        )
    }

    /// Where a segment of a column stands, for its blindings.
    pub(super) fn place(&self, column: u16, segment: usize) -> Place {
        let (i, core) = (usize::from(column), &self.header.core);
        place(
            core,
            i,
            segment,
            self.columns[i].sequences[segment],
            self.digests[i][segment],
        )
    }
}

fn place(core: &Core, column: usize, segment: usize, sequence: u64, values: B256) -> Place {
    Place {
        dataset: core.dataset,
        sequence,
        column: u16::try_from(column).unwrap_or(u16::MAX),
        segment: u32::try_from(segment).unwrap_or(u32::MAX),
        values,
    }
}

fn check_codes(header: &Header, codes: &[Vec<u16>]) -> Result<(), SnapshotError> {
    let rows = usize::try_from(header.core.rows).unwrap_or(usize::MAX);
    if codes.len() != header.columns.len() || codes.iter().any(|c| c.len() != rows) {
        return Err(SnapshotError::Mismatch(
            "rows or columns of codes and header",
        ));
    }
    let valid = |(column, codes): (&Column, &Vec<u16>)| codes.iter().all(|c| *c < column.codes());
    if !header.columns.iter().zip(codes).all(valid) {
        return Err(SnapshotError::Mismatch("codes and codebook of a column"));
    }
    Ok(())
}

fn leaves_tree(commitments: &ColumnCommitments) -> Tree {
    Tree::new(
        commitments
            .vectors
            .par_iter()
            .map(|v| merkle::vector(v))
            .collect(),
    )
}
