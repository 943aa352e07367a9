//! A small dataset of its own for each test, its service, and questions to it, by commands alone.

use crate::nectar::{Run, command, run};
use nectar_verifier::date::{civil, day_at};
use serde_json::Value;
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
    let header = run(here, &commit).json();
    assert_eq!(header["sequence"], 1);
    header
}

/// A dataset committed and attested, with its trust file.
pub fn prepare(here: &Path) {
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
