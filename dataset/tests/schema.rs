//! Schemas: what is refused and in which words, and that proposals hold for the files they were made from.

#![cfg(test)]

use nectar_dataset::{import::Import, infer, schema::Schema};
use nectar_verifier::column::Kind;
use proptest::prelude::*;
use std::path::PathBuf;

const HEAD: &str = "dataset = 'd'\npolicy = 'cms'\n";

fn parse(head: &str, column: &str) -> Result<Schema, String> {
    Schema::parse(&format!("{head}[[column]]\n{column}")).map_err(|e| e.to_string())
}

fn csv(text: &str) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("people.csv");
    std::fs::write(&path, text).unwrap();
    (folder, path)
}

#[test]
fn decimals_are_exact_however_they_are_written() {
    for numbers in [
        "min = 3.5\nmax = 20\nstep = 0.1",
        "min = '3.50'\nmax = '20'\nstep = '0.1'",
    ] {
        let schema = parse(
            HEAD,
            &format!("name = 'x'\nkind = 'decimal'\n{numbers}\nunit = '%'"),
        )
        .unwrap();
        let want = Kind::Number {
            min: 35,
            step: 1,
            scale: 1,
            count: 166,
            unit: "%".into(),
        };
        assert_eq!(schema.columns()[0].kind, want);
    }
}

#[test]
fn rounding_is_only_by_request() {
    let codes = |round: &str| {
        let (_folder, path) = csv("x\n0\n0.049\n0.05\n-0.001\n20.09\n");
        let column =
            format!("name = 'x'\nkind = 'decimal'\nmin = -1\nmax = 20\nstep = '0.1'\n{round}");
        let schema = parse(HEAD, &column).unwrap();
        Import::in_file_order(&schema, &path, 0, &|_, _| ()).map(|t| t.codes[0].clone())
    };
    assert_eq!(codes("").unwrap_err().total, 4);
    assert_eq!(codes("round = 'down'"), Ok(vec![11, 11, 11, 10, 211]));
    let errors = codes("round = 'nearest'").unwrap_err();
    assert!(
        errors
            .to_string()
            .contains("row 5, column \"x\", value \"20.09\": outside -1.0 to 20.0"),
        "{errors}"
    );
    assert!(
        parse(
            HEAD,
            "name = 'x'\nkind = 'integer'\nmin = 0\nmax = 5\nround = 'up'"
        )
        .is_err()
    );
}

#[test]
fn segments_fit_the_rows() {
    let schema = parse(HEAD, "name = 'x'\nkind = 'boolean'").unwrap();
    let bits = [1, 16, 17, 65_536, 71_518, u32::MAX].map(|rows| schema.segment_bits(rows, None));
    assert_eq!(bits, [4, 4, 5, 15, 15, 15]);
    let fixed = parse(
        &format!("{HEAD}segment_bits = 10\n"),
        "name = 'x'\nkind = 'boolean'",
    )
    .unwrap();
    assert_eq!(fixed.segment_bits(71_518, Some(12)), 10);
    assert_eq!(schema.segment_bits(71_518, Some(12)), 12);
}

