//! The tree keeps to ARCHITECTURE.md: who may depend on whom, no circles of imports, and files that can be read whole.

#![cfg(test)]

use nectar_testkit::rooms::{Cycles, manifest, members};
use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

/// Most lines of a source file.
const MOST_LINES: usize = 500;

/// Most lines of ARCHITECTURE.md: two screens.
const MOST_ARCHITECTURE: usize = 120;

/// The crates of the workspace, and which of them each may depend on.
const ORDER: &[(&str, &[&str])] = &[
    ("verifier", &[]),
    ("sql", &["verifier"]),
    ("answer", &["verifier", "sql"]),
    ("proto", &["verifier"]),
    ("client", &["verifier", "proto"]),
    ("circuits", &["verifier"]),
    ("params", &["verifier", "circuits"]),
    ("engine", &["verifier", "circuits", "params"]),
    ("dataset", &["verifier", "params", "engine"]),
    ("prover", &["verifier", "proto", "params", "engine"]),
    ("chain", &["verifier"]),
    (
        "testkit",
        &[
            "verifier", "sql", "proto", "circuits", "params", "engine", "dataset", "prover",
        ],
    ),
    (
        "cli",
        &[
            "verifier", "sql", "answer", "proto", "client", "circuits", "params", "engine",
            "dataset", "prover", "chain",
        ],
    ),
    (
        "tests",
        &["verifier", "proto", "circuits", "params", "engine", "chain"],
    ),
];

/// What the tests of any crate may depend on besides.
const TESTING: &[&str] = &["testkit", "client"];

fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
}

/// The dependencies of a crate, of one kind as cargo calls it and for any target, by the names of their packages.
fn dependencies(crate_folder: &str, kind: &str) -> Vec<String> {
    let manifest = manifest(&root().join(crate_folder).join("Cargo.toml")).unwrap();
    let targets = manifest.get("target").and_then(|t| t.as_table());
    let of_targets = targets.into_iter().flat_map(|t| t.values());
    let tables = of_targets
        .filter_map(|t| t.get(kind))
        .chain(manifest.get(kind));
    let entries = tables.filter_map(|d| d.as_table()).flatten();
    let package = |entry: &toml::Value| Some(entry.get("package")?.as_str()?.to_owned());
    entries
        .map(|(name, entry)| package(entry).unwrap_or_else(|| name.clone()))
        .collect()
}

#[test]
fn crates_depend_only_on_those_below() {
    let table: BTreeSet<_> = ORDER.iter().map(|c| c.0.to_owned()).collect();
    let members: BTreeSet<_> = members(root()).unwrap().into_iter().collect();
    assert_eq!(
        table, members,
        "the order of dependency is that of all members"
    );
    for &(folder, allowed) in ORDER {
        for kind in ["dependencies", "build-dependencies", "dev-dependencies"] {
            let testing = kind == "dev-dependencies";
            for dependency in dependencies(folder, kind) {
                let Some(name) = dependency.strip_prefix("nectar-") else {
                    continue;
                };
                assert!(
                    allowed.contains(&name) || testing && TESTING.contains(&name),
                    "{folder} must not depend on {dependency}"
                );
            }
        }
    }
}

#[test]
fn circles_of_imports_are_those_that_the_architecture_names() {
    let cycles = Cycles::read(root()).unwrap();
    assert!(cycles.found == cycles.allowed, "{cycles}");
}

/// Whoever looks for a crate finds it in the table of ARCHITECTURE.md, and there what the table says.
#[test]
fn the_architecture_is_short_and_its_paths_exist() {
    let text = fs::read_to_string(root().join("ARCHITECTURE.md")).unwrap();
    let lines = text.lines().count();
    assert!(
        lines <= MOST_ARCHITECTURE,
        "ARCHITECTURE.md has {lines} lines, at most {MOST_ARCHITECTURE}"
    );
    let mut crates = members(root()).unwrap();
    for row in text.lines().filter(|l| l.starts_with("| `")) {
        let quoted: Vec<&str> = row.split('`').skip(1).step_by(2).collect();
        let folder = quoted[0].trim_end_matches('/');
        crates.retain(|c| c != folder);
        let places = [
            root(),
            &root().join(folder),
            &root().join(folder).join("src"),
        ];
        for path in quoted.into_iter().filter(|q| is_path(q)) {
            assert!(
                places.iter().any(|p| p.join(path).exists()),
                "ARCHITECTURE.md, `{folder}`: there is no {path}"
            );
        }
    }
    assert!(
        crates.is_empty(),
        "ARCHITECTURE.md has no row for {crates:?}"
    );
}

/// A folder or a source, not an extension alone.
fn is_path(quoted: &str) -> bool {
    let source = [".rs", ".sol", ".proto"]
        .iter()
        .any(|e| quoted.ends_with(e));
    source || quoted.contains('/')
}

/// The verifier knows no runtime, clock, file or randomness.
#[test]
fn the_verifier_is_pure() {
    for name in ["tokio", "rand", "tempfile", "rayon", "tonic", "anyhow"] {
        assert!(
            !dependencies("verifier", "dependencies")
                .iter()
                .any(|d| d == name),
            "the verifier must not depend on {name}"
        );
    }
    // Named for a browser's target alone, where rand_core does not build without it.
    let manifest = manifest(&root().join("verifier/Cargo.toml")).unwrap();
    assert!(manifest["dependencies"].get("getrandom").is_none());
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
    let crates = ORDER.iter().map(|(folder, _)| folder);
    let others = crates.filter(|f| !["engine", "testkit", "tests"].contains(*f));
    for folder in others.copied().chain(["."]) {
        let manifest = fs::read_to_string(root().join(folder).join("Cargo.toml")).unwrap();
        assert!(
            !manifest.contains("test-util"),
            "{folder} must not ask for test-util"
        );
    }
}

#[test]
fn files_can_be_read_whole() {
    let mut folders = members(root()).unwrap();
    folders.push("contracts".into());
    for folder in folders {
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

/// Whoever looks for an import or a dependency finds it in one place.
#[test]
fn imports_and_dependencies_are_in_order() {
    for folder in members(root()).unwrap() {
        for path in sources(&root().join(&folder)) {
            let text = fs::read_to_string(&path).unwrap();
            let imports = text.lines().filter_map(|l| l.strip_prefix("use "));
            let mut roots = BTreeSet::new();
            for import in imports {
                let from = import.split([':', ';', ' ']).next();
                assert!(
                    roots.insert(from),
                    "{}: two imports from {from:?}, want one",
                    path.display()
                );
            }
        }
    }
    let manifests = members(root()).unwrap();
    for folder in manifests.iter().map(String::as_str).chain(["."]) {
        let text = fs::read_to_string(root().join(folder).join("Cargo.toml")).unwrap();
        for table in text.split("\n[").filter(|t| t.contains("dependencies]\n")) {
            let names = table.lines().skip(1).filter(|l| !l.starts_with('#'));
            let names = names.map(|l| l.split(['.', ' ']).next());
            assert!(
                names.take_while(|n| *n != Some("")).is_sorted(),
                "{folder}/Cargo.toml: dependencies in the order of the alphabet"
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
