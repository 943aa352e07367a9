//! The part of the verifier that is measured beside other tools' accepts proofs of the circuit, and nothing else.

use alloy_primitives::{Address, U256};
use alloy_sol_types::SolValue;
use nectar_testkit::{
    exchange::public_inputs,
    queries,
    world::{World, trusted},
};
use nectar_tests::evm::{Chain, Outcome, selector};
use nectar_verifier::{bundle::Bundle, field::to_be, solidity};

/// Words before A in a compact proof.
const A: usize = 39;

/// A, B and C, and the public inputs in the circuit's order.
type Call = ([U256; 8], [U256; 7]);

fn call(bundle: &Bundle) -> Call {
    let proof = solidity::answer(bundle).expect("an answer").proof;
    let inputs = public_inputs(bundle).map(|x| U256::from_be_bytes(to_be(&x)));
    (std::array::from_fn(|i| proof[A + i]), inputs)
}

/// A chain with the harness under a bundle's keys.
struct Harness {
    chain: Chain,
    address: Address,
}

impl Harness {
    fn of(bundle: &Bundle) -> Self {
        let keys = trusted(bundle).expect("development keys");
        let mut chain = Chain::new(0);
        let address = chain.deploy("Groth16Only", &solidity::constructor(keys.keys()));
        let address = address.expect("a harness");
        Harness { chain, address }
    }

    fn verify(&mut self, call: &Call) -> Outcome {
        let data = [&selector("Groth16Only", "verify")[..], &call.abi_encode()].concat();
        self.chain.call(Address::ZERO, self.address, data)
    }

    /// Whether a proof is accepted, where no check has a name.
    fn accepts(&mut self, call: &Call) -> bool {
        let word = self.verify(call).word().expect("true or false");
        U256::from_be_bytes(word.0) == U256::from(1)
    }
}

#[test]
fn a_proof_is_of_its_inputs() {
    let bundle = World::clinic().honest(&queries::plain());
    let mut harness = Harness::of(&bundle);
    let honest = call(&bundle);
    assert!(harness.accepts(&honest));
    for i in 0..7 {
        let mut bent = honest;
        bent.1[i] ^= U256::from(1);
        assert!(!harness.accepts(&bent), "input {i}");
    }
}

#[test]
fn the_checks_are_the_verifiers() {
    type Change = fn(&mut Call);
    let bundle = World::clinic().honest(&queries::plain());
    let mut harness = Harness::of(&bundle);
    let honest = call(&bundle);
    let changes: [(&str, Change); 6] = [
        ("Identity", |c| c.0[..2].fill(U256::ZERO)),
        ("Identity", |c| c.0[2..6].fill(U256::ZERO)),
        ("Identity", |c| c.0[6..].fill(U256::ZERO)),
        ("NotInGroup", |c| c.0[1] = U256::MAX),
        ("NotInGroup", |c| c.0[7] ^= U256::from(1)),
        ("NotCanonical", |c| c.1[6] = U256::MAX),
    ];
    for (i, (error, change)) in changes.into_iter().enumerate() {
        let mut bent = honest;
        change(&mut bent);
        assert_eq!(harness.verify(&bent).error(), Some(error), "change {i}");
    }
}

/// A verifier that snarkjs exports checks as much, in as many pairings and multiplications.
#[test]
fn gas() {
    let bundle = World::clinic().honest(&queries::plain());
    let outcome = Harness::of(&bundle).verify(&call(&bundle));
    println!("Groth16 alone: {} gas", outcome.gas);
    assert!(outcome.gas < 263_000);
}
