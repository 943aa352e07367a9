//! The structured reference string of the commitments: [tau^0]_1 .. [tau^n]_1, [tau]_2, [tau^2]_2.

use crate::{ParamsError, file};
use alloy_primitives::keccak256;
use ark_bn254::{Bn254, Fr, G1Affine, G1Projective, G2Affine};
use ark_ec::{
    AffineRepr, CurveGroup, VariableBaseMSM, pairing::Pairing, scalar_mul::BatchMulPreprocessing,
};
use ark_ff::{Field, UniformRand};
use ark_std::rand::{SeedableRng, rngs::StdRng};
use nectar_verifier::{
    field::{G1_BYTES, g1_from_be, g1_to_be},
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
        let g2 = G2Affine::generator();
        let verifier = VerifierSrs {
            powers: digest(&powers),
            bits,
            tau_g1: powers[1],
            tau_g2: (g2 * tau).into_affine(),
            tau2_g2: (g2 * tau.square()).into_affine(),
        };
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
    /// Reads the file [`Srs::write`] makes; every point is checked to be on the curve.
    ///
    /// # Errors
    /// I/O, lengths, points.
    pub fn read(path: &Path) -> Result<Self, ParamsError> {
        let bytes = file::read(path)?;
        let malformed = |what: &'static str| ParamsError::Malformed {
            path: path.into(),
            what,
        };
        let head = 32 + 1 + G1_BYTES + 4 * G1_BYTES;
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
        let malformed = |what: &'static str| ParamsError::Malformed {
            path: path.into(),
            what,
        };
        let first = self.powers.first() == Some(&G1Affine::generator());
        let second = self.powers.get(1) == Some(&self.verifier.tau_g1);
        if !first || !second || digest(&self.powers) != self.verifier.powers {
            return Err(malformed("its powers are not those of its header"));
        }
        // 127-bit weights from the content itself: a false relation survives with chance 2^-127.
        let mut rng = StdRng::from_seed(*keccak256(self.verifier.encode()));
        let weights: Vec<Fr> = (1..self.powers.len())
            .map(|_| Fr::from(u128::rand(&mut rng) >> 1))
            .collect();
        let low = G1Projective::msm_unchecked(&self.powers[..weights.len()], &weights);
        let high = G1Projective::msm_unchecked(&self.powers[1..], &weights);
        if Bn254::pairing(low, self.verifier.tau_g2) != Bn254::pairing(high, G2Affine::generator())
        {
            return Err(malformed("its powers are not powers of one secret"));
        }
        Ok(Srs {
            powers: self.powers,
            verifier: self.verifier,
        })
    }
}

/// keccak256 over all powers, 64 bytes each.
fn digest(powers: &[G1Affine]) -> alloy_primitives::B256 {
    keccak256(powers.iter().flat_map(g1_to_be).collect::<Vec<u8>>())
}

/// Segment sizes an SRS may serve.
pub const BITS: std::ops::RangeInclusive<u8> = SEGMENT_BITS;
