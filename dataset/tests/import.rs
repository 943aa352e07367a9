//! Imports as a custodian sees them: every rule broken alone is named, and whatever is valid comes back as it was.

#![cfg(test)]

use ark_bn254::Fr;
use nectar_dataset::{
    fault::{ImportErrors, KEPT},
    import::Import,
    schema::Schema,
    table::Table,
};
use nectar_verifier::{column::Kind, date::parse_day, field::to_be};
use proptest::prelude::*;
use std::{collections::BTreeSet, io::Write, path::PathBuf};

const SCHEMA: &str = r#"
dataset = "test"
subject = "id"
policy = "opensafely"
missing = ["", "NA"]

[[column]]
name = "sex"
kind = "categorical"
labels = ["female", "male"]

[[column]]
name = "age"
kind = "integer"
min = 0
max = 120
step = 5
unit = "years"

[[column]]
name = "hba1c"
kind = "decimal"
min = "3.5"
max = 20
step = 0.1

[[column]]
name = "seen"
kind = "date"
grid = "week"
first = "2020-01-01"
last = "2024-12-31"

[[column]]
name = "smoker"
kind = "boolean"

[[column]]
name = "research"
from = "consent_until"
kind = "consent"
purpose = "research"
first = "2024-01"
last = "2026-12"
from_date = "consent_from"
"#;

const HEADER: &str = "id,sex,age,hba1c,seen,smoker,consent_until,consent_from";

/// A file that is deleted when dropped, and its place.
fn file(name: &str, bytes: &[u8]) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    std::fs::write(&path, bytes).unwrap();
    (folder, path)
}

fn import(schema: &str, bytes: &[u8]) -> Result<Table, ImportErrors> {
    let (_folder, path) = file("t.csv", bytes);
    let schema = Schema::parse(schema).unwrap();
    Import::in_file_order(&schema, &path, parse_day("2024-06-15").unwrap(), &|_, _| ())
}

/// Imports rows under the header.
fn rows(rows: &[&str]) -> Result<Table, ImportErrors> {
    let text = [&[HEADER], rows].concat().join("\n");
    import(SCHEMA, text.as_bytes())
}

const GOOD: &str = "1,female,45,7.2,2023-03-01,yes,open,2024-01-01";

#[test]
fn cells_become_codes() {
    let table = rows(&[
        GOOD,
        "2,NA,0,3.50,2020-01-01,FALSE,,",
        "3,male,120.0,20,2024-12-31,NA,2024-12-30,2024-06-15",
    ]);
    let table = table.unwrap();
    let labels: Vec<Vec<String>> = (0..3)
        .map(|r| {
            table
                .columns
                .iter()
                .zip(&table.codes)
                .map(|(c, codes)| c.label(codes[r]))
                .collect()
        })
        .collect();
    assert_eq!(
        labels[0],
        ["female", "45", "7.2", "2023-02-27", "true", "2026-12"]
    );
    assert_eq!(
        labels[1],
        ["missing", "0", "3.5", "2019-12-30", "false", "missing"]
    );
    assert_eq!(
        labels[2],
        ["male", "120", "20.0", "2024-12-30", "missing", "2024-11"]
    );
}

#[test]
fn consents_are_rounded_down() {
    let code = |until: &str, from: &str| {
        let row = format!("1,female,45,7.2,2023-03-01,yes,{until},{from}");
        rows(&[&row]).map(|t| t.codes[5][0])
    };
    for (until, from, want) in [
        ("", "", 0),
        ("NA", "2024-01-01", 0),
        ("withdrawn", "", 0),
        ("open", "2024-01-01", 36),
        ("Open", "2024-06-15", 36),
        ("open", "2024-06-16", 0),
        ("9999-12-31", "2024-01-01", 36),
        ("2026-12-31", "2024-01-01", 36),
        ("2026-12-30", "2024-01-01", 35),
        ("2024-01-30", "2024-01-01", 0),
        ("2024-01-31", "2024-01-01", 1),
        ("2024-02-28", "2024-01-01", 1),
        ("2024-02-29", "2024-01-01", 2),
        ("2023-12-31", "2020-01-01", 0),
        ("1999-01-01", "1998-01-01", 0),
    ] {
        assert_eq!(code(until, from), Ok(want), "{until} {from}");
    }
    let e = code("open", "").unwrap_err().to_string();
    assert!(e.contains("consent without the day it begins"), "{e}");
}

