//! Receipts: from a secret to what a snapshot holds of a person, and everything that is not theirs.

use crate::{
    nectar::{Run, command, run},
    toy::{PARAMS, Service, make_params},
};
use nectar_verifier::receipt::Receipt;
use serde_json::{Value, json};
use std::{
    fs,
    io::Write,
    path::Path,
    process::{Output, Stdio},
};

/// The schema of a small dataset with ages, consents and tags.
pub const TAGGED: &str = r#"
dataset = "toy"
subject = "id"
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
[[column]]
name = "tag"
from = "receipt_tag"
kind = "tag"
"#;

/// Draws a secret for a dataset; gives the tag.
fn draw(here: &Path, dataset: &str, file: &str) -> String {
    let draw = ["receipt", "secret", "--dataset", dataset, "--out", file];
    let text = run(here, &draw).succeeded();
    assert!(text.contains("never give it away"), "{text}");
    text.lines().next().unwrap_or_default().into()
}

fn source(tag: &str, consent: &str) -> String {
    format!("id,age,consent,receipt_tag\n4711,30,{consent},{tag}\nb,40,open,\nc,50,,\n")
}

fn commit(here: &Path) {
    for action in ["commit", "attest"] {
        let run_it = [
            "snapshot", action, "toy", "--keys", "keys", "--params", PARAMS,
        ];
        run(here, &run_it).succeeded();
    }
    let trust = run(here, &["snapshot", "show", "toy", "--trust"]).succeeded();
    fs::write(here.join("trust.toml"), trust).unwrap();
}

fn import(here: &Path, schema: &str, data: &str) {
    fs::write(here.join("schema.toml"), schema).unwrap();
    fs::write(here.join("data.csv"), data).unwrap();
    let import = [
        "import",
        "--schema",
        "schema.toml",
        "--data",
        "data.csv",
        "--out",
        "toy",
    ];
    run(here, &import).succeeded();
}

/// A dataset of three people, committed and attested; the first has `mine.secret`.
fn prepare(here: &Path) -> String {
    make_params(here);
    let tag = draw(here, "toy", "mine.secret");
    assert_eq!(tag.len(), 64);
    import(here, TAGGED, &source(&tag, "2027-11-30"));
    commit(here);
    tag
}

fn issue(here: &Path, subject: &str, more: &[&str]) -> Run {
    let own = [
        "receipt",
        "issue",
        "toy",
        "--subject",
        subject,
        "--keys",
        "keys",
        "--params",
        PARAMS,
    ];
    run(here, &[&own, more].concat())
}

fn verify(here: &Path, file: &str, more: &[&str]) -> Run {
    let own = [
        "receipt",
        "verify",
        file,
        "--trust",
        "trust.toml",
        "--allow-dev-keys",
    ];
    run(here, &[&own, more].concat())
}

const MINE: [&str; 2] = ["--secret", "mine.secret"];

#[test]
fn a_person_sees_what_snapshots_hold_of_them() {
    let place = tempfile::tempdir().unwrap();
    let here = place.path();
    let tag = prepare(here);
    let made = issue(here, "4711", &["--out", "1.nectar"]).succeeded();
    assert!(
        made.contains("of consent\n") && made.contains("personal data"),
        "{made}"
    );
    shown_as_what_it_is(here, &tag);
    asked_for_by_secret(here);

    fs::write(here.join("next.csv"), source("", "withdrawn")).unwrap();
    let old = fs::read_to_string(here.join("trust.toml")).unwrap();
    run(here, &["import", "--into", "toy", "--data", "next.csv"]).succeeded();
    issue(here, "4711", &["--out", "early.nectar"]).failed(1, "the table has changed");
    commit(here);
    withdrawn_and_former(here, &tag, &old);
}

fn shown_as_what_it_is(here: &Path, tag: &str) {
    let text = verify(here, "1.nectar", &MINE).succeeded();
    for words in [
        "VERIFIED toy, snapshot 1: this is your row",
        "consents to research until 2027-11\n",
        "the row with your tag holds exactly these values",
        "that no other row copies you",
        "the dataset's head",
        "INSECURE DEVELOPMENT KEYS",
        tag,
    ] {
        assert!(text.contains(words), "{words}: {text}");
    }
    assert!(!text.contains("age"), "{text}");
    let text = verify(here, "1.nectar", &[]).succeeded();
    assert!(text.contains("only their secret tells"), "{text}");
    assert!(!text.contains("your tag"), "{text}");
}

fn asked_for_by_secret(here: &Path) {
    let service = Service::start(here);
    let ask = |secret: &str, file: &str| {
        let own = [
            "receipt",
            "issue",
            "--server",
            &service.url,
            "--columns",
            "all",
        ];
        run(
            here,
            &[&own, ["--secret", secret, "--out", file].as_slice()].concat(),
        )
    };
    ask("mine.secret", "asked.nectar").succeeded();
    let text = verify(here, "asked.nectar", &[&MINE[..], &["--json"]].concat()).succeeded();
    let got: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(
        (&got["yours"], &got["standing"]),
        (&json!(true), &json!("head"))
    );
    assert_eq!(got["values"][0]["value"], "30");
    assert_eq!(
        got["values"][1]["text"],
        "consents to research until 2027-11"
    );
    draw(here, "toy", "unknown.secret");
    ask("unknown.secret", "none.nectar").failed(1, "no row of the dataset has the tag");
    assert!(!here.join("none.nectar").exists());
}

