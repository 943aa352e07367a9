//! Snapshot headers: the fixed-size core, the schema, and the root over both and all commitments
//! (docs/protocol.md, sections 1 and 2).

use crate::{
    abi,
    column::{Column, Kind, purpose_id, text_ok},
    date::{Day, day_at},
    field::G1_BYTES,
    merkle,
    policy::{Policy, Rounding},
    shape::Shape,
};
use alloy_primitives::{Address, B256, keccak256};
use alloy_sol_types::SolValue;

/// Version of every format in this crate.
pub const VERSION: u16 = 1;
/// Most rows of a dataset.
pub const MAX_ROWS: u32 = 1 << 26;
/// Most columns of a dataset.
pub const MAX_COLUMNS: usize = 1024;
/// Most bytes of an encoded header.
pub const MAX_HEADER_BYTES: usize = 64 << 20;
/// Most bytes of a column's commitments: manifests are checked a column at a time.
pub const MAX_COLUMN_BYTES: usize = 1 << 29;
/// Greatest lag in days (section 9).
pub const MAX_LAG: u8 = 31;
/// Least and greatest segment size as a power of two.
pub const SEGMENT_BITS: std::ops::RangeInclusive<u8> = 4..=16;

/// The fixed-size part of a header.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Core {
    /// keccak256 of the dataset's name.
    pub dataset: B256,
    /// Sequence number of the snapshot, from 1.
    pub sequence: u64,
    /// Root of the snapshot before; zero for the first.
    pub parent: B256,
    /// The moment the consents are as of, in seconds since the epoch.
    pub as_of: i64,
    /// Offset from UTC in minutes in which days are counted.
    pub utc_offset: i16,
    /// Days by which a query's date may lag behind the moment of the answer.
    pub lag: u8,
    /// Address of the custodian's secp256k1 key.
    pub custodian: Address,
    /// N: rows that exist.
    pub rows: u32,
    /// s: a segment has 2^s rows.
    pub segment_bits: u8,
    /// Number of columns.
    pub columns: u16,
    /// Digest of the purpose -> column map.
    pub purposes: B256,
    /// The disclosure policy: one for all queries of the snapshot.
    pub policy: Policy,
    /// Digest of the SRS.
    pub srs: B256,
    /// Digest of the compact circuit's verification key.
    pub compact_key: B256,
    /// Digest of the wide circuit's verification key.
    pub wide_key: B256,
}

