//! Sections 1 and 2: proof system, curve, sizes, and the points that verification keys hold.

use super::{
    container::{Container, Rest},
    error::{Section, ZkeyError},
};
use crate::point::Point;
use ark_bn254::{Fq, Fr, G1Affine, G2Affine};
use ark_ff::{BigInteger, PrimeField};

/// Groth16.
const PROTOCOL: u32 = 1;
/// Two field sizes with their primes, three counts, three points in G1 and in G2.
const BYTES: u64 = 2 * (4 + 32) + 3 * 4 + 3 * 64 + 3 * 128;
/// The largest domain: of twice its size, the quotient's, BN254's scalar field has the largest there is.
const DOMAIN_BITS: u32 = 27;

/// How large the circuit of a key is.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sizes {
    /// All variables, with the constant 1.
    pub variables: usize,
    /// Public inputs with the constant 1, at most as many as variables.
    pub inputs: usize,
    /// The domain has 2^`domain_bits` elements.
    pub domain_bits: u8,
}

impl Sizes {
    /// Elements of the domain.
    pub fn domain(&self) -> usize {
        1 << self.domain_bits
    }

    fn new(variables: u32, public: u32, domain: u32) -> Result<Self, ZkeyError> {
        if public >= variables {
            return Err(ZkeyError::Inputs { public, variables });
        }
        let bits = domain.trailing_zeros();
        if !domain.is_power_of_two() || !(1..=DOMAIN_BITS).contains(&bits) {
            return Err(ZkeyError::Domain { got: domain });
        }
        Ok(Sizes {
            variables: variables as usize,
            inputs: public as usize + 1,
            domain_bits: bits as u8,
        })
    }
}

/// Sizes and single points.
#[derive(Debug, Clone)]
pub(super) struct Header {
    pub sizes: Sizes,
    pub alpha_g1: G1Affine,
    pub beta_g1: G1Affine,
    pub beta_g2: G2Affine,
    pub gamma_g2: G2Affine,
    pub delta_g1: G1Affine,
    pub delta_g2: G2Affine,
}

impl Header {
    pub fn read(file: &Container) -> Result<Self, ZkeyError> {
        protocol(file)?;
        let content = file.section(Section::Header);
        let length = ZkeyError::Length {
            section: Section::Header,
            got: content.len() as u64,
            want: BYTES,
        };
        let mut rest = Rest::new(content);
        // Before the length, which another curve has another of.
        let curve: [u8; 72] = rest.array().ok_or(length.clone())?;
        if curve[..] != curve_bytes() {
            return Err(ZkeyError::Curve);
        }
        if content.len() as u64 != BYTES {
            return Err(length);
        }
        let mut count = || rest.u32().ok_or(length.clone());
        let sizes = Sizes::new(count()?, count()?, count()?)?;
        let mut points = Points { rest, index: 0 };
        Ok(Header {
            sizes,
            alpha_g1: points.next()?,
            beta_g1: points.next()?,
            beta_g2: points.next()?,
            gamma_g2: points.next()?,
            delta_g1: points.next()?,
            delta_g2: points.next()?,
        })
    }
}

fn protocol(file: &Container) -> Result<(), ZkeyError> {
    let content = file.exactly(Section::Protocol, 4)?;
    match Rest::new(content).u32() {
        Some(PROTOCOL) => Ok(()),
        got => Err(ZkeyError::Protocol {
            got: got.unwrap_or_default(),
        }),
    }
}

/// How BN254's primes are written: size and value of the base field's and of the scalar field's.
fn curve_bytes() -> Vec<u8> {
    let prime = |bytes: Vec<u8>| [32u32.to_le_bytes().to_vec(), bytes].concat();
    [
        prime(Fq::MODULUS.to_bytes_le()),
        prime(Fr::MODULUS.to_bytes_le()),
    ]
    .concat()
}

/// The header's points, counted from 0.
struct Points<'a> {
    rest: Rest<'a>,
    index: usize,
}

impl Points<'_> {
    fn next<P: Point>(&mut self) -> Result<P, ZkeyError> {
        let bytes = self.rest.take(P::BYTES).unwrap_or_default();
        let index = self.index;
        self.index += 1;
        P::read(bytes).map_err(|error| ZkeyError::Point {
            section: Section::Header,
            index,
            error,
        })
    }
}
