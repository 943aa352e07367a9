//! The engine's zero-check is the one of section 7: the same messages, point and evaluations as a reference that
//! multiplies polynomials over whole tables of rows.

#![cfg(test)]

use nectar_engine::dishonest::{Scan, Step, Strategy, forge_index};
use nectar_testkit::{
    cohort::{Cohort, labels, nearest, number},
    keys::keys,
    zero_check::{Vectors, zero_check},
};
use nectar_verifier::{circuit::index::ROUNDS, column::Column};
use proptest::prelude::*;
use std::cell::RefCell;

type Parts = (
    Vec<Vec<ark_bn254::Fr>>,
    Vec<ark_bn254::Fr>,
    Vec<ark_bn254::Fr>,
);

fn parts(scan: &Scan) -> Parts {
    let Scan {
        messages,
        point,
        evaluations,
    } = scan;
    (messages.clone(), point.clone(), evaluations.clone())
}

/// Both zero-checks of one random column.
fn both(column: Column, rows: usize, segment_bits: u8, seed: u64) -> (Parts, Parts) {
    let cohort = Cohort::random(vec![column], rows, segment_bits, nearest(3, 5), seed);
    let snapshot = cohort.commit(None);
    let column = &snapshot.header().columns[0];
    let row_bits = snapshot.header().core.row_bits();
    let vectors = Vectors::of(
        &snapshot.codes()[0],
        column.codes() - 1,
        column.bits(),
        row_bits,
    );
    let seen = RefCell::new(None);
    let strategy = |step: Step<'_, '_>| {
        if let Step::ZeroCheck(challenges, sponge, scan) = step {
            let want = zero_check(&vectors, challenges, sponge);
            *seen.borrow_mut() = Some((parts(scan), parts(&want)));
            // The rest of the proof is not wanted.
            scan.messages.clear();
        }
    };
    stopped(strategy, &snapshot);
    seen.into_inner().expect("a zero-check")
}

fn stopped(strategy: impl Strategy, snapshot: &nectar_engine::snapshot::Snapshot) {
    assert!(forge_index(strategy, snapshot, keys(), 0).is_err());
}

fn agree(column: Column, rows: usize, segment_bits: u8, seed: u64) {
    let (engine, reference) = both(column, rows, segment_bits, seed);
    assert_eq!(engine.0.len(), ROUNDS);
    assert!(engine == reference);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]
    #[test]
    fn the_engine_and_the_reference_agree(count in 1u8..20, rows in 1usize..=70, seed: u64) {
        agree(labels("column", count), rows, 4, seed);
    }
}

/// Powers of two and their neighbours, rows that fill their segments and rows that do not.
#[test]
fn at_the_edges() {
    for count in [1, 2, 3, 4, 7, 8, 15, 16, 17] {
        for rows in [1, 15, 16, 17, 64] {
            agree(labels("column", count), rows, 4, u64::from(count));
        }
    }
}

#[test]
fn over_many_rows_and_codes() {
    agree(number("few", 8), 300, 4, 1);
    agree(number("few", 8), 5000, 8, 2);
    agree(number("many", 299), 300, 4, 3);
    agree(number("many", 299), 5000, 10, 4);
}
