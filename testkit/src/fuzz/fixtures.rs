//! What inputs are read against, and the seeds are made from.

use crate::cohort::Cohort;
use nectar_dataset::schema::Schema;
use nectar_verifier::{
    column::Column,
    header::{Core, Header, dataset_id, purposes, purposes_digest},
};
use std::sync::LazyLock;

/// A schema with a column of every kind.
pub const SCHEMA: &str = r#"dataset = "toy"
subject = "id"
policy = "opensafely"
segment_bits = 4
missing = ["", "NA"]
[[column]]
name = "sex"
kind = "categorical"
labels = ["female", "male"]
[[column]]
name = "age"
kind = "integer"
min = 0
max = 20
[[column]]
name = "hba1c"
kind = "decimal"
min = "3.5"
max = "6"
step = "0.5"
unit = "%"
round = "nearest"
[[column]]
name = "seen"
kind = "date"
grid = "month"
first = "2025-01"
last = "2025-12"
[[column]]
name = "smoker"
kind = "boolean"
true = ["yes", "true"]
false = ["no", "false"]
[[column]]
name = "research"
kind = "consent"
purpose = "research"
first = "2025-01"
last = "2026-12"
from_date = "begin"
open = ["open"]
withdrawn = ["withdrawn"]
[[column]]
name = "tag"
from = "receipt_tag"
kind = "tag"
"#;

/// A source under [`SCHEMA`].
pub const CSV: &str = "id,sex,age,hba1c,seen,smoker,research,begin,receipt_tag
a1,female,12,4.5,2025-03-04,yes,open,2025-01-01,0x00000000000000000000000000000000000000000000000000000000000000a1
a2,male,20,,2025-11,no,withdrawn,,
a3,NA,0,6.0,NA,,2026-02-28,2025-02-01,30644E72E131A029B85045B68181585D2833E84879B9709143E1F593F0000000
a4,female,7,5.2,2025-12-31,YES,,2024-12-31,NA
";

/// [`SCHEMA`], read.
pub fn schema() -> &'static Schema {
    static MADE: LazyLock<Schema> = LazyLock::new(|| Schema::parse(SCHEMA).expect("a schema"));
    &MADE
}

/// The clinic's columns.
pub fn clinic() -> &'static [Column] {
    static MADE: LazyLock<Vec<Column>> = LazyLock::new(|| Cohort::clinic().columns);
    &MADE
}

/// A header over some columns, whose keys are nobody's.
pub fn header(columns: &[Column]) -> Header {
    let cohort = Cohort::clinic();
    let core = Core {
        dataset: dataset_id(cohort.name),
        sequence: 1,
        parent: Default::default(),
        as_of: cohort.as_of,
        utc_offset: 0,
        lag: 1,
        custodian: Default::default(),
        rows: 50,
        segment_bits: cohort.segment_bits,
        columns: u16::try_from(columns.len()).expect("few columns"),
        purposes: purposes_digest(&purposes(columns)),
        policy: cohort.policy,
        srs: Default::default(),
        compact_key: Default::default(),
        wide_key: Default::default(),
    };
    Header {
        core,
        dataset: cohort.name.into(),
        columns: columns.to_vec(),
        leaves_roots: vec![Default::default(); columns.len()],
    }
}
