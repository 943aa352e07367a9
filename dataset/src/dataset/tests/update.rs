//! Datasets that take in a new state of their source.

use super::{keys, publication};
use crate::dataset::*;
use ark_bn254::Fr;
use nectar_verifier::{date::parse_day, field::to_be};
use proptest::prelude::*;
use std::{collections::HashSet, fmt::Write as _};

const SCHEMA: &str = r#"
dataset = "toy"
subject = "id"
policy = "opensafely"
[[column]]
name = "x"
kind = "integer"
min = 0
max = 999
[[column]]
name = "consent"
kind = "consent"
purpose = "research"
first = "2026-01"
last = "2026-12"
[[column]]
name = "tag"
kind = "tag"
"#;

/// A line of a source: who, a value, whether they consent, a number for a tag.
type Person = (u32, u32, bool, Option<u64>);

fn file(folder: &Path, people: &[Person]) -> PathBuf {
    let mut text = String::from("id,x,consent,tag\n");
    for (id, x, consents, tag) in people {
        let consent = if *consents { "open" } else { "withdrawn" };
        let tag = tag.map_or_else(String::new, |t| format!("{t:064x}"));
        let _ = writeln!(text, "p{id},{x},{consent},{tag}");
    }
    let path = folder.join("people.csv");
    fs::write(&path, text).unwrap();
    path
}

fn import(folder: &Path, schema: &str, people: &[Person]) -> Dataset {
    let file = file(folder, people);
    let parsed = Schema::parse(schema).unwrap();
    let table = Import::run(&parsed, &file, today(), &|_, _| {}).unwrap();
    Dataset::create(&folder.join("toy"), schema, &table).unwrap()
}

fn today() -> Day {
    parse_day("2026-06-15").unwrap()
}

fn update(
    folder: &Path,
    dataset: &mut Dataset,
    people: &[Person],
) -> Result<Changes, DatasetError> {
    dataset.update(&file(folder, people), today(), &|_, _| {})
}

fn refusal(folder: &Path, dataset: &mut Dataset, people: &[Person]) -> String {
    let before = (
        dataset.table().clone(),
        fs::read(folder.join("toy/table.bin")),
    );
    let error = update(folder, dataset, people).unwrap_err().to_string();
    let after = fs::read(folder.join("toy/table.bin"));
    assert!(before.0 == *dataset.table() && before.1.unwrap() == after.unwrap());
    error
}

/// Twenty people: all consent, and every second has a tag, his number.
fn people() -> Vec<Person> {
    let tag = |i: u32| i.is_multiple_of(2).then_some(u64::from(i));
    (0..20).map(|i| (i, 10 * i, true, tag(i))).collect()
}

fn row_of(dataset: &Dataset, id: u32) -> usize {
    let subjects = dataset.table().subjects.as_ref().unwrap();
    let row = subjects.row_of(&format!("p{id}")).unwrap();
    usize::try_from(row).unwrap()
}

fn blinding() -> BlindingKey {
    BlindingKey::from_bytes([3; 32])
}

fn commit(dataset: &Dataset, t: i64) -> Snapshot {
    let committed = dataset.commit(keys(), blinding(), publication(t), &|_| {});
    committed.unwrap()
}

