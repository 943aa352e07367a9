//! What is done with bytes from outside: no panic, and what is accepted is written back as it was.
//!
//! `fuzz/` runs each target under libFuzzer; the test `fuzz` runs it over the corpus and seeded mutations.

use crate::{
    cohort::{Cohort, TODAY, day, noon},
    world::{accepted, attested},
};
use nectar_prover::{
    data::{import::Import, schema::Schema, table::Table},
    sql,
};
use nectar_verifier::{
    bundle::Bundle,
    header::Header,
    keys::{VerifierKey, VerifierSrs},
    query::Query,
    shape::Shape,
    statement::Statement,
    trust::{Head, LogView},
};
use std::{fs, path::PathBuf, sync::LazyLock};

/// A function that takes any bytes.
pub type Target = fn(&[u8]);

/// Every target with its name, which is that of its corpus.
pub const TARGETS: [(&str, Target); 9] = [
    ("bundle", bundle),
    ("query", query),
    ("header", header),
    ("keys", keys),
    ("schema", schema),
    ("table", table),
    ("csv", csv),
    ("parquet", parquet),
    ("sql", sql),
];

/// A bundle, read and verified by somebody who accepts any root.
pub fn bundle(bytes: &[u8]) {
    let Ok(bundle) = Bundle::decode(bytes) else {
        return;
    };
    assert_eq!(bundle.encode(), bytes);
    let Ok(keys) = bundle.keys(&accepted()) else {
        return;
    };
    let root = bundle.root();
    let head = Head {
        dataset: bundle.core.dataset,
        sequence: bundle.core.sequence,
        root,
        since: bundle.core.as_of,
    };
    let log = LogView {
        heads: vec![head],
        entries: vec![],
    };
    let _ = bundle.verify(&attested(root), &keys, &log, noon(TODAY));
}

/// A query, compiled over the clinic.
pub fn query(bytes: &[u8]) {
    static HEADER: LazyLock<Header> = LazyLock::new(|| Cohort::clinic().header(None));
    let Ok(query) = Query::decode(bytes) else {
        return;
    };
    assert_eq!(query.encode(), bytes);
    let consent = HEADER.consent(query.purpose).map(|(place, _)| place);
    let columns = HEADER.columns.as_slice();
    if let Ok(statement) = Statement::new(query, &HEADER.core, consent, columns) {
        let cells = statement.used_cells().len();
        assert!(statement.fill(&vec![0; cells]).is_ok());
    }
}

/// A header.
pub fn header(bytes: &[u8]) {
    if let Ok(header) = Header::decode(bytes) {
        assert_eq!(header.encode(), bytes);
    }
}

/// Verification keys of both kinds.
pub fn keys(bytes: &[u8]) {
    if let Ok(key) = VerifierKey::decode(Shape::Compact, bytes) {
        assert_eq!(key.encode(), bytes);
    }
    if let Ok(srs) = VerifierSrs::decode(bytes) {
        assert_eq!(srs.encode(), bytes);
    }
}

/// A schema as text.
pub fn schema(bytes: &[u8]) {
    if let Ok(text) = std::str::from_utf8(bytes)
        && let Ok(schema) = Schema::parse(text)
    {
        for column in schema.columns() {
            assert_eq!(column.validate(), Ok(()));
        }
    }
}

/// A file of this process, which targets that read files write to.
fn file(name: &str, bytes: &[u8]) -> PathBuf {
    static FOLDER: LazyLock<tempfile::TempDir> =
        LazyLock::new(|| tempfile::tempdir().expect("a temporary folder"));
    let path = FOLDER.path().join(name);
    fs::write(&path, bytes).expect("a temporary file");
    path
}

/// A table of codes.
pub fn table(bytes: &[u8]) {
    let path = file("table", bytes);
    if let Ok(table) = Table::read(&path) {
        table.write(&path).expect("a temporary file");
        assert_eq!(fs::read(&path).expect("a temporary file"), bytes);
    }
}

/// The schema that sources are imported under.
pub const SCHEMA: &str = r#"
dataset = "clinic"
subject = "id"
policy = { k = 3, base = 5, rounding = "nearest", zeros = true, w_max = 12 }

[[column]]
name = "age"
kind = "integer"
min = 0
max = 120

[[column]]
name = "sex"
kind = "categorical"
labels = ["f", "m"]

[[column]]
name = "seen"
kind = "date"
grid = "month"
first = "2020-01"
last = "2026-12"

[[column]]
name = "consent"
kind = "consent"
purpose = "research"
first = "2020-01"
last = "2030-12"
open = ["open"]
withdrawn = ["withdrawn"]
"#;

fn import(name: &str, bytes: &[u8]) {
    static READ: LazyLock<Schema> = LazyLock::new(|| Schema::parse(SCHEMA).expect("a schema"));
    let path = file(name, bytes);
    if let Ok(table) = Import::in_file_order(&READ, &path, day(TODAY), &|_, _| {}) {
        table.validate().expect("an import is a table");
    }
}

/// A source in CSV.
pub fn csv(bytes: &[u8]) {
    import("source.csv", bytes);
}

/// A source in Parquet.
pub fn parquet(bytes: &[u8]) {
    import("source.parquet", bytes);
}

/// A text in SQL: what compiles is canonical.
pub fn sql(bytes: &[u8]) {
    static CLINIC: LazyLock<Cohort> = LazyLock::new(Cohort::clinic);
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    let schema = sql::Schema {
        dataset: CLINIC.name,
        columns: &CLINIC.columns,
    };
    if let Ok(compiled) = sql::compile(text, &schema, "research", day(TODAY)) {
        assert_eq!(compiled.query.check(CLINIC.columns.as_slice()), Ok(()));
        let bytes = compiled.query.encode();
        assert_eq!(Query::decode(&bytes), Ok(compiled.query));
    }
}
