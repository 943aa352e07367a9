//! The wire structs in Solidity's ABI: hashed here, and decoded by contracts from the same definitions.
//!
//! Nothing else in this crate lays out a protocol structure; beside each type stands its conversion. `decode` accepts
//! exactly the bytes `abi_encode` writes: an encoding with padding, overlaps or leftovers is refused.
//!
//! Lists of structures that hold lists themselves are lists of encoded `bytes`. Offsets of the ABI may overlap, so a
//! nested list of a few megabytes could otherwise unfold to terabytes before anybody sees that it is not canonical.

use alloy_sol_types::{SolType, SolValue, abi::Token, sol};

sol! {
    /// Binds a column's codebook; texts by keccak256, labels by keccak256 of the list of their hashes.
    #[derive(Debug, PartialEq, Eq)]
    struct ColumnDescriptor {
        uint8 kind; uint16 codes; int64 min; int64 step; uint8 scale;
        bytes32 name; bytes32 unit; bytes32 labels; bytes32 purpose;
    }

    /// The fixed-size part of a snapshot header.
    #[derive(Debug, PartialEq, Eq)]
    struct Core {
        uint16 version; bytes32 dataset; uint64 sequence; bytes32 parent; int64 asOf; int16 utcOffset;
        uint8 lag; address custodian; uint32 rows; uint8 segmentBits; uint16 columns; bytes32 purposes;
        uint32 k; uint8 base; bool midpoint; bool zeros; uint8 wMax;
        bytes32 srs; bytes32 compactKey; bytes32 wideKey;
    }

    #[derive(Debug, PartialEq, Eq)]
    struct CodeSet { bool missing; bytes runs; }
    #[derive(Debug, PartialEq, Eq)]
    struct Literal { uint16 column; bool joins; CodeSet set; }
    #[derive(Debug, PartialEq, Eq)]
    struct Axis { uint16 column; uint8 kind; CodeSet[] groups; }
    /// A cohort query (section 3).
    #[derive(Debug, PartialEq, Eq)]
    struct Query { uint8 variant; bytes32 purpose; int32 day; Literal[] literals; Axis[] axes; uint16[] x; }

    /// A codebook in full, as people need it to read an answer.
    #[derive(Debug, PartialEq, Eq)]
    struct ColumnData {
        uint8 kind; uint16 codes; int64 min; int64 step; uint8 scale;
        string name; string unit; string[] labels; string purpose;
    }

    /// A purpose and the column that holds its consent.
    #[derive(Debug, PartialEq, Eq)]
    struct PurposeColumn { bytes32 purpose; uint16 column; }

    /// A column opened under the columns root.
    #[derive(Debug, PartialEq, Eq)]
    struct ColumnOpening { uint16 index; ColumnData column; bytes32 leaves; bytes32[] path; }

    /// All segments of one committed vector (64 bytes each), opened under its column's leaves root.
    #[derive(Debug, PartialEq, Eq)]
    struct LeafOpening { bytes32[] path; bytes points; }

    /// Hidden evaluations: scalars big-endian, points in arkworks' compressed form.
    #[derive(Debug, PartialEq, Eq)]
    struct Evaluation {
        bytes32 comV; bytes32 m; bytes32[] r; bytes32 l; bytes32 s;
        bytes32[4] values; bytes32 q; bytes32 v; bytes32 a; bytes32[2] b; bytes32 c;
    }

    /// The proof proper of a query.
    #[derive(Debug, PartialEq, Eq)]
    struct Proof { bytes32 comN; Evaluation evaluation; }

    /// One file: everything a verifier needs beside its trust anchors. `columns` hold encoded `ColumnOpening`s,
    /// `leaves` encoded `LeafOpening`s, `query` an encoded `Query`.
    #[derive(Debug, PartialEq, Eq)]
    struct Bundle {
        Core core; string dataset; PurposeColumn[] purposes; bytes32 columnsRoot;
        bytes[] columns; bytes[] leaves;
        bytes query; uint64[] cells; bytes srs; bytes key; Proof proof;
    }

    /// One segment of one committed vector (x, y), opened under its column's leaves root by way of the vector's root.
    #[derive(Debug, PartialEq, Eq)]
    struct SegmentOpening { bytes32[2] point; bytes32[] segments; bytes32[] leaves; }

    /// A record receipt (section 8). `columns` hold encoded `ColumnOpening`s, `vectors` encoded `SegmentOpening`s;
    /// scalars and the points of the proof as in `Proof`.
    #[derive(Debug, PartialEq, Eq)]
    struct Receipt {
        Core core; string dataset; PurposeColumn[] purposes; bytes32 columnsRoot; bytes srs;
        bytes[] columns; bytes[] vectors; uint32 row; uint16[] codes; bytes32 tag;
        bytes32 m; bytes32 mu; bytes32 s; bytes32[4] values; bytes32 q; bytes32 v;
    }

    /// The first part of a published manifest: an encoded `Header`, and the keys its index proofs verify under.
    #[derive(Debug, PartialEq, Eq)]
    struct Manifest { bytes header; bytes srs; bytes key; }

    /// A custodian's whole schema with the roots that tie it to the manifest root. `columns` hold encoded
    /// `ColumnData`.
    #[derive(Debug, PartialEq, Eq)]
    struct Header {
        Core core; string dataset; PurposeColumn[] purposes; bytes[] columns; bytes32[] leaves;
    }

    /// A column opened under the columns root, as contracts take it: its vectors lead to its leaves root, and texts
    /// are of no use to them.
    #[derive(Debug, PartialEq, Eq)]
    struct OpenedColumn { uint16 index; ColumnDescriptor descriptor; }

    /// A bundle as contracts take it ([`crate::solidity`]): `points` are x, y of all commitments, `proof` has the words
    /// of the transcript's messages in order, and no point is compressed.
    #[derive(Debug, PartialEq, Eq)]
    struct Answer {
        Core core; PurposeColumn[] purposes; OpenedColumn[] columns; bytes32[] siblings;
        uint256[] points; bytes query; uint256[] cells; uint256[] proof;
    }

    /// The keys of a verifying contract: SRS and circuit key as words.
    #[derive(Debug, PartialEq, Eq)]
    struct KeyBytes { bytes32 powers; uint8 bits; uint256[6] srs; uint8 shape; uint256[30] circuit; }
}

/// Bytes that are not the one encoding of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not the canonical ABI encoding of a {what}")]
pub struct DecodeError {
    /// The structure wanted.
    pub what: &'static str,
}

/// Decodes `T`, refusing every encoding but the one `abi_encode` writes. Overlaps are refused before anything is
/// copied.
///
/// # Errors
/// [`DecodeError`] naming `what`.
pub fn decode<T>(bytes: &[u8], what: &'static str) -> Result<T, DecodeError>
where
    T: SolValue + From<<<T as SolValue>::SolType as SolType>::RustType>,
{
    let refuse = DecodeError { what };
    let token = alloy_sol_types::abi::decode::<<T::SolType as SolType>::Token<'_>>(bytes)
        .map_err(|_| refuse)?;
    if token.total_words().checked_mul(32) != Some(bytes.len()) || !T::SolType::valid_token(&token)
    {
        return Err(refuse);
    }
    let value = T::from(T::SolType::detokenize(token));
    if value.abi_encode() == bytes {
        Ok(value)
    } else {
        Err(refuse)
    }
}
