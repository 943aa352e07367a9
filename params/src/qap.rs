//! From constraints to a quadratic arithmetic program in the form snarkjs gives it: the quotient enters a proof by its
//! values on the odd half of a domain of twice the size, so that keys of its ceremonies prove without conversion.

use ark_ff::{FftField, PrimeField, batch_inversion};
use ark_groth16::r1cs_to_qap::{LibsnarkReduction, R1CSToQAP, evaluate_constraint};
use ark_poly::EvaluationDomain;
use ark_relations::gr1cs::{ConstraintSystemRef, Matrix, SynthesisError};
use rayon::prelude::*;

/// The reduction that every key of this crate is made for.
///
/// With n the size of the domain and g a primitive 2n-th root of unity, A B - C vanishes at the even powers of g, so it
/// is the sum over i < n of its value at g^(2i+1) times the Lagrange polynomial of that point over the 2n-th roots.
/// Those polynomials at tau, over delta, are the key's H points. No division, and no transform back.
#[derive(Debug, Clone, Copy)]
pub struct OddCoset;

/// The values of the variables' polynomials A, B, C at a point, the vanishing polynomial's, variables less one, and the
/// size of the domain.
type Instance<F> = (Vec<F>, Vec<F>, Vec<F>, F, usize, usize);

impl R1CSToQAP for OddCoset {
    fn instance_map_with_evaluation<F: PrimeField, D: EvaluationDomain<F>>(
        cs: ConstraintSystemRef<F>,
        t: &F,
    ) -> Result<Instance<F>, SynthesisError> {
        LibsnarkReduction::instance_map_with_evaluation::<F, D>(cs, t)
    }

    fn witness_map_from_matrices<F: PrimeField, D: EvaluationDomain<F>>(
        matrices: &[Matrix<F>],
        num_inputs: usize,
        num_constraints: usize,
        assignment: &[F],
    ) -> Result<Vec<F>, SynthesisError> {
        let [a_rows, b_rows, ..] = matrices else {
            return Err(SynthesisError::PredicateNotFound);
        };
        let too_large = SynthesisError::PolynomialDegreeTooLarge;
        let domain = D::new(num_constraints + num_inputs).ok_or(too_large)?;
        let coset = domain
            .get_coset(half_step(domain.size())?)
            .ok_or(too_large)?;
        let product = |rows: &Matrix<F>| -> Vec<F> {
            rows.par_iter()
                .map(|row| evaluate_constraint(row, assignment))
                .collect()
        };
        let (mut a, mut b) = (product(a_rows), product(b_rows));
        // The rows after the constraints', which keep the public inputs' polynomials apart.
        a.extend(assignment.get(..num_inputs).unwrap_or_default());
        a.resize(domain.size(), F::zero());
        b.resize(domain.size(), F::zero());
        // C is A B on the domain, if the assignment satisfies the constraints; if not, no proof verifies.
        let mut c: Vec<F> = a.par_iter().zip(&b).map(|(a, b)| *a * b).collect();
        for values in [&mut a, &mut b, &mut c] {
            domain.ifft_in_place(values);
            coset.fft_in_place(values);
        }
        a.par_iter_mut()
            .zip(b)
            .zip(c)
            .for_each(|((a, b), c)| *a = *a * b - c);
        Ok(a)
    }

    fn h_query_scalars<F: PrimeField, D: EvaluationDomain<F>>(
        max_power: usize,
        t: F,
        zt: F,
        delta_inverse: F,
    ) -> Result<Vec<F>, SynthesisError> {
        let n = max_power + 1;
        let g: F = half_step(n)?;
        let step = g.square();
        let points: Vec<F> = std::iter::successors(Some(g), |x| Some(*x * step))
            .take(n)
            .collect();
        let mut scalars: Vec<F> = points.iter().map(|x| t - x).collect();
        if scalars.iter().any(F::is_zero) {
            return Err(SynthesisError::DivisionByZero);
        }
        batch_inversion(&mut scalars);
        // t^(2n) - 1 = (t^n - 1)(t^n + 1).
        let vanishing = zt * (zt + F::from(2u8));
        let size = F::from(2 * n as u64).inverse();
        let factor = vanishing * delta_inverse * size.ok_or(SynthesisError::DivisionByZero)?;
        scalars
            .par_iter_mut()
            .zip(points)
            .for_each(|(s, x)| *s *= factor * x);
        Ok(scalars)
    }
}

