//! What goes wrong, and with which exit code.

use crate::nectar::run;
use std::fs;

const SCHEMA: &str = r#"
dataset = "toy"
policy = "opensafely"
[[column]]
name = "age"
kind = "integer"
min = 0
max = 99
[[column]]
name = "consent"
kind = "consent"
purpose = "research"
first = "2020-01"
last = "2035-12"
"#;

#[test]
fn usage_is_exit_code_2() {
    let here = tempfile::tempdir().unwrap();
    run(here.path(), &["frobnicate"]).failed(2, "unrecognized subcommand");
    run(here.path(), &["verify", "a.nectar"]).failed(2, "--trust");
    let day = [
        "query",
        "--dataset",
        "d",
        "--purpose",
        "p",
        "--date",
        "2026-13-01",
        "SELECT 1",
    ];
    run(here.path(), &day).failed(2, "YYYY-MM-DD");
}

#[test]
fn missing_files_are_exit_code_3() {
    let here = tempfile::tempdir().unwrap();
    run(here.path(), &["show", "none.nectar"]).failed(3, "none.nectar");
    let import = ["import", "--schema", "s", "--data", "d", "--out", "o"];
    run(here.path(), &import).failed(3, "s: ");
    let day = [
        "query",
        "--server",
        "http://127.0.0.1:1",
        "--dataset",
        "d",
        "--purpose",
        "p",
        "--date",
        "2026-01-01",
        "S",
    ];
    run(here.path(), &day).failed(3, "cannot connect");
}

#[test]
fn content_that_is_refused_is_exit_code_1() {
    let here = tempfile::tempdir().unwrap();
    fs::write(here.path().join("junk.nectar"), "junk").unwrap();
    run(here.path(), &["show", "junk.nectar"]).failed(1, "not a Nectar bundle");
    fs::write(here.path().join("schema.toml"), SCHEMA).unwrap();
    fs::write(
        here.path().join("data.csv"),
        "age,consent\n30,open\n200,open\nx,open\n",
    )
    .unwrap();
    let import = [
        "import",
        "--schema",
        "schema.toml",
        "--data",
        "data.csv",
        "--out",
        "toy",
    ];
    let refused = run(here.path(), &import);
    assert!(
        refused.err.contains("200") && refused.err.contains("| 3 "),
        "{refused:?}"
    );
    refused.failed(1, "outside 0 to 99");
    assert!(!here.path().join("toy").exists());
}

#[test]
fn the_demo_leaves_foreign_folders_alone() {
    let here = tempfile::tempdir().unwrap();
    fs::create_dir(here.path().join("work")).unwrap();
    fs::write(here.path().join("work/thesis.txt"), "years").unwrap();
    run(here.path(), &["demo", "--out", "work"]).failed(2, "left as it is");
}
