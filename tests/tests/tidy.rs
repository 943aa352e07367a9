//! The tree keeps to ARCHITECTURE.md: who may depend on whom, and files that can be read whole.

use std::{
    fs,
    path::{Path, PathBuf},
};

/// Most lines of a source file.
const MOST_LINES: usize = 500;

fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
}

fn dependencies(crate_folder: &str) -> Vec<String> {
    let text = fs::read_to_string(root().join(crate_folder).join("Cargo.toml")).unwrap();
    let manifest: toml::Table = text.parse().unwrap();
    manifest["dependencies"]
        .as_table()
        .unwrap()
        .keys()
        .cloned()
        .collect()
}

/// Which crates of Nectar each may use.
const ALLOWED: [(&str, &[&str]); 11] = [
    ("verifier", &[]),
    ("proto", &["nectar-verifier"]),
    ("client", &["nectar-verifier", "nectar-proto"]),
    ("circuits", &["nectar-verifier"]),
    ("sql", &["nectar-verifier"]),
    ("answer", &["nectar-verifier", "nectar-sql"]),
    ("params", &["nectar-verifier", "nectar-circuits"]),
    (
        "engine",
        &["nectar-verifier", "nectar-circuits", "nectar-params"],
    ),
    (
        "dataset",
        &["nectar-verifier", "nectar-params", "nectar-engine"],
    ),
    (
        "prover",
        &[
            "nectar-verifier",
            "nectar-proto",
            "nectar-params",
            "nectar-engine",
        ],
    ),
    ("chain", &["nectar-verifier"]),
];

#[test]
fn crates_depend_only_on_those_below() {
    for (name, allowed) in ALLOWED {
        for dependency in dependencies(name)
            .iter()
            .filter(|d| d.starts_with("nectar-"))
        {
            assert!(
                allowed.contains(&dependency.as_str()),
                "{name} must not depend on {dependency}"
            );
        }
    }
}

/// The verifier knows no runtime, clock, file or randomness.
#[test]
fn the_verifier_is_pure() {
    for name in [
        "tokio",
        "rand",
        "getrandom",
        "tempfile",
        "rayon",
        "tonic",
        "anyhow",
    ] {
        assert!(
            !dependencies("verifier").iter().any(|d| d == name),
            "the verifier must not depend on {name}"
        );
    }
    for path in sources(&root().join("verifier/src")) {
        let text = fs::read_to_string(&path).unwrap();
        for word in [
            "std::fs",
            "std::net",
            "SystemTime",
            "Instant::now",
            "HashMap",
            "std::env",
        ] {
            assert!(
                !text.contains(word),
                "{}: {word} has no place in the verifier",
                path.display()
            );
        }
    }
}

/// The engine does arithmetic; it neither waits nor reads files.
#[test]
fn the_engine_knows_no_runtime() {
    for path in sources(&root().join("engine/src")) {
        let text = fs::read_to_string(&path).unwrap();
        for word in ["tokio::", "tonic::", "std::fs", "nectar_proto::"] {
            assert!(
                !text.contains(word),
                "{}: {word} has no place in the engine",
                path.display()
            );
        }
    }
}

/// Provers that depart from the protocol are built for tests alone: no crate of the program asks for them.
#[test]
fn the_program_has_no_dishonest_prover() {
    let crates = ALLOWED.map(|(folder, _)| folder);
    for folder in crates.into_iter().filter(|f| *f != "engine").chain(["cli"]) {
        let manifest = fs::read_to_string(root().join(folder).join("Cargo.toml")).unwrap();
        assert!(
            !manifest.contains("test-util"),
            "{folder} must not ask for test-util"
        );
    }
}

#[test]
fn files_can_be_read_whole() {
    let folders = ALLOWED.map(|(folder, _)| folder);
    for folder in folders
        .into_iter()
        .chain(["testkit", "cli", "tests", "contracts"])
    {
        for path in sources(&root().join(folder)) {
            let lines = fs::read_to_string(&path).unwrap().lines().count();
            assert!(
                lines <= MOST_LINES,
                "{} has {lines} lines, at most {MOST_LINES}",
                path.display()
            );
        }
    }
}

/// All sources in Rust and Solidity below a folder.
fn sources(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|e| e.unwrap().path());
    let (folders, files): (Vec<_>, Vec<_>) = entries.partition(|p| p.is_dir());
    let below = folders
        .iter()
        .filter(|f| !f.ends_with("target") && !f.ends_with("node_modules"))
        .flat_map(|f| sources(f));
    files
        .into_iter()
        .filter(|p| p.extension().is_some_and(|e| e == "rs" || e == "sol"))
        .chain(below)
        .collect()
}