#[test]
fn columns_are_refused_by_name_and_rule() {
    for (column, want) in [
        ("kind = 'boolean'", "column number 1 has no `name`"),
        ("name = 'x'", "column \"x\": no kind \"\", want categorical"),
        (
            "name = 'x'\nkind = 'tag'",
            "a dataset has a column besides its tags",
        ),
        (
            "name = 'x'\nkind = 'tag'\n[[column]]\nname = 'y'\nkind = 'boolean'",
            "column \"x\": a tag column comes last, and there is one at most",
        ),
        (
            "name = 'x'\nkind = 'boolean'\n[[column]]\nname = 'y'\nkind = 'tag'\n[[column]]\nname = 'z'\nkind = 'tag'",
            "column \"y\": a tag column comes last, and there is one at most",
        ),
        (
            "name = 'x'\nkind = 'boolean'\n[[column]]\nname = 'x'\nkind = 'tag'",
            "the column name \"x\" is used twice",
        ),
        (
            "name = 'x'\nkind = 'boolean'\n[[column]]\nkind = 'tag'",
            "column number 2 has no `name`",
        ),
        (
            "name = 'x'\nkind = 'boolean'\n[[column]]\nname = 'y'\nkind = 'tag'\nlabels = ['a']",
            "column \"y\": unknown field `labels`",
        ),
        (
            "name = 'x'\nkind = 'boolean'\n[[column]]\nname = 'y'\nkind = 'tag'\n\
             missing = ['0000000000000000000000000000000000000000000000000000000000000000']",
            "000\" has two meanings",
        ),
        (
            "name = 'x'\nkind = 'boolean'\nlabels = ['a']",
            "column \"x\": unknown field `labels`",
        ),
        (
            "name = 'x'\nkind = 'boolean'\ntrue = ['a']\nfalse = ['A']",
            "column \"x\": \"a\" has two meanings",
        ),
        (
            "name = 'x'\nkind = 'boolean'\nmissing = ['NO']",
            "column \"x\": \"NO\" has two meanings",
        ),
        (
            "name = 'x'\nkind = 'boolean'\nmissing = 1",
            "column \"x\": `missing`: invalid type",
        ),
        (
            "name = 'x'\nkind = 'categorical'",
            "column \"x\": missing field `labels`",
        ),
        (
            "name = 'x'\nkind = 'categorical'\nlabels = []",
            "column \"x\": a categorical column has 1 to 4095 labels",
        ),
        (
            "name = 'x'\nkind = 'categorical'\nlabels = ['a', 'a']",
            "column \"x\": labels are distinct",
        ),
        (
            "name = 'x'\nkind = 'categorical'\nlabels = ['a']\nmissing = ['a']",
            "\"a\" has two meanings",
        ),
        (
            "name = 'x'\nkind = 'integer'\nmin = 0\nmax = 4095",
            "column \"x\": at most 4095 values",
        ),
        (
            "name = 'x'\nkind = 'integer'\nmin = 5\nmax = 5",
            "column \"x\": a number column has at least 2 values",
        ),
        (
            "name = 'x'\nkind = 'integer'\nmin = 5\nmax = 0",
            "`max` is not below `min`",
        ),
        (
            "name = 'x'\nkind = 'integer'\nmin = 0\nmax = 5\nstep = 2",
            "a whole number of steps",
        ),
        (
            "name = 'x'\nkind = 'integer'\nmin = 0\nmax = 5\nstep = 0",
            "`step` is positive",
        ),
        (
            "name = 'x'\nkind = 'integer'\nmin = 0\nmax = 5\nstep = 0.5",
            "of an integer column are integers",
        ),
        (
            "name = 'x'\nkind = 'decimal'\nmin = 0\nmax = 0.1234567890123456789",
            "`max` is not an exact decimal number",
        ),
        (
            "name = 'x'\nkind = 'decimal'\nmin = nan\nmax = 1",
            "`min` is not an exact decimal number",
        ),
        (
            "name = 'x'\nkind = 'decimal'\nmin = '0.0000000001'\nmax = '0.0000000001'\nstep = '0.0000000001'",
            "at most 9 decimal places",
        ),
        (
            "name = 'x'\nkind = 'integer'\nmin = 9007199254740992\nmax = 9007199254740993",
            "within 2^52 of zero",
        ),
        (
            "name = 'x'\nkind = 'date'\nfirst = '2020'\nlast = '2021-01'",
            "`first` is \"2020\", want YYYY-MM or",
        ),
        (
            "name = 'x'\nkind = 'date'\ngrid = 'day'\nfirst = '2020-01'\nlast = '2021-01'",
            "`first` is \"2020-01\", want YYYY-MM-DD",
        ),
        (
            "name = 'x'\nkind = 'date'\ngrid = 'year'\nfirst = '2020-01'\nlast = '2021-01'",
            "unknown variant `year`",
        ),
        (
            "name = 'x'\nkind = 'date'\nfirst = '2020-02'\nlast = '2020-01'",
            "`first` is not after `last`",
        ),
        (
            "name = 'x'\nkind = 'consent'\npurpose = ''\nfirst = '2020-02'\nlast = '2020-03'",
            "a purpose has 1 to 256 bytes",
        ),
        ("name = ''\nkind = 'boolean'", "a name has 1 to 256 bytes"),
        (
            "name = 'x'\nkind = 'boolean'\n[[column]]\nname = 'x'\nkind = 'boolean'",
            "the column name \"x\" is used twice",
        ),
        (
            "name = 'x'\nkind = 'consent'\npurpose = 'p'\nfirst = '2020-02'\nlast = '2020-03'\n\
             [[column]]\nname = 'y'\nkind = 'consent'\npurpose = 'p'\nfirst = '2020-02'\nlast = '2020-03'",
            "the purpose \"p\" is used twice",
        ),
    ] {
        let e = parse(HEAD, column).unwrap_err();
        assert!(e.contains(want), "got {e}\nwant {want}");
    }
}

