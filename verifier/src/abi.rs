//! The wire structs in Solidity's ABI: hashed here, and decoded by contracts from the same definitions.
//!
//! Nothing else in this crate encodes a protocol structure. `decode` accepts exactly the bytes `abi_encode`
//! writes: an encoding with padding, overlaps or leftovers is refused.
//!
//! Lists of structures that hold lists themselves are lists of encoded `bytes`. Offsets of the ABI may overlap, so a
//! nested list of a few megabytes could otherwise unfold to terabytes before anybody sees that it is not canonical.

#![allow(missing_docs)] // the macro's output; fields are described at the types they mirror

use crate::{column, date, header, query};
use alloy_primitives::{B256, keccak256};
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

fn grid_id(grid: date::Grid) -> u8 {
    match grid {
        date::Grid::Month => 0,
        date::Grid::Week => 1,
        date::Grid::Day => 2,
    }
}

fn grid_of(id: u8) -> Option<date::Grid> {
    [date::Grid::Month, date::Grid::Week, date::Grid::Day]
        .get(usize::from(id))
        .copied()
}

impl From<&column::Column> for ColumnData {
    fn from(c: &column::Column) -> Self {
        let mut data = ColumnData {
            kind: 0,
            codes: c.codes(),
            min: 0,
            step: 0,
            scale: 0,
            name: c.name.clone(),
            unit: String::new(),
            labels: vec![],
            purpose: String::new(),
        };
        match &c.kind {
            column::Kind::Categorical { labels } => data.labels.clone_from(labels),
            column::Kind::Number {
                min,
                step,
                scale,
                unit,
                ..
            } => {
                (data.kind, data.min, data.step, data.scale) = (1, *min, *step, *scale);
                data.unit.clone_from(unit);
            }
            column::Kind::Date { grid, first, .. } => {
                (data.kind, data.min, data.scale) = (2, i64::from(*first), grid_id(*grid));
            }
            column::Kind::Boolean => data.kind = 3,
            column::Kind::Consent { purpose, first, .. } => {
                (data.kind, data.min) = (4, i64::from(*first));
                data.purpose.clone_from(purpose);
            }
            column::Kind::Tag => data.kind = 5,
        }
        data
    }
}

impl From<&column::Column> for ColumnDescriptor {
    fn from(c: &column::Column) -> Self {
        let data = ColumnData::from(c);
        let labels: Vec<B256> = data.labels.iter().map(keccak256).collect();
        ColumnDescriptor {
            kind: data.kind,
            codes: data.codes,
            min: data.min,
            step: data.step,
            scale: data.scale,
            name: keccak256(&data.name),
            unit: keccak256(&data.unit),
            labels: keccak256(labels.abi_encode()),
            purpose: keccak256(&data.purpose),
        }
    }
}

impl TryFrom<&ColumnData> for column::Column {
    type Error = DecodeError;

    /// Refuses data that no valid column encodes to.
    fn try_from(d: &ColumnData) -> Result<Self, DecodeError> {
        let refuse = DecodeError { what: "column" };
        let first = i32::try_from(d.min);
        let count = d.codes.saturating_sub(1);
        let kind = match d.kind {
            0 => column::Kind::Categorical {
                labels: d.labels.clone(),
            },
            1 => column::Kind::Number {
                min: d.min,
                step: d.step,
                scale: d.scale,
                count,
                unit: d.unit.clone(),
            },
            2 => column::Kind::Date {
                grid: grid_of(d.scale).ok_or(refuse)?,
                first: first.map_err(|_| refuse)?,
                count,
            },
            3 => column::Kind::Boolean,
            4 => column::Kind::Consent {
                purpose: d.purpose.clone(),
                first: first.map_err(|_| refuse)?,
                count,
            },
            5 => column::Kind::Tag,
            _ => return Err(refuse),
        };
        let c = column::Column {
            name: d.name.clone(),
            kind,
        };
        c.validate().map_err(|_| refuse)?;
        if ColumnData::from(&c) == *d {
            Ok(c)
        } else {
            Err(refuse)
        }
    }
}