/// A primitive 2n-th root of unity, whose square generates the domain of size n.
fn half_step<F: FftField>(n: usize) -> Result<F, SynthesisError> {
    F::get_root_of_unity(2 * n as u64).ok_or(SynthesisError::PolynomialDegreeTooLarge)
}

#[cfg(test)]
mod tests {
    use super::*;
    use ark_bn254::Fr;
    use ark_ff::{Field, One, UniformRand};
    use ark_poly::Radix2EvaluationDomain;
    use ark_std::rand::{SeedableRng, rngs::StdRng};
    use nectar_circuits::r1cs::R1cs;

    type Domain = Radix2EvaluationDomain<Fr>;

    /// x y = z for n triples of an assignment.
    fn products(n: usize) -> (R1cs, Vec<Fr>) {
        let mut rng = StdRng::seed_from_u64(7);
        let row = |i: usize, part: usize| vec![(Fr::one(), 1 + 3 * i + part)];
        let matrix = |part| (0..n).map(|i| row(i, part)).collect();
        let mut assignment = vec![Fr::one()];
        for _ in 0..n {
            let (x, y) = (Fr::rand(&mut rng), Fr::rand(&mut rng));
            assignment.extend([x, y, x * y]);
        }
        let r1cs = R1cs {
            matrices: [0, 1, 2].map(matrix).to_vec(),
            num_inputs: 3,
            num_witness: 3 * n - 2,
            num_constraints: n,
        };
        (r1cs, assignment)
    }

    /// The quotient's part of a proof, as libsnark's form and as ours give it at a point.
    fn at(r1cs: &R1cs, assignment: &[Fr], t: Fr) -> [Fr; 2] {
        fn dot<Q: R1CSToQAP>(r1cs: &R1cs, assignment: &[Fr], t: Fr) -> Fr {
            let values = Q::witness_map_from_matrices::<Fr, Domain>(
                &r1cs.matrices,
                r1cs.num_inputs,
                r1cs.num_constraints,
                assignment,
            );
            let zt = t.pow([r1cs.domain_size() as u64]) - Fr::one();
            let bases = Q::h_query_scalars::<Fr, Domain>(r1cs.domain_size() - 1, t, zt, Fr::one());
            let terms = values.unwrap().into_iter().zip(bases.unwrap());
            terms.map(|(v, b)| v * b).sum()
        }
        [
            dot::<LibsnarkReduction>(r1cs, assignment, t),
            dot::<OddCoset>(r1cs, assignment, t),
        ]
    }

    /// The identity the docstring states, against arkworks' own reduction.
    #[test]
    fn both_forms_give_one_quotient() {
        let t = Fr::rand(&mut StdRng::seed_from_u64(8));
        for n in [1, 5, 13, 29] {
            let (r1cs, mut assignment) = products(n);
            let [libsnark, odd] = at(&r1cs, &assignment, t);
            assert_eq!(libsnark, odd, "{n}");
            assignment[3] += Fr::one();
            let [libsnark, odd] = at(&r1cs, &assignment, t);
            assert_ne!(libsnark, odd, "{n}: a false assignment has no quotient");
        }
    }

    #[test]
    fn the_point_is_no_root_of_unity() {
        let g: Fr = half_step(8).unwrap();
        let scalars = OddCoset::h_query_scalars::<Fr, Domain>(7, g, -Fr::from(2u8), Fr::one());
        assert!(matches!(scalars, Err(SynthesisError::DivisionByZero)));
        assert!(half_step::<Fr>(1 << 28).is_err(), "no root of 2^29");
    }
}
