//! Round messages of a sumcheck as they accumulate, and interpolation between small integers.

use ark_bn254::Fr;
use ark_ff::{AdditiveGroup, Field, One};
use nectar_circuits::poseidon::PoseidonTranscript;

/// Round messages so far.
pub(super) struct Rounds {
    degree: usize,
    /// What the polynomial of the next round sums to over 0 and 1.
    pub(super) claim: Fr,
    /// Per round the coefficients c_0, c_2, .. c_degree.
    pub(super) messages: Vec<Vec<Fr>>,
    /// The challenges.
    pub(super) point: Vec<Fr>,
}

impl Rounds {
    /// Begins with a claim; `degree` is that of the circuit.
    pub(super) fn new(degree: usize, claim: Fr) -> Self {
        Rounds {
            degree,
            claim,
            messages: vec![],
            point: vec![],
        }
    }

    /// Takes the coefficients of a round polynomial and gives the challenge.
    pub(super) fn push(
        &mut self,
        mut coefficients: Vec<Fr>,
        transcript: &mut PoseidonTranscript,
    ) -> Fr {
        coefficients.resize(self.degree + 1, Fr::ZERO);
        let mut message = coefficients.clone();
        message.remove(1);
        let r = transcript.challenge(&message);
        let horner = |acc: Fr, c: &Fr| acc * r + c;
        self.claim = coefficients.iter().rev().fold(Fr::ZERO, horner);
        self.messages.push(message);
        self.point.push(r);
        r
    }
}

/// Coefficients of the Lagrange polynomials on 0 ..= degree.
pub(super) struct Interpolation(Vec<Vec<Fr>>);

impl Interpolation {
    /// For polynomials of this degree.
    pub(super) fn new(degree: usize) -> Self {
        let node = |i: usize| Fr::from(u64::try_from(i).unwrap_or(u64::MAX));
        let basis = |i: usize| {
            let mut poly = vec![Fr::one()];
            for j in (0..=degree).filter(|j| *j != i) {
                let scale = (node(i) - node(j)).inverse().unwrap_or_default();
                let shifted = [&[Fr::ZERO], poly.as_slice()].concat();
                poly.push(Fr::ZERO);
                poly = poly
                    .iter()
                    .zip(shifted)
                    .map(|(p, s)| (s - node(j) * p) * scale)
                    .collect();
            }
            poly
        };
        Interpolation((0..=degree).map(basis).collect())
    }

    /// The coefficients of the polynomial with these values at 0, 1, 2, ..
    pub(super) fn coefficients(&self, values: impl IntoIterator<Item = Fr>) -> Vec<Fr> {
        let mut coefficients = vec![Fr::ZERO; self.0.len()];
        for (value, basis) in values.into_iter().zip(&self.0) {
            coefficients
                .iter_mut()
                .zip(basis)
                .for_each(|(c, b)| *c += value * b);
        }
        coefficients
    }
}