/// From a source to a first snapshot, from its next state to a second: rows stay, what changed is committed again.
#[test]
fn a_withdrawal_and_a_new_person_make_the_next_snapshot() {
    let place = tempfile::tempdir().unwrap();
    let folder = place.path();
    let mut dataset = import(
        folder,
        &SCHEMA.replace(
            "[[column]]\nname = \"x\"",
            "segment_bits = 4\n[[column]]\nname = \"x\"",
        ),
        &people(),
    );
    let first = commit(&dataset, 100);
    let old = dataset.table().clone();

    let mut next = people();
    next[7].2 = false;
    next.push((20, 555, true, None));
    next.reverse();
    let changes = update(folder, &mut dataset, &next).unwrap();
    let want = Changes {
        rows: 21,
        added: 1,
        changed: 1,
    };
    assert_eq!(changes, want);

    let dataset = Dataset::open(&folder.join("toy")).unwrap();
    let stale = dataset.snapshot(blinding()).err().unwrap().to_string();
    assert!(stale.contains("since snapshot 1") && stale.contains("committed as the next one"));
    let new = dataset.table();
    assert_eq!(row_of(&dataset, 20), 20);
    assert_eq!((new.codes[0][20], new.codes[1][20]), (556, 12));
    assert_eq!(
        (&new.codes[0][..20], &new.tags[..20]),
        (&old.codes[0][..], &old.tags[..])
    );
    for (row, (before, after)) in old.codes[1].iter().zip(&new.codes[1]).enumerate() {
        let withdrawn = row == row_of(&dataset, 7);
        assert_eq!(*after, if withdrawn { 0 } else { *before });
    }

    let second = commit(&dataset, 200);
    let core = &second.header().core;
    assert_eq!(
        (core.sequence, core.parent, core.rows),
        (2, first.root(), 21)
    );
    let sequences = |column: usize| -> Vec<u64> {
        let segments = second.manifest().columns()[column].iter();
        segments.map(|s| s.origin.sequence).collect()
    };
    assert_eq!([0, 1, 2].map(sequences), [[1, 2], [2, 2], [1, 2]]);
    let loaded = Dataset::open(&folder.join("toy")).unwrap();
    assert_eq!(loaded.snapshot(blinding()).unwrap().root(), second.root());
}

#[test]
fn the_size_of_segments_outlives_growth() {
    let place = tempfile::tempdir().unwrap();
    let few = &people()[..16];
    let mut dataset = import(place.path(), SCHEMA, few);
    let first = commit(&dataset, 100);
    update(place.path(), &mut dataset, &people()).unwrap();
    let second = commit(&dataset, 200);
    for snapshot in [&first, &second] {
        assert_eq!(snapshot.header().core.segment_bits, 4);
    }
    let kept = |s: &Snapshot| s.manifest().columns()[0][0].clone();
    assert_eq!(kept(&first), kept(&second));
}

#[test]
fn tags_are_kept_given_and_replaced() {
    let place = tempfile::tempdir().unwrap();
    let mut dataset = import(place.path(), SCHEMA, &people());
    let before = dataset.table().tags.clone();
    let mut next = people();
    next[2].3 = None; // keeps 2
    next[4].3 = Some(1000);
    next[5].3 = Some(4); // which person 4 has given up
    assert_eq!(
        update(place.path(), &mut dataset, &next).unwrap().changed,
        2
    );
    let tag = |id: u32| dataset.table().tags[row_of(&dataset, id)];
    assert_eq!([2, 4, 5].map(tag), [2u64, 1000, 4].map(Fr::from));
    assert_eq!(tag(3), before[row_of(&dataset, 3)]);
    let distinct: HashSet<_> = dataset.table().tags.iter().map(to_be).collect();
    assert_eq!(distinct.len(), 20);
}

#[test]
fn a_tag_that_another_row_keeps_is_refused() {
    let place = tempfile::tempdir().unwrap();
    let mut dataset = import(place.path(), SCHEMA, &people());
    let mut next = people();
    next[2].3 = None;
    next[5].3 = Some(2);
    let error = refusal(place.path(), &mut dataset, &next);
    let want = "row 6, column \"tag\", row 3 has the same tag; want one tag per subject";
    assert!(error.contains(want), "{error}");
}

#[test]
fn missing_subjects_are_counted_and_refused() {
    let place = tempfile::tempdir().unwrap();
    let mut dataset = import(place.path(), SCHEMA, &people());
    let mut next = people();
    next.retain(|p| p.0 % 7 != 0);
    next.push((77, 1, true, None));
    let error = refusal(place.path(), &mut dataset, &next);
    assert!(
        error.contains("no row for 3 of the dataset's subjects; keep their rows"),
        "{error}"
    );
    // Faults of the file come first.
    next[0].1 = 5000;
    next[1].0 = next[2].0;
    let error = refusal(place.path(), &mut dataset, &next);
    let named = ["outside 0 to 999", "this subject is in row"];
    assert!(named.iter().all(|n| error.contains(n)), "{error}");
    assert!(!error.contains("no row for"), "{error}");
}

