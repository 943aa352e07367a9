//! Predicate and constraints held together: both accept honest witnesses, and for every rule an
//! attack that breaks it alone is rejected by both, for that reason.

mod attacks;
mod groth16;
mod toy;

use super::*;
use crate::compiled::{
    Section,
    tests::{agrees_with_synthesis, compiled},
};
use ark_bn254::Fr;
use nectar_verifier::{disclosure::SUPPRESSED, layout::Layout, shape::Shape};
use proptest::prelude::*;
use toy::{Honest, Toy};

/// Judges a witness by predicate and constraints.
fn judge(instance: &Instance, witness: &Witness) -> (Result<(), Violation>, Option<Section>) {
    let assignment = assign(instance, witness);
    (
        predicate(instance, witness),
        compiled(witness.shape()).violated_section(&assignment),
    )
}

fn accepts(honest: &Honest) {
    assert_eq!(judge(&honest.instance, &honest.witness), (Ok(()), None));
}

fn layouts() -> impl Strategy<Value = Layout> {
    prop::sample::select(Layout::ALL.to_vec())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..Default::default() })]

    #[test]
    fn honest_compact_witnesses_are_accepted(seed: u64, layout in layouts()) {
        accepts(&Toy::random(seed, Shape::Compact, layout).prove());
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 6, failure_persistence: None, ..Default::default() })]

    #[test]
    fn honest_wide_witnesses_are_accepted(seed: u64, layout in layouts()) {
        accepts(&Toy::random(seed, Shape::Wide, layout).prove());
    }
}

/// The toys do release and withhold, otherwise they would test little.
#[test]
fn toys_have_cells_of_every_kind() {
    for layout in Layout::ALL {
        let cells: Vec<u64> = (0..20)
            .flat_map(|seed| Toy::random(seed, Shape::Compact, layout).prove().released)
            .collect();
        assert!(cells.contains(&SUPPRESSED), "{layout:?}");
        assert!(
            cells.iter().any(|&cell| cell != SUPPRESSED && cell != 0),
            "{layout:?}"
        );
    }
}

#[test]
fn fast_assignment_is_that_of_synthesis() {
    let Honest {
        instance, witness, ..
    } = Toy::random(1, Shape::Compact, Layout::Moments).prove();
    agrees_with_synthesis(
        |b| build(b, &instance, &witness),
        &assign(&instance, &witness),
    );
}

#[test]
fn formulas_and_parameters_round_trip() {
    for shape in Shape::ALL {
        for seed in 0..50 {
            let toy = Toy::random(seed, shape, Layout::ALL[seed as usize % 4]);
            let packed = Fr::from(toy.formula.pack());
            assert_eq!(Formula::unpack(shape, packed), Some(toy.formula));
            assert_eq!(
                Parameters::unpack(toy.parameters.pack()),
                Ok(toy.parameters)
            );
        }
        assert_eq!(
            Formula::unpack(shape, Fr::from(1u64 << Formula::bits(shape))),
            None
        );
    }
}

#[test]
fn stray_literals_are_no_formula() {
    let of = |literals: &[[bool; 2]]| {
        let literals: Vec<_> = literals
            .iter()
            .map(|&[used, joins]| Literal { used, joins })
            .collect();
        Formula::new(Shape::Compact, &literals, [false; 3], Layout::Counts).is_some()
    };
    assert!(of(&[]));
    assert!(of(&[
        [true, false],
        [true, true],
        [true, false],
        [true, true]
    ]));
    assert!(!of(&[[true, false]; 5]));
    assert!(!of(&[[true, true]]));
    assert!(!of(&[[true, false], [false, true]]));
    assert!(!of(&[[false, false], [true, false]]));
}

#[test]
fn lists_of_other_lengths_are_refused() {
    let shape = Shape::Compact;
    let rounds = || vec![vec![Fr::from(0); shape.degree()]; shape.rounds()];
    let of = |table: usize, rounds: Vec<Vec<Fr>>, values: usize| {
        let values = vec![Fr::from(0); values];
        let (table, salts) = (vec![0; table], Salts::default());
        Witness::new(shape, table, salts, rounds, values, Fr::from(0))
            .err()
            .map(|error| error.list)
    };
    assert_eq!(of(0, rounds(), 8), None);
    assert_eq!(of(64, rounds(), 8), None);
    assert_eq!(of(65, rounds(), 8), Some("table"));
    assert_eq!(of(64, rounds()[1..].to_vec(), 8), Some("rounds"));
    assert_eq!(
        of(64, vec![Vec::new(); shape.rounds()], 8),
        Some("round message")
    );
    assert_eq!(of(64, rounds(), 9), Some("evaluations"));
}