#[test]
fn heads_are_refused_by_rule() {
    for (head, want) in [
        ("policy = 'cms'\n", "missing field `dataset`"),
        (
            "dataset = ''\npolicy = 'cms'\n",
            "`dataset` has 1 to 256 bytes",
        ),
        ("dataset = 'd'\n", "missing field `policy`"),
        (
            "dataset = 'd'\npolicy = { k = 10, base = 5, zeros = true }\n",
            "nearest valid are 8 and 13",
        ),
        (
            "dataset = 'd'\npolicy = 'cms'\nlag_days = 32\n",
            "`lag_days` is at most 31",
        ),
        (
            "dataset = 'd'\npolicy = 'cms'\nutc_offset = 1081\n",
            "`utc_offset` is in minutes",
        ),
        (
            "dataset = 'd'\npolicy = 'cms'\nsegment_bits = 3\n",
            "`segment_bits` is 4 to 16",
        ),
        (
            "dataset = 'd'\npolicy = 'cms'\ntimezone = 'UTC'\n",
            "unknown field `timezone`",
        ),
        ("dataset = [\n", "TOML parse error"),
    ] {
        let e = parse(head, "name = 'x'\nkind = 'boolean'\n").unwrap_err();
        assert!(e.contains(want), "got {e}\nwant {want}");
    }
    assert!(Schema::parse("dataset = 'd'\npolicy = 'cms'\ncolumn = []").is_err());
}

/// What verifiers would refuse in a header is refused when a schema is read: texts that look like others.
#[test]
fn texts_that_change_the_direction_of_writing_are_refused() {
    for mark in ['\u{202e}', '\u{2066}', '\u{200f}', '\u{61c}', '\u{7}'] {
        let escape = format!("\\u{:04x}", u32::from(mark));
        let column = |fields: String| parse(HEAD, &fields);
        let head = format!("dataset = \"a{escape}b\"\npolicy = 'cms'\n");
        let boolean = "name = 'x'\nkind = 'boolean'";
        let consent = "kind = 'consent'\nfirst = '2020-01'\nlast = '2020-12'";
        let refused = [
            (parse(&head, boolean), "`dataset`"),
            (
                column(format!("name = \"a{escape}b\"\nkind = 'boolean'")),
                "a name has",
            ),
            (
                column(format!(
                    "name = 'x'\nkind = 'categorical'\nlabels = ['a', \"b{escape}\"]"
                )),
                "a label has",
            ),
            (
                column(format!(
                    "name = 'x'\nkind = 'integer'\nmin = 0\nmax = 5\nunit = \"{escape}\""
                )),
                "a unit has",
            ),
            (
                column(format!("name = 'x'\npurpose = \"{escape}p\"\n{consent}")),
                "a purpose has",
            ),
        ];
        for (schema, rule) in refused {
            let error = schema.unwrap_err();
            assert!(error.contains(rule), "{mark:?}: {error}");
        }
    }
}

/// A proposal passes that rule, whatever file, columns and labels are called.
#[test]
fn a_proposal_leaves_out_texts_that_change_the_direction_of_writing() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("pe\u{202e}ople.csv");
    std::fs::write(&path, "\u{2066}sex,town\nf,a\u{200f}\nm,b\nm,b\n").unwrap();
    let text = infer::propose(&path, &|_, _| ()).unwrap();
    let schema = Schema::parse(&text).unwrap();
    assert_eq!(schema.dataset, "people");
    let names: Vec<_> = schema.columns().into_iter().map(|c| c.name).collect();
    assert_eq!(names, ["column 1"], "{text}");
    assert!(text.contains("change the direction of writing"), "{text}");
}

