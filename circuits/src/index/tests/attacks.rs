//! One attack per rule. Each starts from an honest proof, which both sides accept, and changes what
//! a dishonest prover could change.
//!
//! That the first claim is 0, and that a message sums to the claim before it, cannot be broken: neither
//! is written down. A prover who would need another sum ends in a claim that is not the formula.

use super::{super::predicate::formula, *};
use ark_ff::{One, Zero};

/// An honest proof over a column of 8 codes, to be tampered with.
fn honest() -> Honest {
    let honest = Toy::random(0, 3).prove();
    accepts(&honest);
    honest
}

fn rejected(attack: &Honest, violation: Violation) {
    assert_eq!(judge(attack), (Err(violation), Some(section(violation))));
}

/// A proof over a column with one row replaced.
fn with_row(place: usize, row: Row) -> Honest {
    let mut toy = Toy::random(0, 3);
    toy.rows[place] = row;
    toy.prove()
}

/// A place past the last row of every toy.
const PAST: usize = 63;

#[test]
fn a_round_with_another_sum() {
    for round in [0, 1, 5, 6, ROUNDS - 1] {
        for coefficient in 0..DEGREE {
            let mut attack = honest();
            attack.witness.rounds[round][coefficient] += Fr::one();
            attack.close();
            rejected(&attack, Violation::Formula);
        }
    }
}

/// A row that counts twice where its code is 1, and -1 times where it is missing: 2 R - 1 is also what
/// a digit of 2 stands for, so the codes' equation holds, and only the digits' does not.
#[test]
fn a_digit_that_is_2() {
    let mut toy = Toy::random(0, 3);
    toy.rows[3].codes = vec![(2, 1), (-1, 0)];
    toy.rows[3].digits = [0; BITS];
    toy.rows[3].digits[0] = 2;
    accepts(&toy.prove_batched(Fr::zero()));
    rejected(&toy.prove(), Violation::Formula);
}

#[test]
fn a_row_with_two_codes_another_code_or_none() {
    for codes in [vec![(1, 3), (1, 5)], vec![(2, 3)], vec![(1, 5)], vec![]] {
        let row = Row {
            codes,
            ..Row::of(3)
        };
        rejected(&with_row(3, row), Violation::Formula);
    }
}

#[test]
fn digits_of_another_code() {
    for digit in 0..BITS {
        let mut row = Row::of(3);
        row.digits[digit] ^= 1;
        rejected(&with_row(3, row), Violation::Formula);
    }
}

/// A ghost that counts, be it as "missing" or as a code.
#[test]
fn a_code_past_the_last_row() {
    for code in [0, 3] {
        let row = Row {
            exists: false,
            ..Row::of(code)
        };
        rejected(&with_row(PAST, row), Violation::Formula);
    }
}

/// Digits past the last row stand for nothing, so they may be anything binary.
#[test]
fn digits_past_the_last_row_are_free_but_binary() {
    let mut row = Row::none();
    row.digits[2] = 1;
    accepts(&with_row(PAST, row.clone()));
    row.digits[2] = 2;
    rejected(&with_row(PAST, row), Violation::Formula);
}

#[test]
fn a_row_that_exists_and_is_left_out() {
    let row = Row {
        exists: true,
        ..Row::none()
    };
    rejected(&with_row(3, row), Violation::Formula);
}

#[test]
fn other_public_values_of_the_formula() {
    let inputs: [fn(&mut Instance) -> &mut Fr; 4] = [
        |instance| &mut instance.code,
        |instance| &mut instance.batch,
        |instance| &mut instance.presence,
        |instance| &mut instance.weight,
    ];
    for input in inputs {
        let mut attack = honest();
        *input(&mut attack.instance) += Fr::one();
        attack.close();
        rejected(&attack, Violation::Formula);
    }
}

#[test]
fn an_evaluation_that_moves_the_formula() {
    for slot in 0..SLOTS {
        let mut attack = honest();
        attack.witness.evaluations[slot] += Fr::one();
        attack.close();
        rejected(&attack, Violation::Formula);
    }
}

/// W makes up for a digit, so only com_v and L can tell: com_v fixes the values before lambda is known.
#[test]
fn evaluations_wrong_with_the_formula_right() {
    let mut attack = honest();
    let claim = formula(&attack.instance, &attack.witness.evaluations);
    attack.witness.evaluations[2] += Fr::one();
    let moved = formula(&attack.instance, &attack.witness.evaluations);
    attack.witness.evaluations[0] += (claim - moved) / attack.instance.weight;
    rejected(&attack, Violation::Evaluations);
    attack.commit();
    rejected(&attack, Violation::Linear);
}

/// Digits that the column does not have are forced to 0 by the opening of L, which moves with them.
#[test]
fn an_unused_digit_that_is_1() {
    let honest = honest();
    let mut attack = honest.clone();
    let claim = formula(&attack.instance, &attack.witness.evaluations);
    attack.witness.evaluations[SLOTS - 1] = Fr::one();
    let moved = formula(&attack.instance, &attack.witness.evaluations);
    attack.witness.evaluations[0] += (claim - moved) / attack.instance.weight;
    attack.commit();
    rejected(&attack, Violation::Linear);
    attack.combine();
    assert_ne!(attack.instance.l, honest.instance.l);
    accepts(&attack);
}

#[test]
fn another_mask_than_committed() {
    let mut attack = honest();
    attack.witness.mask += Fr::one();
    attack.combine();
    rejected(&attack, Violation::Evaluations);
}

#[test]
fn a_mask_left_out_of_l() {
    let mut attack = honest();
    let (lambda, witness) = (attack.instance.lambda, &attack.witness);
    attack.instance.l = combination(lambda, &witness.evaluations, Fr::zero(), &attack.point, &[]);
    rejected(&attack, Violation::Linear);
}

#[test]
fn another_point_than_the_transcript_draws() {
    let mut attack = honest();
    attack.point[3] += Fr::one();
    attack.commit();
    rejected(&attack, Violation::Evaluations);
    let mut attack = honest();
    attack.point[3] += Fr::one();
    attack.combine();
    rejected(&attack, Violation::Linear);
}

#[test]
fn other_salts() {
    let mut attack = honest();
    attack.witness.salts.rounds += Fr::one();
    attack.close();
    rejected(&attack, Violation::Formula);
    let mut attack = honest();
    attack.witness.salts.evaluations += Fr::one();
    rejected(&attack, Violation::Evaluations);
}

/// The commitments of a release proof are none of an index proof: their uses differ.
#[test]
fn a_commitment_of_another_statement() {
    use crate::poseidon::{Use, hash};
    let mut attack = honest();
    let witness = &attack.witness;
    let lists = [
        &[witness.salts.evaluations],
        &witness.evaluations[..],
        &[witness.mask],
        &attack.point,
    ];
    attack.instance.com_v = hash(Circuit::Index, Use::Evaluations, &lists.concat());
    rejected(&attack, Violation::Evaluations);
}

#[test]
fn com_v_lambda_and_l_substituted() {
    for (index, want) in [
        (COM_V, Section::Evaluations),
        (LAMBDA, Section::Linear),
        (L, Section::Linear),
    ] {
        let Honest {
            instance, witness, ..
        } = honest();
        let mut assignment = assign(&instance, &witness);
        assignment[1 + index] += Fr::one();
        assert_eq!(
            compiled(Circuit::Index).violated_section(&assignment),
            Some(want)
        );
    }
}
