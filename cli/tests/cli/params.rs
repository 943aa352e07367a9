//! Sets of parameters: begun with a real ceremony's file, shown, checked, and refused where they are not right.

use crate::nectar::run;
use std::{fs, path::Path};

const DATA: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../params/tests/data/");
const DEV: &str = include_str!("../../../params/locks/insecure-dev-v1.toml");

const QUERY: [&str; 8] = [
    "query",
    "--dataset",
    "d",
    "--purpose",
    "p",
    "--date",
    "2026-11-21",
    "SELECT 1",
];

fn ptau() -> String {
    format!("{DATA}powersOfTau28_hez_final_08.ptau")
}

/// A folder with a set of one real SRS.
fn begun() -> tempfile::TempDir {
    let here = tempfile::tempdir().unwrap();
    let import = ["params", "srs", "import", &ptau(), "--out", "sets/ours"];
    run(here.path(), &import).succeeded();
    here
}

#[test]
fn a_set_is_shown_and_verified() {
    let here = begun();
    let at = |arguments: &[&str]| run(here.path(), &[&["params"], arguments].concat());
    let text = at(&["info", "sets/ours"]).succeeded();
    assert!(text.contains("no circuit keys"), "{text}");
    let json: serde_json::Value =
        serde_json::from_str(&at(&["info", "sets/ours", "--json"]).succeeded()).unwrap();
    assert_eq!(json["insecure"], false);
    assert_eq!(json["lock"]["srs"]["bits"], 8);
    assert!(text.contains(json["id"].as_str().unwrap()), "{text}");
    at(&["verify", "sets/ours"]).succeeded();
    at(&["verify", "sets/ours", "--ptau", &ptau()]).succeeded();
    let other = format!("{DATA}powersOfTau28_hez_final_11.ptau");
    at(&["verify", "sets/ours", "--ptau", &other]).failed(1, "BLAKE2b-512");
    let both = ["verify", "sets/ours", "--ptau", &other, "--ptau", &ptau()];
    at(&both).succeeded();
    let key = [
        "verify",
        "sets/ours",
        "--ptau",
        &ptau(),
        "--zkey",
        "wide=w.zkey",
    ];
    at(&key).failed(2, "no key of circuit wide");
    at(&["verify", "sets"]).failed(2, "lock.toml");
}

#[test]
fn an_edited_lock_is_refused_by_every_command() {
    let here = begun();
    let path = here.path().join("sets/ours/lock.toml");
    let text = fs::read_to_string(&path).unwrap();
    fs::write(&path, text.replace("power = 8", "power = 9")).unwrap();
    fs::write(here.path().join("t"), "").unwrap();
    let named = format!("{}=sets/ours/lock.toml", "11".repeat(32));
    for command in [
        &["params", "info", "sets/ours"][..],
        &["params", "verify", "sets/ours"],
        &["params", "srs", "info", "sets/ours"],
        &[&QUERY[..], &["--trust", "t", "--accept", &named]].concat(),
    ] {
        run(here.path(), command).failed(1, "it was edited");
    }
}

#[test]
fn a_key_is_imported_for_its_circuit_only() {
    let here = begun();
    let (zkey, ptau) = (format!("{DATA}small_08.zkey"), ptau());
    let import = |circuit, zkey: &str| {
        let hash = "00".repeat(64);
        let arguments = [
            "params",
            "key",
            "import",
            "sets/ours",
            "--circuit",
            circuit,
            "--zkey",
            zkey,
            "--ptau",
            &ptau,
            "--circuit-hash",
            &hash,
        ];
        run(here.path(), &arguments)
    };
    import("broad", &zkey).failed(2, "want compact, wide or index");
    import("index", "none.zkey").failed(3, "none.zkey");
    import("index", &ptau).failed(1, "zkey");
    // The powers of tau serve no domain of the circuit's size.
    import("index", &zkey).failed(1, "powersOfTau28_hez_final_08.ptau");
    let kept = fs::read_dir(here.path().join("sets/ours")).unwrap().count();
    assert_eq!(kept, 2, "nothing is left of what was refused");
}

#[test]
fn circuits_are_written_with_names_of_public_inputs() {
    let here = tempfile::tempdir().unwrap();
    let text = run(here.path(), &["params", "key", "export", "--out", "c"]).succeeded();
    let file = |name: &str| fs::read(here.path().join("c").join(name)).unwrap();
    for (name, first) in [("compact", "rho"), ("wide", "rho"), ("index", "code")] {
        assert!(text.contains(&format!("{name}.r1cs")), "{text}");
        assert!(file(&format!("{name}.r1cs")).starts_with(b"r1cs\x01\0\0\0"));
        let names = String::from_utf8(file(&format!("{name}.sym"))).unwrap();
        assert_eq!(names.lines().count(), 7, "{names}");
        assert!(
            names.starts_with(&format!("1,1,0,main.{first}\n")),
            "{names}"
        );
    }
    let fingerprint = DEV.split("fingerprint = \"").nth(1).unwrap();
    assert!(text.contains(&fingerprint[..66]), "{text}");
}

/// A custodian cannot hand out development keys as a lock to accept.
#[test]
fn development_keys_are_not_accepted_as_a_lock() {
    let here = tempfile::tempdir().unwrap();
    let write =
        |name: &str, text: &str| fs::write(Path::new(here.path()).join(name), text).unwrap();
    write("lock.toml", DEV);
    let accept = |named: &str| run(here.path(), &[&QUERY[..], &["--accept", named]].concat());
    let id = &DEV[6..72];
    accept(&format!("{id}=lock.toml")).failed(1, "INSECURE");
    accept(&format!("{}=lock.toml", "11".repeat(32))).failed(1, id);
    accept("lock.toml").failed(2, "want an id and a file");
}

#[test]
fn several_sets_have_to_be_told_apart() {
    let here = begun();
    let import = ["params", "srs", "import", &ptau(), "--out", "sets/other"];
    run(here.path(), &import).succeeded();
    let serve = ["serve", "none", "--keys", "keys", "--params", "sets"];
    run(here.path(), &serve).failed(2, "sets/other, sets/ours");
}
