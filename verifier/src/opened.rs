//! Columns opened under the columns root, in bundles and in receipts (docs/protocol.md, section 2).

use crate::{
    abi::{self, DecodeError},
    column::{Column, Leaf},
    header::{Core, column_node},
    merkle::{self, PathError},
};
use alloy_primitives::{B256, Bytes};
use alloy_sol_types::SolValue;
use std::collections::BTreeMap;

/// Opened columns by their place in the schema.
pub type OpenedColumns = BTreeMap<u16, ColumnOpening>;

/// A column opened under the columns root.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ColumnOpening {
    /// The codebook.
    pub column: Column,
    /// Root over the column's committed vectors.
    pub leaves_root: B256,
    /// Merkle path to the columns root.
    pub path: Vec<B256>,
}

impl ColumnOpening {
    /// Checks that the column stands at `place` under the columns root.
    ///
    /// # Errors
    /// [`PathError`].
    pub fn verify(&self, place: u16, core: &Core, columns_root: B256) -> Result<(), PathError> {
        let node = column_node(&self.column, self.leaves_root);
        let count = usize::from(core.columns);
        merkle::verify(columns_root, node, usize::from(place), count, &self.path)
    }

    /// Checks that `vector`, a root over segments, is that of one of the column's committed vectors.
    ///
    /// # Errors
    /// [`PathError`]; [`PathError::Position`] where the column has no such vector.
    pub fn verify_vector(&self, leaf: Leaf, vector: B256, path: &[B256]) -> Result<(), PathError> {
        let place = self.column.leaf_index(leaf).ok_or(PathError::Position)?;
        let count = self.column.leaf_count();
        merkle::verify(self.leaves_root, vector, place, count, path)
    }
}

/// Why bytes are not opened columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum OpenedError {
    /// An opening or codebook that is none.
    #[error(transparent)]
    Decode(#[from] DecodeError),
    /// Columns are out of order or doubled.
    #[error("the opened columns do not rise")]
    Order,
}

/// The wire form: encoded `ColumnOpening`s, rising by place.
pub fn encode(columns: &OpenedColumns) -> Vec<Bytes> {
    let column = |(index, c): (&u16, &ColumnOpening)| {
        let opening = abi::ColumnOpening {
            index: *index,
            column: (&c.column).into(),
            leaves: c.leaves_root,
            path: c.path.clone(),
        };
        opening.abi_encode().into()
    };
    columns.iter().map(column).collect()
}

/// Reads the wire form.
///
/// # Errors
/// [`OpenedError`].
pub fn decode(columns: &[Bytes]) -> Result<OpenedColumns, OpenedError> {
    let open = |bytes: &Bytes| -> Result<_, DecodeError> {
        let c: abi::ColumnOpening = abi::decode(bytes, "column opening")?;
        let opening = ColumnOpening {
            column: Column::try_from(&c.column)?,
            leaves_root: c.leaves,
            path: c.path,
        };
        Ok((c.index, opening))
    };
    let columns = columns.iter().map(open).collect::<Result<Vec<_>, _>>()?;
    if columns.is_sorted_by(|a, b| a.0 < b.0) {
        Ok(columns.into_iter().collect())
    } else {
        Err(OpenedError::Order)
    }
}
