//! The prover's side of the opening (docs/protocol.md, section 5).

use super::blinding::Attempt;
use ark_bn254::{Fr, G1Affine, G1Projective};
use ark_ec::{CurveGroup, VariableBaseMSM};
use ark_ff::{AdditiveGroup, Field, UniformRand};
use nectar_verifier::{
    opening::Opening,
    transcript::{Transcript, TranscriptError},
};
use rayon::prelude::*;
use zeroize::{Zeroize, ZeroizeOnDrop};

/// Rows a task takes where there is a choice.
const CHUNK_ROWS: usize = 1 << 11;

/// The mask of one proof: m uniform in F^(n+1), blinding included. Used once and wiped.
#[derive(Zeroize, ZeroizeOnDrop)]
pub struct Mask {
    coefficients: Vec<Fr>,
}

impl Mask {
    /// Draws a mask for segments of n = `powers.len()` - 1 rows.
    pub fn draw(attempt: &Attempt, powers: &[G1Affine]) -> Self {
        let mut rng = attempt.stream("mask");
        Mask {
            coefficients: powers.iter().map(|_| Fr::rand(&mut rng)).collect(),
        }
    }

    /// M = \[m(tau)\].
    pub fn commit(&self, powers: &[G1Affine]) -> G1Affine {
        G1Projective::msm_unchecked(powers, &self.coefficients).into_affine()
    }

    /// mu = <m\[0..n\], eq(r_lo)>.
    pub fn evaluate(&self, eq: &[Fr]) -> Fr {
        self.coefficients
            .par_iter()
            .zip(eq)
            .map(|(m, e)| *m * e)
            .sum()
    }

    /// F += weight * m.
    pub fn add_to(&self, f: &mut [Fr], weight: Fr) {
        add_to(f, weight, &self.coefficients);
    }
}

/// Opens F (n + 1 coefficients) to y = <F\[0..n\], eq(r_lo)>; the transcript stands before message 3, whose L a
/// receipt does not have.
///
/// # Errors
/// A challenge of 0 or +-1 or an identity point: start again with new randomness.
pub fn open(
    powers: &[G1Affine],
    f: &[Fr],
    r_low: &[Fr],
    l: Option<&Fr>,
    transcript: &mut Transcript,
) -> Result<Opening, TranscriptError> {
    let s = symmetric_part(f, r_low);
    let commit =
        |poly: &[Fr]| G1Projective::msm_unchecked(&powers[..poly.len()], poly).into_affine();
    let s_point = commit(&s);
    let z = transcript.symmetric(l, &s_point)?;
    let inverse = z.inverse().ok_or(TranscriptError::Challenge)?;
    let values = [(f, z), (f, inverse), (&s, z), (&s, inverse)].map(|(poly, x)| evaluate(poly, x));
    let nu = transcript.values(&values)?;
    let mut g = f.to_vec();
    add_to(&mut g, nu, &s);
    // T = X^2 - (z + 1/z) X + 1.
    let q = divide(&g, &[z + inverse, -Fr::ONE]);
    let q_point = commit(&q);
    let psi = transcript.quotient(&q_point)?;
    add_to(&mut g, -(psi - z) * (psi - inverse), &q);
    Ok(Opening {
        s: s_point,
        values,
        q: q_point,
        v: commit(&divide(&g, &[psi])),
    })
}

/// G += weight * H.
fn add_to(g: &mut [Fr], weight: Fr, h: &[Fr]) {
    g.par_iter_mut()
        .with_min_len(CHUNK_ROWS)
        .zip(h)
        .for_each(|(g, h)| *g += weight * h);
}

