//! `NectarVerifier` on answers to Q1.

use crate::report::Cost;
use alloy_primitives::Address;
use nectar_testkit::{
    benchmark,
    world::{World, trusted},
};
use nectar_tests::evm::Chain;
use nectar_verifier::{bundle::Bundle, solidity};
use std::sync::LazyLock;

/// Segments of 2^16 rows.
const SEGMENT_BITS: u8 = 16;

/// The answer over one segment, which Rust accepts.
pub static ONE: LazyLock<Bundle> = LazyLock::new(|| bundle(1));

fn bundle(segments: usize) -> Bundle {
    let cohort = benchmark::cohort(segments << SEGMENT_BITS, SEGMENT_BITS);
    World::of(cohort.commit(None)).honest(&benchmark::q1())
}

/// Has the contract verify the answer over so many segments.
pub fn verification(segments: usize) -> Cost {
    let bundle = match segments {
        1 => ONE.clone(),
        _ => bundle(segments),
    };
    let calldata = solidity::calldata(&bundle).expect("calldata");
    let (mut chain, verifier) = deployed("NectarVerifier", &bundle);
    let outcome = chain.call(Address::ZERO, verifier, calldata.clone());
    let statement = bundle.statement().expect("a statement");
    let d0 = statement.digest(&bundle.core, bundle.root());
    assert_eq!(outcome.word(), Some(d0), "{outcome:?}");
    Cost {
        gas: outcome.gas,
        calldata,
    }
}

/// A chain with a contract of ours under a bundle's keys.
pub fn deployed(name: &str, bundle: &Bundle) -> (Chain, Address) {
    let keys = trusted(bundle).expect("development keys");
    let mut chain = Chain::new(bundle.core.as_of);
    let contract = chain.deploy(name, &solidity::constructor(keys.keys()));
    (chain, contract.expect("a contract"))
}
