//! One attack per rule. Each starts from an honest proof, which both sides accept, and changes what
//! a dishonest prover could change.

use super::*;
use ark_ff::{Field, One, Zero};
use nectar_verifier::{
    disclosure::release,
    policy::{Policy, Rounding},
};

/// An honest proof with literals in use, to be tampered with.
fn honest(layout: Layout) -> Honest {
    let fitting = |seed: &u64| {
        let toy = Toy::random(*seed, Shape::Compact, layout);
        let flags = toy.formula.pack();
        let joined = flags & 0b1000 != 0;
        // A compact gram of stride 8 has room for one group, so V is never used there.
        let weights = if layout == Layout::Gram8 {
            0b101
        } else {
            0b111
        };
        let weighted = flags >> 8 & weights == weights;
        joined && weighted && toy.table.iter().any(|&cell| cell != 0)
    };
    let seed = (0..).find(fitting).expect("some seed fits");
    let honest = Toy::random(seed, Shape::Compact, layout).prove();
    accepts(&honest);
    honest
}

impl Honest {
    /// Replays the transcript, and makes com_v and L anew, as a prover who lies earlier would.
    fn close(&mut self) {
        let (instance, witness) = (&self.instance, &self.witness);
        let mut transcript = crate::poseidon::PoseidonTranscript::new(
            witness.shape,
            instance.rho,
            witness.salts.rounds,
        );
        self.point = witness
            .rounds
            .iter()
            .map(|message| transcript.challenge(message))
            .collect();
        self.commit();
        self.combine();
    }

    fn commit(&mut self) {
        let Witness {
            shape,
            salts,
            evaluations,
            mask,
            ..
        } = &self.witness;
        self.instance.com_v =
            evaluation_commitment(*shape, salts.evaluations, evaluations, *mask, &self.point);
    }

    fn combine(&mut self) {
        let Witness {
            evaluations, mask, ..
        } = &self.witness;
        let lambda = self.instance.lambda;
        self.instance.l = combination(lambda, evaluations, *mask, &self.point, &self.released);
    }

    fn commit_table(&mut self) {
        let Witness {
            shape,
            salts,
            table,
            ..
        } = &self.witness;
        self.instance.com_n = table_commitment(*shape, salts.table, table);
    }
}

fn rejected(attack: &Honest, violation: Violation, section: Section) {
    assert_eq!(
        judge(&attack.instance, &attack.witness),
        (Err(violation), Some(section))
    );
}

fn rejected_by_formula(attack: &Honest) {
    rejected(attack, Violation::Formula, Section::Formula);
}

fn rejected_by_l(attack: &Honest) {
    rejected(attack, Violation::Linear, Section::Linear);
}

#[test]
fn another_table_than_committed() {
    let mut attack = honest(Layout::Counts);
    attack.witness.table[0] += 1;
    rejected(&attack, Violation::Table, Section::Table);
}

#[test]
fn a_table_the_rows_do_not_give() {
    for cell in [0, 5, 63] {
        let mut attack = honest(Layout::Counts);
        attack.witness.table[cell] += 10;
        attack.commit_table();
        rejected_by_formula(&attack);
    }
}

#[test]
fn a_round_with_another_sum() {
    let last = Shape::Compact.rounds() - 1;
    for round in [0, 1, 5, 6, last] {
        for coefficient in 0..Shape::Compact.degree() {
            let mut attack = honest(Layout::Moments);
            attack.witness.rounds[round][coefficient] += Fr::one();
            attack.close();
            rejected_by_formula(&attack);
        }
    }
}

#[test]
fn an_evaluation_that_moves_the_product() {
    for slot in [0, 1, 2, 5, 6, 7] {
        let mut attack = honest(Layout::Gram4);
        attack.witness.evaluations[slot] += Fr::one();
        attack.close();
        rejected_by_formula(&attack);
    }
}

/// The product is right, so only com_v and L can tell: com_v fixes the values before lambda is known.
#[test]
fn evaluations_wrong_with_the_product_right() {
    let mut attack = honest(Layout::Counts);
    let two = Fr::from(2);
    attack.witness.evaluations[5] *= two;
    attack.witness.evaluations[6] *= two.inverse().expect("not zero");
    rejected(&attack, Violation::Evaluations, Section::Evaluations);
    attack.commit();
    rejected_by_l(&attack);
}

#[test]
fn another_mask_than_committed() {
    let mut attack = honest(Layout::Counts);
    attack.witness.mask += Fr::one();
    attack.combine();
    rejected(&attack, Violation::Evaluations, Section::Evaluations);
}

#[test]
fn another_point_than_the_transcript_draws() {
    let mut attack = honest(Layout::Counts);
    attack.point[3] += Fr::one();
    attack.commit();
    rejected(&attack, Violation::Evaluations, Section::Evaluations);
    let mut attack = honest(Layout::Counts);
    attack.point[3] += Fr::one();
    attack.combine();
    rejected_by_l(&attack);
}

#[test]
fn other_salts() {
    let mut attack = honest(Layout::Counts);
    attack.witness.salts.table += Fr::one();
    rejected(&attack, Violation::Table, Section::Table);
    let mut attack = honest(Layout::Counts);
    attack.witness.salts.rounds += Fr::one();
    attack.close();
    rejected_by_formula(&attack);
    let mut attack = honest(Layout::Counts);
    attack.witness.salts.evaluations += Fr::one();
    rejected(&attack, Violation::Evaluations, Section::Evaluations);
}

#[test]
fn other_challenges() {
    let mut attack = honest(Layout::Counts);
    attack.instance.rho += Fr::one();
    attack.close();
    rejected_by_formula(&attack);
    let mut attack = honest(Layout::Counts);
    attack.instance.lambda += Fr::one();
    rejected_by_l(&attack);
}

