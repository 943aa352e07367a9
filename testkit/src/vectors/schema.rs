//! The small schema the vectors are over, and a header for it.

use crate::cohort::{consent, labels, number};
use alloy_primitives::{Address, B256, keccak256};
use nectar_verifier::{
    column::{Column, Kind},
    date::Grid,
    header::{Core, Header, dataset_id, purposes, purposes_digest},
    policy::{Policy, Rounding},
};

/// A column of a kind.
pub fn column(name: &str, kind: Kind) -> Column {
    Column {
        name: name.into(),
        kind,
    }
}

/// Months from 2025-07 on.
fn seen() -> Column {
    let kind = Kind::Date {
        grid: Grid::Month,
        first: 2025 * 12 + 6,
        count: 12,
    };
    column("seen", kind)
}

/// Numbers at 0 and 3, labels at 1 and 2, months, a boolean, consent, tags, and a third and a fourth number.
pub fn schema() -> Vec<Column> {
    vec![
        number("age", 12),
        labels("sex", 2),
        labels("dx", 5),
        number("hba1c", 20),
        seen(),
        column("smoker", Kind::Boolean),
        consent("research"),
        column("receipt", Kind::Tag),
        number("weight", 40),
        number("height", 5),
    ]
}

/// A header over columns; digests are those of short texts.
pub fn header(columns: Vec<Column>) -> Header {
    let named = |name: &str| keccak256(name.as_bytes());
    let root = |c: &Column| named(&c.name);
    let core = Core {
        dataset: dataset_id("example"),
        sequence: 2,
        parent: named("parent"),
        as_of: 1_781_500_000,
        utc_offset: -90,
        lag: 1,
        custodian: Address::repeat_byte(0xc5),
        rows: 50,
        segment_bits: 4,
        columns: u16::try_from(columns.len()).expect("few columns"),
        purposes: purposes_digest(&purposes(&columns)),
        policy: Policy::new(3, 5, Rounding::Nearest, true, 12).expect("a policy"),
        srs: named("srs"),
        compact_key: named("compact key"),
        wide_key: named("wide key"),
    };
    Header {
        core,
        dataset: "example".into(),
        leaves_roots: columns.iter().map(root).collect::<Vec<B256>>(),
        columns,
    }
}

/// Columns of the schema.
pub mod at {
    /// Number, 12 values.
    pub const AGE: u16 = 0;
    /// Two labels.
    pub const SEX: u16 = 1;
    /// Five labels.
    pub const DX: u16 = 2;
    /// Number, 20 values.
    pub const HBA1C: u16 = 3;
    /// Twelve months.
    pub const SEEN: u16 = 4;
    /// Boolean.
    pub const SMOKER: u16 = 5;
    /// Consent to research.
    pub const RESEARCH: u16 = 6;
    /// Tags.
    pub const RECEIPT: u16 = 7;
    /// Number, 40 values.
    pub const WEIGHT: u16 = 8;
    /// Number, 5 values.
    pub const HEIGHT: u16 = 9;
}
