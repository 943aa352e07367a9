//! Verification keys: raw bytes become a key only after the checks of section 9, and a key is trusted only when
//! its digests are among the triples a verifier accepts.

use crate::{
    circuit::{Circuit, PUBLIC_INPUTS},
    field::{G1_BYTES, G2_BYTES, PointError, g1_from_be, g1_to_be, g2_from_be, g2_to_be},
};
use alloy_primitives::{B256, keccak256};
use ark_bn254::{Bn254, G1Affine, G2Affine};
use ark_ec::{AffineRepr, pairing::Pairing};
use ark_ff::Zero;
use ark_groth16::VerifyingKey;

const IC_POINTS: usize = PUBLIC_INPUTS + 1;
const KEY_BYTES: usize = G1_BYTES + 3 * G2_BYTES + IC_POINTS * G1_BYTES;
const SRS_BYTES: usize = 32 + 1 + G1_BYTES + G2_BYTES;

/// Why a key is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// Wrong number of bytes.
    #[error("a key has {got} bytes, want {want}")]
    Length {
        /// Bytes present.
        got: usize,
        /// Bytes wanted.
        want: usize,
    },
    /// A point is not one.
    #[error("a key holds a bad point: {0}")]
    Point(#[from] PointError),
    /// delta is gamma or the generator, or the negative of either: nobody contributed to phase 2, and proofs can be
    /// forged.
    #[error(
        "a circuit key without a phase-2 contribution (delta is gamma or the generator, or the negative of either)"
    )]
    NoContribution,
    /// The powers are not powers of one secret.
    #[error("the SRS is inconsistent: its powers are not those of one secret")]
    Inconsistent,
    /// The segment size of an SRS is out of range.
    #[error("the SRS has no range for segments of 2^4 to 2^16 rows")]
    Power,
}

/// What a verifier needs of the SRS.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct VerifierSrs {
    /// keccak256 over all powers in G1, which provers hold.
    pub powers: B256,
    /// The SRS serves segments of up to 2^`bits` rows: it holds 2^bits + 1 powers in G1.
    pub bits: u8,
    /// \[tau\]_1.
    pub tau_g1: G1Affine,
    /// \[tau\]_2.
    pub tau_g2: G2Affine,
}

/// A circuit's verification key after the checks of section 9.
#[derive(Debug, Clone, PartialEq)]
pub struct VerifierKey {
    circuit: Circuit,
    key: VerifyingKey<Bn254>,
}

/// What verifies one statement: the opening's key, and its circuit's.
#[derive(Debug, Clone)]
pub struct Keys {
    /// The opening's key.
    pub srs: VerifierSrs,
    /// The circuit's key.
    pub circuit: VerifierKey,
}

/// A pair of SRS and circuit key by their digests, and the circuit: what verifiers accept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KeyTriple {
    /// Digest of the SRS.
    pub srs: B256,
    /// Digest of the circuit's verification key.
    pub key: B256,
    /// The circuit.
    pub circuit: Circuit,
}

impl Keys {
    /// The digests by which the keys are accepted.
    pub fn triple(&self) -> KeyTriple {
        KeyTriple {
            srs: self.srs.digest(),
            key: self.circuit.digest(),
            circuit: self.circuit.circuit(),
        }
    }
}

impl VerifierSrs {
    /// 32 + 1 + 64 + 128 bytes: digest of the powers, bits, \[tau\]_1, \[tau\]_2.
    pub fn encode(&self) -> Vec<u8> {
        let mut out = self.powers.to_vec();
        out.push(self.bits);
        out.extend(g1_to_be(&self.tau_g1));
        out.extend(g2_to_be(&self.tau_g2));
        out
    }

    /// Reads the bytes of [`VerifierSrs::encode`] and checks that the two powers are of one secret.
    ///
    /// # Errors
    /// [`KeyError`].
    pub fn decode(bytes: &[u8]) -> Result<Self, KeyError> {
        let length = KeyError::Length {
            got: bytes.len(),
            want: SRS_BYTES,
        };
        let (powers, rest) = bytes.split_at_checked(32).ok_or(length)?;
        let (bits, rest) = rest.split_first().ok_or(length)?;
        let (tau_g1, tau_g2) = rest.split_at_checked(G1_BYTES).ok_or(length)?;
        let srs = VerifierSrs {
            powers: B256::try_from(powers).map_err(|_| length)?,
            bits: *bits,
            tau_g1: g1_from_be(tau_g1)?,
            tau_g2: g2_from_be(tau_g2)?,
        };
        srs.check().map(|()| srs)
    }

