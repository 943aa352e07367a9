//! What verification costs.

use crate::{
    registry::{Registry, answered},
    verifier::Contract,
};
use nectar_tests::{
    cohort::{Cohort, TODAY, consent, day, nearest, number},
    queries::begins,
    world::World,
};
use nectar_verifier::{
    query::{CodeSet, Query, Variant},
    solidity,
};

/// `COUNT(*), SUM(hba1c) WHERE age BETWEEN 40 AND 65 AND sex = 1 AND dx = 7`, as in the benchmarks.
fn q1() -> Query {
    let mut q = Query::for_purpose(Variant::Moments, "research", day(TODAY));
    q.literals = vec![
        begins(0, CodeSet::run(41, 66)),
        begins(1, CodeSet::run(2, 2)),
        begins(2, CodeSet::run(8, 8)),
    ];
    q.x = vec![3];
    q
}

/// Gas of verifying Q1 over so many segments, calldata and transaction included.
fn gas(segments: usize) -> u64 {
    let columns = vec![
        number("age", 111),
        number("sex", 2),
        number("dx", 64),
        number("hba1c", 256),
        number("site", 16),
        consent("research"),
    ];
    let cohort = Cohort::random(columns, 16 * segments, 4, nearest(8, 5), 1);
    let bundle = World::of(cohort.commit(None)).honest(&q1());
    let data = solidity::calldata(&bundle).expect("calldata");
    let cost = |b: &u8| if *b == 0 { 4 } else { 16 };
    let calldata: u64 = data.iter().map(cost).sum();
    let outcome = Contract::of(&bundle).call(data);
    println!(
        "{segments} segments: {} gas, of which calldata {calldata}",
        outcome.gas
    );
    assert!(outcome.result.is_ok(), "{outcome:?}");
    outcome.gas
}

/// Entering an answer: verification, calldata carried on to the verifier, and a first entry in storage.
#[test]
fn submit() {
    let (world, bundle) = answered();
    let data = solidity::calldata(&bundle).expect("calldata");
    let verified = Contract::of(&bundle).call(data).gas;
    let mut registry = Registry::published(world.now, &world, &bundle);
    let outcome = registry.submit(&bundle);
    assert!(outcome.result.is_ok(), "{outcome:?}");
    let entered = outcome.gas;
    println!("entering an answer: {entered} gas, verifying it alone: {verified}");
    assert!(entered - verified < 50_000);
}

/// The aim is 550,000; pairings, multiplications and calldata are 440,000 with the transaction's own.
#[test]
fn one_segment() {
    assert!(gas(1) < 541_000);
}

#[test]
fn sixteen_segments() {
    assert!(gas(16) < 1_443_000);
}
