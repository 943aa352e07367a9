//! What verification costs.

use crate::{
    registry::{Registry, answered},
    verifier::Contract,
};
use nectar_testkit::{
    benchmark::{cohort, q1},
    world::World,
};
use nectar_verifier::solidity;

/// Gas of verifying Q1 over so many segments, calldata and transaction included.
fn gas(segments: usize) -> u64 {
    let cohort = cohort(16 * segments, 4);
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
    let mut registry = Registry::published(world.now, &bundle);
    let outcome = registry.submit(&bundle);
    assert!(outcome.result.is_ok(), "{outcome:?}");
    let entered = outcome.gas;
    println!("entering an answer: {entered} gas, verifying it alone: {verified}");
    assert!(entered - verified < 50_000);
}

/// The aim is 550,000, of which the transaction, pairings, multiplications and calldata are 440,000.
#[test]
fn one_segment() {
    assert!(gas(1) < 545_000);
}

#[test]
fn sixteen_segments() {
    assert!(gas(16) < 1_448_000);
}
