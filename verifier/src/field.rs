//! Canonical bytes of field elements and curve points: the only place where outside bytes become algebra.
//!
//! Scalars are 32 bytes big-endian below the field order; points are 64 (G1) or 128 (G2) bytes of affine
//! coordinates in the order of EIP-196/197, or arkworks' compressed form (32 and 64 bytes) inside bundles.
//! Identity points never occur in an honest proof and are refused everywhere (docs/protocol.md, section 4).

use ark_bn254::{Fq, Fq2, Fr, G1Affine, G2Affine};
use ark_ec::AffineRepr;
use ark_ff::{BigInteger, PrimeField};
use ark_serialize::{CanonicalDeserialize, CanonicalSerialize};

/// Bytes of an uncompressed G1 point.
pub const G1_BYTES: usize = 64;
/// Bytes of an uncompressed G2 point.
pub const G2_BYTES: usize = 128;

/// Why bytes are not a field element or point.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PointError {
    /// The integer is not below the modulus; arkworks' own parsers would silently reduce it.
    #[error("a field element is not canonical: want a value below the field order")]
    NotCanonical,
    /// The coordinates do not satisfy the curve equation, or the point is outside the prime-order subgroup.
    #[error("a point is not on the curve or not in its prime-order subgroup")]
    NotInGroup,
    /// The identity where a point is wanted.
    #[error("a point is the identity")]
    Identity,
    /// Wrong number of bytes.
    #[error("a point or scalar has {got} bytes, want {want}")]
    Length {
        /// Bytes present.
        got: usize,
        /// Bytes wanted.
        want: usize,
    },
}

/// 32 bytes big-endian of a prime field element (scalar or base field).
pub fn to_be<F: PrimeField>(x: &F) -> [u8; 32] {
    let mut out = [0; 32];
    for (o, b) in out.iter_mut().zip(x.into_bigint().to_bytes_be()) {
        *o = b;
    }
    out
}

/// The field element of 32 big-endian bytes.
///
/// # Errors
/// [`PointError::NotCanonical`] at or above the modulus.
pub fn from_be<F: PrimeField>(bytes: &[u8; 32]) -> Result<F, PointError> {
    let x = F::from_be_bytes_mod_order(bytes);
    if to_be(&x) == *bytes {
        Ok(x)
    } else {
        Err(PointError::NotCanonical)
    }
}

/// A challenge from a 256-bit hash: reduced, as section 4 of docs/protocol.md has it.
pub fn reduce(hash: &[u8; 32]) -> Fr {
    Fr::from_be_bytes_mod_order(hash)
}

/// 64 bytes x | y; the identity is all zero (it is written nowhere, but hashing must not panic).
pub fn g1_to_be(p: &G1Affine) -> [u8; G1_BYTES] {
    let mut out = [0; G1_BYTES];
    let (x, y) = p.xy().unwrap_or_default();
    for (o, b) in out.iter_mut().zip(to_be(&x).into_iter().chain(to_be(&y))) {
        *o = b;
    }
    out
}

/// 128 bytes x.c1 | x.c0 | y.c1 | y.c0, the order of EIP-197.
pub fn g2_to_be(p: &G2Affine) -> [u8; G2_BYTES] {
    let mut out = [0; G2_BYTES];
    let (x, y) = p.xy().unwrap_or_default();
    let words = [x.c1, x.c0, y.c1, y.c0].into_iter().flat_map(|c| to_be(&c));
    for (o, b) in out.iter_mut().zip(words) {
        *o = b;
    }
    out
}

fn words<const N: usize>(bytes: &[u8]) -> Result<[Fq; N], PointError> {
    let (chunks, rest) = bytes.as_chunks::<32>();
    if chunks.len() != N || !rest.is_empty() {
        return Err(PointError::Length {
            got: bytes.len(),
            want: N.saturating_mul(32),
        });
    }
    let mut out = [Fq::default(); N];
    for (o, c) in out.iter_mut().zip(chunks) {
        *o = from_be(c)?;
    }
    Ok(out)
}

/// A G1 point from 64 bytes x | y.
///
/// # Errors
/// Wrong length, coordinates not canonical, off the curve, or the identity (BN254's G1 has cofactor 1).
pub fn g1_from_be(bytes: &[u8]) -> Result<G1Affine, PointError> {
    let [x, y] = words::<2>(bytes)?;
    g1_from_xy(x, y)
}

/// A G1 point from its coordinates; (0, 0) stands for the identity.
///
/// # Errors
/// Off the curve, or the identity.
pub fn g1_from_xy(x: Fq, y: Fq) -> Result<G1Affine, PointError> {
    if x == Fq::default() && y == Fq::default() {
        return Err(PointError::Identity);
    }
    let p = G1Affine::new_unchecked(x, y);
    if p.is_on_curve() {
        Ok(p)
    } else {
        Err(PointError::NotInGroup)
    }
}

/// A G2 point from 128 bytes in EIP-197 order.
///
/// # Errors
/// As [`g1_from_be`], and outside the subgroup of prime order.
pub fn g2_from_be(bytes: &[u8]) -> Result<G2Affine, PointError> {
    let [x1, x0, y1, y0] = words::<4>(bytes)?;
    g2_from_xy(Fq2::new(x0, x1), Fq2::new(y0, y1))
}

/// A G2 point from its coordinates; (0, 0) stands for the identity.
///
/// # Errors
/// Off the curve, outside the subgroup of prime order, or the identity.
pub fn g2_from_xy(x: Fq2, y: Fq2) -> Result<G2Affine, PointError> {
    if x == Fq2::default() && y == Fq2::default() {
        return Err(PointError::Identity);
    }
    let p = G2Affine::new_unchecked(x, y);
    if p.is_on_curve() && p.is_in_correct_subgroup_assuming_on_curve() {
        Ok(p)
    } else {
        Err(PointError::NotInGroup)
    }
}

/// Arkworks' compressed form of a point; `N` is 32 for G1 and 64 for G2.
pub fn compress<const N: usize, P: CanonicalSerialize>(p: &P) -> [u8; N] {
    let mut out = [0; N];
    // Writing N bytes into N bytes cannot fail; a wrong N would leave zeros, which `decompress` refuses.
    let _ = p.serialize_compressed(out.as_mut_slice());
    out
}

/// A point from arkworks' compressed form, fully validated.
///
/// # Errors
/// Not canonical (also: another encoding of the same point), off the group, identity.
pub fn decompress<const N: usize, P>(bytes: &[u8; N]) -> Result<P, PointError>
where
    P: CanonicalDeserialize + CanonicalSerialize + AffineRepr,
{
    let p = P::deserialize_compressed(bytes.as_slice()).map_err(|_| PointError::NotInGroup)?;
    if p.is_zero() {
        return Err(PointError::Identity);
    }
    if compress::<N, P>(&p) == *bytes {
        Ok(p)
    } else {
        Err(PointError::NotCanonical)
    }
}
