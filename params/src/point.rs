//! Points as snarkjs writes them: affine coordinates, little-endian, in Montgomery form.

use ark_bn254::{Fq, Fq2, g1, g2};
use ark_ec::{AffineRepr, short_weierstrass::Affine};
use ark_ff::{BigInt, Fp256, MontBackend, MontConfig};
use nectar_verifier::field::{G1_BYTES, G2_BYTES, PointError, g1_from_xy, g2_from_xy};

/// A point of G1 or G2.
pub(crate) trait Point: AffineRepr {
    /// Bytes of a point.
    const BYTES: usize;

    /// Reads a point, which is not the identity and in the group of prime order.
    fn read(bytes: &[u8]) -> Result<Self, PointError>;
}

impl Point for Affine<g1::Config> {
    const BYTES: usize = G1_BYTES;

    /// x | y.
    fn read(bytes: &[u8]) -> Result<Self, PointError> {
        let [x, y] = coordinates(bytes)?;
        g1_from_xy(x, y)
    }
}

impl Point for Affine<g2::Config> {
    const BYTES: usize = G2_BYTES;

    /// x.c0 | x.c1 | y.c0 | y.c1.
    fn read(bytes: &[u8]) -> Result<Self, PointError> {
        let [x0, x1, y0, y1] = coordinates(bytes)?;
        g2_from_xy(Fq2::new(x0, x1), Fq2::new(y0, y1))
    }
}

fn coordinates<const N: usize>(bytes: &[u8]) -> Result<[Fq; N], PointError> {
    let length = PointError::Length {
        got: bytes.len(),
        want: N * 32,
    };
    let words: &[[u8; 32]; N] = match bytes.as_chunks() {
        (words, []) => words.try_into().map_err(|_| length)?,
        _ => return Err(length),
    };
    let mut out = [Fq::default(); N];
    for (o, word) in out.iter_mut().zip(words) {
        *o = montgomery(word)?;
    }
    Ok(out)
}

/// x of the 32 bytes of x 2^256 modulo the field's order, which have to be below it.
pub(crate) fn montgomery<T: MontConfig<4>>(
    bytes: &[u8; 32],
) -> Result<Fp256<MontBackend<T, 4>>, PointError> {
    let mut limbs = [0; 4];
    for (limb, word) in limbs.iter_mut().zip(bytes.as_chunks().0) {
        *limb = u64::from_le_bytes(*word);
    }
    let montgomery = BigInt(limbs);
    if montgomery < T::MODULUS {
        Ok(Fp256::new_unchecked(montgomery))
    } else {
        Err(PointError::NotCanonical)
    }
}
