//! Whether a key's points are the circuit's polynomials at tau, every section checked by one random combination.
//!
//! With weights w, the sum of w_i [A_i(tau)]_1 over the variables i is the commitment to the polynomial that has, at
//! each row's place of the domain, the sum of w_i times the row's entry for i: one transform, and no polynomial of a
//! single variable. The same holds of B, and of the sums beta A_i + alpha B_i + C_i.

use super::{
    RawZkey,
    error::{Section, ZkeyError},
};
use crate::{neighbours::same_ratio, phase1::Powers, weights::Weights};
use ark_bn254::{Bn254, Fr, G1Affine, G1Projective, G2Affine};
use ark_ec::{AffineRepr, VariableBaseMSM, pairing::Pairing};
use ark_ff::Zero;
use ark_poly::{EvaluationDomain, Radix2EvaluationDomain};
use nectar_circuits::r1cs::R1cs;
use std::ops::Range;

/// Checks sections 3 and 5 to 9 of a key whose sizes, matrices and gamma are right.
pub(super) fn check(key: &RawZkey, r1cs: &R1cs, powers: &Powers) -> Result<(), ZkeyError> {
    // Drawn here, the weights are unknown to whoever made the file.
    let mut weights = Weights::fresh()?;
    let w: Vec<Fr> = weights.draw(key.header.sizes.variables);
    let inputs = key.header.sizes.inputs.min(w.len());
    let public = Part::new(r1cs, &w, 0..inputs)?;
    let private = Part::new(r1cs, &w, inputs..w.len())?;
    let (public_w, private_w) = w.split_at(inputs);
    let (a, b) = (add(&public.a, &private.a), add(&public.b, &private.b));
    let over_delta = |got: G1Projective, want: G1Projective| {
        same_ratio([got, want], [G2Affine::generator(), key.header.delta_g2])
    };
    let quotient = Quotient::new(&mut weights, key.header.sizes.domain())?;
    let (tau_g1, tau_g2) = (&powers.tau_g1, &powers.tau_g2);
    let holds = [
        (Section::Ic, sum(&key.ic, public_w) == public.at(powers)),
        (Section::A, sum(&key.a, &w) == sum(tau_g1, &a)),
        (Section::B1, sum(&key.b_g1, &w) == sum(tau_g1, &b)),
        (Section::B2, sum(&key.b_g2, &w) == sum(tau_g2, &b)),
        (
            Section::L,
            over_delta(sum(&key.l, private_w), private.at(powers)),
        ),
        (
            Section::H,
            quotient.holds(sum(&key.h, &quotient.weights), key.header.delta_g2, powers),
        ),
    ];
    match holds.into_iter().find(|(_, holds)| !holds) {
        Some((section, _)) => Err(ZkeyError::Points { section }),
        None => Ok(()),
    }
}

/// The combined polynomials of some variables: those of the three matrices.
struct Part {
    a: Vec<Fr>,
    b: Vec<Fr>,
    c: Vec<Fr>,
}

impl Part {
    fn new(r1cs: &R1cs, weights: &[Fr], variables: Range<usize>) -> Result<Self, ZkeyError> {
        let domain = domain(r1cs.domain_size())?;
        let weight = |variable: usize| match weights.get(variable) {
            Some(weight) if variables.contains(&variable) => *weight,
            _ => Fr::zero(),
        };
        let values = |matrix: usize| -> Vec<Fr> {
            let rows = r1cs.matrices.get(matrix).into_iter().flatten();
            rows.map(|row| row.iter().map(|&(factor, i)| factor * weight(i)).sum())
                .collect()
        };
        let [mut a, mut b, mut c] = [0, 1, 2].map(values);
        // The rows after the constraints', which keep the public inputs' polynomials apart.
        a.extend((0..r1cs.num_inputs).map(weight));
        for values in [&mut a, &mut b, &mut c] {
            values.resize(domain.size(), Fr::zero());
            domain.ifft_in_place(values);
        }
        Ok(Part { a, b, c })
    }

    /// beta A(tau) + alpha B(tau) + C(tau).
    fn at(&self, powers: &Powers) -> G1Projective {
        sum(&powers.beta_g1, &self.a)
            + sum(&powers.alpha_g1, &self.b)
            + sum(&powers.tau_g1, &self.c)
    }
}

