//! What the prover of the index statement knows.

use crate::sumcheck::{self, Mismatch, check_rounds};
use ark_bn254::Fr;
use ark_ff::Zero;
use nectar_verifier::circuit::{
    Circuit,
    index::{DEGREE, ROUNDS, SLOTS},
};
use zeroize::{Zeroize, ZeroizeOnDrop};

/// The salts of the two sponges. Fresh for every attempt (protocol, section 4), and wiped.
#[derive(Clone, Default, Zeroize, ZeroizeOnDrop)]
pub struct Salts {
    /// Of the round transcript.
    pub rounds: Fr,
    /// Of com_v.
    pub evaluations: Fr,
}

/// The private side of the statement. It has no `Debug`: nothing of it may be printed. It is wiped when dropped.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct Witness {
    pub(super) salts: Salts,
    pub(super) rounds: Vec<Vec<Fr>>,
    pub(super) evaluations: Vec<Fr>,
    pub(super) mask: Fr,
}

impl Witness {
    /// Gathers a witness.
    ///
    /// `rounds` are the messages of all 26 rounds, each the coefficients c_0, c_2, .. c_14.
    /// `evaluations` are that of W, the vector R^code with its presence part, and those of the 12
    /// binary digits, least first, 0 for digits the column does not have; `mask` is mu.
    ///
    /// # Errors
    /// A list has another length.
    pub fn new(
        salts: Salts,
        rounds: Vec<Vec<Fr>>,
        evaluations: Vec<Fr>,
        mask: Fr,
    ) -> Result<Self, Mismatch> {
        check_rounds(Circuit::Index, &rounds, &evaluations)?;
        Ok(Self {
            salts,
            rounds,
            evaluations,
            mask,
        })
    }

    /// A witness of zeros, for setup, where only its size matters.
    pub(crate) fn unassigned() -> Self {
        Self {
            salts: Salts::default(),
            rounds: vec![vec![Fr::zero(); DEGREE]; ROUNDS],
            evaluations: vec![Fr::zero(); SLOTS],
            mask: Fr::zero(),
        }
    }
}

/// com_v = Poseidon(salt, v_*, mu, r_*).
pub fn evaluation_commitment(salt: Fr, evaluations: &[Fr], mask: Fr, point: &[Fr]) -> Fr {
    sumcheck::evaluation_commitment(Circuit::Index, salt, evaluations, mask, point)
}
