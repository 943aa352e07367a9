//! From a file to a verified answer, by commands alone.

use crate::nectar::{Run, command, run};
use nectar_verifier::{
    bundle::Bundle,
    date::{civil, day_at},
};
use serde_json::{Value, json};
use std::{
    fmt::Write,
    fs,
    io::{BufRead, BufReader},
    path::Path,
    process::Child,
    sync::Once,
    time::{SystemTime, UNIX_EPOCH},
};

const SCHEMA: &str = r#"
dataset = "toy"
policy = "opensafely"
[[column]]
name = "sex"
kind = "categorical"
labels = ["female", "male"]
[[column]]
name = "weight"
kind = "integer"
min = 40
max = 119
unit = "kg"
[[column]]
name = "consent"
kind = "consent"
purpose = "research"
first = "2020-01"
last = "2035-12"
"#;

/// 400 people, 200 a sex; every tenth has given no consent.
fn data() -> String {
    let mut text = String::from("sex,weight,consent\n");
    for i in 0..400 {
        let sex = ["female", "male"][i % 2];
        let consent = if i % 20 < 2 { "" } else { "open" };
        let _ = writeln!(text, "{sex},{},{consent}", 50 + i % 60);
    }
    text
}

/// A service that is stopped when the test ends.
pub struct Service {
    child: Child,
    pub url: String,
    /// The first line on its standard error.
    pub said: String,
}

impl Service {
    pub fn start(here: &Path) -> Self {
        fs::write(here.join("serve.toml"), "listen = '127.0.0.1:0'").unwrap();
        let arguments = [
            "serve",
            "toy",
            "--keys",
            "keys",
            "--params",
            PARAMS,
            "--config",
            "serve.toml",
        ];
        let mut child = command(here, &arguments).spawn().unwrap();
        let (mut line, mut said) = (String::new(), String::new());
        // Standard error stays open: the service goes on writing to it.
        let err = child.stderr.as_mut().unwrap();
        BufReader::new(err).read_line(&mut said).unwrap();
        let out = child.stdout.take().unwrap();
        BufReader::new(out).read_line(&mut line).unwrap();
        let url = line.trim().strip_prefix("serving on ").unwrap_or_default();
        let url = url.to_string();
        Service { child, url, said }
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Kept from run to run: they are always the same, and take a while to make.
pub const PARAMS: &str = concat!(env!("CARGO_TARGET_TMPDIR"), "/params");

/// Makes the parameters, while other tests wait.
pub fn make_params(here: &Path) {
    static MADE: Once = Once::new();
    MADE.call_once(|| {
        run(here, &["params", "dev", "--out", PARAMS]).succeeded();
    });
}

fn today() -> String {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    let day = day_at(since.as_secs().try_into().unwrap(), 0).unwrap();
    civil(day).unwrap().to_string()
}

/// A dataset imported and committed; what the command says of the snapshot.
pub fn commit(here: &Path) -> Value {
    fs::write(here.join("schema.toml"), SCHEMA).unwrap();
    fs::write(here.join("data.csv"), data()).unwrap();
    let import = [
        "import",
        "--schema",
        "schema.toml",
        "--data",
        "data.csv",
        "--out",
        "toy",
    ];
    assert!(run(here, &import).succeeded().contains("400 rows"));
    run(here, &import).failed(2, "exists already");
    make_params(here);
    run(here, &["snapshot", "show", "toy"]).failed(2, "no snapshot yet");
    let commit = [
        "snapshot", "commit", "toy", "--keys", "keys", "--params", PARAMS, "--json",
    ];
    let header: Value = serde_json::from_str(&run(here, &commit).succeeded()).unwrap();
    assert_eq!(header["sequence"], 1);
    header
}

/// A dataset committed and attested, with its trust file.
fn prepare(here: &Path) {
    let header = commit(here);
    let attest = [
        "snapshot", "attest", "toy", "--keys", "keys", "--params", PARAMS,
    ];
    run(here, &attest).succeeded();
    let trust = run(here, &["snapshot", "show", "toy", "--trust"]).succeeded();
    assert!(trust.contains(header["root"].as_str().unwrap()), "{trust}");
    fs::write(here.join("trust.toml"), trust).unwrap();
}

pub fn query(here: &Path, service: &Service, sql: &str, more: &[&str]) -> Run {
    let (url, day) = (service.url.as_str(), today());
    let own = [
        "query",
        "--server",
        url,
        "--dataset",
        "toy",
        "--purpose",
        "research",
        "--date",
        &day,
        sql,
    ];
    run(here, &[&own, more].concat())
}

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
    let answer = query(here, &service, sql, &asked).succeeded();
    let answer: Value = serde_json::from_str(&answer).unwrap();
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
