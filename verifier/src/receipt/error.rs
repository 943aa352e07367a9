//! Why a receipt is refused.

use crate::{
    abi::DecodeError, field::PointError, header::HeaderError, keys::KeyError, merkle::PathError,
    opened::OpenedError, opening::OpeningError, transcript::TranscriptError, trust::TrustError,
};

/// Most bytes of a receipt: room for the codebooks of any header and the paths of all its columns.
pub const MAX_BYTES: usize = 128 << 20;

/// Why bytes are no receipt, or a receipt is rejected.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReceiptError {
    /// Wrong first bytes or another version.
    #[error("not a Nectar receipt of version 1")]
    Magic,
    /// Too large.
    #[error("a receipt has at most {MAX_BYTES} bytes, got {0}")]
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
    /// Header and columns do not lead to the accepted root.
    #[error("the receipt's header does not lead to the accepted snapshot root")]
    Root,
    /// The dataset's name is not the one the header binds.
    #[error("the dataset's name is not the one the header binds")]
    Dataset,
    /// The purpose map is not the one the header binds.
    #[error("the purpose map is not the one the header binds")]
    Purposes,
    /// The SRS is malformed.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// The SRS is not trusted.
    #[error(transparent)]
    Trust(#[from] TrustError),
    /// The SRS is not the one the header names, or too small for the segments.
    #[error("the snapshot header names another SRS than this, or larger segments")]
    Srs,
    /// Past the last row: nobody stands there, and what is committed there is anybody's invention.
    #[error("row {row} does not exist: the snapshot has {rows} rows")]
    Row {
        /// The row claimed.
        row: u32,
        /// N.
        rows: u32,
    },
    /// The tag column is missing, or not the schema's last.
    #[error("the receipt does not open the tag column, the last of the schema")]
    Tag,
    /// Codes, columns and vectors are not as many as belong together.
    #[error("the receipt opens other vectors than it claims values of")]
    Openings,
    /// A code the column does not have.
    #[error("column {column}: code {code} is claimed of {codes} codes")]
    Code {
        /// Place of the column.
        column: u16,
        /// The code claimed.
        code: u16,
        /// T_c.
        codes: u16,
    },
    /// A column or vector is not under the root.
    #[error("column {column}: {error}")]
    Path {
        /// Place of the column.
        column: u16,
        /// What is wrong with the path.
        error: PathError,
    },
    /// A challenge of 0 or +-1, or an identity point.
    #[error(transparent)]
    Transcript(#[from] TranscriptError),
    /// The opening fails: the row does not hold what is claimed.
    #[error(transparent)]
    Opening(#[from] OpeningError),
}
