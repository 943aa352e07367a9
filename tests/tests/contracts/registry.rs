//! `NectarRegistry` keeps one head a dataset and enters answers over it.

use alloy_primitives::Address;
use alloy_sol_types::SolValue;
use nectar_tests::{
    cohort::Cohort,
    evm::{Chain, Outcome},
    queries,
    world::{World, attestor},
};
use nectar_verifier::{bundle::Bundle, solidity, trust::entry_id};

const CUSTODIAN: Address = Address::repeat_byte(0xc0);
const ANYBODY: Address = Address::repeat_byte(0xaa);
const DAY: i64 = 86_400;

/// A registry that knows one attestor and the verifier of the bundle's keys, at a moment.
pub struct Registry {
    chain: Chain,
    address: Address,
}

/// The clinic's snapshot under a custodian's name, with an answer over it.
pub fn answered() -> (World, Bundle) {
    let cohort = Cohort::clinic();
    let mut header = cohort.header(None);
    header.core.custodian = CUSTODIAN;
    let world = World::of(cohort.commit_under(header, None));
    let bundle = world.honest(&queries::plain());
    (world, bundle)
}

impl Registry {
    fn at(now: i64, world: &World, bundle: &Bundle) -> Self {
        let mut chain = Chain::new(now);
        let keys = world.trusted(bundle).expect("development keys");
        let verifier = chain.deploy("NectarVerifier", &solidity::constructor(keys.keys()));
        let parameters = (
            vec![attestor().address()],
            vec![verifier.expect("a verifier")],
        );
        let address = chain.deploy("NectarRegistry", &parameters.abi_encode_params());
        let address = address.expect("a registry");
        Registry { chain, address }
    }

    fn call(&mut self, from: Address, data: Vec<u8>) -> Outcome {
        self.chain.call(from, self.address, data)
    }

    fn publish(&mut self, from: Address, bundle: &Bundle, signature: Vec<u8>) -> Outcome {
        let data = solidity::publish(&bundle.core, bundle.columns_root, signature);
        self.call(from, data)
    }

    /// Enters an answer.
    pub fn submit(&mut self, bundle: &Bundle) -> Outcome {
        let shape = bundle.statement().expect("a statement").shape();
        let answer = solidity::answer(bundle).expect("an answer");
        self.call(ANYBODY, solidity::submit(shape, answer))
    }

    /// With the bundle's snapshot as the head.
    pub fn published(now: i64, world: &World, bundle: &Bundle) -> Self {
        let mut registry = Registry::at(now, world, bundle);
        let dataset = bundle.core.dataset;
        let made = registry.call(CUSTODIAN, solidity::register(dataset));
        assert_eq!(made.error(), None);
        let signature = attestor().attest(bundle.root()).to_vec();
        assert_eq!(registry.publish(CUSTODIAN, bundle, signature).error(), None);
        registry
    }
}

#[test]
fn anybody_enters_an_answer_over_the_head() {
    let (world, bundle) = answered();
    let mut registry = Registry::published(world.now, &world, &bundle);
    let statement = bundle.statement().expect("a statement");
    let d0 = statement.digest(&bundle.core, bundle.root());
    let id = entry_id(d0, &bundle.cells);
    for _ in 0..2 {
        let outcome = registry.submit(&bundle);
        assert_eq!(outcome.word(), Some(id), "{outcome:?}");
    }
}

#[test]
fn an_answer_keeps_to_the_date() {
    let (world, bundle) = answered();
    for (days, error) in [(-1, Some("Date")), (0, None), (1, None), (2, Some("Date"))] {
        let mut registry = Registry::published(world.now + days * DAY, &world, &bundle);
        assert_eq!(registry.submit(&bundle).error(), error, "after {days} days");
    }
}

#[test]
fn only_the_custodian_publishes_what_an_attestor_accepts() {
    let (world, bundle) = answered();
    let mut registry = Registry::at(world.now, &world, &bundle);
    let signature = attestor().attest(bundle.root()).to_vec();
    let register = solidity::register(bundle.core.dataset);
    assert_eq!(registry.submit(&bundle).error(), Some("NotHead"));
    let early = registry.publish(CUSTODIAN, &bundle, signature.clone());
    assert_eq!(early.error(), Some("NotCustodian"));
    assert_eq!(registry.call(CUSTODIAN, register.clone()).error(), None);
    assert_eq!(registry.call(ANYBODY, register).error(), Some("Registered"));
    let other = registry.publish(ANYBODY, &bundle, signature.clone());
    assert_eq!(other.error(), Some("NotCustodian"));
    let mut bent = signature.clone();
    bent[0] ^= 1;
    let unknown = registry.publish(CUSTODIAN, &bundle, bent);
    assert_eq!(unknown.error(), Some("Attestor"));
    let made = registry.publish(CUSTODIAN, &bundle, signature.clone());
    assert_eq!(made.error(), None);
    let again = registry.publish(CUSTODIAN, &bundle, signature);
    assert_eq!(again.error(), Some("NotNext"));
}

#[test]
fn no_answer_over_keys_without_a_verifier() {
    let (world, bundle) = answered();
    let mut registry = Registry::published(world.now, &world, &bundle);
    let mut answer = solidity::answer(&bundle).expect("an answer");
    answer.core.srs.0[0] ^= 1;
    let shape = bundle.statement().expect("a statement").shape();
    let outcome = registry.call(ANYBODY, solidity::submit(shape, answer));
    assert_eq!(outcome.error(), Some("UnknownKeys"));
}