/// S with F(X) e(1/X) + F(1/X) e(X) = 2y + X S(X) + S(1/X)/X: with P = F(X) e(1/X), S_{d-1} = P_d + P_{-d}.
///
/// e(1/X) is a product of s binomials, so P comes from s sparse products and no FFT.
fn symmetric_part(f: &[Fr], r_low: &[Fr]) -> Vec<Fr> {
    let n = 1usize << r_low.len();
    // laurent[i] is the coefficient of X^(i - n).
    let mut laurent = vec![Fr::ZERO; n];
    laurent.extend_from_slice(f);
    for (j, r) in r_low.iter().enumerate() {
        let shift = 1 << j;
        let next = |i: usize| {
            let low = laurent[i];
            low + *r * (laurent.get(i + shift).copied().unwrap_or_default() - low)
        };
        let start = n + 1 - 2 * shift;
        let head = vec![Fr::ZERO; start];
        let tail: Vec<Fr> = (start..laurent.len())
            .into_par_iter()
            .with_min_len(CHUNK_ROWS)
            .map(next)
            .collect();
        laurent = [head, tail].concat();
    }
    (1..=n).map(|d| laurent[n + d] + laurent[n - d]).collect()
}

fn evaluate(poly: &[Fr], x: Fr) -> Fr {
    let chunks: Vec<Fr> = poly
        .par_chunks(CHUNK_ROWS)
        .map(|c| c.iter().rev().fold(Fr::ZERO, |acc, a| acc * x + a))
        .collect();
    let step = x.pow([CHUNK_ROWS as u64]);
    chunks.iter().rev().fold(Fr::ZERO, |acc, c| acc * step + c)
}

/// The quotient of G by X^k - c_1 X^(k-1) - .. - c_k, from the highest coefficient down; what is left over is dropped.
fn divide(g: &[Fr], c: &[Fr]) -> Vec<Fr> {
    let mut quotient = vec![Fr::ZERO; g.len().saturating_sub(c.len())];
    for i in (0..quotient.len()).rev() {
        let above = c.iter().zip(&quotient[i + 1..]);
        let above: Fr = above.map(|(c, q)| *c * q).sum();
        quotient[i] = g[i + c.len()] + above;
    }
    quotient
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::dev_srs;
    use ark_std::rand::{SeedableRng, rngs::StdRng};
    use nectar_verifier::opening::eq_table;

    #[test]
    fn honest_openings_verify_and_wrong_values_do_not() {
        let srs = dev_srs();
        let mut rng = StdRng::seed_from_u64(1);
        for bits in [4u8, 6] {
            let powers = srs.powers(bits).unwrap();
            let f: Vec<Fr> = powers.iter().map(|_| Fr::rand(&mut rng)).collect();
            let r: Vec<Fr> = (0..bits).map(|_| Fr::rand(&mut rng)).collect();
            let y: Fr = f.iter().zip(eq_table(&r)).map(|(f, e)| *f * e).sum();
            let l = Fr::rand(&mut rng);
            let start = Transcript::new(Default::default());
            let opening = open(powers, &f, &r, Some(&l), &mut start.clone()).unwrap();
            let c = opening.challenges(Some(&l), &mut start.clone()).unwrap();
            let commitment = G1Projective::msm_unchecked(powers, &f);
            let pairing = |o: &Opening| o.check_pairing(srs.verifier(), commitment, &c);
            opening.check_identity(&r, y, c.z).unwrap();
            pairing(&opening).unwrap();
            opening.check_identity(&r, y + Fr::ONE, c.z).unwrap_err();
            for i in 0..4 {
                let mut bent = opening.clone();
                bent.values[i] += Fr::ONE;
                bent.check_identity(&r, y, c.z).unwrap_err();
                pairing(&bent).unwrap_err();
            }
            let points: [fn(&mut Opening) -> &mut G1Affine; 3] =
                [|o| &mut o.s, |o| &mut o.q, |o| &mut o.v];
            for point in points {
                let mut bent = opening.clone();
                *point(&mut bent) = (*point(&mut bent) + powers[0]).into_affine();
                pairing(&bent).unwrap_err();
            }
        }
    }
}
