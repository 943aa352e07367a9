//! What the custodian keeps: tables of codes, and folders with snapshots.

use nectar_dataset::{Dataset, table::Table};
use sha2::{Digest, Sha256};
use std::{fs, path::Path, sync::LazyLock};

/// The files of a dataset with one snapshot, by the first byte of an input, which replaces one of them.
pub const FILES: [&str; 5] = [
    "schema.toml",
    "table.bin",
    "snapshots/000001/header.bin",
    "snapshots/000001/commitments.bin",
    "snapshots/000001/head.json",
];

/// Reads a table, also with its checksum put right; what is accepted is written as it was.
pub fn table(bytes: &[u8]) {
    read_table(bytes);
    if let Some((body, _)) = bytes.split_last_chunk::<32>() {
        read_table(&[body, &Sha256::digest(body)].concat());
    }
}

fn read_table(bytes: &[u8]) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (path, copy) = (folder.path().join("table"), folder.path().join("copy"));
    fs::write(&path, bytes).expect("a temporary file");
    match Table::read(&path) {
        Ok(table) => {
            table.write(&copy).expect("a table that was read is valid");
            assert!(fs::read(&copy).expect("the copy") == bytes, "one encoding");
        }
        Err(error) => drop(error.to_string()),
    }
}

/// Opens a dataset with one file replaced.
pub fn dataset(bytes: &[u8]) {
    let Some((place, bytes)) = bytes.split_first() else {
        return;
    };
    let folder = tempfile::tempdir().expect("a temporary folder");
    lay_out(folder.path(), usize::from(*place) % FILES.len(), bytes);
    match Dataset::open(folder.path()) {
        Ok(dataset) => walk(&dataset),
        Err(error) => drop(error.to_string()),
    }
}

/// The files of a sound dataset: the corpus itself.
fn sound() -> &'static [Vec<u8>] {
    static FILES_READ: LazyLock<Vec<Vec<u8>>> = LazyLock::new(|| {
        let seed = |i: usize| super::corpus_folder("dataset").join(format!("{i}-sound"));
        let read = |i| fs::read(seed(i)).expect("the corpus")[1..].to_vec();
        (0..FILES.len()).map(read).collect()
    });
    &FILES_READ
}

fn lay_out(folder: &Path, place: usize, bytes: &[u8]) {
    fs::create_dir_all(folder.join("snapshots/000001")).expect("a temporary folder");
    for (i, (name, content)) in FILES.iter().zip(sound()).enumerate() {
        let content = if i == place { bytes } else { content };
        fs::write(folder.join(name), content).expect("a temporary file");
    }
}

fn walk(dataset: &Dataset) {
    let sequences = dataset.sequences().expect("the folder is there");
    assert_eq!(sequences, [1]);
    let _ = (dataset.log_view(), dataset.header(1));
    match dataset.manifest(1) {
        Ok(manifest) => assert_eq!(manifest.root(), manifest.header().root()),
        Err(error) => drop(error.to_string()),
    }
}
