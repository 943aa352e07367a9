//! The index statement in plain Rust.

use super::witness::{Witness, evaluation_commitment};
use crate::{
    poseidon::PoseidonTranscript,
    sumcheck::{combination, rounds},
};
use ark_bn254::Fr;
use ark_ff::{Field, One, Zero};
use nectar_verifier::circuit::{Circuit, index::Instance};

/// The first rule of the statement that does not hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Violation {
    /// The rounds, started from 0, do not end in the formula of the evaluations.
    #[error("the last claim of the sumcheck is not the formula of the evaluations")]
    Formula,
    /// com_v does not open to evaluations, mask and point.
    #[error("com_v is not the commitment to the evaluations")]
    Evaluations,
    /// L is not the combination of evaluations, mask and point.
    #[error("L is not the combination of the public values")]
    Linear,
}

/// Checks the statement, rule by rule in the order of the circuit.
pub fn predicate(instance: &Instance, witness: &Witness) -> Result<(), Violation> {
    let transcript = PoseidonTranscript::new(Circuit::Index, instance.code, witness.salts.rounds);
    let (claim, point) = rounds(transcript, Fr::zero(), &witness.rounds);
    let (evaluations, mask) = (&witness.evaluations, witness.mask);
    if formula(instance, evaluations) != claim {
        return Err(Violation::Formula);
    }
    if evaluation_commitment(witness.salts.evaluations, evaluations, mask, &point) != instance.com_v
    {
        return Err(Violation::Evaluations);
    }
    if combination(instance.lambda, evaluations, mask, &point, &[]) != instance.l {
        return Err(Violation::Linear);
    }
    Ok(())
}

/// The summand of the zero-check: weight * (W - presence * prod_b (1 + v_b (R^(2^b) - 1)) +
/// sum_b gamma^(b+1) (v_b^2 - v_b)), `evaluations` being W and the digits v_b.
pub(super) fn formula(instance: &Instance, evaluations: &[Fr]) -> Fr {
    let Some((w, digits)) = evaluations.split_first() else {
        return Fr::zero();
    };
    let (mut power, mut batch) = (instance.code, instance.batch);
    let (mut expected, mut not_binary) = (instance.presence, Fr::zero());
    for digit in digits {
        expected *= Fr::one() + *digit * (power - Fr::one());
        not_binary += batch * (digit.square() - digit);
        power.square_in_place();
        batch *= instance.batch;
    }
    instance.weight * (*w - expected + not_binary)
}
