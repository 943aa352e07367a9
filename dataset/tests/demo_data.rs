//! The bundled dataset imports under its schema, and its figures are those of the source.

#![cfg(test)]

use nectar_dataset::{import::Import, infer, schema::Schema, table::Table};
use nectar_verifier::{column::Kind, date::parse_day};
use std::path::{Path, PathBuf};

fn place(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../data/diabetes130")
        .join(name)
}

fn count(table: &Table, column: &str, label: &str) -> usize {
    let i = table.columns.iter().position(|c| c.name == column).unwrap();
    let codes = table.codes[i].iter();
    codes
        .filter(|c| table.columns[i].label(**c) == label)
        .count()
}

#[test]
fn the_figures_are_those_of_the_source() {
    let schema = Schema::read(&place("schema.toml")).unwrap();
    let day = parse_day("2024-06-15").unwrap();
    let table = Import::run(&schema, &place("diabetes130.csv.gz"), day, &|_, _| ()).unwrap();
    assert_eq!((table.rows, table.columns.len()), (71_518, 24));
    for (column, label, want) in [
        ("sex", "Female", 38_025),
        ("sex", "missing", 3),
        ("age", "70-80", 18_210),
        ("diagnosis", "250", 5_805),
        ("diagnosis_group", "Diabetes", 5_805),
        ("time_in_hospital", "3", 12_701),
        ("readmitted", "<30", 6_293),
        ("readmitted_30_days", "true", 6_293),
        ("diabetesMed", "true", 54_319),
    ] {
        assert_eq!(count(&table, column, label), want, "{column} {label}");
    }
    let consents = table
        .columns
        .iter()
        .filter(|c| matches!(c.kind, Kind::Consent { .. }));
    assert!(
        consents
            .clone()
            .all(|c| c.name.starts_with("synthetic_consent_"))
    );
    assert_eq!(consents.count(), 2);
    assert!(table.subjects.unwrap().row_of("135").is_some());
}

#[test]
fn a_schema_can_be_proposed_for_it() {
    let text = infer::propose(&place("diabetes130.csv.gz"), &|_, _| ()).unwrap();
    let schema = Schema::parse(&text).unwrap();
    assert_eq!(schema.subject.as_deref(), Some("patient_nbr"));
    assert_eq!(schema.columns().len(), 23);
}
