//! Poseidon by circuit and use.

use super::{
    Vectors,
    text::{fr, scalar},
};
use alloy_primitives::B256;
use ark_bn254::Fr;
use nectar_circuits::poseidon::{Params, PoseidonTranscript, Use, hash};
use nectar_verifier::circuit::Circuit;
use serde::{Deserialize, Serialize};

/// The hash of a list.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Hash {
    circuit: u8,
    purpose: u8,
    inputs: Vec<B256>,
    output: B256,
}

/// A sumcheck's first challenges.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Rounds {
    circuit: u8,
    rho: B256,
    salt: B256,
    messages: Vec<Vec<B256>>,
    challenges: Vec<B256>,
}

/// The file.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Poseidon {
    hashes: Vec<Hash>,
    rounds: Vec<Rounds>,
}

fn circuit(id: u8) -> Circuit {
    Circuit::from_id(id).expect("a circuit")
}

/// What a circuit hashes, by rising number.
fn uses(of: Circuit) -> &'static [Use] {
    match of {
        Circuit::Release(_) => &[Use::Table, Use::Evaluations, Use::Rounds],
        Circuit::Index => &[Use::IndexEvaluations, Use::IndexRounds],
    }
}

fn output(of: u8, purpose: u8, inputs: &[B256]) -> B256 {
    let of = circuit(of);
    let known = uses(of).iter().find(|u| **u as u8 == purpose);
    let inputs: Vec<_> = inputs.iter().map(fr).collect();
    scalar(&hash(of, *known.expect("a use"), &inputs))
}

fn challenges(of: u8, first: [&B256; 2], messages: &[Vec<B256>]) -> Vec<B256> {
    let mut t = PoseidonTranscript::new(circuit(of), fr(first[0]), fr(first[1]));
    let challenge = |m: &Vec<B256>| t.challenge(&m.iter().map(fr).collect::<Vec<_>>());
    messages.iter().map(challenge).map(|c| scalar(&c)).collect()
}

fn list(from: u64, count: usize) -> Vec<B256> {
    (from..).take(count).map(|n| scalar(&Fr::from(n))).collect()
}

/// Lists of one element, of a block, and of one more; and one of large elements.
fn hashes(of: Circuit) -> Vec<Hash> {
    let rate = Params::of(of).rate();
    let one = |purpose: Use, inputs: Vec<B256>| Hash {
        circuit: of.id(),
        purpose: purpose as u8,
        output: output(of.id(), purpose as u8, &inputs),
        inputs,
    };
    let lists = |purpose| [1, rate, rate + 1].map(|n| one(purpose, list(1, n)));
    let large = [1, 2].map(|n| scalar(&-Fr::from(n))).into();
    let small = uses(of).iter().flat_map(|u| lists(*u));
    small.chain([one(uses(of)[0], large)]).collect()
}

fn rounds(of: Circuit) -> Rounds {
    let [rho, salt] = [7, 8].map(|n| scalar(&Fr::from(n)));
    let messages: Vec<_> = [1, 100].map(|n| list(n, of.degree())).into();
    Rounds {
        circuit: of.id(),
        challenges: challenges(of.id(), [&rho, &salt], &messages),
        rho,
        salt,
        messages,
    }
}

impl Vectors for Poseidon {
    const FILE: &'static str = "poseidon.json";

    fn make() -> Self {
        Poseidon {
            hashes: Circuit::ALL.into_iter().flat_map(hashes).collect(),
            rounds: Circuit::ALL.map(rounds).into(),
        }
    }

    fn check(&self) {
        for h in &self.hashes {
            assert_eq!(h.output, output(h.circuit, h.purpose, &h.inputs));
        }
        for r in &self.rounds {
            let drawn = challenges(r.circuit, [&r.rho, &r.salt], &r.messages);
            assert_eq!(drawn, r.challenges);
        }
    }
}