#[test]
fn each_rule_broken_alone_is_named() {
    let too_long = format!(
        "2,{},45,7.2,2023-03-01,yes,open,2024-01-01",
        "x".repeat(5000)
    );
    for (row, want) in [
        (
            "2,Female,45,7.2,2023-03-01,yes,open,2024-01-01",
            "row 2, column \"sex\", value \"Female\": not one of the column's 2 labels",
        ),
        (
            "2,female,47,7.2,2023-03-01,yes,open,2024-01-01",
            "column \"age\", value \"47\": between the values of the codebook, which are 0 and every 5",
        ),
        (
            "2,female,45.5,7.2,2023-03-01,yes,open,2024-01-01",
            "column \"age\", value \"45.5\": between the values",
        ),
        (
            "2,female,-5,7.2,2023-03-01,yes,open,2024-01-01",
            "column \"age\", value \"-5\": outside 0 to 120",
        ),
        (
            "2,female,125,7.2,2023-03-01,yes,open,2024-01-01",
            "column \"age\", value \"125\": outside 0 to 120",
        ),
        (
            "2,female,old,7.2,2023-03-01,yes,open,2024-01-01",
            "column \"age\", value \"old\": not a decimal number",
        ),
        (
            "2,female,45,7.25,2023-03-01,yes,open,2024-01-01",
            "column \"hba1c\", value \"7.25\": between the values of the codebook, which are 3.5 and every 0.1",
        ),
        (
            "2,female,45,3.4,2023-03-01,yes,open,2024-01-01",
            "column \"hba1c\", value \"3.4\": outside 3.5 to 20.0",
        ),
        (
            "2,female,45,7.2,01.03.2023,yes,open,2024-01-01",
            "column \"seen\", value \"01.03.2023\": not a date",
        ),
        (
            "2,female,45,7.2,2023-02-29,yes,open,2024-01-01",
            "column \"seen\", value \"2023-02-29\": not a date",
        ),
        (
            "2,female,45,7.2,2025-01-06,yes,open,2024-01-01",
            "column \"seen\", value \"2025-01-06\": outside 2019-12-30 to 2024-12-30",
        ),
        (
            "2,female,45,7.2,2023-03-01,maybe,open,2024-01-01",
            "column \"smoker\", value \"maybe\": not among the spellings",
        ),
        (
            "2,female,45,7.2,2023-03-01,yes,always,2024-01-01",
            "column \"research (from consent_until)\", value \"always\": not the last day of consent",
        ),
        (
            "2,female,45,7.2,2023-03-01,yes,open,soon",
            "column \"research (from consent_from)\", value \"soon\": not a date",
        ),
        (
            ",female,45,7.2,2023-03-01,yes,open,2024-01-01",
            "column \"id\", value \"\": the subject id is missing",
        ),
        (
            "1,female,45,7.2,2023-03-01,yes,open,2024-01-01",
            "column \"id\", value \"1\": this subject is in row 1 already",
        ),
        (
            "2,female,45,7.2,2023-03-01,yes,open",
            "row 2, 7 fields, the header has 8",
        ),
        (
            "2,female,45,7.2,2023-03-01,yes,open,2024-01-01,",
            "row 2, 9 fields, the header has 8",
        ),
        (&too_long, "row 2, column \"sex\", longer than 4096 bytes"),
    ] {
        let errors = rows(&[GOOD, row]).unwrap_err();
        assert_eq!((errors.total, errors.found.len()), (1, 1), "{errors}");
        let text = errors.found[0].to_string();
        assert!(text.contains(want), "got {text}\nwant {want}");
        assert!(errors.to_string().contains("t.csv: row 2"), "{errors}");
    }
}

/// Imports tags of subjects, none of whom has anything else.
fn tags(cells: &[&str]) -> Result<Vec<Fr>, ImportErrors> {
    let schema = "dataset = 'd'\npolicy = 'cms'\n[[column]]\nname = 'x'\nkind = 'boolean'\n\
        [[column]]\nname = 'tag'\nfrom = 'receipt'\nkind = 'tag'\nmissing = ['', 'none']\n";
    let lines: String = cells.iter().map(|c| format!("{c},1\n")).collect();
    let table = import(schema, format!("receipt,x\n{lines}").as_bytes())?;
    assert_eq!(table.columns[1].kind, Kind::Tag);
    Ok(table.tags)
}

