//! From a file to a verified answer, by commands alone.

use crate::{
    nectar::run,
    toy::{Service, prepare, query},
};
use nectar_verifier::bundle::Bundle;
use serde_json::json;
use std::{fs, path::Path};

const TRUSTED: [&str; 3] = ["--trust", "trust.toml", "--allow-dev-keys"];
pub const VERIFY: [&str; 5] = [
    "verify",
    "answer.nectar",
    "--trust",
    "trust.toml",
    "--allow-dev-keys",
];

#[test]
fn an_answer_is_asked_for_verified_and_forged_in_vain() {
    let place = tempfile::tempdir().unwrap();
    let here = place.path();
    prepare(here);
    let service = Service::start(here);

    let sql = "SELECT sex, COUNT(*), AVG(weight) FROM toy GROUP BY sex";
    let asked = [TRUSTED.as_slice(), &["--out", "answer.nectar", "--json"]].concat();
    let answer = query(here, &service, sql, &asked).json();
    assert_eq!(answer["verdict"], "verified");
    let row = &answer["tables"][0]["rows"][0];
    assert_eq!(
        (&row[0], &row[1]["value"]),
        (&json!("female"), &json!(180.0))
    );
    let (low, high) = (
        row[2]["low"].as_f64().unwrap(),
        row[2]["high"].as_f64().unwrap(),
    );
    assert!(low < high && low > 60.0 && high < 100.0, "{row}");

    verified_from_the_file(here);
    refused_for_its_reason(here);
    unverified_where_nothing_is_trusted(here, &service);
}

fn verified_from_the_file(here: &Path) {
    let text = run(here, &VERIFY).succeeded();
    for word in [
        "VERIFIED toy",
        "| female ",
        "INSECURE DEVELOPMENT KEYS",
        "trust, not proof",
        "lag",
    ] {
        assert!(text.contains(word), "{word}: {text}");
    }
    assert!(
        !text.contains('\u{1b}') && !text.contains('█'),
        "pipes get plain text: {text}"
    );
}

fn refused_for_its_reason(here: &Path) {
    run(here, &VERIFY[..4]).failed(1, "insecure development keys");
    let late = [VERIFY.as_slice(), &["--now", "2035-01-01"]].concat();
    run(here, &late).failed(1, "outside the window");
    let bytes = fs::read(here.join("answer.nectar")).unwrap();
    let mut bundle = Bundle::decode(&bytes).unwrap();
    bundle.cells[3] += 5;
    fs::write(here.join("answer.nectar"), bundle.encode()).unwrap();
    run(here, &VERIFY).failed(1, "NOT VERIFIED");
    let claimed = run(here, &["show", "answer.nectar"]).succeeded();
    assert!(claimed.starts_with("UNVERIFIED"), "{claimed}");
}

fn unverified_where_nothing_is_trusted(here: &Path, service: &Service) {
    let text = query(here, service, "SELECT COUNT(*) FROM toy", &[]).succeeded();
    assert!(
        text.starts_with("UNVERIFIED") && text.contains("360"),
        "{text}"
    );
    query(here, service, "SELECT MAX(weight) FROM toy", &[]).failed(1, "cannot be proven");
}
