//! The native permutation against its definition and against published values.

use super::*;
use ark_bn254::Fr;
use ark_crypto_primitives::sponge::poseidon::find_poseidon_ark_and_mds;
use ark_ff::{Field, MontFp, PrimeField};
use nectar_verifier::shape::Shape;

/// The permutation as the paper states it, every round with the dense matrix.
fn textbook(rate: usize, partial: usize, state: &[Fr]) -> Vec<Fr> {
    let bits = u64::from(Fr::MODULUS_BIT_SIZE);
    let (constants, mds) =
        find_poseidon_ark_and_mds::<Fr>(bits, rate, FULL_ROUNDS as u64, partial as u64, 0);
    let mut state = state.to_vec();
    for (round, added) in constants.iter().enumerate() {
        let inner = (FULL_ROUNDS / 2..FULL_ROUNDS / 2 + partial).contains(&round);
        for (i, (element, constant)) in state.iter_mut().zip(added).enumerate() {
            *element += constant;
            if i == 0 || !inner {
                *element = element.pow([5]);
            }
        }
        state = mds
            .iter()
            .map(|row| row.iter().zip(&state).map(|(m, s)| *m * s).sum())
            .collect();
    }
    state
}

fn counting(width: usize) -> Vec<Fr> {
    (0..width as u64).map(Fr::from).collect()
}

#[test]
fn sparse_rounds_are_the_textbook_permutation() {
    for (rate, partial) in [(2, 57), (8, 63), (16, 68)] {
        let mut state = counting(rate + 1);
        let want = textbook(rate, partial, &state);
        Params::generate(rate, partial).permute(&mut state);
        assert_eq!(state, want);
    }
}

/// Element 0 after permuting (0, 1, .. rate): what circomlib, whose parameters these are, hashes the
/// inputs 1 .. rate to.
#[test]
fn parameters_are_the_published_ones() {
    let check = |rate, partial, want: Fr| {
        let mut state = counting(rate + 1);
        Params::generate(rate, partial).permute(&mut state);
        assert_eq!(state[0], want);
    };
    check(
        2,
        57,
        MontFp!("7853200120776062878684798364095072458815029376092732009249414926327459813530"),
    );
    check(
        16,
        68,
        MontFp!("9989051620750914585850546081941653841776809718687451684622678807385399211877"),
    );
}

#[test]
fn uses_and_lengths_do_not_collide() {
    let one = Fr::from(1);
    let empty = Fr::zero();
    for shape in Shape::ALL {
        let digests = [
            hash(shape, Use::Table, &[one]),
            hash(shape, Use::Evaluations, &[one]),
            hash(shape, Use::IndexEvaluations, &[one]),
            hash(shape, Use::Table, &[one, empty]),
            PoseidonTranscript::new(shape, one, empty).0.output(),
            PoseidonTranscript::new(Circuit::Index, one, empty)
                .0
                .output(),
        ];
        for (i, digest) in digests.iter().enumerate() {
            assert!(!digests[..i].contains(digest));
        }
    }
}

#[test]
fn every_message_moves_the_challenges_after_it() {
    let shape = Shape::Compact;
    let run = |first: u64| {
        let mut transcript = PoseidonTranscript::new(shape, Fr::from(7), Fr::from(8));
        let zeros = vec![Fr::zero(); shape.degree() - 1];
        let message = [vec![Fr::from(first)], zeros].concat();
        [
            transcript.challenge(&message),
            transcript.challenge(&message),
        ]
    };
    assert_eq!(run(1), run(1));
    assert!(run(1).iter().zip(run(2)).all(|(a, b)| *a != b));
}