/// The order of the field.
const ORDER: &str = "30644e72e131a029b85045b68181585d2833e84879b9709143e1f593f0000001";

#[test]
fn tags_are_taken_or_made_up() {
    let [one, greatest] = [
        format!("{:064X}", 0xabcd),
        ORDER.replace("f0000001", "f0000000"),
    ];
    let with_prefix = format!("0x{greatest}");
    let got = tags(&[&one, "", &with_prefix, "none", ""]).unwrap();
    assert_eq!((got[0], got[2]), (Fr::from(0xabcd), -Fr::from(1)));
    let again = tags(&["", "", ""]).unwrap();
    let made: BTreeSet<_> = [got[1], got[3], got[4]].into_iter().chain(again).collect();
    assert_eq!(made.len(), 6, "no two are alike");
}

#[test]
fn each_fault_of_a_tag_is_named() {
    let (one, short) = (format!("{:064x}", 1), "1".repeat(63));
    for (cell, want) in [
        (short.as_str(), "not a tag: want 64 hexadecimal digits"),
        (&format!("{one}0"), "not a tag"),
        (&format!(" {short}"), "not a tag"),
        (&format!("g{short}"), "not a tag"),
        ("0x", "not a tag"),
        (ORDER, "not below the field order"),
        (&"f".repeat(64), "not below the field order"),
        (&one, "row 1 has the same tag; want one tag per subject"),
        (&format!("0x{one}"), "row 1 has the same tag"),
    ] {
        let errors = tags(&[&one, "", cell]).unwrap_err();
        assert_eq!(errors.total, 1, "{errors}");
        let text = errors.found[0].to_string();
        assert!(
            text.starts_with("row 3, column \"tag (from receipt)\", "),
            "{text}"
        );
        assert!(text.contains(want), "got {text}\nwant {want}");
    }
    let errors = tags(&[&one, "1,1", "x", &one]).unwrap_err();
    let rows: Vec<_> = errors.found.iter().map(|r| r.row).collect();
    assert_eq!(rows, [2, 3, 4].map(Some), "{errors}");
}

#[test]
fn all_refusals_are_counted_and_the_first_hundred_kept() {
    let bad: Vec<String> = (0..250)
        .map(|i| format!("{i},x,999,7.2,2023-03-01,yes,open,2024-01-01"))
        .collect();
    let errors = rows(&bad.iter().map(String::as_str).collect::<Vec<_>>()).unwrap_err();
    assert_eq!((errors.total, errors.found.len()), (500, KEPT));
    assert!(
        errors
            .to_string()
            .ends_with("refused with 400 more, nothing was imported")
    );
    let long = format!(
        "1,{},45,7.2,2023-03-01,yes,open,2024-01-01",
        "ü".repeat(100)
    );
    let value = rows(&[&long]).unwrap_err().found[0].value.clone().unwrap();
    assert_eq!(value, "ü".repeat(60) + "…");
}

#[test]
fn files_that_are_no_tables_are_refused() {
    let refused = |bytes: &[u8], want: &str| {
        let errors = import(SCHEMA, bytes).unwrap_err();
        assert_eq!(errors.total, u64::try_from(errors.found.len()).unwrap());
        assert!(
            errors.to_string().contains(want),
            "got {errors}\nwant {want}"
        );
    };
    refused(b"", "the file has no such column");
    refused(HEADER.as_bytes(), "the file has no rows");
    refused(
        b"id,age,sex,id\n",
        "column \"id\", the header names this column twice",
    );
    refused(
        b"id,age\n1,5\n",
        "column \"sex\", the file has no such column; it has id, age",
    );
    refused(b"\xff\xfei\0d\0\n\0", "not UTF-8");
    refused(b"PAR1 not really", "cannot be read");
    refused(b"\x1f\x8bnot really", "cannot be read");
    refused(
        vec!["x".to_string(); 5000].join(",").as_bytes(),
        "more than 4096 columns",
    );
    let invalid = [
        HEADER.as_bytes(),
        b"\n1,fe\xffmale,45,7.2,2023-03-01,yes,open,2024-01-01",
    ]
    .concat();
    refused(&invalid, "row 1, column \"sex\", not UTF-8");
    let open_quote = [HEADER.as_bytes(), b"\n\"", "x".repeat(17 << 20).as_bytes()].concat();
    refused(&open_quote, "a quotation mark may be open");
    let schema = Schema::parse(SCHEMA).unwrap();
    let errors = Import::run(&schema, &PathBuf::from("/nowhere/t.csv"), 0, &|_, _| ()).unwrap_err();
    assert!(
        errors
            .to_string()
            .contains("/nowhere/t.csv: cannot be read"),
        "{errors}"
    );
}

