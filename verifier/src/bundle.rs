//! Bundles: one file that verifies from trust anchors alone. `NECTAR\x00\x01`, then one ABI-encoded struct.
//!
//! [`Bundle::verify`] is defined beside what it makes, in [`crate::verified`].

use crate::{
    abi::{self, DecodeError},
    column::{Column, Leaf},
    evaluation::{Commitments, ProofError},
    field::{PointError, g1_from_be, g1_to_be},
    header::{Core, HeaderError, purposes_digest},
    keys::{KeyError, Keys, VerifierKey, VerifierSrs},
    merkle::{self, PathError},
    opened::{self, OpenedColumns, OpenedError},
    proof::QueryProof,
    query::Query,
    statement::{Statement, StatementError},
    trust::{AcceptedKeys, TrustError, TrustedKeys},
};
use alloy_primitives::{B256, Bytes};
use alloy_sol_types::SolValue;
use ark_bn254::G1Affine;
use std::collections::BTreeMap;

/// First bytes of every bundle: name and format version.
pub const MAGIC: [u8; 8] = *b"NECTAR\x00\x01";
/// Most bytes of a bundle.
pub const MAX_BYTES: usize = 256 << 20;

/// All segments of one committed vector, opened under its column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeafOpening {
    /// Commitments of all segments, in order.
    pub points: Vec<G1Affine>,
    /// Merkle path to the column's leaves root.
    pub path: Vec<B256>,
}

/// An answer with its proof and everything but the trust anchors.
#[derive(Debug, Clone, PartialEq)]
pub struct Bundle {
    /// The snapshot header's fixed part.
    pub core: Core,
    /// Name of the dataset.
    pub dataset: String,
    /// The purpose -> column map.
    pub purposes: Vec<abi::PurposeColumn>,
    /// Root over all columns.
    pub columns_root: B256,
    /// The columns the statement reads.
    pub columns: OpenedColumns,
    /// The vectors the statement reads, in manifest order.
    pub leaves: Vec<LeafOpening>,
    /// The query.
    pub query: Query,
    /// The released cells the layout uses.
    pub cells: Vec<u64>,
    /// The opening's key, as [`VerifierSrs::encode`] writes it.
    pub srs: Vec<u8>,
    /// The circuit's key, as [`VerifierKey::encode`] writes it.
    pub key: Vec<u8>,
    /// The proof.
    pub proof: QueryProof,
}