fn withdrawn_and_former(here: &Path, tag: &str, old: &str) {
    let mut child = command(
        here,
        &[
            "receipt",
            "issue",
            "toy",
            "--subject",
            "-",
            "--keys",
            "keys",
            "--params",
            PARAMS,
            "--columns",
            "age,consent",
            "--out",
            "2.nectar",
        ],
    )
    .stdin(Stdio::piped())
    .spawn()
    .unwrap();
    child.stdin.take().unwrap().write_all(b"4711\n").unwrap();
    let Output { status, stderr, .. } = child.wait_with_output().unwrap();
    assert!(status.success(), "{}", String::from_utf8_lossy(&stderr));
    let text = verify(here, "2.nectar", &MINE).succeeded();
    assert!(text.contains("snapshot 2") && text.contains(tag), "{text}");
    assert!(
        text.contains("no consent to research: none given, not begun, or withdrawn"),
        "{text}"
    );

    let new = fs::read_to_string(here.join("trust.toml")).unwrap();
    let head = new.rfind("[[head]]").unwrap();
    fs::write(here.join("trust.toml"), format!("{old}\n{}", &new[head..])).unwrap();
    let text = verify(here, "1.nectar", &MINE).succeeded();
    assert!(text.contains("a former head"), "{text}");
}

#[test]
fn what_is_not_a_persons_own_is_refused() {
    let place = tempfile::tempdir().unwrap();
    let here = place.path();
    prepare(here);
    issue(here, "4711", &["--out", "mine.nectar"]).succeeded();
    issue(here, "b", &["--out", "theirs.nectar"]).succeeded();
    verify(here, "theirs.nectar", &MINE).failed(1, "NOT YOURS");
    draw(here, "other", "other.secret");
    let foreign = ["--secret", "other.secret"];
    verify(here, "mine.nectar", &foreign).failed(1, "your secret is for \"other\"");
    refused_to_make(here);
    refused_to_believe(here);
}

fn refused_to_make(here: &Path) {
    let out = ["--out", "new.nectar"];
    issue(here, "nobody", &out).failed(1, "no row of this subject");
    issue(here, "4711", &["--out", "mine.nectar"]).failed(2, "not written over");
    for (columns, why) in [
        ("height", "no column \"height\""),
        ("tag", "no column \"tag\""),
        ("age,age", "asked for twice"),
    ] {
        issue(here, "4711", &[&out[..], &["--columns", columns]].concat()).failed(2, why);
    }
    let both = [&out[..], &MINE[..]].concat();
    issue(here, "4711", &both).failed(2, "cannot be used with");
    run(here, &["receipt", "issue", "--out", "new.nectar"]).failed(2, "required");
    assert!(!here.join("new.nectar").exists());
    let again = [
        "receipt",
        "secret",
        "--dataset",
        "toy",
        "--out",
        "mine.secret",
    ];
    run(here, &again).failed(2, "not written over");
}

fn refused_to_believe(here: &Path) {
    let strict = ["receipt", "verify", "mine.nectar", "--trust", "trust.toml"];
    run(here, &strict).failed(1, "insecure development keys");
    let bytes = fs::read(here.join("mine.nectar")).unwrap();
    let mut forged = Receipt::decode(&bytes).unwrap();
    forged.record.codes[0] += 1;
    fs::write(here.join("forged.nectar"), forged.encode()).unwrap();
    verify(here, "forged.nectar", &MINE).failed(1, "NOT VERIFIED");
    fs::write(here.join("junk.nectar"), "junk").unwrap();
    verify(here, "junk.nectar", &MINE).failed(1, "not a Nectar receipt");

    let trust = fs::read_to_string(here.join("trust.toml")).unwrap();
    let headless = &trust[..trust.find("[[head]]").unwrap()];
    fs::write(here.join("trust.toml"), headless).unwrap();
    let unknown = verify(here, "mine.nectar", &MINE);
    assert!(
        unknown.out.contains("UNKNOWN to your list of heads"),
        "{unknown:?}"
    );
    unknown.failed(1, "made for you alone");
    fs::write(here.join("trust.toml"), "attestors = []").unwrap();
    verify(here, "mine.nectar", &MINE).failed(1, "NOT VERIFIED");
}

#[test]
fn without_tags_there_are_no_receipts() {
    let place = tempfile::tempdir().unwrap();
    let here = place.path();
    make_params(here);
    let (untagged, _) = TAGGED.rsplit_once("[[column]]").unwrap();
    import(here, untagged, &source("", "open"));
    commit(here);
    issue(here, "4711", &["--out", "1.nectar"]).failed(2, "no tag column");
}
