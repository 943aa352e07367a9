//! Parquet files: every type that is read, the types that are not, and files that are broken.

#![cfg(test)]

use arrow::{
    array::{
        ArrayRef, BooleanArray, Date32Array, Decimal128Array, DictionaryArray, Float64Array,
        Int8Array, Int64Array, LargeStringArray, ListArray, RecordBatch, StringArray,
        TimestampMillisecondArray, UInt64Array,
    },
    datatypes::{Int32Type, UInt16Type},
};
use nectar_dataset::{fault::ImportErrors, import::Import, infer, schema::Schema, table::Table};
use parquet::{arrow::ArrowWriter, basic::Compression, file::properties::WriterProperties};
use proptest::prelude::*;
use std::{path::PathBuf, sync::Arc};

const SCHEMA: &str = r#"
dataset = "test"
subject = "id"
policy = "cms"
missing = ["", "NaN"]
column = [
    { name = "sex", kind = "categorical", labels = ["f", "m"] },
    { name = "age", kind = "integer", min = 0, max = 120 },
    { name = "dose", kind = "decimal", min = 0, max = 20, step = 0.1 },
    { name = "seen", kind = "date", first = "2020-01", last = "2024-12" },
    { name = "alive", kind = "boolean" },
    { name = "again", from = "sex", kind = "boolean", true = ["F"], false = ["M"] },
]
"#;

type Columns = Vec<(&'static str, ArrayRef)>;

fn columns() -> Columns {
    vec![
        (
            "unused",
            Arc::new(TimestampMillisecondArray::from(vec![1, 2, 3])),
        ),
        (
            "alive",
            Arc::new(BooleanArray::from(vec![Some(true), Some(false), None])),
        ),
        (
            "seen",
            Arc::new(Date32Array::from(vec![Some(19_782), None, Some(18_262)])),
        ),
        (
            "sex",
            Arc::new(StringArray::from(vec![Some("f"), Some("m"), None])),
        ),
        (
            "age",
            Arc::new(Int64Array::from(vec![Some(0), Some(120), None])),
        ),
        (
            "dose",
            Arc::new(Float64Array::from(vec![
                Some(0.1),
                Some(f64::NAN),
                Some(19.9),
            ])),
        ),
        ("id", Arc::new(UInt64Array::from(vec![7, 8, u64::MAX]))),
    ]
}

fn with(name: &'static str, array: ArrayRef) -> Columns {
    let others = columns().into_iter().filter(|(n, _)| *n != name);
    others.chain([(name, array)]).collect()
}

fn bytes(columns: &Columns, compression: Compression) -> Vec<u8> {
    let batch = RecordBatch::try_from_iter(columns.clone()).unwrap();
    let properties = WriterProperties::builder()
        .set_compression(compression)
        .build();
    let mut out = Vec::new();
    let mut writer = ArrowWriter::try_new(&mut out, batch.schema(), Some(properties)).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
    out
}

fn file(bytes: &[u8]) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("t.parquet");
    std::fs::write(&path, bytes).unwrap();
    (folder, path)
}

fn import(bytes: &[u8]) -> Result<Table, ImportErrors> {
    let (_folder, path) = file(bytes);
    Import::in_file_order(&Schema::parse(SCHEMA).unwrap(), &path, 0, &|_, _| ())
}

fn plain(columns: &Columns) -> Result<Table, ImportErrors> {
    import(&bytes(columns, Compression::UNCOMPRESSED))
}

/// The codes of the file above: sex, age, dose, seen, alive, again.
const CODES: [[u16; 3]; 6] = [
    [1, 2, 0],
    [1, 121, 0],
    [2, 0, 200],
    [50, 0, 1],
    [2, 1, 0],
    [2, 1, 0],
];

#[test]
fn every_type_becomes_codes_under_every_compression() {
    for c in [
        Compression::UNCOMPRESSED,
        Compression::SNAPPY,
        Compression::ZSTD(Default::default()),
    ] {
        assert_eq!(
            import(&bytes(&columns(), c)).unwrap().codes,
            CODES.map(|c| c.to_vec())
        );
    }
}

