//! Predicate and constraints held together: both accept honest witnesses, and for every rule an
//! attack that breaks it alone is rejected by both, for that reason.

mod attacks;
mod toy;

use super::*;
use crate::compiled::{
    Section,
    tests::{agrees_with_synthesis, compiled, proves},
};
use ark_bn254::Fr;
use nectar_verifier::circuit::{
    Circuit,
    index::{BITS, DEGREE, ROUNDS, SLOTS},
};
use proptest::prelude::*;
use toy::{Honest, Row, Toy};

/// Judges a witness by predicate and constraints.
fn judge(attempt: &Honest) -> (Result<(), Violation>, Option<Section>) {
    let Honest {
        instance, witness, ..
    } = attempt;
    (
        predicate(instance, witness),
        compiled(Circuit::Index).violated_section(&assign(instance, witness)),
    )
}

fn accepts(honest: &Honest) {
    assert_eq!(judge(honest), (Ok(()), None));
}

/// The part of the circuit that enforces a rule.
fn section(violation: Violation) -> Section {
    match violation {
        Violation::Formula => Section::Formula,
        Violation::Evaluations => Section::Evaluations,
        Violation::Linear => Section::Linear,
    }
}

/// Every value a prover or verifier puts in, in some order.
fn values(attempt: &mut Honest) -> Vec<&mut Fr> {
    let Honest {
        instance, witness, ..
    } = attempt;
    let Instance {
        code,
        batch,
        presence,
        weight,
        com_v,
        lambda,
        l,
    } = instance;
    let mut all = vec![code, batch, presence, weight, com_v, lambda, l];
    all.extend([&mut witness.mask, &mut witness.salts.rounds]);
    all.extend([&mut witness.salts.evaluations]);
    all.extend(&mut witness.evaluations);
    all.extend(witness.rounds.iter_mut().flatten());
    all
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..Default::default() })]

    #[test]
    fn honest_witnesses_are_accepted(seed: u64, bits in 1..=BITS as u32) {
        accepts(&Toy::random(seed, bits).prove());
    }

    /// Whichever value is changed, both sides reject, and for the same reason.
    #[test]
    fn both_sides_reject_together(seed: u64, at: prop::sample::Index, by in 1u64.., closed: bool) {
        let mut attempt = Toy::random(seed, 3).prove();
        let mut all = values(&mut attempt);
        let chosen = at.index(all.len());
        *all[chosen] += Fr::from(by);
        if closed {
            attempt.close();
        }
        let (native, circuit) = judge(&attempt);
        prop_assert_eq!(native.err().map(section), circuit);
        // A salt of com_v, the mask and the last inputs may be chosen anew.
        prop_assert!(circuit.is_some() || closed);
    }

    /// Whichever single variable of the assignment is changed, some constraint notices.
    #[test]
    fn no_variable_is_free(seed: u64, at: prop::sample::Index, by in 1u64..) {
        let Honest { instance, witness, .. } = Toy::random(seed, BITS as u32).prove();
        let mut assignment = assign(&instance, &witness);
        let variable = 1 + at.index(assignment.len() - 1);
        assignment[variable] += Fr::from(by);
        prop_assert!(compiled(Circuit::Index).violated_section(&assignment).is_some());
    }
}

#[test]
fn fast_assignment_is_that_of_synthesis() {
    let Honest {
        instance, witness, ..
    } = Toy::random(1, 7).prove();
    agrees_with_synthesis(
        |b| build(b, &instance, &witness),
        &assign(&instance, &witness),
    );
}

#[test]
fn proofs_verify() {
    let Honest {
        instance, witness, ..
    } = Toy::random(2, 7).prove();
    let assignment = assign(&instance, &witness);
    proves(Circuit::Index, instance.inputs(), &assignment);
}

#[test]
fn lists_of_other_lengths_are_refused() {
    let of = |rounds: usize, degree: usize, slots: usize| {
        let rounds = vec![vec![Fr::default(); degree]; rounds];
        Witness::new(
            Salts::default(),
            rounds,
            vec![Fr::default(); slots],
            Fr::default(),
        )
        .err()
        .map(|error| error.list)
    };
    assert_eq!(of(ROUNDS, DEGREE, SLOTS), None);
    assert_eq!(of(ROUNDS - 1, DEGREE, SLOTS), Some("rounds"));
    assert_eq!(of(ROUNDS, DEGREE + 1, SLOTS), Some("round message"));
    assert_eq!(of(ROUNDS, DEGREE, SLOTS - 1), Some("evaluations"));
}
