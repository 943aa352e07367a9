//! A verifier is made for keys that are keys only.

use crate::points::{Q, outside_subgroup};
use alloy_primitives::U256;
use alloy_sol_types::SolValue;
use nectar_testkit::{
    queries,
    world::{World, trusted},
};
use nectar_tests::evm::Chain;
use nectar_verifier::{abi::KeyBytes, solidity};

type Change = fn(&mut KeyBytes);

/// The generator of G2 as words.
fn generator(k: &KeyBytes) -> [U256; 4] {
    // gamma's place.
    [6, 7, 8, 9].map(|i| k.circuit[i])
}

const BAD: [(&str, Change); 18] = [
    ("UnknownShape", |k| k.shape = 2),
    ("PowerRange", |k| k.bits = 3),
    ("PowerRange", |k| k.bits = 17),
    ("Gamma", |k| k.circuit[6] ^= U256::from(1)),
    ("Gamma", |k| k.circuit.copy_within(10..14, 6)),
    ("NoContribution", |k| k.circuit.copy_within(6..10, 10)),
    ("NoContribution", |k| {
        let [x1, x0, y1, y0] = generator(k);
        k.circuit[10..14].copy_from_slice(&[x1, x0, Q - y1, Q - y0]);
    }),
    // alpha, beta, delta, an input's point.
    ("Identity", |k| k.circuit[..2].fill(U256::ZERO)),
    ("Identity", |k| k.circuit[2..6].fill(U256::ZERO)),
    ("Identity", |k| k.circuit[10..14].fill(U256::ZERO)),
    ("Identity", |k| k.circuit[28..].fill(U256::ZERO)),
    ("NotOnCurve", |k| k.circuit[0] ^= U256::from(1)),
    ("NotOnCurve", |k| k.circuit[29] ^= U256::from(1)),
    ("NotInGroup", |k| {
        k.circuit[2..6].copy_from_slice(&outside_subgroup())
    }),
    ("NotInGroup", |k| {
        k.circuit[10..14].copy_from_slice(&outside_subgroup())
    }),
    // tau = 0, tau = 1, and another tau in G2.
    ("Inconsistent", |k| k.srs[..2].fill(U256::ZERO)),
    ("Inconsistent", |k| {
        (k.srs[0], k.srs[1]) = (U256::from(1), U256::from(2));
        let one = generator(k);
        k.srs[2..].copy_from_slice(&one);
    }),
    ("Inconsistent", |k| {
        let one = generator(k);
        k.srs[2..].copy_from_slice(&one);
    }),
];

#[test]
fn bad_keys_are_refused() {
    let bundle = World::clinic().honest(&queries::plain());
    let keys = trusted(&bundle).expect("development keys");
    let encoded = solidity::constructor(keys.keys());
    let honest = KeyBytes::abi_decode(&encoded).expect("keys");
    let made = Chain::new(0).deploy("NectarVerifier", &honest.abi_encode());
    assert!(made.is_ok());
    for (i, (error, change)) in BAD.into_iter().enumerate() {
        let mut bent = honest.clone();
        change(&mut bent);
        let made = Chain::new(0).deploy("NectarVerifier", &bent.abi_encode());
        assert_eq!(made, Err(error.into()), "change {i}");
    }
}