#[test]
fn other_types_of_the_same_values_give_the_same_codes() {
    let sex = || vec![Some("f"), Some("m"), None];
    let same: Vec<(_, ArrayRef)> = vec![
        ("sex", Arc::new(LargeStringArray::from(sex()))),
        (
            "sex",
            Arc::new(sex().into_iter().collect::<DictionaryArray<Int32Type>>()),
        ),
        (
            "age",
            Arc::new(Int8Array::from(vec![Some(0), Some(120), None])),
        ),
        (
            "age",
            Arc::new(Float64Array::from(vec![Some(0.0), Some(120.0), None])),
        ),
        (
            "age",
            Arc::new(StringArray::from(vec![Some("0"), Some("120"), None])),
        ),
        (
            "seen",
            Arc::new(StringArray::from(vec![
                Some("2024-02-29"),
                Some(""),
                Some("2020-01"),
            ])),
        ),
        (
            "dose",
            Arc::new(
                Decimal128Array::from(vec![Some(10), None, Some(1990)])
                    .with_precision_and_scale(10, 2)
                    .unwrap(),
            ),
        ),
    ];
    for (name, array) in same {
        let table = plain(&with(name, array.clone()))
            .unwrap_or_else(|e| panic!("{:?} {e}", array.data_type()));
        assert_eq!(
            table.codes,
            CODES.map(|c| c.to_vec()),
            "{:?}",
            array.data_type()
        );
    }
}

#[test]
fn values_of_the_wrong_type_are_refused_with_row_and_column() {
    let list =
        ListArray::from_iter_primitive::<UInt16Type, _, _>(vec![Some(vec![Some(1)]), None, None]);
    let refused: Vec<(_, ArrayRef, _)> = vec![
        (
            "age",
            Arc::new(TimestampMillisecondArray::from(vec![1, 2, 3])),
            "column \"age\", the type Timestamp",
        ),
        ("age", Arc::new(list), "column \"age\", the type List"),
        (
            "age",
            Arc::new(BooleanArray::from(vec![None, Some(true), None])),
            "row 2, column \"age\", value \"true\": the column wants a number",
        ),
        (
            "age",
            Arc::new(Date32Array::from(vec![None, None, Some(0)])),
            "row 3, column \"age\", value \"1970-01-01\": the column wants a number",
        ),
        (
            "age",
            Arc::new(Float64Array::from(vec![None, Some(0.5), None])),
            "row 2, column \"age\", value \"0.5\": between",
        ),
        (
            "dose",
            Arc::new(Float64Array::from(vec![None, Some(0.1 + 0.2), None])),
            "value \"0.30000000000000004\": between",
        ),
        (
            "dose",
            Arc::new(Float64Array::from(vec![None, Some(f64::INFINITY), None])),
            "row 2, column \"dose\", not a decimal number",
        ),
        (
            "seen",
            Arc::new(Int64Array::from(vec![None, Some(19_782), None])),
            "value \"19782\": not a date",
        ),
        (
            "id",
            Arc::new(Int64Array::from(vec![Some(1), None, Some(3)])),
            "row 2, column \"id\", value \"\": the subject id is missing",
        ),
        (
            "id",
            Arc::new(Int64Array::from(vec![1, 2, 1])),
            "row 3, column \"id\", value \"1\": this subject is in row 1 already",
        ),
    ];
    for (name, array, want) in refused {
        let e = plain(&with(name, array)).unwrap_err().to_string();
        assert!(e.contains(want), "got {e}\nwant {want}");
    }
    let without: Columns = columns().into_iter().filter(|(n, _)| *n != "sex").collect();
    let e = plain(&without).unwrap_err();
    assert_eq!(e.total, 2, "{e}"); // sex, and again which is taken from it
}

#[test]
fn a_proposed_schema_imports_what_csv_text_would() {
    let (_folder, path) = file(&bytes(&columns(), Compression::SNAPPY));
    let text = infer::propose(&path, &|_, _| ()).unwrap();
    assert!(
        text.contains("# name = \"unused\"\n# Left out: the type Timestamp"),
        "{text}"
    );
    assert!(text.contains("subject = \"id\""), "{text}");
    let table = Import::run(&Schema::parse(&text).unwrap(), &path, 0, &|_, _| ()).unwrap();
    assert_eq!((table.rows, table.columns.len()), (3, 5));
}

#[test]
fn every_cut_is_refused() {
    let whole = bytes(&columns(), Compression::ZSTD(Default::default()));
    for length in (0..whole.len()).step_by(7) {
        assert!(import(&whole[..length]).is_err(), "length {length}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    /// The format has checksums only where writers ask for them, so a changed byte may pass; it must not panic.
    #[test]
    fn changed_bytes_never_panic(
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..4),
        packed in any::<bool>(),
    ) {
        let compression = if packed { Compression::SNAPPY } else { Compression::UNCOMPRESSED };
        let mut changed = bytes(&columns(), compression);
        for (place, byte) in changes {
            let place = place.index(changed.len());
            changed[place] = byte;
        }
        if let Ok(table) = import(&changed) {
            prop_assert!(table.validate().is_ok());
        }
    }
}