    fn check(&self) -> Result<(), KeyError> {
        let (g1, g2) = (G1Affine::generator(), G2Affine::generator());
        if !crate::header::SEGMENT_BITS.contains(&self.bits) {
            return Err(KeyError::Power);
        }
        // e([tau]_1, [1]_2) = e([1]_1, [tau]_2) as one product.
        let one_secret = Bn254::multi_pairing([self.tau_g1, -g1], [g2, self.tau_g2]).is_zero();
        // tau of 0 or +-1 would make every commitment open to anything.
        let trivial = self.tau_g1 == g1 || self.tau_g1 == -g1;
        if one_secret && !trivial {
            Ok(())
        } else {
            Err(KeyError::Inconsistent)
        }
    }

    /// The digest that headers and trust triples name.
    pub fn digest(&self) -> B256 {
        keccak256([b"nectar/v1/srs".as_slice(), &self.encode()].concat())
    }
}

impl VerifierKey {
    /// Checks a key made or loaded by this process.
    ///
    /// # Errors
    /// [`KeyError`]: another number of public inputs, identity points, or no phase-2 contribution.
    pub fn new(circuit: impl Into<Circuit>, key: VerifyingKey<Bn254>) -> Result<Self, KeyError> {
        if key.gamma_abc_g1.len() != IC_POINTS {
            return Err(KeyError::Length {
                got: key.gamma_abc_g1.len(),
                want: IC_POINTS,
            });
        }
        let g1 = key.gamma_abc_g1.iter().chain([&key.alpha_g1]);
        let g2 = [key.beta_g2, key.gamma_g2, key.delta_g2];
        if g1.into_iter().any(AffineRepr::is_zero) || g2.iter().any(AffineRepr::is_zero) {
            return Err(PointError::Identity.into());
        }
        let known = |p: G2Affine| key.delta_g2 == p || key.delta_g2 == -p;
        if known(key.gamma_g2) || known(G2Affine::generator()) {
            return Err(KeyError::NoContribution);
        }
        Ok(VerifierKey {
            circuit: circuit.into(),
            key,
        })
    }

    /// alpha, beta, gamma, delta, IC_0 .. IC_7, uncompressed.
    pub fn encode(&self) -> Vec<u8> {
        let mut out = g1_to_be(&self.key.alpha_g1).to_vec();
        for p in [&self.key.beta_g2, &self.key.gamma_g2, &self.key.delta_g2] {
            out.extend(g2_to_be(p));
        }
        out.extend(self.key.gamma_abc_g1.iter().flat_map(g1_to_be));
        out
    }

    /// Reads the bytes of [`VerifierKey::encode`]; every point is checked.
    ///
    /// # Errors
    /// [`KeyError`].
    pub fn decode(circuit: impl Into<Circuit>, bytes: &[u8]) -> Result<Self, KeyError> {
        let length = KeyError::Length {
            got: bytes.len(),
            want: KEY_BYTES,
        };
        if bytes.len() != KEY_BYTES {
            return Err(length);
        }
        let (alpha, rest) = bytes.split_at_checked(G1_BYTES).ok_or(length)?;
        let (g2, ic) = rest.split_at_checked(3 * G2_BYTES).ok_or(length)?;
        let mut g2 = g2.as_chunks::<G2_BYTES>().0.iter().map(|c| g2_from_be(c));
        let mut next = || g2.next().ok_or(length)?.map_err(KeyError::from);
        let key = VerifyingKey {
            alpha_g1: g1_from_be(alpha)?,
            beta_g2: next()?,
            gamma_g2: next()?,
            delta_g2: next()?,
            gamma_abc_g1: ic
                .as_chunks::<G1_BYTES>()
                .0
                .iter()
                .map(|c| g1_from_be(c))
                .collect::<Result<_, _>>()?,
        };
        Self::new(circuit, key)
    }

    /// The digest that headers and trust triples name; it binds the circuit.
    pub fn digest(&self) -> B256 {
        keccak256(
            [
                b"nectar/v1/circuit-key".as_slice(),
                &[self.circuit.id()],
                &self.encode(),
            ]
            .concat(),
        )
    }

    /// The circuit.
    pub fn circuit(&self) -> Circuit {
        self.circuit
    }

    /// The key in arkworks' form.
    pub fn groth16(&self) -> &VerifyingKey<Bn254> {
        &self.key
    }
}