impl From<&query::CodeSet> for CodeSet {
    fn from(s: &query::CodeSet) -> Self {
        let runs: Vec<u8> = s
            .runs
            .iter()
            .flat_map(|(lo, hi)| lo.to_be_bytes().into_iter().chain(hi.to_be_bytes()))
            .collect();
        CodeSet {
            missing: s.missing,
            runs: runs.into(),
        }
    }
}

impl TryFrom<&CodeSet> for query::CodeSet {
    type Error = DecodeError;

    fn try_from(s: &CodeSet) -> Result<Self, DecodeError> {
        let (quads, rest) = s.runs.as_chunks::<4>();
        if !rest.is_empty() {
            return Err(DecodeError {
                what: "list of runs",
            });
        }
        let run =
            |&[a, b, c, d]: &[u8; 4]| (u16::from_be_bytes([a, b]), u16::from_be_bytes([c, d]));
        Ok(query::CodeSet {
            missing: s.missing,
            runs: quads.iter().map(run).collect(),
        })
    }
}

impl From<&query::Query> for Query {
    fn from(q: &query::Query) -> Self {
        let literal = |l: &query::Literal| Literal {
            column: l.column,
            joins: l.joins,
            set: (&l.set).into(),
        };
        let axis = |a: &query::Axis| Axis {
            column: a.column,
            kind: match a.kind {
                query::AxisKind::Partition => 0,
                query::AxisKind::Cumulative => 1,
            },
            groups: a.groups.iter().map(Into::into).collect(),
        };
        Query {
            variant: match q.variant {
                query::Variant::Counts => 0,
                query::Variant::Moments => 1,
                query::Variant::Gram => 2,
            },
            purpose: q.purpose,
            day: q.day,
            literals: q.literals.iter().map(literal).collect(),
            axes: q.axes.iter().map(axis).collect(),
            x: q.x.clone(),
        }
    }
}

impl TryFrom<&Query> for query::Query {
    type Error = DecodeError;

    fn try_from(q: &Query) -> Result<Self, DecodeError> {
        let literal = |l: &Literal| -> Result<_, DecodeError> {
            Ok(query::Literal {
                column: l.column,
                joins: l.joins,
                set: (&l.set).try_into()?,
            })
        };
        let axis = |a: &Axis| -> Result<_, DecodeError> {
            let kind = match a.kind {
                0 => query::AxisKind::Partition,
                1 => query::AxisKind::Cumulative,
                _ => {
                    return Err(DecodeError {
                        what: "kind of axis",
                    });
                }
            };
            let groups = a
                .groups
                .iter()
                .map(TryInto::try_into)
                .collect::<Result<_, _>>()?;
            Ok(query::Axis {
                column: a.column,
                kind,
                groups,
            })
        };
        Ok(query::Query {
            variant: match q.variant {
                0 => query::Variant::Counts,
                1 => query::Variant::Moments,
                2 => query::Variant::Gram,
                _ => {
                    return Err(DecodeError {
                        what: "query variant",
                    });
                }
            },
            purpose: q.purpose,
            day: q.day,
            literals: q.literals.iter().map(literal).collect::<Result<_, _>>()?,
            axes: q.axes.iter().map(axis).collect::<Result<_, _>>()?,
            x: q.x.clone(),
        })
    }
}

impl From<&header::Core> for Core {
    fn from(h: &header::Core) -> Self {
        Core {
            version: header::VERSION,
            dataset: h.dataset,
            sequence: h.sequence,
            parent: h.parent,
            asOf: h.as_of,
            utcOffset: h.utc_offset,
            lag: h.lag,
            custodian: h.custodian,
            rows: h.rows,
            segmentBits: h.segment_bits,
            columns: h.columns,
            purposes: h.purposes,
            k: h.policy.k(),
            base: h.policy.base(),
            midpoint: h.policy.mode() == crate::policy::Rounding::Midpoint6,
            zeros: h.policy.zeros(),
            wMax: h.policy.w_max(),
            srs: h.srs,
            compactKey: h.compact_key,
            wideKey: h.wide_key,
        }
    }
}
