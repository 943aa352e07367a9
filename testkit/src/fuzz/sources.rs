//! What people write: schemas, data, queries in SQL, configurations.

use super::fixtures;
use crate::cohort::{TODAY, day};
use nectar_dataset::{import::Import, infer, schema::Schema, table::Table};
use nectar_prover::Config;
use nectar_verifier::{abi::ColumnData, column::Column, query::Query};
use std::{fs, path::Path};

const PARQUET: &[u8] = b"PAR1";

/// A text, if the bytes are one.
fn text(bytes: &[u8], read: impl FnOnce(&str)) {
    if let Ok(text) = str::from_utf8(bytes) {
        read(text);
    }
}

/// Reads a service's configuration.
pub fn config(bytes: &[u8]) {
    text(bytes, |text| {
        if let Ok(config) = Config::parse(text) {
            assert_eq!(config.validate(), Ok(()));
        }
    });
}

/// Reads a schema; its columns are valid and survive the wire.
pub fn schema(bytes: &[u8]) {
    text(bytes, |text| {
        let Ok(schema) = Schema::parse(text) else {
            return;
        };
        for column in schema.columns() {
            assert_eq!(Column::try_from(&ColumnData::from(&column)), Ok(column));
        }
    });
}

/// Compiles SQL over the clinic; what comes out is canonical and survives the wire.
pub fn sql(bytes: &[u8]) {
    text(bytes, |text| {
        let relation = nectar_sql::Relation {
            name: "clinic",
            columns: fixtures::clinic(),
        };
        match nectar_sql::compile(text, &relation, "research", day(TODAY)) {
            Ok(compiled) => {
                assert_eq!(compiled.query.check(relation.columns), Ok(()));
                assert_eq!(Query::decode(&compiled.query.encode()), Ok(compiled.query));
            }
            Err(error) => drop(error.to_string()),
        }
    });
}

/// Imports CSV, plain or compressed.
pub fn csv(bytes: &[u8]) {
    if !bytes.starts_with(PARQUET) {
        in_file(bytes, import);
    }
}

/// Proposes a schema for CSV.
pub fn infer(bytes: &[u8]) {
    if !bytes.starts_with(PARQUET) {
        in_file(bytes, propose);
    }
}

/// Imports Parquet and proposes a schema for it.
pub fn parquet(bytes: &[u8]) {
    if bytes.starts_with(PARQUET) {
        in_file(bytes, |path| {
            import(path);
            propose(path);
        });
    }
}

/// Imports under the one schema; what is accepted survives the disk.
fn import(path: &Path) {
    match Import::in_file_order(fixtures::schema(), path, day(TODAY), &|_, _| {}) {
        Ok(table) => {
            let copy = path.with_extension("table");
            table.write(&copy).expect("an imported table is valid");
            assert_eq!(Table::read(&copy).expect("what was written"), table);
        }
        Err(errors) => drop(errors.to_string()),
    }
}

/// What is proposed is a schema under which the file is imported, unless nothing could be said of any column.
fn propose(path: &Path) {
    let Ok(text) = infer::propose(path, &|_, _| {}) else {
        return;
    };
    if !text.lines().any(|l| l == "[[column]]") {
        return;
    }
    let schema = Schema::parse(&text).unwrap_or_else(|e| panic!("{e}\n{text}"));
    let imported = Import::in_file_order(&schema, path, day(TODAY), &|_, _| {});
    assert!(imported.is_ok(), "{:?}\n{text}", imported.err());
}

/// Gives the bytes as a file.
fn in_file(bytes: &[u8], read: impl FnOnce(&Path)) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("source");
    fs::write(&path, bytes).expect("a temporary file");
    read(&path);
}