#[test]
fn rows_without_subjects_cannot_be_updated() {
    let place = tempfile::tempdir().unwrap();
    let mut dataset = import(
        place.path(),
        &SCHEMA.replace("subject = \"id\"\n", ""),
        &people(),
    );
    let error = refusal(place.path(), &mut dataset, &people());
    assert!(error.contains("imported without a `subject`"), "{error}");
    // A subject named afterwards does not help: the table has no digests.
    fs::write(place.path().join("toy/schema.toml"), SCHEMA).unwrap();
    let mut dataset = Dataset::open(&place.path().join("toy")).unwrap();
    let error = refusal(place.path(), &mut dataset, &people());
    assert!(error.contains("imported without a `subject`"), "{error}");
}

#[test]
fn an_update_that_cannot_be_written_leaves_the_table() {
    let place = tempfile::tempdir().unwrap();
    let mut dataset = import(place.path(), SCHEMA, &people());
    let before = dataset.table().clone();
    let source = file(place.path(), &people()[..]);
    fs::rename(place.path().join("toy"), place.path().join("away")).unwrap();
    let mut next = people();
    next[3].1 = 1;
    let error = dataset.update(&source, today(), &|_, _| {}).unwrap_err();
    assert!(matches!(error, DatasetError::Table(_)), "{error}");
    assert!(*dataset.table() == before);
    let kept = Dataset::open(&place.path().join("away")).unwrap();
    assert!(*kept.table() == before);
}

fn cohort() -> impl Strategy<Value = Vec<Person>> {
    let person = (0u32..1000, any::<bool>());
    prop::collection::btree_map(0u32..500, person, 1..60).prop_map(|people| {
        let all = people.into_iter();
        all.map(|(id, (x, consents))| (id, x, consents, None))
            .collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// Whatever the order of the file, each row stays its subject's, and its codes are those of that subject's line.
    #[test]
    fn rows_stay_whatever_the_order_of_the_file(
        (people, more, next) in (cohort(), cohort()).prop_flat_map(|(people, more)| {
            let known: HashSet<u32> = people.iter().map(|p| p.0).collect();
            let more: Vec<Person> = more.into_iter().filter(|p| !known.contains(&p.0)).collect();
            let moved = people.iter().map(|p| (p.0, 999 - p.1, !p.2, None));
            let next: Vec<Person> = moved.chain(more.iter().copied()).collect();
            (Just(people), Just(more), Just(next).prop_shuffle())
        })
    ) {
        let place = tempfile::tempdir().unwrap();
        let mut dataset = import(place.path(), SCHEMA, &people);
        let before: Vec<usize> = people.iter().map(|p| row_of(&dataset, p.0)).collect();
        let tags = dataset.table().tags.clone();
        let changes = update(place.path(), &mut dataset, &next).unwrap();
        prop_assert_eq!(usize::try_from(changes.added).unwrap(), more.len());
        prop_assert_eq!(usize::try_from(changes.changed).unwrap(), people.len());
        let after: Vec<usize> = people.iter().map(|p| row_of(&dataset, p.0)).collect();
        prop_assert_eq!(before, after);
        let table = dataset.table();
        prop_assert_eq!(&table.tags[..people.len()], &tags[..]);
        for (id, x, consents, _) in next {
            let row = row_of(&dataset, id);
            prop_assert_eq!(u32::from(table.codes[0][row]), x + 1);
            prop_assert_eq!(table.codes[1][row] != 0, consents);
        }
        let stored = Dataset::open(&place.path().join("toy")).unwrap();
        prop_assert!(stored.table() == table);
    }
}