/// Why bytes are not a bundle.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BundleError {
    /// Wrong first bytes or another version.
    #[error("not a Nectar bundle of version 1")]
    Magic,
    /// Too large.
    #[error("a bundle has at most {MAX_BYTES} bytes, got {0}")]
    Size(usize),
    /// Not the one encoding.
    #[error(transparent)]
    Decode(#[from] DecodeError),
    /// A header field is out of range.
    #[error(transparent)]
    Header(#[from] HeaderError),
    /// A scalar or point is not valid.
    #[error(transparent)]
    Point(#[from] PointError),
    /// The opened columns are none, or out of order.
    #[error(transparent)]
    Columns(#[from] OpenedError),
}

/// Why a bundle is rejected.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum VerifyError {
    /// Header and columns do not lead to the accepted root.
    #[error("the bundle's header does not lead to the accepted snapshot root")]
    Root,
    /// The dataset's name is not the one the header binds.
    #[error("the dataset's name is not the one the header binds")]
    Dataset,
    /// The purpose map is not the one the header binds.
    #[error("the purpose map is not the one the header binds")]
    Purposes,
    /// The bundle opens other columns than the statement reads.
    #[error("the bundle opens other columns or vectors than the query reads")]
    Openings,
    /// A column or vector is not under the root.
    #[error("column {column}: {error}")]
    Path {
        /// Place of the column.
        column: u16,
        /// What is wrong with the path.
        error: PathError,
    },
    /// Keys are malformed.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// Keys, snapshot or date are not trusted.
    #[error(transparent)]
    Trust(#[from] TrustError),
    /// The query is not canonical or not provable.
    #[error(transparent)]
    Statement(#[from] StatementError),
    /// The proof fails.
    #[error(transparent)]
    Proof(#[from] ProofError),
}

impl Bundle {
    /// The bytes of the file.
    pub fn encode(&self) -> Vec<u8> {
        let leaf = |l: &LeafOpening| abi::LeafOpening {
            path: l.path.clone(),
            points: l
                .points
                .iter()
                .flat_map(g1_to_be)
                .collect::<Vec<u8>>()
                .into(),
        };
        let bundle = abi::Bundle {
            core: (&self.core).into(),
            dataset: self.dataset.clone(),
            purposes: self.purposes.clone(),
            columnsRoot: self.columns_root,
            columns: opened::encode(&self.columns),
            leaves: self
                .leaves
                .iter()
                .map(|l| leaf(l).abi_encode().into())
                .collect(),
            query: self.query.encode().into(),
            cells: self.cells.clone(),
            srs: self.srs.clone().into(),
            key: self.key.clone().into(),
            proof: self.proof.to_abi(),
        };
        [MAGIC.as_slice(), &bundle.abi_encode()].concat()
    }

    /// Reads a bundle; every scalar, point and length is checked, leftovers are refused.
    ///
    /// # Errors
    /// [`BundleError`].
    pub fn decode(bytes: &[u8]) -> Result<Self, BundleError> {
        if bytes.len() > MAX_BYTES {
            return Err(BundleError::Size(bytes.len()));
        }
        let body = bytes.strip_prefix(&MAGIC).ok_or(BundleError::Magic)?;
        let b: abi::Bundle = abi::decode(body, "bundle")?;
        Ok(Bundle {
            core: Core::from_abi(&b.core)?,
            dataset: b.dataset,
            purposes: b.purposes,
            columns_root: b.columnsRoot,
            columns: opened::decode(&b.columns)?,
            leaves: b.leaves.iter().map(decode_leaf).collect::<Result<_, _>>()?,
            query: Query::decode(&b.query)?,
            cells: b.cells,
            srs: b.srs.into(),
            key: b.key.into(),
            proof: QueryProof::from_abi(&b.proof)?,
        })
    }

    /// The snapshot root that header and columns lead to.
    pub fn root(&self) -> B256 {
        self.core.root(self.columns_root)
    }

    /// The consent column of the query's purpose, from the map the header binds.
    pub fn consent(&self) -> Option<u16> {
        self.purposes
            .iter()
            .find(|p| p.purpose == self.query.purpose)
            .map(|p| p.column)
    }

    /// The statement: everything in it comes from the query, the header and the opened codebooks.
    ///
    /// # Errors
    /// [`StatementError`].
    pub fn statement(&self) -> Result<Statement, StatementError> {
        let columns: BTreeMap<u16, Column> = self
            .columns
            .iter()
            .map(|(i, c)| (*i, c.column.clone()))
            .collect();
        Statement::new(self.query.clone(), &self.core, self.consent(), &columns)
    }

    /// Opens the bundle under a snapshot's root: the statement is compiled, once for all that follows, and header, names
    /// and openings lead to the root, in this order.
    ///
    /// # Errors
    /// The first check that fails.
    pub fn open(&self, root: B256) -> Result<OpenedBundle<'_>, VerifyError> {
        let statement = self.statement()?;
        if self.root() != root {
            return Err(VerifyError::Root);
        }
        self.check_names()?;
        let commitments = self.commitments(&statement)?;
        Ok(OpenedBundle {
            bundle: self,
            root,
            statement,
            commitments,
        })
    }

    fn check_names(&self) -> Result<(), VerifyError> {
        if !self.core.is_of(&self.dataset) {
            return Err(VerifyError::Dataset);
        }
        if self.core.purposes != purposes_digest(&self.purposes) {
            return Err(VerifyError::Purposes);
        }
        Ok(())
    }

    /// The opened commitments, each checked to stand in its place under the root.
    fn commitments(&self, statement: &Statement) -> Result<Commitments, VerifyError> {
        let leaves = statement.leaves();
        if statement.columns().iter().ne(self.columns.keys()) || leaves.len() != self.leaves.len() {
            return Err(VerifyError::Openings);
        }
        for (i, c) in &self.columns {
            c.verify(*i, &self.core, self.columns_root)
                .map_err(|error| VerifyError::Path { column: *i, error })?;
        }
        let opened = leaves.into_iter().zip(&self.leaves);
        opened
            .map(|((column, leaf), o)| {
                self.commitment(column, leaf, o)
                    .map(|p| ((column, leaf), p))
            })
            .collect()
    }

    fn commitment(
        &self,
        column: u16,
        leaf: Leaf,
        o: &LeafOpening,
    ) -> Result<Vec<G1Affine>, VerifyError> {
        let c = self.columns.get(&column).ok_or(VerifyError::Openings)?;
        if o.points.len() != self.core.segments() {
            return Err(VerifyError::Openings);
        }
        c.verify_vector(leaf, merkle::vector(&o.points), &o.path)
            .map_err(|error| VerifyError::Path { column, error })?;
        Ok(o.points.clone())
    }
}

/// A bundle whose openings lead to a snapshot's root, with its statement; nothing in it is proven yet. Only
/// [`Bundle::open`] makes one.
#[derive(Debug, Clone)]
pub struct OpenedBundle<'a> {
    pub(crate) bundle: &'a Bundle,
    pub(crate) root: B256,
    pub(crate) statement: Statement,
    pub(crate) commitments: Commitments,
}

impl OpenedBundle<'_> {
    /// Loads the keys the bundle carries, if they are accepted. They may be kept for further bundles.
    ///
    /// # Errors
    /// Malformed or not accepted keys.
    pub fn keys(&self, accepted: &AcceptedKeys) -> Result<TrustedKeys, VerifyError> {
        let srs = VerifierSrs::decode(&self.bundle.srs)?;
        let circuit = VerifierKey::decode(self.statement.shape(), &self.bundle.key)?;
        Ok(accepted.trust(Keys { srs, circuit })?)
    }
}

fn decode_leaf(bytes: &Bytes) -> Result<LeafOpening, BundleError> {
    let leaf: abi::LeafOpening = abi::decode(bytes, "vector opening")?;
    let (points, rest) = leaf.points.as_chunks::<64>();
    if !rest.is_empty() {
        return Err(DecodeError {
            what: "list of commitments",
        }
        .into());
    }
    let points = points
        .iter()
        .map(|p| g1_from_be(p))
        .collect::<Result<_, _>>()?;
    Ok(LeafOpening {
        points,
        path: leaf.path,
    })
}
