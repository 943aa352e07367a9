//! `NectarVerifier` accepts what `Bundle::verify` accepts, and names the check that fails.

use alloy_primitives::{Address, B256, U256};
use ark_bn254::Fr;
use nectar_testkit::{
    queries, weak_transcripts,
    world::{World, trusted},
};
use nectar_tests::evm::{Chain, Outcome};
use nectar_verifier::{
    abi, bundle::Bundle, field::to_be, header::purposes_digest, query::Query, solidity,
};

/// A verifier under the keys that a bundle carries.
pub struct Contract {
    chain: Chain,
    address: Address,
}

impl Contract {
    /// Deploys it.
    pub fn of(bundle: &Bundle) -> Self {
        let keys = trusted(bundle).expect("development keys");
        let mut chain = Chain::new(World::clinic().now);
        let address = chain.deploy("NectarVerifier", &solidity::constructor(keys.keys()));
        let address = address.expect("a verifier");
        Contract { chain, address }
    }

    /// Calls it.
    pub fn call(&mut self, data: Vec<u8>) -> Outcome {
        self.chain.call(Address::ZERO, self.address, data)
    }

    /// Calls it with an answer, under the root of `bundle`.
    pub fn verify(&mut self, bundle: &Bundle, answer: abi::Answer) -> Outcome {
        self.call(solidity::verify(bundle.root(), answer))
    }
}

/// D0 as Rust has it.
pub fn d0(bundle: &Bundle) -> B256 {
    let statement = bundle.statement().expect("a statement");
    statement.digest(&bundle.core, bundle.root())
}

fn accepts(query: &Query) {
    let bundle = World::clinic().honest(query);
    let outcome = Contract::of(&bundle).call(solidity::calldata(&bundle).expect("calldata"));
    assert_eq!(outcome.word(), Some(d0(&bundle)), "{outcome:?}");
}

#[test]
fn plain_counts() {
    accepts(&queries::plain());
}

#[test]
fn counts_by_two_axes() {
    accepts(&queries::counts());
}

#[test]
fn moments() {
    accepts(&queries::moments());
}

#[test]
fn gram() {
    accepts(&queries::gram());
}

#[test]
fn wide() {
    accepts(&queries::wide());
}

/// The error for another word in each place of a compact proof.
const BENT: [(std::ops::Range<usize>, &str); 5] = [
    // Up to [S] a word moves z, and with it the hint.
    (0..31, "InverseHint"),
    (31..35, "OpeningIdentity"),
    // [Q] and [V] are multiplied, A, B and C are paired.
    (35..39, "NotOnCurve"),
    (39..47, "NotInGroup"),
    (47..48, "InverseHint"),
];

#[test]
fn no_word_of_a_proof_can_be_another() {
    let bundle = World::clinic().honest(&queries::plain());
    let mut contract = Contract::of(&bundle);
    let honest = solidity::answer(&bundle).expect("an answer");
    let mut refuse = |i: usize, word: U256, error: &str| {
        let mut bent = honest.clone();
        bent.proof[i] = word;
        let outcome = contract.verify(&bundle, bent);
        assert_eq!(outcome.error(), Some(error), "word {i} as {word}");
    };
    for (places, error) in BENT {
        for i in places {
            refuse(i, honest.proof[i] ^ U256::from(1), error);
        }
    }
    let order = U256::from_be_bytes(to_be(&-Fr::from(1u8))) + U256::from(1);
    for i in [0, 1, 28, 31, 34] {
        refuse(i, honest.proof[i] + order, "NotCanonical");
    }
    assert_eq!(honest.proof.len(), 48);
}

