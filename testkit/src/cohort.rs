//! Small datasets.

use crate::keys::keys;
use alloy_primitives::keccak256;
use ark_bn254::{Fr, G1Affine};
use ark_std::rand::{Rng, SeedableRng, rngs::StdRng};
use nectar_engine::{
    blinding::BlindingKey,
    snapshot::{Records, Snapshot},
};
use nectar_verifier::{
    column::{Column, Kind, Leaf},
    date::{Day, Grid, parse_day},
    header::{Core, Header, dataset_id, purposes, purposes_digest},
    policy::{Policy, Rounding},
    receipt::tag,
    shape::Shape,
};

/// The civil day on which all tests ask.
pub const TODAY: &str = "2026-06-15";
/// First month of every consent column.
pub const CONSENT_FROM: &str = "2025-01-01";
/// Months of every consent column.
pub const CONSENT_MONTHS: u16 = 24;

/// Places of the clinic's columns.
pub mod at {
    /// Number, 12 values.
    pub const AGE: u16 = 0;
    /// Two labels.
    pub const SEX: u16 = 1;
    /// Five labels.
    pub const DX: u16 = 2;
    /// Number, 20 values.
    pub const HBA1C: u16 = 3;
    /// Four labels.
    pub const SITE: u16 = 4;
    /// Months.
    pub const SEEN: u16 = 5;
    /// Boolean.
    pub const SMOKER: u16 = 6;
    /// Consent to research.
    pub const RESEARCH: u16 = 7;
    /// Consent to care.
    pub const CARE: u16 = 8;
    /// Tags, in a cohort that has them.
    pub const TAG: u16 = 9;
}

/// A civil day as a number.
pub fn day(text: &str) -> Day {
    parse_day(text).expect("a date")
}

/// Noon of a civil day, in seconds since the epoch.
pub fn noon(text: &str) -> i64 {
    i64::from(day(text)) * 86_400 + 43_200
}

/// A table with what a header says of it.
#[derive(Clone)]
pub struct Cohort {
    /// Name of the dataset.
    pub name: &'static str,
    /// The schema.
    pub columns: Vec<Column>,
    /// Codes by column.
    pub codes: Vec<Vec<u16>>,
    /// Tags, where the last column is theirs.
    pub tags: Vec<Fr>,
    /// The disclosure policy.
    pub policy: Policy,
    /// s.
    pub segment_bits: u8,
    /// The moment of the snapshot.
    pub as_of: i64,
    /// The dataset's secret.
    pub secret: [u8; 32],
}

fn column(name: &str, kind: Kind) -> Column {
    Column {
        name: name.into(),
        kind,
    }
}

/// A number column.
pub fn number(name: &str, count: u16) -> Column {
    let kind = Kind::Number {
        min: 0,
        step: 1,
        scale: 0,
        count,
        unit: String::new(),
    };
    column(name, kind)
}

/// A categorical column with labels `a`, `b`, ..
pub fn labels(name: &str, count: u8) -> Column {
    let label = |i: u8| char::from(b'a' + i).to_string();
    let labels = (0..count).map(label).collect();
    column(name, Kind::Categorical { labels })
}

/// A consent column.
pub fn consent(purpose: &str) -> Column {
    let first = Grid::Month.period(day(CONSENT_FROM)).expect("a month");
    let kind = Kind::Consent {
        purpose: purpose.into(),
        first,
        count: CONSENT_MONTHS,
    };
    column(&format!("consent to {purpose}"), kind)
}

/// The secret of the subject whose row this is.
pub fn subject(row: u32) -> [u8; 32] {
    *keccak256(row.to_be_bytes())
}

/// A policy that rounds to the nearest multiple of `base` from `k` on and releases zeros.
pub fn nearest(k: u32, base: u8) -> Policy {
    Policy::new(k, base, Rounding::Nearest, true, 12).expect("a valid policy")
}