#[test]
fn byte_order_mark_line_ends_quotes_and_compression_change_nothing() {
    let plain = rows(&[GOOD]).unwrap();
    let quoted = format!(
        "\u{feff}{}\r\n{}\r\n",
        HEADER,
        GOOD.replace("female", "\"female\"")
    );
    let same = |bytes: &[u8]| {
        let table = import(SCHEMA, bytes).unwrap();
        assert_eq!(table.codes, plain.codes);
    };
    same(quoted.as_bytes());
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gzip.write_all(quoted.as_bytes()).unwrap();
    let mut packed = gzip.finish().unwrap();
    same(&packed);
    packed.truncate(packed.len() - 12);
    assert!(import(SCHEMA, &packed).is_err());
}

#[test]
fn progress_ends_at_the_end() {
    let text: String = (0..50_000).map(|i| format!("{i}\n")).collect();
    let (_folder, path) = file("t.csv", format!("n\n{text}").as_bytes());
    let schema = "dataset = 'n'\npolicy = 'cms'\n[[column]]\nname = 'n'\nkind = 'integer'\nmin = 0\nmax = 4000\n";
    let reports = std::cell::RefCell::new(Vec::new());
    let schema = Schema::parse(schema).unwrap();
    let e = Import::run(&schema, &path, 0, &|done, total| {
        reports.borrow_mut().push((done, total))
    })
    .unwrap_err();
    assert_eq!(e.total, 45_999);
    let reports = reports.into_inner();
    assert!(reports.len() > 5 && reports.is_sorted());
    assert_eq!(reports.last().map(|(d, t)| d == t), Some(true));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn any_bytes_are_read_without_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let _ = import(SCHEMA, &[HEADER.as_bytes(), b"\n", &bytes].concat());
        let _ = import(SCHEMA, &bytes);
    }

    #[test]
    fn any_tag_comes_back(words in prop::array::uniform4(any::<u64>()), prefix in any::<bool>()) {
        let tag = words.into_iter().fold(Fr::from(0), |sum, w| sum * Fr::from(u128::from(u64::MAX) + 1) + Fr::from(w));
        let digits: String = to_be(&tag).iter().map(|b| format!("{b:02x}")).collect();
        let cell = if prefix { format!("0x{digits}") } else { digits };
        prop_assert_eq!(tags(&[&cell]).unwrap(), vec![tag]);
    }

    #[test]
    fn any_valid_table_comes_back(codes in prop::collection::vec(
        (0u16..3, 0u16..26, 0u16..167, 0u16..262, 0u16..3), 1..80)) {
        let columns = Schema::parse(SCHEMA).unwrap().columns();
        let lines: Vec<String> = (0..).zip(&codes).map(|(i, &(a, b, c, d, e)): (usize, _)| {
            let cell = |column: usize, code: u16| match code {
                0 => "NA".into(),
                code => columns[column].label(code),
            };
            format!("{i},{},{},{},{},{},open,2020-02-02", cell(0, a), cell(1, b), cell(2, c), cell(3, d), cell(4, e))
        }).collect();
        let table = rows(&lines.iter().map(String::as_str).collect::<Vec<_>>()).unwrap();
        for (r, &(a, b, c, d, e)) in codes.iter().enumerate() {
            let got: Vec<u16> = table.codes.iter().map(|codes| codes[r]).collect();
            prop_assert_eq!(got, vec![a, b, c, d, e, 36]);
        }
    }
}
