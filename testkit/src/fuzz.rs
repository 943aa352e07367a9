//! Fuzz targets: whatever the bytes, no panic, no allocation out of proportion, and what is accepted encodes to itself.
//!
//! `fuzz/` runs them under libFuzzer, `tests/tests/fuzz_smoke.rs` for a fixed number of mutations of the corpus.

mod answers;
pub mod fixtures;
pub mod folders;
mod manifests;
mod messages;
pub mod mutate;
mod parameters;
mod sources;

use std::{
    fs, io,
    path::{Path, PathBuf},
};

/// A function of any bytes that panics where a rule is broken.
pub type Target = fn(&[u8]);

/// All targets by name, which is that of their folder in the corpus.
pub const TARGETS: &[(&str, Target)] = &[
    ("bundle", answers::bundle),
    ("config", sources::config),
    ("csv", sources::csv),
    ("dataset", folders::dataset),
    ("header", answers::header),
    ("index_proof", manifests::index_proof),
    ("infer", sources::infer),
    ("keys", answers::keys),
    ("lock", parameters::lock),
    ("manifest", manifests::manifest),
    ("parquet", sources::parquet),
    ("proto", messages::message),
    ("ptau", parameters::ptau),
    ("query", answers::query),
    ("receipt", answers::receipt),
    ("schema", sources::schema),
    ("sql", sources::sql),
    ("table", folders::table),
    ("zkey", parameters::zkey),
];

/// The target of a name.
///
/// # Panics
/// There is none.
pub fn target(name: &str) -> Target {
    let found = TARGETS.iter().find(|(n, _)| *n == name);
    found.unwrap_or_else(|| panic!("no fuzz target {name}")).1
}

/// Runs a target.
///
/// # Panics
/// There is none of this name, or it found a flaw.
pub fn run(name: &str, bytes: &[u8]) {
    target(name)(bytes);
}

/// The folder of a target's corpus.
pub fn corpus_folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../fuzz/corpus")
        .join(name)
}

/// A target's corpus, in the order of file names.
///
/// # Errors
/// The folder cannot be read.
pub fn corpus(name: &str) -> io::Result<Vec<Vec<u8>>> {
    let entries = fs::read_dir(corpus_folder(name))?;
    let mut paths = entries
        .map(|e| e.map(|e| e.path()))
        .collect::<io::Result<Vec<_>>>()?;
    paths.sort();
    paths.into_iter().map(fs::read).collect()
}