/// Why a header is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum HeaderError {
    /// The bytes are not a header.
    #[error(transparent)]
    Decode(#[from] abi::DecodeError),
    /// A field is outside its range.
    #[error("snapshot header: {0}")]
    Field(&'static str),
    /// The policy breaks a rule of section 6.
    #[error("snapshot header: {0}")]
    Policy(#[from] crate::policy::PolicyError),
}

/// Number of segments of `rows` rows, 2^`segment_bits` each.
pub fn segments(rows: u32, segment_bits: u8) -> usize {
    let n = 1u64 << segment_bits.min(32);
    usize::try_from(u64::from(rows).div_ceil(n)).unwrap_or(usize::MAX)
}

/// Digest of the purpose -> column map.
pub fn purposes_digest(purposes: &[abi::PurposeColumn]) -> B256 {
    keccak256(purposes.abi_encode())
}

/// The purpose -> column map of a schema, in column order.
pub fn purposes(columns: &[Column]) -> Vec<abi::PurposeColumn> {
    let consent = |(i, c): (usize, &Column)| match &c.kind {
        Kind::Consent { purpose, .. } => Some(abi::PurposeColumn {
            purpose: purpose_id(purpose),
            column: u16::try_from(i).ok()?,
        }),
        _ => None,
    };
    columns.iter().enumerate().filter_map(consent).collect()
}

impl Core {
    /// Reads and checks the wire form.
    ///
    /// # Errors
    /// A field outside its range, or an invalid policy.
    pub fn from_abi(c: &abi::Core) -> Result<Self, HeaderError> {
        let rounding = if c.midpoint {
            Rounding::Midpoint6
        } else {
            Rounding::Nearest
        };
        let core = Core {
            dataset: c.dataset,
            sequence: c.sequence,
            parent: c.parent,
            as_of: c.asOf,
            utc_offset: c.utcOffset,
            lag: c.lag,
            custodian: c.custodian,
            rows: c.rows,
            segment_bits: c.segmentBits,
            columns: c.columns,
            purposes: c.purposes,
            policy: Policy::new(c.k, c.base, rounding, c.zeros, c.wMax)?,
            srs: c.srs,
            compact_key: c.compactKey,
            wide_key: c.wideKey,
        };
        if c.version != VERSION {
            return Err(HeaderError::Field("the format version is not 1"));
        }
        core.validate().map(|()| core)
    }

    /// Checks the ranges of section 1.
    ///
    /// # Errors
    /// The first field outside its range.
    pub fn validate(&self) -> Result<(), HeaderError> {
        let rules = [
            ((1..=MAX_ROWS).contains(&self.rows), "rows are 1 to 2^26"),
            (
                SEGMENT_BITS.contains(&self.segment_bits),
                "a segment has 2^4 to 2^16 rows",
            ),
            (
                (1..=MAX_COLUMNS).contains(&usize::from(self.columns)),
                "a dataset has 1 to 1024 columns",
            ),
            (self.lag <= MAX_LAG, "the lag is at most 31 days"),
            (
                self.utc_offset.unsigned_abs() <= 18 * 60,
                "the UTC offset is at most 18 hours",
            ),
            (self.sequence >= 1, "sequence numbers begin at 1"),
            (
                (self.sequence == 1) == self.parent.is_zero(),
                "the first snapshot alone has no parent",
            ),
        ];
        rules
            .iter()
            .find(|(ok, _)| !ok)
            .map_or(Ok(()), |(_, rule)| Err(HeaderError::Field(rule)))
    }

    /// Whether `name` is the dataset's, and fit to be printed.
    pub fn is_of(&self, name: &str) -> bool {
        !name.is_empty() && text_ok(name) && self.dataset == dataset_id(name)
    }

    /// Number of segments.
    pub fn segments(&self) -> usize {
        segments(self.rows, self.segment_bits)
    }

    /// Row variables of the sumcheck: least m with 2^m >= N, and at least s.
    pub fn row_bits(&self) -> u32 {
        let segments = u64::try_from(self.segments()).unwrap_or(u64::MAX);
        segments
            .next_power_of_two()
            .trailing_zeros()
            .saturating_add(u32::from(self.segment_bits))
    }

    /// The digest of the verification key for a shape.
    pub fn key(&self, shape: Shape) -> B256 {
        match shape {
            Shape::Compact => self.compact_key,
            Shape::Wide => self.wide_key,
        }
    }

    /// The civil day of a moment, in the header's offset.
    pub fn day_at(&self, seconds: i64) -> Option<Day> {
        day_at(seconds, self.utc_offset)
    }

    /// The snapshot root over this core and the columns root.
    pub fn root(&self, columns_root: B256) -> B256 {
        keccak256(
            [
                &[merkle::ROOT],
                abi::Core::from(self).abi_encode().as_slice(),
                columns_root.as_slice(),
            ]
            .concat(),
        )
    }
}

impl From<&Core> for abi::Core {
    fn from(core: &Core) -> Self {
        abi::Core {
            version: VERSION,
            dataset: core.dataset,
            sequence: core.sequence,
            parent: core.parent,
            asOf: core.as_of,
            utcOffset: core.utc_offset,
            lag: core.lag,
            custodian: core.custodian,
            rows: core.rows,
            segmentBits: core.segment_bits,
            columns: core.columns,
            purposes: core.purposes,
            k: core.policy.k(),
            base: core.policy.base(),
            midpoint: core.policy.mode() == Rounding::Midpoint6,
            zeros: core.policy.zeros(),
            wMax: core.policy.w_max(),
            srs: core.srs,
            compactKey: core.compact_key,
            wideKey: core.wide_key,
        }
    }
}

/// Dataset identifier of a name.
pub fn dataset_id(name: &str) -> B256 {
    keccak256([b"nectar/v1/dataset".as_slice(), name.as_bytes()].concat())
}

/// A node of the columns tree: a column's descriptor with the root over its vectors.
pub fn column_node(column: &Column, leaves_root: B256) -> B256 {
    merkle::column(column.descriptor(), leaves_root)
}

/// A whole header: core, names, schema, and the roots over each column's commitments.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Header {
    /// The fixed-size part.
    pub core: Core,
    /// Name of the dataset.
    pub dataset: String,
    /// The schema.
    pub columns: Vec<Column>,
    /// Roots over the columns' commitments, in schema order.
    pub leaves_roots: Vec<B256>,
}

impl Header {
    /// Root over all columns.
    pub fn columns_root(&self) -> B256 {
        let nodes: Vec<_> = self
            .columns
            .iter()
            .zip(&self.leaves_roots)
            .map(|(c, r)| column_node(c, *r))
            .collect();
        merkle::Tree::new(nodes).root()
    }

    /// The snapshot root.
    pub fn root(&self) -> B256 {
        self.core.root(self.columns_root())
    }

    /// The purpose -> column map.
    pub fn purposes(&self) -> Vec<abi::PurposeColumn> {
        purposes(&self.columns)
    }

    /// The wire form.
    pub fn encode(&self) -> Vec<u8> {
        abi::Header {
            core: (&self.core).into(),
            dataset: self.dataset.clone(),
            purposes: self.purposes(),
            columns: self
                .columns
                .iter()
                .map(|c| abi::ColumnData::from(c).abi_encode().into())
                .collect(),
            leaves: self.leaves_roots.clone(),
        }
        .abi_encode()
    }

    /// Reads and checks the wire form.
    ///
    /// # Errors
    /// Not canonical, a field outside its range, or parts that do not belong together.
    pub fn decode(bytes: &[u8]) -> Result<Self, HeaderError> {
        if bytes.len() > MAX_HEADER_BYTES {
            return Err(HeaderError::Field("a header has at most 64 MiB"));
        }
        let h: abi::Header = abi::decode(bytes, "snapshot header")?;
        let column = |bytes| Column::try_from(&abi::decode::<abi::ColumnData>(bytes, "column")?);
        let columns = h
            .columns
            .iter()
            .map(|c| column(c))
            .collect::<Result<Vec<_>, _>>()?;
        let header = Header {
            core: Core::from_abi(&h.core)?,
            dataset: h.dataset,
            columns,
            leaves_roots: h.leaves,
        };
        header.validate()?;
        if header.purposes() != h.purposes {
            return Err(HeaderError::Field(
                "the purpose map does not follow from the columns",
            ));
        }
        Ok(header)
    }

    /// Checks that core, names and schema belong together.
    ///
    /// # Errors
    /// The first rule that is broken.
    pub fn validate(&self) -> Result<(), HeaderError> {
        self.core.validate()?;
        let names: std::collections::BTreeSet<_> = self.columns.iter().map(|c| &c.name).collect();
        let purposes = self.purposes();
        let distinct: std::collections::BTreeSet<_> = purposes.iter().map(|p| p.purpose).collect();
        let count = usize::from(self.core.columns);
        let rules = [
            (
                !self.dataset.is_empty() && text_ok(&self.dataset),
                "a dataset's name has 1 to 256 bytes and no control characters",
            ),
            (
                self.columns.len() == count && self.leaves_roots.len() == count,
                "the number of columns differs",
            ),
            (
                self.core.dataset == dataset_id(&self.dataset),
                "the dataset id is not that of its name",
            ),
            (
                names.len() == self.columns.len(),
                "column names are distinct",
            ),
            (
                self.columns
                    .iter()
                    .all(|c| self.commitments_bytes(c) <= MAX_COLUMN_BYTES),
                "a column's commitments have at most 512 MiB: it wants larger segments or fewer codes",
            ),
            (
                distinct.len() == purposes.len(),
                "a purpose has one consent column",
            ),
            (
                self.core.purposes == purposes_digest(&purposes),
                "the purpose map's digest differs",
            ),
        ];
        rules
            .iter()
            .find(|(ok, _)| !ok)
            .map_or(Ok(()), |(_, rule)| Err(HeaderError::Field(rule)))
    }

    /// Bytes of all commitments of a column, 64 a point.
    pub fn commitments_bytes(&self, column: &Column) -> usize {
        let points = column.leaf_count().saturating_mul(self.core.segments());
        points.saturating_mul(G1_BYTES)
    }

    /// The place and the column of a name.
    pub fn find(&self, name: &str) -> Option<(u16, &Column)> {
        let i = self.columns.iter().position(|c| c.name == name)?;
        Some((u16::try_from(i).ok()?, self.columns.get(i)?))
    }

    /// The consent column of a purpose.
    pub fn consent(&self, purpose: B256) -> Option<(u16, &Column)> {
        let place = self
            .purposes()
            .iter()
            .find(|p| p.purpose == purpose)?
            .column;
        Some((place, self.columns.get(usize::from(place))?))
    }
}