/// Points that would pass for the identity or for points are refused by name.
#[test]
fn no_point_is_the_identity() {
    let bundle = World::clinic().honest(&queries::plain());
    let mut contract = Contract::of(&bundle);
    let honest = solidity::answer(&bundle).expect("an answer");
    for i in [2, 29, 35, 37, 39, 45] {
        let mut bent = honest.clone();
        bent.proof[i..i + 2].fill(U256::ZERO);
        let outcome = contract.verify(&bundle, bent);
        assert_eq!(outcome.error(), Some("Identity"), "the point at {i}");
    }
    let mut bent = honest.clone();
    bent.points[..2].fill(U256::ZERO);
    assert_eq!(contract.verify(&bundle, bent).error(), Some("Identity"));
}

/// In calldata, zero stands for the hash of no purpose: it is none that consent could be for, nor is another's.
#[test]
fn consent_is_for_the_purpose_of_the_query() {
    const CONSENT: u8 = 4;
    /// Place of the purpose in abi(Query).
    const PURPOSE: std::ops::Range<usize> = 64..96;
    let bundle = World::clinic().honest(&queries::plain());
    let mut contract = Contract::of(&bundle);
    let honest = solidity::answer(&bundle).expect("an answer");
    for (asked, recorded) in [(0, 0), (1, 2)] {
        let [asked, recorded] = [asked, recorded].map(B256::repeat_byte);
        let mut bent = honest.clone();
        bent.purposes[0].purpose = asked;
        bent.core.purposes = purposes_digest(&bent.purposes);
        let mut query = bent.query.to_vec();
        query[PURPOSE].copy_from_slice(asked.as_slice());
        bent.query = query.into();
        for c in &mut bent.columns {
            if c.descriptor.kind == CONSENT {
                c.descriptor.purpose = recorded;
            }
        }
        let outcome = contract.verify(&bundle, bent);
        assert_eq!(outcome.error(), Some("ConsentColumn"), "{asked}");
    }
}

/// chi is drawn from [V], A, B and C, whatever of them would do for another verifier.
#[test]
fn every_part_of_the_last_message_moves_chi() {
    let honest = World::clinic().honest(&queries::plain());
    let keys = trusted(&honest).expect("development keys");
    let mut contract = Contract::of(&honest);
    for (absorbed, bundle) in weak_transcripts::forgeries(&honest, d0(&honest), keys.keys()) {
        let outcome = contract.call(solidity::calldata(&bundle).expect("calldata"));
        assert_eq!(outcome.error(), Some("Pairings"), "{absorbed:?}");
    }
}

/// What leads from the root to the commitments is bound, and nothing is left over.
#[test]
fn no_part_of_an_opening_can_be_another() {
    type Bend = fn(&mut abi::Answer);
    let bends: [(&str, Bend); 14] = [
        ("Root", |a| a.points[0] ^= U256::from(1)),
        ("Root", |a| a.siblings[0].0[0] ^= 1),
        ("SiblingCount", |a| _ = a.siblings.pop()),
        ("SiblingCount", |a| a.siblings.push(B256::ZERO)),
        ("Openings", |a| _ = a.points.pop()),
        ("Openings", |a| a.columns.swap(0, 1)),
        ("Root", |a| a.columns[0].descriptor.scale ^= 1),
        ("UnknownColumn", |a| _ = a.columns.remove(0)),
        ("Openings", |a| a.columns.insert(1, a.columns[0].clone())),
        ("Purposes", |a| a.purposes[0].column ^= 1),
        ("OtherKeys", |a| a.core.compactKey.0[0] ^= 1),
        ("InvalidPolicy", |a| a.core.k += 1),
        ("CellCount", |a| _ = a.cells.pop()),
        ("ProofLength", |a| _ = a.proof.pop()),
    ];
    let bundle = World::clinic().honest(&queries::plain());
    let mut contract = Contract::of(&bundle);
    let honest = solidity::answer(&bundle).expect("an answer");
    for (i, (error, bend)) in bends.into_iter().enumerate() {
        let mut bent = honest.clone();
        bend(&mut bent);
        let outcome = contract.verify(&bundle, bent);
        assert_eq!(outcome.error(), Some(error), "bend {i}");
    }
}