impl Cohort {
    /// The clinic most tests ask: 50 rows in four segments, the last of two rows.
    pub fn clinic() -> Self {
        let first = Grid::Month.period(day("2025-07-01")).expect("a month");
        let seen = Kind::Date {
            grid: Grid::Month,
            first,
            count: 12,
        };
        let columns = vec![
            number("age", 12),
            labels("sex", 2),
            labels("dx", 5),
            number("hba1c", 20),
            labels("site", 4),
            column("seen", seen),
            column("smoker", Kind::Boolean),
            consent("research"),
            consent("care"),
        ];
        Cohort::random(columns, 50, 4, nearest(3, 5), 1)
    }

    /// Every row with the tag of [`subject`].
    pub fn tagged(mut self) -> Self {
        let dataset = dataset_id(self.name);
        let rows = 0u32..;
        let tags = rows
            .zip(&self.codes[0])
            .map(|(row, _)| tag(&subject(row), dataset));
        self.tags = tags.collect();
        self.columns.push(column("tag", Kind::Tag));
        self
    }

    /// Random rows; a tenth of the cells are missing, consents are withdrawn, expired or open.
    pub fn random(
        columns: Vec<Column>,
        rows: usize,
        segment_bits: u8,
        policy: Policy,
        seed: u64,
    ) -> Self {
        let mut rng = StdRng::seed_from_u64(seed);
        let mut code = |c: &Column| match c.kind {
            Kind::Consent { count, .. } => [0, 5, 10, count, count, count][rng.gen_range(0..6)],
            _ if rng.gen_bool(0.1) => 0,
            _ => rng.gen_range(1..c.codes()),
        };
        let codes = columns
            .iter()
            .map(|c| (0..rows).map(|_| code(c)).collect())
            .collect();
        Cohort {
            name: "clinic",
            columns,
            codes,
            tags: vec![],
            policy,
            segment_bits,
            as_of: noon(TODAY) - 3_600,
            secret: [1; 32],
        }
    }

    /// The header of a snapshot after `parent`.
    pub fn header(&self, parent: Option<&Snapshot>) -> Header {
        let columns = self.columns.clone();
        let digest = |shape: Shape| keys().circuit(shape).expect("a key").verifier().digest();
        let core = Core {
            dataset: dataset_id(self.name),
            sequence: parent.map_or(1, |p| p.header().core.sequence + 1),
            parent: parent.map_or(Default::default(), Snapshot::root),
            as_of: self.as_of,
            utc_offset: 0,
            lag: 1,
            custodian: Default::default(),
            rows: u32::try_from(self.codes[0].len()).expect("few rows"),
            segment_bits: self.segment_bits,
            columns: u16::try_from(columns.len()).expect("few columns"),
            purposes: purposes_digest(&purposes(&columns)),
            policy: self.policy,
            srs: keys().srs().verifier().digest(),
            compact_key: digest(Shape::Compact),
            wide_key: digest(Shape::Wide),
        };
        Header {
            core,
            dataset: self.name.into(),
            columns,
            leaves_roots: vec![],
        }
    }

    /// Commits the table after `parent`.
    pub fn commit(&self, parent: Option<&Snapshot>) -> Snapshot {
        self.commit_under(self.header(parent), parent)
    }

    /// Commits the table under a header of the caller's.
    pub fn commit_under(&self, header: Header, parent: Option<&Snapshot>) -> Snapshot {
        let key = BlindingKey::from_bytes(self.secret);
        let parent = parent.map(Snapshot::manifest);
        Snapshot::commit(header, self.records(), parent, keys().srs(), key, &|_| {})
            .expect("a snapshot")
    }

    /// What the rows hold.
    pub fn records(&self) -> Records {
        Records {
            codes: self.codes.clone(),
            tags: self.tags.clone(),
        }
    }
}

/// All segments of a committed vector.
pub fn points(snapshot: &Snapshot, column: u16, leaf: Leaf) -> Vec<G1Affine> {
    let vector = snapshot.manifest().vector(column, leaf);
    vector.expect("a committed vector")
}
