//! Where a prover may depart from the protocol.
//!
//! The engine tells its [`Strategy`] each thing it has made, before anything depends on it. [`Honest`] leaves all of
//! it as it is, at no cost. Dishonest ones live in the soundness tests and come in by [`super::dishonest`] alone: a
//! closure that changes one step is a whole dishonest prover, consistent in everything that follows from its lie.

use super::scan::Scan;
use ark_bn254::{Fr, G1Affine};
use nectar_circuits::{
    index,
    poseidon::PoseidonTranscript,
    release::{Instance, Witness},
};
use nectar_verifier::{index::IndexChallenges, receipt::Record, statement::Statement};
use std::borrow::Cow;

/// What the prover has just made, in the order of section 4; in a receipt (section 8) [`Step::Record`] is the first, and
/// [`Step::Lambda`] and [`Step::Combination`] follow.
#[cfg_attr(
    not(feature = "test-util"),
    expect(dead_code, reason = "an honest prover looks at none of it")
)]
pub enum Step<'a, 'b> {
    /// The statement it works by and the rows it reads. Digests, flags and policy stay those of the statement asked.
    Source(&'a mut Cow<'b, Statement>, &'a mut Cow<'b, [Vec<u16>]>),
    /// The table N_j.
    Table(&'a mut Vec<u64>),
    /// All cells after the disclosure rule.
    Released(&'a mut Vec<u64>),
    /// The challenge that folds the table.
    Rho(&'a mut Fr),
    /// Round messages, point and evaluations of the sumcheck.
    Scan(&'a mut Scan),
    /// The mask's evaluation.
    Mu(&'a mut Fr),
    /// The challenge that folds all long public values.
    Lambda(&'a mut Fr),
    /// L.
    Linear(&'a mut Fr),
    /// F, the masked combination that is opened.
    Combination(&'a mut Vec<Fr>),
    /// What a receipt claims, M, and the mask's evaluation: all that gives its lambda.
    Record(&'a mut Record, &'a G1Affine, &'a mut Fr),
    /// What the circuit's proof is made for.
    Circuit(&'a mut Instance, &'a Witness),
    /// The challenges of an index proof (section 7).
    Challenges(&'a mut IndexChallenges),
    /// Round messages, point and evaluations of its zero-check, and the sponge the rounds began with.
    ZeroCheck(&'a IndexChallenges, &'a PoseidonTranscript, &'a mut Scan),
    /// What the index circuit's proof is made for.
    IndexCircuit(&'a mut index::Instance, &'a index::Witness),
}

/// A way to prove.
pub trait Strategy {
    /// Sees a step, and may change it.
    fn step(&self, step: Step<'_, '_>);
}

/// Follows the protocol.
pub struct Honest;

impl Strategy for Honest {
    fn step(&self, _: Step<'_, '_>) {}
}

#[cfg(feature = "test-util")]
impl<F: Fn(Step<'_, '_>)> Strategy for F {
    fn step(&self, step: Step<'_, '_>) {
        self(step);
    }
}
