//! The checked-in vectors are those of this code. `NECTAR_WRITE_VECTORS=1` writes them, and the fuzz corpus, anew.

use alloy_primitives::hex;
use nectar_tests::{
    cohort::Cohort,
    fuzz::SCHEMA,
    keys::keys,
    queries,
    vectors::{all, bundle, change, judge},
};
use nectar_verifier::shape::Shape;
use serde_json::Value;
use std::{
    fs,
    path::{Path, PathBuf},
};

fn path(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("vectors/v1");
    folder.join(name).with_extension("json")
}

fn writes() -> bool {
    std::env::var_os("NECTAR_WRITE_VECTORS").is_some()
}

fn write(path: &Path, bytes: &[u8]) {
    fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
    fs::write(path, bytes).expect("a file");
}

fn write_json(name: &str, value: &Value) {
    let text = serde_json::to_string_pretty(value).expect("JSON") + "\n";
    write(&path(name), text.as_bytes());
}

fn read(name: &str) -> Value {
    let text = fs::read_to_string(path(name)).expect("a file of vectors");
    serde_json::from_str(&text).expect("JSON")
}

#[test]
fn vectors_are_those_checked_in() {
    for (name, value) in all() {
        if writes() {
            write_json(name, &value);
        }
        assert!(read(name) == value, "vectors/v1/{name}.json differs");
    }
}

#[test]
fn the_bundle_verifies_and_its_changes_do_not() {
    if writes() {
        let made = bundle();
        write_json("bundle", &made);
        write_corpus(&hex::decode(made["bytes"].as_str().expect("hex")).expect("hex"));
    }
    let vector = read("bundle");
    let bytes = hex::decode(vector["bytes"].as_str().expect("hex")).expect("hex");
    assert_eq!(judge(&vector["anchors"], &bytes), Ok(()));
    let refused = vector["refused"].as_array().expect("a list");
    assert!(refused.len() > 20);
    for case in refused {
        let got = judge(&vector["anchors"], &change(&case["edit"], &bytes));
        assert_eq!(
            got.as_ref().err().map(String::as_str),
            case["error"].as_str(),
            "{}",
            case["name"]
        );
    }
}

fn write_corpus(bundle: &[u8]) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fuzz/corpus");
    let cohort = Cohort::clinic();
    let header = cohort.commit(None).header().encode();
    let key = keys()
        .circuit(Shape::Compact)
        .expect("a key")
        .verifier()
        .encode();
    let table = folder.join("table/clinic");
    write(&table, &[]);
    let codes = nectar_prover::data::table::Table::new(cohort.columns, cohort.codes, None);
    codes.expect("a table").write(&table).expect("a file");
    let csv = "id,age,sex,seen,consent\n1,40,f,2024-02-01,open\n2,,m,2025-12-31,2027-05-31\n3,7,,,withdrawn\n";
    let sql = "SELECT site, COUNT(*), AVG(hba1c) FROM clinic WHERE age BETWEEN 2 AND 9 AND (sex = 'a' OR dx IN ('b', 'c')) GROUP BY site";
    let files: [(&str, &[u8]); 10] = [
        ("bundle/plain", bundle),
        ("query/counts", &queries::counts().encode()),
        ("query/gram", &queries::gram().encode()),
        ("header/clinic", &header),
        ("keys/compact", &key),
        ("keys/srs", &keys().srs().verifier().encode()),
        ("schema/clinic", SCHEMA.as_bytes()),
        ("csv/clinic", csv.as_bytes()),
        ("parquet/magic", b"PAR1\x15\x04\x15\x00PAR1"),
        ("sql/moments", sql.as_bytes()),
    ];
    for (name, bytes) in files {
        write(&folder.join(name), bytes);
    }
}