/// The quotient's points, combined. With n the domain's size and g a primitive 2n-th root of unity, H_i is
/// [L_i(tau)]_1 over delta, L_i the Lagrange polynomial of g^(2i+1) over the 2n-th roots.
///
/// L_i has the degree 2n - 1, but a file of 2^(p+1) - 1 powers serves domains of up to n = 2^p elements, and its last
/// power is then 2n - 2. The published files are cut from a larger one after their Lagrange forms were made, so that
/// keys made with them have H_i as above. Where snarkjs prepares a file of its own, it takes the point that is missing
/// to be the identity: the term of L_i with the power 2n - 1, which is g^(2i+1) / 2n, is left out of every H_i. So there
/// are two right keys of the largest domain that a file serves, and only one of smaller domains.
///
/// Both prove the same. What an honest prover combines are the values of A B - C, whose degree is at most 2n - 2: the
/// sum of the left-out terms is its coefficient of the power 2n - 1, which is 0.
///
/// Both are sound. L_i is the vanishing polynomial Z times one of degree n - 1. Without their last terms the points
/// span the multiples of Z up to degree 2n - 2, and one more element, tau^(n-1) / delta. Whoever adds c times it to a
/// proof needs A B - C = c x^(n-1) modulo Z; in the row of the constant 1, where B and C are 0, this says c = 0.
///
/// All n points are bound. To combine them only by weights whose sum of w_i g^(2i+1) is 0, for which no power 2n - 1 is
/// needed, would not do: g^(2i+1) times any point, added to every H_i, would pass. If the first contributor, with the
/// secret s, adds a public input's point over s in this way, the later ones turn it into that point over delta, and he
/// can change the public input of every proof.
struct Quotient {
    weights: Vec<Fr>,
    polynomial: Vec<Fr>,
}

impl Quotient {
    fn new(weights: &mut Weights, n: usize) -> Result<Self, ZkeyError> {
        let weights: Vec<Fr> = weights.draw(n);
        let mut polynomial: Vec<Fr> = weights.iter().flat_map(|w| [Fr::zero(), *w]).collect();
        domain(2 * n)?.ifft_in_place(&mut polynomial);
        Ok(Quotient {
            weights,
            polynomial,
        })
    }

    /// Whether this is a combination of H points.
    fn holds(&self, got: G1Projective, delta_g2: G2Affine, powers: &Powers) -> bool {
        // Of all powers that there are, 2n or 2n - 1.
        let want = sum(&powers.tau_g1, &self.polynomial);
        let holds = |rest: G1Projective, tau_g2: G2Affine| {
            let g2 = [delta_g2, G2Affine::generator(), tau_g2];
            Bn254::multi_pairing([got, -want, -rest], g2).is_zero()
        };
        match (self.missing(&powers.tau_g1), powers.tau_g2.get(1)) {
            (Some(rest), Some(tau_g2)) if holds(rest, *tau_g2) => true,
            _ => holds(G1Projective::zero(), G2Affine::generator()),
        }
    }

    /// The term of the power 2n - 1 over tau, if that power is missing.
    fn missing(&self, tau_g1: &[G1Affine]) -> Option<G1Projective> {
        let (factor, rest) = self.polynomial.split_last()?;
        let last = tau_g1.last().filter(|_| tau_g1.len() == rest.len())?;
        Some(*last * factor)
    }
}

fn domain(size: usize) -> Result<Radix2EvaluationDomain<Fr>, ZkeyError> {
    let got = u32::try_from(size).unwrap_or(u32::MAX);
    Radix2EvaluationDomain::new(size).ok_or(ZkeyError::Domain { got })
}

fn add(a: &[Fr], b: &[Fr]) -> Vec<Fr> {
    a.iter().zip(b).map(|(a, b)| *a + b).collect()
}

/// The sum of points times factors, as many as both lists have.
fn sum<P: AffineRepr>(points: &[P], factors: &[P::ScalarField]) -> P::Group {
    let pairs = points.len().min(factors.len());
    P::Group::msm_unchecked(&points[..pairs], &factors[..pairs])
}
