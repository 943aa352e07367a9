//! Poseidon over the scalar field of BN254, the hash inside the circuits (protocol, sections 4 and 6).
//!
//! The rate is the shape's degree, so that one round message of the sumcheck is one block. There is
//! one capacity element, element 0 of the state. Hashing a list of inputs:
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
use nectar_verifier::shape::Shape;

/// What a sponge is for; part of its starting state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u64)]
pub enum Use {
    /// com_N: salt and the cells of the table.
    Table = 1,
    /// com_v: salt, the evaluations of the slots, of the mask, and the point.
    Evaluations = 2,
    /// The sumcheck's transcript: rho, salt, and all the coefficients of its messages.
    Rounds = 3,
}

impl Use {
    /// The capacity a sponge of `inputs` elements starts with.
    pub fn tag(self, inputs: usize) -> Fr {
        Fr::from(((self as u64) << 32) + inputs as u64)
    }
}

/// Hashes a list, see the module.
pub fn hash(shape: Shape, purpose: Use, inputs: &[Fr]) -> Fr {
    let mut sponge = Sponge::new(shape, purpose.tag(inputs.len()));
    for block in inputs.chunks(shape.degree()) {
        sponge.absorb(block);
    }
    sponge.output()
}

/// The sumcheck's Fiat-Shamir transcript (protocol, section 4, step 3).
///
/// Starts from the block `(rho, salt)`; every round message is one block, and the challenge it draws
/// is element 1 of the state. Nothing of it leaves the prover but the challenges.
#[derive(Clone)]
pub struct PoseidonTranscript(Sponge);

impl PoseidonTranscript {
    /// Starts a transcript.
    pub fn new(shape: Shape, rho: Fr, salt: Fr) -> Self {
        let mut sponge = Sponge::new(shape, Self::tag(shape));
        sponge.absorb(&[rho, salt]);
        Self(sponge)
    }

    /// The starting capacity: rho, the salt, and `degree` coefficients a round are the inputs.
    pub fn tag(shape: Shape) -> Fr {
        Use::Rounds.tag(2 + shape.rounds() * shape.degree())
    }

    /// Absorbs a round message, the coefficients c_0, c_2, .. c_degree, and draws its challenge.
    pub fn challenge(&mut self, coefficients: &[Fr]) -> Fr {
        debug_assert_eq!(coefficients.len(), self.0.params.rate());
        self.0.absorb(coefficients);
        self.0.output()
    }
}

/// A sponge that absorbs blocks of at most `rate` elements.
#[derive(Clone)]
struct Sponge {
    params: &'static Params,
    state: Vec<Fr>,
}

impl Sponge {
    fn new(shape: Shape, tag: Fr) -> Self {
        let params = Params::of(shape);
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
