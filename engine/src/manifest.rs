//! The public side of a snapshot: header, commitments, and the trees over them (docs/protocol.md, section 2).

use super::blinding::Origin;
use alloy_primitives::B256;
use ark_bn254::G1Affine;
use nectar_verifier::{
    column::Leaf,
    header::{Header, HeaderError, column_node},
    manifest::encode_column,
    merkle::{self, Tree},
    opened::ColumnOpening,
    receipt::SegmentOpening,
};
use rayon::prelude::*;

/// The commitments of one segment of a column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CommittedSegment {
    /// What entered its blindings beside its place. Kept by the custodian alone.
    pub origin: Origin,
    /// One commitment a vector, in manifest order.
    pub points: Vec<G1Affine>,
}

/// The segments of a column.
pub type CommittedColumn = Vec<CommittedSegment>;

/// Why header and commitments are not those of one snapshot.
#[derive(Debug, thiserror::Error)]
pub enum ManifestError {
    /// The header breaks a rule.
    #[error(transparent)]
    Header(#[from] HeaderError),
    /// Numbers of columns, segments or vectors that are not the header's.
    #[error("header and commitments do not belong together: got {got} {what}, want {want}")]
    Count {
        /// What there is another number of.
        what: &'static str,
        /// How many there are.
        got: usize,
        /// How many the header implies.
        want: usize,
    },
    /// Commitments that are not under their column's root.
    #[error(
        "header and commitments do not belong together: the root of column {column:?} is {got}, want {want}"
    )]
    Root {
        /// The column's name.
        column: String,
        /// The root of its commitments.
        got: B256,
        /// The root in the header.
        want: B256,
    },
}

/// A header with all its commitments.
#[derive(Debug, Clone)]
pub struct Manifest {
    header: Header,
    columns: Vec<CommittedColumn>,
    leaves: Vec<Tree>,
    tree: Tree,
    root: B256,
}

impl Manifest {
    /// Puts a header without roots and its commitments together.
    ///
    /// # Errors
    /// [`ManifestError`].
    pub fn new(mut header: Header, columns: Vec<CommittedColumn>) -> Result<Self, ManifestError> {
        check_counts(&header, &columns)?;
        let leaves: Vec<Tree> = columns.par_iter().map(leaves_tree).collect();
        header.leaves_roots = leaves.iter().map(Tree::root).collect();
        header.validate()?;
        let roots = header.columns.iter().zip(&header.leaves_roots);
        let tree = Tree::new(roots.map(|(c, root)| column_node(c, *root)).collect());
        let root = header.core.root(tree.root());
        Ok(Manifest {
            header,
            columns,
            leaves,
            tree,
            root,
        })
    }

    /// Puts a stored header and its commitments together; they have to be under the header's roots.
    ///
    /// # Errors
    /// [`ManifestError`].
    pub fn load(header: Header, columns: Vec<CommittedColumn>) -> Result<Self, ManifestError> {
        let want = header.leaves_roots.clone();
        let manifest = Manifest::new(header, columns)?;
        let header = &manifest.header;
        count("roots", want.len(), header.leaves_roots.len())?;
        let mut roots = header.leaves_roots.iter().zip(&want);
        match roots.position(|(got, want)| got != want) {
            None => Ok(manifest),
            Some(i) => Err(ManifestError::Root {
                column: header.columns[i].name.clone(),
                got: header.leaves_roots[i],
                want: want[i],
            }),
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

    /// All columns, in schema order.
    pub fn columns(&self) -> &[CommittedColumn] {
        &self.columns
    }

    /// Root over all columns.
    pub fn columns_root(&self) -> B256 {
        self.tree.root()
    }

    /// A column opened under the columns root.
    pub fn column(&self, column: u16) -> Option<ColumnOpening> {
        let i = usize::from(column);
        Some(ColumnOpening {
            column: self.header.columns.get(i)?.clone(),
            leaves_root: self.leaves.get(i)?.root(),
            path: self.tree.path(i),
        })
    }

    /// The path of one vector under its column's leaves root.
    pub fn leaf_path(&self, column: u16, leaf: Leaf) -> Option<Vec<B256>> {
        let tree = self.leaves.get(usize::from(column))?;
        Some(tree.path(self.place(column, leaf)?))
    }

    /// One segment of a vector opened under its column's leaves root.
    pub fn segment(&self, column: u16, leaf: Leaf, segment: usize) -> Option<SegmentOpening> {
        let points = self.vector(column, leaf)?;
        let tree = Tree::new(points.iter().map(merkle::commitment).collect());
        Some(SegmentOpening {
            point: *points.get(segment)?,
            segments: tree.path(segment),
            leaves: self.leaf_path(column, leaf)?,
        })
    }

    /// All segments of one committed vector.
    pub fn vector(&self, column: u16, leaf: Leaf) -> Option<Vec<G1Affine>> {
        let place = self.place(column, leaf)?;
        Some(
            self.columns
                .get(usize::from(column))?
                .iter()
                .map(|s| s.points[place])
                .collect(),
        )
    }

    /// A column's part of the published manifest, with its encoded index proof (empty for a tag column). Nothing where
    /// there is no such column.
    pub fn publish_column(&self, column: u16, proof: &[u8]) -> Option<Vec<u8>> {
        let segments = self.columns.get(usize::from(column))?;
        let leaves = 0..segments.first().map_or(0, |s| s.points.len());
        let points = leaves.flat_map(|leaf| segments.iter().map(move |s| &s.points[leaf]));
        Some(encode_column(points, proof))
    }

    fn place(&self, column: u16, leaf: Leaf) -> Option<usize> {
        self.header
            .columns
            .get(usize::from(column))?
            .leaf_index(leaf)
    }
}

fn check_counts(header: &Header, columns: &[CommittedColumn]) -> Result<(), ManifestError> {
    count("columns", columns.len(), header.columns.len())?;
    for (column, committed) in header.columns.iter().zip(columns) {
        count("segments", committed.len(), header.core.segments())?;
        for segment in committed {
            count("vectors", segment.points.len(), column.leaf_count())?;
        }
    }
    Ok(())
}

fn count(what: &'static str, got: usize, want: usize) -> Result<(), ManifestError> {
    match got == want {
        true => Ok(()),
        false => Err(ManifestError::Count { what, got, want }),
    }
}

/// The tree over one column's vectors.
fn leaves_tree(column: &CommittedColumn) -> Tree {
    let count = column.first().map_or(0, |s| s.points.len());
    let vector = |leaf: usize| {
        let points: Vec<G1Affine> = column.iter().map(|s| s.points[leaf]).collect();
        merkle::vector(&points)
    };
    Tree::new((0..count).into_par_iter().map(vector).collect())
}
