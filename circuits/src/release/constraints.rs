//! The release statement in constraints.
//!
//! What the circuit takes on trust is public: that FLAGS and POLICY are packed from a query and a
//! valid policy, which every verifier computes itself. Widths are at most 12.

use super::{formula::Formula, witness::Witness};
use crate::{
    gadgets::{
        Builder, Num, Values,
        builder::{Number, Section},
        disclosure::{Rule, release},
        poseidon::{Sponge, commitment},
        range::decompose,
        rounding_unit::{Layouts, layouts, policy, rounding_units},
        sumcheck::{evaluate, rounds},
    },
    poseidon::Use,
};
use ark_bn254::Fr;
use ark_ff::One;
use nectar_verifier::circuit::{
    Circuit,
    release::{COM_N, COM_V, FLAGS, Instance, L, LAMBDA, POLICY, RHO},
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

/// The witness as numbers of the circuit.
struct Private<N> {
    table: Vec<N>,
    salts: [N; 3],
    rounds: Vec<Vec<N>>,
    evaluations: Vec<N>,
    mask: N,
}

/// Builds the whole circuit: public inputs, witness, then rule after rule.
pub(crate) fn build<B: Builder>(b: &mut B, instance: &Instance, witness: &Witness) {
    let shape = witness.shape;
    let circuit = Circuit::from(shape);
    let inputs = instance.inputs().map(|value| b.input(value));
    let private = allocate(b, witness);

    b.section(Section::Parameters);
    let flags = decompose(b, &inputs[FLAGS], Formula::bits(shape));
    let policy = policy(b, &inputs[POLICY]);

    b.section(Section::Table);
    commitment(
        b,
        circuit,
        Use::Table,
        &private.salts[0],
        &[&private.table],
        &inputs[COM_N],
    );

    b.section(Section::Rounds);
    let claim = evaluate(b, &private.table, &inputs[RHO]);
    let transcript = Sponge::transcript(b, circuit, &inputs[RHO], &private.salts[1]);
    let (claim, point) = rounds(b, transcript, claim, &private.rounds);

    b.section(Section::Formula);
    let layouts = formula(b, &flags, &private.evaluations, &claim);

    b.section(Section::Evaluations);
    let mask = std::slice::from_ref(&private.mask);
    let opened = [&private.evaluations[..], mask, &point];
    commitment(
        b,
        circuit,
        Use::Evaluations,
        &private.salts[2],
        &opened,
        &inputs[COM_V],
    );

    b.section(Section::RoundingUnits);
    let units = rounding_units(b, &policy, &layouts);

    b.section(Section::Disclosure);
    let rule = Rule {
        policy: &policy,
        layouts: &layouts,
        units: &units,
    };
    let released = release(b, &rule, &private.table);

    b.section(Section::Linear);
    let list = [opened.concat(), released].concat();
    let sum = evaluate(b, &list, &inputs[LAMBDA]);
    b.enforce(&sum, &inputs[LAMBDA], &inputs[L]);
}

fn allocate<B: Builder>(b: &mut B, witness: &Witness) -> Private<Number<B>> {
    let cells = witness.table.iter().copied().map(Fr::from);
    let table = cells.map(|cell| b.witness(cell)).collect();
    let messages = witness.rounds.iter();
    let rounds = messages.map(|message| b.witnesses(message)).collect();
    let evaluations = b.witnesses(&witness.evaluations);
    let salts = [
        witness.salts.table,
        witness.salts.rounds,
        witness.salts.evaluations,
    ];
    let salts = salts.map(|salt| b.witness(salt));
    Private {
        table,
        salts,
        rounds,
        evaluations,
        mask: b.witness(witness.mask),
    }
}

/// Demands that the formula of the evaluations is the claim; returns one bit a layout.
fn formula<B: Builder>(
    b: &mut B,
    flags: &[Number<B>],
    evaluations: &[Number<B>],
    claim: &Number<B>,
) -> Layouts<B::Linear> {
    let literals = evaluations.len() - 4;
    let (literal_flags, rest) = flags.split_at(2 * literals);
    let (slots, weights) = evaluations.split_at(1 + literals);
    let product = clauses(b, literal_flags, slots);
    let [u, v, w] = [0, 1, 2].map(|i| weight(b, &weights[i], &rest[i]));
    let product = b.product(&product, &u);
    let product = b.product(&product, &v);
    b.enforce(&product, &w, claim);
    layouts(b, &[rest[3].clone(), rest[4].clone()])
}

/// Consent times the clauses. `slots` are consent and the literals, `flags` two bits a literal.
fn clauses<B: Builder>(b: &mut B, flags: &[Number<B>], slots: &[Number<B>]) -> Number<B> {
    let mut product = slots[0].clone();
    // The product over the clause so far of 1 - literal; an unused literal is 0, and so is its bit.
    let mut none = Num::one();
    for (i, bits) in flags.chunks_exact(2).enumerate() {
        let [used, joins] = [&bits[0], &bits[1]];
        let so_far = b.product(&(none - Fr::one()), joins) + Fr::one();
        none = b.product(&(used.clone() - &slots[i + 1]), &so_far);
        let goes_on = flags.get(2 * i + 3).cloned().unwrap_or_default();
        let factor = b.product(&none, &goes_on.not()).not();
        product = b.product(&product, &factor);
    }
    product
}

/// U, V or W, or 1 where it is unused.
fn weight<B: Builder>(b: &mut B, weight: &Number<B>, used: &Number<B>) -> Number<B> {
    b.product(&(weight.clone() - Fr::one()), used) + Fr::one()
}
