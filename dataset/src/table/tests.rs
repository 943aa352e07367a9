//! Tables survive the way to disk and back, and nothing else is read as one.

use super::{file::MAGIC, *};
use ark_std::{UniformRand, rand::rngs::OsRng};
use proptest::prelude::*;
use sha2::{Digest as _, Sha256};

fn categorical(name: &str, labels: usize) -> Column {
    let labels = (0..labels).map(|i| format!("l{i}")).collect();
    Column {
        name: name.into(),
        kind: Kind::Categorical { labels },
    }
}

/// A table of categorical columns; `extras` gives it subjects and tags.
fn table(widths: &[usize], rows: usize, extras: bool) -> Table {
    let mut columns: Vec<_> = (0..)
        .zip(widths)
        .map(|(i, w): (usize, _)| categorical(&format!("c{i}"), *w))
        .collect();
    let code = |r: usize, w: usize| u16::try_from((r * 7 + w) % (w + 1)).unwrap();
    let codes = widths
        .iter()
        .map(|w| (0..rows).map(|r| code(r, *w)).collect());
    let mut subjects = Subjects::generate(&mut OsRng);
    for r in 0..rows {
        subjects.push(subjects.digest(&r.to_string()));
    }
    let mut records = Records::from(codes.collect::<Vec<_>>());
    if extras {
        columns.push(tag("tag"));
        records.tags = (0..rows).map(|_| Fr::rand(&mut OsRng)).collect();
    }
    Table::new(columns, records, extras.then_some(subjects)).unwrap()
}

fn tag(name: &str) -> Column {
    Column {
        name: name.into(),
        kind: Kind::Tag,
    }
}

fn written(table: &Table) -> (tempfile::TempDir, std::path::PathBuf, Vec<u8>) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("t");
    table.write(&path).unwrap();
    let bytes = std::fs::read(&path).unwrap();
    (folder, path, bytes)
}

fn refusal(path: &Path) -> String {
    Table::read(path).unwrap_err().to_string()
}

#[test]
fn every_changed_byte_is_refused() {
    let (_folder, path, bytes) = written(&table(&[2, 5], 20, true));
    for i in 0..bytes.len() {
        let mut changed = bytes.clone();
        changed[i] ^= 1 << (i % 8);
        std::fs::write(&path, changed).unwrap();
        assert!(Table::read(&path).is_err(), "byte {i}");
    }
}

#[test]
fn every_cut_and_every_leftover_is_refused() {
    let (_folder, path, bytes) = written(&table(&[2, 5], 20, true));
    for length in 0..bytes.len() {
        std::fs::write(&path, &bytes[..length]).unwrap();
        assert!(Table::read(&path).is_err(), "length {length}");
    }
    std::fs::write(&path, [bytes.as_slice(), &[0]].concat()).unwrap();
    assert!(refusal(&path).contains("left over"));
}

#[test]
fn a_code_outside_the_codebook_is_named() {
    let mut t = table(&[2, 5], 20, false);
    t.codes[1][3] = 6;
    let e = t.validate().unwrap_err().to_string();
    assert_eq!(
        e,
        "table: column \"c1\" has code 6 in row 3, want less than 6"
    );
    assert!(t.write(Path::new("/nowhere/t")).is_err());
}

#[test]
fn a_huge_claim_is_refused_before_it_is_allocated() {
    let (_folder, path, mut bytes) = written(&table(&[2], 4, false));
    bytes[12..16].copy_from_slice(&MAX_ROWS.to_le_bytes());
    std::fs::write(&path, &bytes).unwrap();
    assert!(refusal(&path).contains("shorter"));
}

#[test]
fn parts_that_do_not_fit_are_refused() {
    let refused = |change: fn(&mut Table)| {
        let mut t = table(&[2, 5], 20, true);
        change(&mut t);
        assert!(t.validate().is_err());
    };
    refused(|t| t.codes[0].truncate(19));
    refused(|t| t.rows = 21);
    refused(|t| t.columns.truncate(1));
    refused(|t| t.columns.truncate(2));
    refused(|t| t.columns.push(tag("another")));
    refused(|t| t.columns.swap(1, 2));
    refused(|t| t.tags.truncate(19));
    refused(|t| t.tags.clear());
    refused(|t| t.columns[1].name = "c0".into());
    refused(|t| t.columns[1].kind = Kind::Tag);
    refused(|t| t.subjects = Some(Subjects::generate(&mut OsRng)));
    assert!(Table::new(vec![], vec![], None).is_err());
    let tags_alone = Records {
        codes: vec![],
        tags: vec![Fr::from(1)],
    };
    assert!(Table::new(vec![tag("tag")], tags_alone, None).is_err());
}

/// Puts the checksum of changed bytes right.
fn rewritten(path: &Path, bytes: &mut [u8]) {
    let end = bytes.len() - 32;
    let sum: [u8; 32] = Sha256::digest(&bytes[..end]).into();
    bytes[end..].copy_from_slice(&sum);
    std::fs::write(path, bytes).unwrap();
}

#[test]
fn a_tag_above_the_field_is_refused() {
    let (_folder, path, mut bytes) = written(&table(&[2, 5], 20, true));
    let last = bytes.len() - 64;
    bytes[last..last + 32].fill(0xff);
    rewritten(&path, &mut bytes);
    assert!(refusal(&path).contains("a tag is not below the field order"));
}

#[test]
fn another_version_is_refused_with_a_way_out() {
    let (_folder, path, mut bytes) = written(&table(&[2], 4, false));
    bytes[8] = 1;
    rewritten(&path, &mut bytes);
    assert!(refusal(&path).contains("version is not 2; import the source again"));
}

#[test]
fn shuffling_moves_whole_rows_and_their_subjects() {
    let rows = 1000;
    let before = table(&[1000, 4000, 7], rows, true);
    let mut after = before.clone();
    after.shuffle(&mut OsRng);
    assert_ne!(before.codes, after.codes);
    for r in 0..rows {
        let place = after
            .subjects
            .as_ref()
            .unwrap()
            .row_of(&r.to_string())
            .unwrap();
        let place = usize::try_from(place).unwrap();
        for (b, a) in before.codes.iter().zip(&after.codes) {
            assert_eq!(b[r], a[place]);
        }
        assert_eq!(before.tags[r], after.tags[place]);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn write_then_read(widths in prop::collection::vec(1usize..300, 1..6), rows in 1usize..300, s in any::<bool>()) {
        let t = table(&widths, rows, s);
        let (_folder, path, _) = written(&t);
        prop_assert_eq!(Table::read(&path).unwrap(), t);
    }

    #[test]
    fn bytes_from_anywhere_are_refused(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("t");
        std::fs::write(&path, [MAGIC.as_slice(), &bytes].concat()).unwrap();
        prop_assert!(Table::read(&path).is_err());
    }
}
