//! Poseidon by shape and use.

use super::{
    Vectors,
    text::{fr, scalar},
};
use alloy_primitives::B256;
use ark_bn254::Fr;
use nectar_circuits::poseidon::{PoseidonTranscript, Use, hash};
use nectar_verifier::shape::Shape;
use serde::{Deserialize, Serialize};

/// The hash of a list.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Hash {
    shape: u8,
    purpose: u8,
    inputs: Vec<B256>,
    output: B256,
}

/// A sumcheck's first challenges.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Rounds {
    shape: u8,
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

fn shape(id: u8) -> Shape {
    Shape::from_id(id).expect("a shape")
}

fn output(of: u8, purpose: u8, inputs: &[Fr]) -> B256 {
    let purpose = [Use::Table, Use::Evaluations, Use::Rounds][usize::from(purpose) - 1];
    scalar(&hash(shape(of), purpose, inputs))
}

fn challenges(of: u8, rho: &B256, salt: &B256, messages: &[Vec<B256>]) -> Vec<B256> {
    let mut t = PoseidonTranscript::new(shape(of), fr(rho), fr(salt));
    let challenge = |m: &Vec<B256>| t.challenge(&m.iter().map(fr).collect::<Vec<_>>());
    messages.iter().map(challenge).map(|c| scalar(&c)).collect()
}

fn list(from: u64, count: usize) -> Vec<B256> {
    (from..).take(count).map(|n| scalar(&Fr::from(n))).collect()
}

fn hashes(of: Shape) -> Vec<Hash> {
    let lists = [1, of.degree(), of.degree() + 1];
    let one = |purpose: u8, inputs: Vec<B256>| Hash {
        shape: of.id(),
        purpose,
        output: output(of.id(), purpose, &inputs.iter().map(fr).collect::<Vec<_>>()),
        inputs,
    };
    let small = (1..=3).flat_map(|u| lists.map(|n| one(u, list(1, n))));
    let large = vec![scalar(&-Fr::from(1)), scalar(&-Fr::from(2))];
    small.chain([one(1, large)]).collect()
}

fn rounds(of: Shape) -> Rounds {
    let [rho, salt] = [7, 8].map(|n| scalar(&Fr::from(n)));
    let messages: Vec<_> = [1, 100].map(|n| list(n, of.degree())).into();
    Rounds {
        shape: of.id(),
        challenges: challenges(of.id(), &rho, &salt, &messages),
        rho,
        salt,
        messages,
    }
}

impl Vectors for Poseidon {
    const FILE: &'static str = "poseidon.json";

    fn make() -> Self {
        Poseidon {
            hashes: Shape::ALL.into_iter().flat_map(hashes).collect(),
            rounds: Shape::ALL.map(rounds).into(),
        }
    }

    fn check(&self) {
        for h in &self.hashes {
            let inputs: Vec<_> = h.inputs.iter().map(fr).collect();
            assert_eq!(h.output, output(h.shape, h.purpose, &inputs));
        }
        for r in &self.rounds {
            assert_eq!(
                r.challenges,
                challenges(r.shape, &r.rho, &r.salt, &r.messages)
            );
        }
    }
}
