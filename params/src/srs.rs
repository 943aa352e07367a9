//! The structured reference string of the commitments: [tau^0]_1 .. [tau^n]_1, \[tau\]_2.

use crate::{error::ParamsError, file, neighbours::Neighbours, weights::Weights};
use alloy_primitives::keccak256;
use ark_bn254::{Fr, G1Affine, G1Projective, G2Affine};
use ark_ec::{AffineRepr, CurveGroup, scalar_mul::BatchMulPreprocessing};
use nectar_verifier::{
    field::{G1_BYTES, G2_BYTES, g1_from_be, g1_to_be},
    header::SEGMENT_BITS,
    keys::VerifierSrs,
};
use rayon::prelude::*;
use std::path::Path;

/// An SRS whose powers were checked to be those of one secret.
#[derive(Debug, Clone)]
pub struct Srs {
    powers: Vec<G1Affine>,
    verifier: VerifierSrs,
}

/// An SRS as read from a file: points on the curve, relations unchecked.
#[derive(Debug, Clone)]
pub struct RawSrs {
    powers: Vec<G1Affine>,
    verifier: VerifierSrs,
}

impl Srs {
    /// The powers of a known secret. Whoever knows it can forge every opening: for development only.
    pub(crate) fn of_known_secret(bits: u8, tau: Fr) -> Self {
        let count = (1usize << bits) + 1;
        let scalars: Vec<Fr> = std::iter::successors(Some(Fr::from(1u8)), |p| Some(*p * tau))
            .take(count)
            .collect();
        let powers = BatchMulPreprocessing::new(G1Affine::generator().into_group(), count)
            .batch_mul(&scalars);
        let tau_g2 = (G2Affine::generator() * tau).into_affine();
        let RawSrs { powers, verifier } = RawSrs::new(bits, powers, tau_g2);
        Srs { powers, verifier }
    }

    /// [tau^i]_1 for i = 0 ..= n with n = 2^`segment_bits`.
    ///
    /// # Errors
    /// The SRS is smaller than that.
    pub fn powers(&self, segment_bits: u8) -> Result<&[G1Affine], ParamsError> {
        let n = 1usize << segment_bits.min(63);
        let short = ParamsError::SegmentBits {
            got: segment_bits,
            most: self.verifier.bits,
        };
        self.powers.get(..=n).ok_or(short)
    }

    /// What verifiers need.
    pub fn verifier(&self) -> &VerifierSrs {
        &self.verifier
    }

    /// Writes the SRS to a file, which is replaced in one step.
    ///
    /// # Errors
    /// I/O.
    pub fn write(&self, path: &Path) -> Result<(), ParamsError> {
        let mut bytes = self.verifier.encode();
        bytes.extend(self.powers.iter().flat_map(g1_to_be));
        file::write(path, &bytes)
    }
}

impl RawSrs {
    /// Puts together [tau^0]_1 .. [tau^(2^bits)]_1, all of them, with [tau]_2.
    pub(crate) fn new(bits: u8, powers: Vec<G1Affine>, tau_g2: G2Affine) -> Self {
        let verifier = VerifierSrs {
            powers: digest(&powers),
            bits,
            tau_g1: powers[1],
            tau_g2,
        };
        RawSrs { powers, verifier }
    }

    /// Reads the file [`Srs::write`] makes; every point is checked to be on the curve.
    ///
    /// # Errors
    /// I/O, lengths, points.
    pub fn read(path: &Path) -> Result<Self, ParamsError> {
        let bytes = file::read(path, file::MAX_KEY_BYTES)?;
        let malformed = |what: &'static str| ParamsError::Malformed {
            path: path.into(),
            what,
        };
        let head = 32 + 1 + G1_BYTES + G2_BYTES;
        let (head, rest) = bytes
            .split_at_checked(head)
            .ok_or_else(|| malformed("it is truncated"))?;
        let verifier = VerifierSrs::decode(head).map_err(|e| ParamsError::Key {
            path: path.into(),
            error: e,
        })?;
        let (points, rest) = rest.as_chunks::<G1_BYTES>();
        if points.len() != (1usize << verifier.bits) + 1 || !rest.is_empty() {
            return Err(malformed("the number of powers is not that of its header"));
        }
        let powers: Result<Vec<_>, _> = points.par_iter().map(|p| g1_from_be(p)).collect();
        Ok(RawSrs {
            powers: powers.map_err(|_| malformed("a power is not a point of the curve"))?,
            verifier,
        })
    }

    /// Checks every relation of consecutive powers by one random combination, and the digest of the powers.
    ///
    /// # Errors
    /// The powers are not those of one secret, or of another digest than the header's.
    pub fn validate(self, path: &Path) -> Result<Srs, ParamsError> {
        self.checked().map_err(|what| ParamsError::Malformed {
            path: path.into(),
            what,
        })
    }

    /// [`RawSrs::validate`], where the powers come from no file of their own.
    pub(crate) fn checked(self) -> Result<Srs, &'static str> {
        let RawSrs { powers, verifier } = self;
        let first = powers.first() == Some(&G1Affine::generator());
        let second = powers.get(1) == Some(&verifier.tau_g1);
        if !first || !second || digest(&powers) != verifier.powers {
            return Err("its powers are not those of its header");
        }
        // The weights come from the content itself: the header's bytes hold the digest of all powers.
        let weights = Weights::from_seed(*keccak256(verifier.encode()));
        let mut neighbours = Neighbours::<G1Projective>::new(weights);
        neighbours.push(&powers);
        if !neighbours.rise_by(verifier.tau_g2) {
            return Err("its powers are not powers of one secret");
        }
        Ok(Srs { powers, verifier })
    }
}

/// keccak256 over all powers, 64 bytes each.
fn digest(powers: &[G1Affine]) -> alloy_primitives::B256 {
    keccak256(powers.iter().flat_map(g1_to_be).collect::<Vec<u8>>())
}

/// Segment sizes an SRS may serve.
pub const BITS: std::ops::RangeInclusive<u8> = SEGMENT_BITS;
