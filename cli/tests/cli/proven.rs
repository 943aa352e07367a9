//! A snapshot is proven, published and checked, and then answers are verified without anybody's word.

use crate::{
    nectar::{Run, run},
    toy::{PARAMS, Service, commit, query},
    workflow::VERIFY,
};
use serde_json::{Value, json};
use std::{fs, path::Path};

const PROVE: [&str; 8] = [
    "snapshot", "prove", "toy", "--keys", "keys", "--params", PARAMS, "--json",
];
const PUBLISH: [&str; 7] = [
    "snapshot",
    "publish",
    "toy",
    "--out",
    "manifest.nectar",
    "--params",
    PARAMS,
];

fn check(here: &Path, arguments: &[&str]) -> Run {
    run(here, &[&["snapshot", "verify"], arguments].concat())
}

#[test]
fn an_answer_is_verified_without_an_attestor() {
    let place = tempfile::tempdir().unwrap();
    let here = place.path();
    commit(here);
    let trust = run(here, &["snapshot", "show", "toy", "--trust"]).succeeded();
    assert!(trust.contains("attestors = []"), "{trust}");
    fs::write(here.join("trust.toml"), trust).unwrap();

    proven(here);
    let service = Service::start(here);
    assert_eq!(
        service.said,
        "toy: every column has its index proof; the manifest can be fetched\n"
    );
    let sql = "SELECT COUNT(*) FROM toy";
    query(here, &service, sql, &["--out", "answer.nectar"]).succeeded();
    run(here, &VERIFY).failed(
        1,
        "check the snapshot yourself with `nectar snapshot verify`",
    );
    checked_over_the_network(here, &service);
    let text = run(here, &VERIFY).succeeded();
    for word in [
        "VERIFIED toy",
        "index proof was checked",
        "INSECURE DEVELOPMENT KEYS",
    ] {
        assert!(text.contains(word), "{word}: {text}");
    }
    published(here);
    notes_are_read_with_care(here);
}

fn proven(here: &Path) {
    run(here, &PUBLISH).failed(
        2,
        "3 of 3 columns have no index proof yet: sex, weight, consent;",
    );
    let prove = || serde_json::from_str::<Value>(&run(here, &PROVE).succeeded()).unwrap();
    let told = |proved, present| json!({ "dataset": "toy", "sequence": 1, "proved": proved, "kept": 0, "present": present });
    assert_eq!(prove(), told(3, 0));
    fs::remove_file(here.join("toy/index/000001/0001.proof")).unwrap();
    assert_eq!(prove(), told(1, 2));
}

fn checked_over_the_network(here: &Path, service: &Service) {
    let ask = ["--server", &service.url, "--dataset", "toy"];
    check(here, &ask).failed(1, "insecure development keys");
    assert!(!here.join("nectar/checked.toml").exists());
    let other = [
        "--server",
        &service.url,
        "--dataset",
        "other",
        "--allow-dev-keys",
    ];
    check(here, &other).failed(1, "unknown dataset");
    let text = check(here, &[&ask[..], &["--allow-dev-keys"]].concat()).succeeded();
    for word in [
        "WELL FORMED toy, snapshot 1",
        "each row counts exactly once in each column",
        "3, of 400 rows each",
        "INSECURE DEVELOPMENT KEYS",
        "checked.toml",
    ] {
        assert!(text.contains(word), "{word}: {text}");
    }
}

/// The file says what the service says, and a changed one is refused and not noted.
fn published(here: &Path) {
    let text = run(here, &PUBLISH).succeeded();
    assert!(text.contains("--file manifest.nectar"), "{text}");
    let file = [
        "--file",
        "manifest.nectar",
        "--checked",
        "notes.toml",
        "--allow-dev-keys",
        "--json",
    ];
    let found: Value = serde_json::from_str(&check(here, &file).succeeded()).unwrap();
    assert_eq!(
        (
            &found["verdict"],
            &found["columns"],
            &found["insecure_dev_keys"]
        ),
        (&json!("well formed"), &json!(3), &json!(true))
    );
    let notes = || fs::read_to_string(here.join("notes.toml")).unwrap();
    assert_eq!(
        notes(),
        fs::read_to_string(here.join("nectar/checked.toml")).unwrap()
    );
    fs::remove_file(here.join("notes.toml")).unwrap();

    let path = here.join("manifest.nectar");
    let honest = fs::read(&path).unwrap();
    let mut changed = honest.clone();
    changed[honest.len() - 1] ^= 1;
    for bytes in [&changed, &honest[..honest.len() - 1], b"NECTAR"] {
        fs::write(&path, bytes).unwrap();
        check(here, &file).failed(1, "NOT ACCEPTED");
        assert!(!here.join("notes.toml").exists());
    }
    let folder = [
        "toy",
        "--params",
        PARAMS,
        "--checked",
        "notes.toml",
        "--allow-dev-keys",
    ];
    assert!(check(here, &folder).succeeded().contains("WELL FORMED toy"));
    check(here, &["toy", "--file", "manifest.nectar"]).failed(2, "cannot be used with");
    check(here, &["--server", "http://127.0.0.1:1"]).failed(2, "--dataset");
}

/// A note under another key is none, and a file that is none stops everything.
fn notes_are_read_with_care(here: &Path) {
    let path = here.join("nectar/checked.toml");
    let notes = fs::read_to_string(&path).unwrap();
    let key = notes.find("\nkey = \"0x").unwrap() + 10;
    let other = format!("{}{}{}", &notes[..key], "00", &notes[key + 2..]);
    fs::write(&path, other).unwrap();
    run(here, &VERIFY).failed(1, "not checked here");
    let elsewhere = [VERIFY.as_slice(), &["--checked", "notes.toml"]].concat();
    run(here, &elsewhere).succeeded();
    fs::write(&path, "checked = 1").unwrap();
    run(here, &VERIFY).failed(2, "delete it");
}
