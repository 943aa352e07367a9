//! The sumcheck's prover in the plainest way, over a few rows.

use crate::poseidon::PoseidonTranscript;
use ark_bn254::Fr;
use ark_ff::{One, Zero};
use nectar_verifier::circuit::Circuit;

/// What the prover ends with.
pub(crate) struct Run {
    pub(crate) messages: Vec<Vec<Fr>>,
    /// The evaluations of every column of the rows.
    pub(crate) values: Vec<Fr>,
    pub(crate) point: Vec<Fr>,
}

/// Proves the sum of `summand` over the rows, each a list of one length.
pub(crate) fn prove(
    circuit: Circuit,
    mut transcript: PoseidonTranscript,
    mut rows: Vec<Vec<Fr>>,
    summand: impl Fn(&[Fr]) -> Fr,
) -> Run {
    let (mut messages, mut point) = (Vec::new(), Vec::new());
    for _ in 0..circuit.rounds() {
        let at = |x: u64| {
            rows.chunks(2)
                .map(|pair| summand(&fold(pair, Fr::from(x))))
                .sum()
        };
        let values: Vec<Fr> = (0..=circuit.degree() as u64).map(at).collect();
        let mut message = coefficients(&values);
        message.remove(1);
        let r = transcript.challenge(&message);
        rows = rows.chunks(2).map(|pair| fold(pair, r)).collect();
        messages.push(message);
        point.push(r);
    }
    Run {
        messages,
        values: rows.swap_remove(0),
        point,
    }
}

/// Two rows as one at `x`; rows beyond the last are zero.
fn fold(pair: &[Vec<Fr>], x: Fr) -> Vec<Fr> {
    let zero = vec![Fr::zero(); pair[0].len()];
    let high = pair.get(1).unwrap_or(&zero);
    pair[0]
        .iter()
        .zip(high)
        .map(|(low, high)| *low + (*high - low) * x)
        .collect()
}

/// The polynomial through values at 0, 1, 2, .. by its coefficients.
fn coefficients(values: &[Fr]) -> Vec<Fr> {
    let mut sum = vec![Fr::zero(); values.len()];
    for (i, value) in values.iter().enumerate() {
        let (mut basis, mut scale) = (vec![Fr::one()], *value);
        for j in (0..values.len()).filter(|&j| j != i) {
            let at = Fr::from(j as u64);
            basis.insert(0, Fr::zero());
            for k in 1..basis.len() {
                let next = basis[k];
                basis[k - 1] -= next * at;
            }
            scale /= Fr::from(i as u64) - at;
        }
        for (total, term) in sum.iter_mut().zip(basis) {
            *total += term * scale;
        }
    }
    sum
}
