//! Poseidon over the scalar field of BN254, the hash inside the circuits (protocol, sections 4 and 6).
//!
//! Each circuit has its rate ([`Params::of`]), which is at least its degree, so that one round message
//! of the sumcheck is one block. There is one capacity element, element 0 of the state. Hashing a list
//! of inputs:
//!
//! 1. the state is the capacity `use * 2^32 + inputs` ([`Use`], number of inputs), and zeros;
//! 2. block by block, up to `rate` inputs are added to the elements from 1 on, then the state is
//!    permuted; the last block may be short;
//! 3. the digest is element 1.
//!
//! No two uses or lengths share a starting state, which makes padding needless.

mod linear;
mod params;

pub use params::{FULL_ROUNDS, Params};

use ark_bn254::Fr;
use ark_ff::Zero;
use nectar_verifier::circuit::Circuit;
use zeroize::{Zeroize, ZeroizeOnDrop};

/// What a sponge is for: its domain separation, part of the starting state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u64)]
pub enum Use {
    /// com_N: salt and the cells of the table.
    Table = 1,
    /// com_v: salt, the evaluations of the slots, of the mask, and the point.
    Evaluations = 2,
    /// The release sumcheck's transcript: rho, salt, and all the coefficients of its messages.
    Rounds = 3,
    /// com_v of the index statement: salt, the evaluations of the slots, of the mask, and the point.
    IndexEvaluations = 4,
    /// The index sumcheck's transcript: CODE, salt, and all the coefficients of its messages.
    IndexRounds = 5,
}

impl Use {
    /// The capacity a sponge of `inputs` elements starts with.
    pub fn tag(self, inputs: usize) -> Fr {
        Fr::from(((self as u64) << 32) + inputs as u64)
    }

    /// What a circuit commits to its evaluations with.
    pub(crate) fn evaluations(circuit: Circuit) -> Self {
        match circuit {
            Circuit::Release(_) => Self::Evaluations,
            Circuit::Index => Self::IndexEvaluations,
        }
    }

    /// What a circuit draws the challenges of its rounds with.
    fn rounds(circuit: Circuit) -> Self {
        match circuit {
            Circuit::Release(_) => Self::Rounds,
            Circuit::Index => Self::IndexRounds,
        }
    }
}

/// Hashes a list with a circuit's parameters, see the module.
pub fn hash(circuit: impl Into<Circuit>, purpose: Use, inputs: &[Fr]) -> Fr {
    let mut sponge = Sponge::new(circuit.into(), purpose.tag(inputs.len()));
    for block in inputs.chunks(sponge.params.rate()) {
        sponge.absorb(block);
    }
    sponge.output()
}

/// The sumcheck's Fiat-Shamir transcript (protocol, section 4, step 3).
///
/// Starts from the block `(challenge, salt)`, the challenge being rho of the release statement and
/// CODE of the index statement; every round message is one block, and the challenge it draws
/// is element 1 of the state. Nothing of it leaves the prover but the challenges.
#[derive(Clone)]
pub struct PoseidonTranscript(Sponge);

impl PoseidonTranscript {
    /// Starts a circuit's transcript.
    pub fn new(circuit: impl Into<Circuit>, challenge: Fr, salt: Fr) -> Self {
        let circuit = circuit.into();
        let mut sponge = Sponge::new(circuit, Self::tag(circuit));
        sponge.absorb(&[challenge, salt]);
        Self(sponge)
    }

    /// The starting capacity: challenge, salt, and `degree` coefficients a round are the inputs.
    pub(crate) fn tag(circuit: Circuit) -> Fr {
        Use::rounds(circuit).tag(2 + circuit.rounds() * circuit.degree())
    }

    /// Absorbs a round message, the coefficients c_0, c_2, .. c_degree, and draws its challenge.
    pub fn challenge(&mut self, coefficients: &[Fr]) -> Fr {
        debug_assert!(coefficients.len() <= self.0.params.rate());
        self.0.absorb(coefficients);
        self.0.output()
    }
}

/// A sponge that absorbs blocks of at most `rate` elements. It is wiped when dropped.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
struct Sponge {
    #[zeroize(skip)]
    params: &'static Params,
    state: Vec<Fr>,
}

impl Sponge {
    fn new(circuit: Circuit, tag: Fr) -> Self {
        let params = Params::of(circuit);
        let mut state = vec![Fr::zero(); params.width()];
        state[0] = tag;
        Self { params, state }
    }

    fn absorb(&mut self, block: &[Fr]) {
        for (element, input) in self.state[1..].iter_mut().zip(block) {
            *element += input;
        }
        self.params.permute(&mut self.state);
    }

    fn output(&self) -> Fr {
        self.state[1]
    }
}

#[cfg(test)]
mod tests;