#[test]
fn every_public_input_substituted() {
    for (index, want) in [
        (COM_N, Section::Table),
        (COM_V, Section::Evaluations),
        (LAMBDA, Section::Linear),
        (L, Section::Linear),
    ] {
        let Honest {
            instance, witness, ..
        } = honest(Layout::Counts);
        let mut assignment = assign(&instance, &witness);
        assignment[1 + index] += Fr::one();
        assert_eq!(
            compiled(Shape::Compact).violated_section(&assignment),
            Some(want)
        );
    }
}

/// Some withheld cell is put into L as if it had been released.
#[test]
fn a_withheld_cell_revealed() {
    for layout in Layout::ALL {
        let mut attack = honest_with_a_withheld_cell(layout);
        let j = attack
            .released
            .iter()
            .position(|&o| o == SUPPRESSED)
            .expect("one is withheld");
        attack.released[j] = attack.witness.table[j];
        attack.combine();
        rejected_by_l(&attack);
    }
}

fn honest_with_a_withheld_cell(layout: Layout) -> Honest {
    let proofs = (0..).map(|seed| Toy::random(seed, Shape::Compact, layout).prove());
    let mut withheld = proofs.filter(|honest| honest.released.contains(&SUPPRESSED));
    let honest = withheld.next().expect("there are infinitely many");
    accepts(&honest);
    honest
}

#[test]
fn a_released_cell_withheld_or_changed() {
    for layout in Layout::ALL {
        let mut attack = honest(layout);
        let j = attack
            .released
            .iter()
            .position(|&o| o != SUPPRESSED)
            .unwrap_or(0);
        let other = if attack.released[j] == SUPPRESSED {
            0
        } else {
            SUPPRESSED
        };
        let truth = std::mem::replace(&mut attack.released[j], other);
        attack.combine();
        rejected_by_l(&attack);
        attack.released[j] = truth.wrapping_add(1);
        attack.combine();
        rejected_by_l(&attack);
    }
}

/// Cells released under a policy of the prover's own, over the snapshot's policy.
#[test]
fn another_policy_than_the_snapshots() {
    let mut attack = honest_with_a_withheld_cell(Layout::Counts);
    let Parameters { policy, widths } =
        Parameters::unpack(attack.instance.policy).expect("a policy");
    for (k, base, zeros) in [(2, 1, true), (3, 5, true), (1 << 26, 1, false)] {
        let own = Policy::new(k, base, Rounding::Nearest, zeros, 12).expect("valid");
        let cells =
            release(&own, Layout::Counts, &widths, &attack.witness.table).expect("in range");
        if own != policy && cells != attack.released {
            let truth = std::mem::replace(&mut attack.released, cells);
            attack.combine();
            rejected_by_l(&attack);
            attack.released = truth;
        }
    }
}

/// Cells released under another layout than the query's.
#[test]
fn layout_forged() {
    for layout in Layout::ALL {
        let mut attack = honest_with_a_withheld_cell(layout);
        let Parameters { policy, widths } =
            Parameters::unpack(attack.instance.policy).expect("a policy");
        let truth = attack.released.clone();
        for other in Layout::ALL {
            let cells = release(&policy, other, &widths, &attack.witness.table);
            if let Some(cells) = cells.ok().filter(|cells| *cells != truth) {
                attack.released = cells;
                attack.combine();
                rejected_by_l(&attack);
            }
        }
    }
}

/// The bits of the flags are the verifier's; a proof for one formula is none for another.
#[test]
fn another_formula() {
    let literals = 2 * Shape::Compact.literals();
    for layout in [Layout::Counts, Layout::Gram4] {
        let Honest { instance, .. } = honest(layout);
        let flags = Formula::unpack(Shape::Compact, instance.flags)
            .expect("flags")
            .pack();
        // Used bits of the first two literals, joins of the second, used bits of U, V and W.
        for bit in [0, 2, 3, literals, literals + 1, literals + 2] {
            let mut attack = honest(layout);
            attack.instance.flags = Fr::from(flags ^ 1 << bit);
            rejected_by_formula(&attack);
        }
    }
}

#[test]
fn flags_and_policy_with_bits_to_spare() {
    let mut attack = honest(Layout::Counts);
    attack.instance.flags += Fr::from(1u64 << Formula::bits(Shape::Compact));
    rejected(&attack, Violation::Flags, Section::Parameters);
    let mut attack = honest(Layout::Counts);
    attack.instance.policy += Fr::from(1u128 << 66);
    rejected(
        &attack,
        Violation::Policy(UnpackError::Length),
        Section::Parameters,
    );
}

/// An unused slot is forced to 0 by the opening of L. A literal's slot also moves the formula; an
/// unused weight's does not, and then L tells.
#[test]
fn an_unused_slot_that_is_not_zero() {
    let mut attack = Toy::random(0, Shape::Compact, Layout::Counts);
    let unused = |toy: &Toy| toy.formula.pack() >> 6 & 1 == 0 && toy.formula.pack() >> 8 & 1 == 0;
    let mut seed = 0;
    while !unused(&attack) || attack.table.iter().all(Zero::is_zero) {
        seed += 1;
        attack = Toy::random(seed, Shape::Compact, Layout::Counts);
    }
    let honest = attack.prove();
    accepts(&honest);
    let mut literal = honest.clone();
    literal.witness.evaluations[4] = Fr::one();
    literal.close();
    rejected_by_formula(&literal);
    let mut weight = honest.clone();
    weight.witness.evaluations[5] = Fr::one();
    weight.commit();
    rejected_by_l(&weight);
    weight.combine();
    assert_ne!(weight.instance.l, honest.instance.l);
    accepts(&weight);
}
