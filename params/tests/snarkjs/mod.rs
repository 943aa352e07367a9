//! What files of snarkjs have in common: sections, and points in Montgomery form.

use ark_bn254::{Fq, Fq2, G1Affine, G2Affine};
use ark_ff::{BigInteger, Field, PrimeField};
use std::ops::Range;

/// Where a section's content lies; its id and length are the 12 bytes before.
pub fn section(bytes: &[u8], id: u32) -> Range<usize> {
    let mut at = 12;
    loop {
        let length = u64::from_le_bytes(bytes[at + 4..at + 12].try_into().unwrap());
        let content = at + 12..at + 12 + usize::try_from(length).unwrap();
        if bytes[at..at + 4] == id.to_le_bytes() {
            return content;
        }
        at = content.end;
    }
}

/// Coordinates: x 2^256, little-endian.
pub fn coordinates<const N: usize>(words: [Fq; N]) -> Vec<u8> {
    let shift = Fq::from(2u8).pow([256]);
    words
        .map(|x| (x * shift).into_bigint().to_bytes_le())
        .concat()
}

pub fn g1(p: G1Affine) -> Vec<u8> {
    coordinates([p.x, p.y])
}

pub fn g2(p: G2Affine) -> Vec<u8> {
    coordinates([p.x.c0, p.x.c1, p.y.c0, p.y.c1])
}

/// A point of the twist outside the subgroup of prime order.
pub fn outside_the_subgroup() -> G2Affine {
    (1u8..)
        .filter_map(|x| {
            G2Affine::get_point_from_x_unchecked(Fq2::new(x.into(), Fq::from(1u8)), false)
        })
        .find(|p| !p.is_in_correct_subgroup_assuming_on_curve())
        .unwrap()
}