#[test]
fn a_proposal_explains_itself() {
    let rows: String = (0..5000)
        .map(|i| {
            let until = ["open", "2027-03-04", "withdrawn", "9999-12-31"][i % 4];
            let (flag, zip) = (["yes", "NO"][i % 2], format!("0{}", 1000 + i % 3));
            let day = 1 + i % 28;
            format!(
                "p{i},{i}.5,{zip},{flag},{},2.{}5,2024-01-{day:02},{until},,x{i}\n",
                i % 2,
                i % 4
            )
        })
        .collect();
    let head = "patient,exact,zip,flag,bit,level,seen,consent_until,nothing,note\n";
    let (_folder, path) = csv(&(head.to_owned() + &rows));
    let text = infer::propose(&path, &|_, _| ()).unwrap();
    for want in [
        "dataset = \"people\"",
        "subject = \"patient\" # no two rows have the same",
        "missing = [\"\"]",
        "Choose `step` and `round`.\nname = \"exact\"\nkind = \"decimal\"\nmin = 0\nmax = 5000\nstep = 10\nround = \"nearest\"\n",
        "name = \"zip\"\nkind = \"categorical\"\nlabels = [\"01000\", \"01001\", \"01002\"]",
        "name = \"flag\"\nkind = \"boolean\"\n",
        "# 2 distinct values: categorical, if they are codes; boolean, if 0 and 1 mean no and yes.\nname = \"bit\"\nkind = \"integer\"\nmin = 0\nmax = 1\n",
        "name = \"level\"\nkind = \"decimal\"\nmin = \"2.05\"\nmax = \"2.35\"\nstep = \"0.01\"\n",
        "name = \"seen\"\nkind = \"date\"\ngrid = \"day\"\nfirst = \"2024-01-01\"\nlast = \"2024-01-28\"\n",
        "name = \"consent_until\"\nkind = \"consent\"\npurpose = \"research\"\nfirst = \"2027-02\"\nlast = \"2052-02\"\n",
        "# name = \"nothing\"\n# Left out: it has no values.",
        "# name = \"note\"\n# Left out: more than 4095 distinct values",
    ] {
        assert!(text.contains(want), "want {want}\ngot {text}");
    }
    let table = Import::run(&Schema::parse(&text).unwrap(), &path, 0, &|_, _| ()).unwrap();
    assert_eq!((table.rows, table.columns.len()), (5000, 7));
}

#[test]
fn files_without_rows_have_no_proposal() {
    let (_folder, path) = csv("a,b\n");
    assert!(
        infer::propose(&path, &|_, _| ())
            .unwrap_err()
            .to_string()
            .contains("no rows")
    );
    let (_folder, path) = csv("a,b\n1,2\n3\n");
    assert!(
        infer::propose(&path, &|_, _| ())
            .unwrap_err()
            .to_string()
            .contains("row 2, 1 fields")
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn a_proposal_holds_for_its_file(
        header in prop::collection::btree_set("[a-z \"'\n]{0,4}|consent", 2..5),
        rows in prop::collection::vec(prop::collection::vec(
            "-?[0-9]{1,3}(\\.[0-9]{1,2})?|20[0-3][0-9]-0[1-9](-[0-2][1-9])?|NA|\\?|open|yes|no|[a-c\"'\\\\\n\u{e9}]{0,3}|9{20}", 5), 1..12),
    ) {
        let mut out = csv::Writer::from_writer(Vec::new());
        out.write_record(&header).unwrap();
        for row in rows {
            out.write_record(row.iter().take(header.len())).unwrap();
        }
        let (_folder, path) = csv(std::str::from_utf8(&out.into_inner().unwrap()).unwrap());
        let text = infer::propose(&path, &|_, _| ()).unwrap();
        if text.contains("\n[[column]]") {
            let schema = Schema::parse(&text).map_err(|e| TestCaseError::fail(format!("{e}\n{text}")))?;
            Import::run(&schema, &path, 0, &|_, _| ()).map_err(|e| TestCaseError::fail(format!("{e}\n{text}")))?;
        }
    }
}
