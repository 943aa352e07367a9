//! A dataset takes in the next state of its source.

use crate::{
    nectar::{Run, run},
    receipt::TAGGED,
};
use serde_json::{Value, json};
use std::{fs, path::Path};

const FIRST: &str = "id,age,consent,receipt_tag\na,30,open,\nb,40,open,\nc,50,open,\n";

/// A dataset of three people.
fn prepare(here: &Path, schema: &str) {
    fs::write(here.join("schema.toml"), schema).unwrap();
    fs::write(here.join("first.csv"), FIRST).unwrap();
    let import = [
        "import",
        "--schema",
        "schema.toml",
        "--data",
        "first.csv",
        "--out",
        "toy",
    ];
    let text = run(here, &import).succeeded();
    assert!(
        text.starts_with("toy: 3 rows, 3 columns, in toy\n"),
        "{text}"
    );
}

fn update(here: &Path, people: &str, more: &[&str]) -> Run {
    let text = format!("id,age,consent,receipt_tag\n{people}");
    fs::write(here.join("next.csv"), text).unwrap();
    let own = ["import", "--into", "toy", "--data", "next.csv"];
    run(here, &[&own, more].concat())
}

#[test]
fn an_update_says_what_it_did_and_what_comes_next() {
    let place = tempfile::tempdir().unwrap();
    let here = place.path();
    prepare(here, TAGGED);
    let next = "d,60,open,\nb,40,withdrawn,\nc,50,open,\na,30,open,\n";
    let text = update(here, next, &[]).succeeded();
    assert_eq!(
        text,
        "toy: 4 rows (1 new, 1 changed), 3 columns, in toy\nNext: nectar snapshot commit toy --keys keys\n"
    );
    let again = update(here, next, &["--json"]).succeeded();
    let want = json!({
        "dataset": "toy", "rows": 4, "columns": 3, "folder": "toy", "added": 0, "changed": 0,
    });
    assert_eq!(serde_json::from_str::<Value>(&again).unwrap(), want);
}

#[test]
fn a_refused_update_leaves_the_table() {
    let place = tempfile::tempdir().unwrap();
    let here = place.path();
    prepare(here, TAGGED);
    let table = || fs::read(here.join("toy/table.bin")).unwrap();
    let before = table();
    update(here, "a,30,open,\nb,40,open,\n", &[])
        .failed(1, "no row for 1 of the dataset's subjects");
    update(here, "a,130,open,\nb,40,open,\nc,x,open,\n", &[]).failed(1, "outside 0 to 99");
    assert!(before == table());
    let nowhere = ["import", "--into", "none", "--data", "next.csv"];
    run(here, &nowhere).failed(3, "none/schema.toml");
}

#[test]
fn the_two_ways_of_import_do_not_mix() {
    let place = tempfile::tempdir().unwrap();
    let here = place.path();
    prepare(here, &TAGGED.replace("subject = \"id\"\n", ""));
    update(here, "", &["--out", "other"]).failed(2, "cannot be used with");
    update(here, "", &["--schema", "schema.toml"]).failed(2, "cannot be used with");
    for half in [["--out", "other"], ["--schema", "schema.toml"]] {
        let import = [&["import", "--data", "first.csv"], half.as_slice()].concat();
        run(here, &import).failed(2, "required arguments were not provided");
    }
    update(here, "a,30,open,\n", &[]).failed(2, "without a `subject`");
}
