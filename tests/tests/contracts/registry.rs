//! `NectarRegistry` keeps one head a dataset and enters answers over it.

use alloy_primitives::{Address, U256};
use alloy_sol_types::SolValue;
use nectar_testkit::{
    cohort::Cohort,
    queries,
    world::{World, attest, attestor, trusted},
};
use nectar_tests::evm::{Chain, Outcome};
use nectar_verifier::{bundle::Bundle, solidity, trust::entry_id};

const CUSTODIAN: Address = Address::repeat_byte(0xc0);
const ANYBODY: Address = Address::repeat_byte(0xaa);
const DAY: i64 = 86_400;
/// Where an answer begins in a call, after selector, shape and its own offset.
const ANSWER: usize = 68;
/// Words of an answer that say where its lists are, after those of the core.
const LISTS: std::ops::Range<usize> = 20..27;

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

/// A call that submits a bundle.
fn submission(bundle: &Bundle) -> Vec<u8> {
    let shape = bundle.statement().expect("a statement").shape();
    solidity::submit(shape, solidity::answer(bundle).expect("an answer"))
}

impl Registry {
    fn at(now: i64, bundle: &Bundle) -> Self {
        let mut chain = Chain::new(now);
        let keys = trusted(bundle).expect("development keys");
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

    fn register(&mut self, from: Address, bundle: &Bundle) -> Outcome {
        let signature = attest(bundle.root()).to_vec();
        let data = solidity::register(&bundle.core, bundle.columns_root, signature);
        self.call(from, data)
    }

    fn publish(&mut self, from: Address, bundle: &Bundle) -> Outcome {
        let signature = attest(bundle.root()).to_vec();
        let data = solidity::publish(&bundle.core, bundle.columns_root, signature);
        self.call(from, data)
    }

    /// Enters an answer.
    pub fn submit(&mut self, bundle: &Bundle) -> Outcome {
        self.call(ANYBODY, submission(bundle))
    }

    /// With the bundle's snapshot as the head.
    pub fn published(now: i64, bundle: &Bundle) -> Self {
        let mut registry = Registry::at(now, bundle);
        assert_eq!(registry.register(CUSTODIAN, bundle).error(), None);
        registry
    }
}

#[test]
fn anybody_enters_an_answer_over_the_head() {
    let (world, bundle) = answered();
    let mut registry = Registry::published(world.now, &bundle);
    let statement = bundle.statement().expect("a statement");
    let d0 = statement.digest(&bundle.core, bundle.root());
    let id = entry_id(d0, &bundle.cells);
    for _ in 0..2 {
        let outcome = registry.submit(&bundle);
        assert_eq!(outcome.word(), Some(id), "{outcome:?}");
    }
}

/// The registry has the shape in a call's first word, where the verifier has the root: no list begins there, for it would
/// be of another length to each.
#[test]
fn no_list_leads_back_to_the_first_word() {
    let (world, bundle) = answered();
    let mut registry = Registry::published(world.now, &bundle);
    let honest = submission(&bundle);
    let back = U256::ZERO.wrapping_sub(U256::from(ANSWER - 4));
    for list in LISTS {
        let mut bent = honest.clone();
        let place = ANSWER + 32 * list;
        bent[place..place + 32].copy_from_slice(&back.to_be_bytes::<32>());
        let outcome = registry.call(ANYBODY, bent);
        assert_eq!(outcome.error(), Some(""), "list {list}");
    }
    assert_eq!(registry.submit(&bundle).error(), None);
}

#[test]
fn an_answer_keeps_to_the_date() {
    let (world, bundle) = answered();
    for (days, error) in [(-1, Some("Date")), (0, None), (1, None), (2, Some("Date"))] {
        let mut registry = Registry::published(world.now + days * DAY, &bundle);
        assert_eq!(registry.submit(&bundle).error(), error, "after {days} days");
    }
}

/// The header of a snapshot after a bundle's, over the same columns.
fn after(bundle: &Bundle) -> Bundle {
    let mut next = bundle.clone();
    next.core.parent = bundle.root();
    next.core.sequence += 1;
    next
}

#[test]
fn a_dataset_begins_with_a_snapshot_of_its_custodian() {
    let (world, bundle) = answered();
    let late = after(&after(&bundle));
    let mut registry = Registry::at(world.now, &late);
    assert_eq!(registry.submit(&bundle).error(), Some("NotHead"));
    let early = registry.publish(CUSTODIAN, &bundle);
    assert_eq!(early.error(), Some("NotCustodian"));
    let other = registry.register(ANYBODY, &late);
    assert_eq!(other.error(), Some("NotCustodian"));
    let mut bent = attest(late.root()).to_vec();
    bent[0] ^= 1;
    let data = solidity::register(&late.core, late.columns_root, bent);
    let unknown = registry.call(CUSTODIAN, data);
    assert_eq!(unknown.error(), Some("Attestor"));
    assert_eq!(registry.register(CUSTODIAN, &late).error(), None);
    let again = registry.register(CUSTODIAN, &bundle);
    assert_eq!(again.error(), Some("Registered"));
}

#[test]
fn snapshots_follow_one_another() {
    let (world, bundle) = answered();
    let mut registry = Registry::published(world.now, &bundle);
    let next = after(&bundle);
    let mut skipping = after(&next);
    skipping.core.parent = bundle.root();
    let mut elsewhere = next.clone();
    elsewhere.core.parent.0[0] ^= 1;
    for other in [&bundle, &skipping, &elsewhere] {
        assert_eq!(registry.publish(CUSTODIAN, other).error(), Some("NotNext"));
    }
    let anybody = registry.publish(ANYBODY, &next);
    assert_eq!(anybody.error(), Some("NotCustodian"));
    let mut unknown = solidity::publish(&next.core, next.columns_root, vec![1; 65]);
    let refused = registry.call(CUSTODIAN, unknown.clone());
    assert_eq!(refused.error(), Some("Attestor"));
    unknown.truncate(100);
    assert_eq!(registry.call(CUSTODIAN, unknown).error(), Some(""));
    assert_eq!(registry.publish(CUSTODIAN, &next).error(), None);
    // An answer over the snapshot before is over no head now.
    assert_eq!(registry.submit(&bundle).error(), Some("NotHead"));
}

#[test]
fn a_custodian_hands_a_dataset_over() {
    let (world, bundle) = answered();
    let mut registry = Registry::published(world.now, &bundle);
    let mut next = after(&bundle);
    next.core.custodian = ANYBODY;
    let taken = registry.publish(ANYBODY, &next);
    assert_eq!(taken.error(), Some("NotCustodian"));
    assert_eq!(registry.publish(CUSTODIAN, &next).error(), None);
    let last = after(&next);
    let former = registry.publish(CUSTODIAN, &last);
    assert_eq!(former.error(), Some("NotCustodian"));
    assert_eq!(registry.publish(ANYBODY, &last).error(), None);
}

#[test]
fn no_answer_over_keys_without_a_verifier() {
    let (world, bundle) = answered();
    let mut registry = Registry::published(world.now, &bundle);
    let mut answer = solidity::answer(&bundle).expect("an answer");
    answer.core.srs.0[0] ^= 1;
    let shape = bundle.statement().expect("a statement").shape();
    let outcome = registry.call(ANYBODY, solidity::submit(shape, answer));
    assert_eq!(outcome.error(), Some("UnknownKeys"));
}
