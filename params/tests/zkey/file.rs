//! The parts of a key file, and how to change them.

pub use crate::snarkjs::{coordinates, g1, g2, section};

use ark_bn254::{Fq, Fr, G1Affine, G2Affine};
use ark_ec::{AffineRepr, CurveGroup};
use ark_ff::{Field, PrimeField};

/// The header's points: alpha and beta in G1, beta and gamma in G2, delta in both.
pub const ALPHA: usize = 84;
pub const BETA_G1: usize = 148;
pub const BETA_G2: usize = 212;
pub const GAMMA: usize = 340;
pub const DELTA_G1: usize = 468;
pub const DELTA_G2: usize = 532;

/// Gives a section another content.
pub fn replace(bytes: &mut Vec<u8>, id: u32, content: &[u8]) {
    let old = section(bytes, id);
    let length = (content.len() as u64).to_le_bytes();
    bytes[old.start - 8..old.start].copy_from_slice(&length);
    bytes.splice(old, content.iter().copied());
}

/// Writes into a section.
pub fn write(bytes: &mut [u8], id: u32, offset: usize, new: &[u8]) {
    let at = section(bytes, id).start + offset;
    bytes[at..at + new.len()].copy_from_slice(new);
}

/// The bytes of the contributions, without those before them.
pub fn contributions(bytes: &[u8]) -> Vec<Vec<u8>> {
    let mut rest = &bytes[section(bytes, 10)][68..];
    let mut out = vec![];
    while !rest.is_empty() {
        let parameters = u32::from_le_bytes(rest[388..392].try_into().unwrap());
        let (one, more) = rest.split_at(392 + parameters as usize);
        out.push(one.to_vec());
        rest = more;
    }
    out
}

/// Gives a file other contributions.
pub fn with_contributions(bytes: &mut Vec<u8>, list: &[Vec<u8>]) {
    let start = bytes[section(bytes, 10)][..64].to_vec();
    let count = (list.len() as u32).to_le_bytes().to_vec();
    replace(bytes, 10, &[start, count, list.concat()].concat());
}

/// The point of bytes.
pub fn read_g1(bytes: &[u8]) -> G1Affine {
    let shift = Fq::from(2u8).pow([256]).inverse().unwrap();
    let [x, y] = [0, 32].map(|at| Fq::from_le_bytes_mod_order(&bytes[at..at + 32]) * shift);
    match (x, y) == Default::default() {
        true => G1Affine::zero(),
        false => G1Affine::new(x, y),
    }
}

/// Some point of G1 and of G2.
pub fn other(size: usize) -> Vec<u8> {
    let five = Fr::from(5u8);
    match size {
        64 => g1((G1Affine::generator() * five).into_affine()),
        _ => g2((G2Affine::generator() * five).into_affine()),
    }
}
