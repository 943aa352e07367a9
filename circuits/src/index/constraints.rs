//! The index statement in constraints.
//!
//! What the circuit takes on trust is public: that PRESENCE and WEIGHT are the evaluations at the point,
//! and that CODE and BATCH were drawn after the vectors were committed. Every verifier sees to that.
//! Digits that a column does not have are 0 by the opening of L, and then change nothing here.

use super::witness::Witness;
use crate::{
    gadgets::{
        Builder, Num, Values,
        builder::{Number, Section},
        poseidon::{Sponge, commitment},
        sumcheck::{evaluate, rounds},
    },
    poseidon::Use,
};
use ark_bn254::Fr;
use ark_ff::One;
use nectar_verifier::circuit::{
    Circuit,
    index::{BATCH, CODE, COM_V, INPUTS, Instance, L, LAMBDA, PRESENCE, WEIGHT},
};
use zeroize::Zeroizing;

/// The full assignment: 1, public inputs, private variables. It is wiped when dropped.
///
/// Total: it assigns values to a witness that breaks the statement as well, and the constraints are
/// then not satisfied.
pub fn assign(instance: &Instance, witness: &Witness) -> Zeroizing<Vec<Fr>> {
    let mut values = Values::new();
    build(&mut values, instance, witness);
    values.into_assignment()
}

/// Builds the whole circuit: public inputs, witness, then rule after rule.
pub(crate) fn build<B: Builder>(b: &mut B, instance: &Instance, witness: &Witness) {
    let inputs = instance.inputs().map(|value| b.input(value));
    let messages = witness.rounds.iter();
    let messages: Vec<_> = messages.map(|message| b.witnesses(message)).collect();
    let evaluations = b.witnesses(&witness.evaluations);
    let salts = [witness.salts.rounds, witness.salts.evaluations].map(|salt| b.witness(salt));
    let mask = [b.witness(witness.mask)];

    b.section(Section::Rounds);
    let transcript = Sponge::transcript(b, Circuit::Index, &inputs[CODE], &salts[0]);
    let (claim, point) = rounds(b, transcript, Num::default(), &messages);

    b.section(Section::Formula);
    formula(b, &inputs, &evaluations, &claim);

    b.section(Section::Evaluations);
    let opened = [&evaluations[..], &mask, &point];
    let purpose = Use::IndexEvaluations;
    commitment(
        b,
        Circuit::Index,
        purpose,
        &salts[1],
        &opened,
        &inputs[COM_V],
    );

    b.section(Section::Linear);
    let sum = evaluate(b, &opened.concat(), &inputs[LAMBDA]);
    b.enforce(&sum, &inputs[LAMBDA], &inputs[L]);
}

/// Demands that the formula of the evaluations is the claim.
fn formula<B: Builder>(
    b: &mut B,
    inputs: &[Number<B>; INPUTS],
    evaluations: &[Number<B>],
    claim: &Number<B>,
) {
    let (w, digits) = (&evaluations[0], &evaluations[1..]);
    let expected = power(b, &inputs[CODE], digits);
    let expected = b.product(&expected, &inputs[PRESENCE]);
    let not_binary: Vec<_> = digits
        .iter()
        .map(|digit| b.product(digit, &(digit.clone() - Fr::one())))
        .collect();
    let not_binary = evaluate(b, &not_binary, &inputs[BATCH]);
    let not_binary = b.product(&not_binary, &inputs[BATCH]);
    b.enforce(
        &(w.clone() - &expected + &not_binary),
        &inputs[WEIGHT],
        claim,
    );
}

/// The power of `base` whose exponent has these digits, least first: the product of 1 + v_b
/// (base^(2^b) - 1).
fn power<B: Builder>(b: &mut B, base: &Number<B>, digits: &[Number<B>]) -> Number<B> {
    let (mut product, mut square) = (Num::one(), base.clone());
    for (i, digit) in digits.iter().enumerate() {
        if i > 0 {
            square = b.product(&square, &square);
        }
        let factor = b.product(digit, &(square.clone() - Fr::one())) + Fr::one();
        product = match i {
            0 => factor,
            _ => b.product(&product, &factor),
        };
    }
    product
}
