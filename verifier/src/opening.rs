//! The opening of section 5: an inner product with eq(r) from one Laurent identity over KZG.
//!
//! F(X) e(1/X) + F(1/X) e(X) = 2y + X S(X) + S(1/X)/X with e(X) = sum_i eq_i(r) X^i, checked at one point z.

use crate::{
    keys::VerifierSrs,
    transcript::{Transcript, TranscriptError},
};
use ark_bn254::{Bn254, Fr, G1Affine, G1Projective, G2Affine};
use ark_ec::{AffineRepr, CurveGroup, pairing::Pairing};
use ark_ff::{AdditiveGroup, Field, One, Zero};

/// An opening proof: \[S\], four values, \[Q\] and \[V\].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opening {
    /// Commitment to S.
    pub s: G1Affine,
    /// F(z), F(1/z), S(z), S(1/z).
    pub values: [Fr; 4],
    /// Commitment to the quotient of G - I by T = (X - z)(X - 1/z), for G = F + nu S and I the line through G(z) and
    /// G(1/z).
    pub q: G1Affine,
    /// Commitment to the quotient of G - I(psi) - T(psi) Q by X - psi.
    pub v: G1Affine,
}

/// The challenges of an opening.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OpeningChallenges {
    /// Where the identity is checked, together with 1/z.
    pub z: Fr,
    /// Joins F and S.
    pub nu: Fr,
    /// Where G = I + T Q is checked.
    pub psi: Fr,
}

/// Why an opening is rejected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum OpeningError {
    /// The Laurent identity does not hold at z: the claimed inner product or a value is wrong.
    #[error("the opening's identity does not hold at the challenge point")]
    Identity,
    /// The pairing equation does not hold: the values are not those of the commitments.
    #[error("the opening's values are not those of the commitments")]
    Pairing,
}

/// e(x) = prod_j ((1 - r_j) + r_j x^(2^j)), the generating polynomial of eq_i(r).
pub fn eq_poly(r: &[Fr], x: Fr) -> Fr {
    let step = |(acc, power): (Fr, Fr), r: &Fr| {
        (acc * (Fr::one() + *r * (power - Fr::one())), power.square())
    };
    r.iter().fold((Fr::one(), x), step).0
}

/// eq_i(r) for i = 0 .. 2^len: the product over the bits of i of r_j or 1 - r_j, bit j of i with r_j.
pub fn eq_table(r: &[Fr]) -> Vec<Fr> {
    r.iter().rev().fold(vec![Fr::one()], |table, r| {
        table
            .into_iter()
            .flat_map(|e| {
                let high = e * *r;
                [e - high, high]
            })
            .collect()
    })
}

/// pres(r) = sum of eq_i(r) over i < rows: the multilinear extension of the public prefix of `rows` ones.
pub fn row_presence_at(r: &[Fr], rows: u64) -> Fr {
    let bit = |j: usize| {
        u32::try_from(j)
            .ok()
            .and_then(|j| rows.checked_shr(j))
            .unwrap_or(0)
    };
    if bit(r.len()) > 0 {
        return Fr::one();
    }
    // Down the bits of `rows`: where a bit is 1, every index that agrees above it and has 0 here counts.
    let step = |(sum, weight): (Fr, Fr), (j, r): (usize, &Fr)| {
        if bit(j) & 1 == 1 {
            (sum + weight * (Fr::one() - r), weight * r)
        } else {
            (sum, weight * (Fr::one() - r))
        }
    };
    r.iter()
        .enumerate()
        .rev()
        .fold((Fr::zero(), Fr::one()), step)
        .0
}

impl Opening {
    /// Replays messages 3 to 5 of a transcript; a receipt has no L.
    ///
    /// # Errors
    /// A challenge of 0 or +-1, or an identity point.
    pub fn challenges(
        &self,
        l: Option<&Fr>,
        t: &mut Transcript,
    ) -> Result<OpeningChallenges, TranscriptError> {
        // Of a query it is absorbed, of a receipt it is not.
        if self.v.is_zero() {
            return Err(TranscriptError::Identity);
        }
        Ok(OpeningChallenges {
            z: t.symmetric(l, &self.s)?,
            nu: t.values(&self.values)?,
            psi: t.quotient(&self.q)?,
        })
    }

    /// Checks the identity at z for the claimed inner product y.
    ///
    /// # Errors
    /// [`OpeningError::Identity`]; also for z = 0, which the transcript never gives.
    pub fn check_identity(&self, r_low: &[Fr], y: Fr, z: Fr) -> Result<(), OpeningError> {
        let inverse = z.inverse().ok_or(OpeningError::Identity)?;
        let [f, f_inv, s, s_inv] = self.values;
        let left = f * eq_poly(r_low, inverse) + f_inv * eq_poly(r_low, z);
        let right = y.double() + z * s + inverse * s_inv;
        if left == right {
            Ok(())
        } else {
            Err(OpeningError::Identity)
        }
    }

    /// The G1 arguments of the pairing equation, against \[1\]_2 and \[tau\]_2, for `commitment` = \[F\]:
    /// \[G\] - I(psi) \[1\] - T(psi) \[Q\] + psi \[V\] and -\[V\].
    ///
    /// # Errors
    /// [`OpeningError::Identity`] where z has no inverse or z^2 = 1, which the transcript never gives.
    pub fn pairing_arguments(
        &self,
        commitment: G1Projective,
        c: &OpeningChallenges,
    ) -> Result<[G1Projective; 2], OpeningError> {
        let OpeningChallenges { z, nu, psi } = *c;
        let inverse = z.inverse().ok_or(OpeningError::Identity)?;
        let [f, f_inv, s, s_inv] = self.values;
        let (g, g_inv) = (f + nu * s, f_inv + nu * s_inv);
        let slope = (g - g_inv) * (z - inverse).inverse().ok_or(OpeningError::Identity)?;
        let line = g + slope * (psi - z);
        let divisor = (psi - z) * (psi - inverse);
        let opened = commitment + self.s * nu - G1Affine::generator() * line - self.q * divisor;
        Ok([opened + self.v * psi, -self.v.into_group()])
    }

    /// Checks the pairing equation alone.
    ///
    /// # Errors
    /// [`OpeningError::Pairing`], or as [`Opening::pairing_arguments`].
    pub fn check_pairing(
        &self,
        srs: &VerifierSrs,
        commitment: G1Projective,
        c: &OpeningChallenges,
    ) -> Result<(), OpeningError> {
        let args = self.pairing_arguments(commitment, c)?;
        let args = args.map(|p| p.into_affine());
        let product = Bn254::multi_pairing(args, [G2Affine::generator(), srs.tau_g2]);
        if product.is_zero() {
            Ok(())
        } else {
            Err(OpeningError::Pairing)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ark_ff::UniformRand;
    use ark_std::rand::{SeedableRng, rngs::StdRng};
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn tables_polynomial_and_prefix_agree(seed: u64, bits in 0usize..7, rows in 0u64..200) {
            let mut rng = StdRng::seed_from_u64(seed);
            let r: Vec<Fr> = (0..bits).map(|_| Fr::rand(&mut rng)).collect();
            let x = Fr::rand(&mut rng);
            let table = eq_table(&r);
            let horner = table.iter().rev().fold(Fr::zero(), |acc, e| acc * x + e);
            prop_assert_eq!(horner, eq_poly(&r, x));
            let sum: Fr = table.iter().take(usize::try_from(rows).unwrap()).sum();
            prop_assert_eq!(row_presence_at(&r, rows), sum);
        }
    }
}
