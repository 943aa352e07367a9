//! The keccak256 transcript outside the circuits (docs/protocol.md, sections 4 and 8): one method a message, in order.
//!
//! state' = keccak256(state | id | payload), and a challenge is the new state mod p while the state goes on from
//! all 256 bits. The in-circuit Poseidon transcript is another type, in the circuits crate.

use crate::{
    column::LeafRef,
    field::{g1_to_be, g2_to_be, reduce, to_be},
};
use alloy_primitives::{B256, keccak256};
use ark_bn254::{Bn254, Fr, G1Affine};
use ark_ec::AffineRepr;
use ark_ff::{One, Zero};
use ark_groth16::Proof;

/// A challenge of 0, 1 or -1, or a message with an identity point: refused by both sides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TranscriptError {
    /// Chance of about 2^-252; an honest prover starts again with new randomness.
    #[error("a challenge is 0, 1 or -1")]
    Challenge,
    /// An identity point.
    #[error("a point of the transcript is the identity")]
    Identity,
}

/// The transcript of one proof: messages 1 to 6 of a query, those of an index proof, or the first message of a receipt
/// and then 3 to 5.
#[derive(Debug, Clone)]
pub struct Transcript {
    state: B256,
}

/// D0: keccak256(tag, circuit-key digest, snapshot root, abi.encode(query)).
pub fn d0(key: B256, root: B256, query: &[u8]) -> B256 {
    keccak256(
        [
            b"nectar/v1/query".as_slice(),
            key.as_slice(),
            root.as_slice(),
            query,
        ]
        .concat(),
    )
}

impl Transcript {
    /// Begins at a statement digest.
    pub fn new(d0: B256) -> Self {
        Transcript { state: d0 }
    }

    /// Begins at a receipt's first message: root, row, the claimed values of the opened vectors in order, M and mu;
    /// gives lambda.
    ///
    /// # Errors
    /// [`TranscriptError`].
    pub fn receipt(
        root: B256,
        row: u32,
        claims: &[(LeafRef, Fr)],
        m: &G1Affine,
        mu: &Fr,
    ) -> Result<(Self, Fr), TranscriptError> {
        let mut message = b"nectar/v1/receipt".to_vec();
        message.extend(root);
        message.extend(row.to_be_bytes());
        for ((column, leaf), value) in claims {
            let (kind, index) = leaf.id();
            message.extend(column.to_be_bytes());
            message.push(kind);
            message.extend(index.to_be_bytes());
            message.extend(to_be(value));
        }
        message.extend(point(m)?);
        message.extend(to_be(mu));
        let state = keccak256(message);
        Ok((Transcript { state }, challenge(state)?))
    }

    /// Message 1: com_N; gives rho.
    ///
    /// # Errors
    /// [`TranscriptError`]; so for every message.
    pub fn table(&mut self, com_n: &Fr) -> Result<Fr, TranscriptError> {
        self.absorb(1, &[to_be(com_n)].concat())
    }

    /// Message 7, three times and empty, at the start of an index proof, whose digest binds the commitments: gives R,
    /// theta and the batching challenge (section 7).
    ///
    /// # Errors
    /// [`TranscriptError`].
    pub fn index(&mut self) -> Result<[Fr; 3], TranscriptError> {
        let mut draw = || self.absorb(7, &[]);
        Ok([draw()?, draw()?, draw()?])
    }

    /// Message 2: com_v, M, r_1 .. r_K, and the released cells the layout uses; gives lambda.
    ///
    /// # Errors
    /// [`TranscriptError`].
    pub fn evaluations(
        &mut self,
        com_v: &Fr,
        m: &G1Affine,
        r: &[Fr],
        cells: &[u64],
    ) -> Result<Fr, TranscriptError> {
        let mut payload = to_be(com_v).to_vec();
        payload.extend(point(m)?);
        payload.extend(r.iter().flat_map(to_be));
        payload.extend(cells.iter().flat_map(|c| to_be(&Fr::from(*c))));
        self.absorb(2, &payload)
    }

    /// Message 3: L, which a receipt does not have, and \[S\]; gives z.
    ///
    /// # Errors
    /// [`TranscriptError`].
    pub fn symmetric<'l>(
        &mut self,
        l: impl Into<Option<&'l Fr>>,
        s: &G1Affine,
    ) -> Result<Fr, TranscriptError> {
        let mut payload: Vec<u8> = l.into().into_iter().flat_map(to_be).collect();
        payload.extend(point(s)?);
        self.absorb(3, &payload)
    }

    /// Message 4: F(z), F(1/z), S(z), S(1/z); gives nu. All four are absorbed, or any y could be proven.
    ///
    /// # Errors
    /// [`TranscriptError`].
    pub fn values(&mut self, values: &[Fr; 4]) -> Result<Fr, TranscriptError> {
        self.absorb(4, &values.map(|v| to_be(&v)).concat())
    }

    /// Message 5: \[Q\]; gives psi. Known before \[Q\], any values could be opened.
    ///
    /// # Errors
    /// [`TranscriptError`].
    pub fn quotient(&mut self, q: &G1Affine) -> Result<Fr, TranscriptError> {
        self.absorb(5, &point(q)?)
    }

    /// Message 6: \[V\] and the Groth16 proof; gives chi, the weight that keeps the two pairing equations apart. Known
    /// before either, an error of the proof that vanishes at psi could be made up for by \[V\].
    ///
    /// # Errors
    /// [`TranscriptError`].
    pub fn proof(&mut self, v: &G1Affine, proof: &Proof<Bn254>) -> Result<Fr, TranscriptError> {
        if proof.b.is_zero() {
            return Err(TranscriptError::Identity);
        }
        let mut payload = point(v)?.to_vec();
        payload.extend(point(&proof.a)?);
        payload.extend(g2_to_be(&proof.b));
        payload.extend(point(&proof.c)?);
        self.absorb(6, &payload)
    }

    fn absorb(&mut self, id: u8, payload: &[u8]) -> Result<Fr, TranscriptError> {
        self.state = keccak256([self.state.as_slice(), &[id], payload].concat());
        challenge(self.state)
    }
}

fn challenge(state: B256) -> Result<Fr, TranscriptError> {
    let c = reduce(&state.0);
    if c.is_zero() || c.is_one() || c == -Fr::one() {
        Err(TranscriptError::Challenge)
    } else {
        Ok(c)
    }
}

fn point(p: &G1Affine) -> Result<[u8; 64], TranscriptError> {
    if p.is_zero() {
        Err(TranscriptError::Identity)
    } else {
        Ok(g1_to_be(p))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::field::to_be;

    #[test]
    fn trivial_challenges_are_refused() {
        let one = Fr::one();
        for trivial in [Fr::zero(), one, -one] {
            let state = B256::from(to_be(&trivial));
            assert_eq!(challenge(state), Err(TranscriptError::Challenge));
        }
        let (two, last) = (one + one, -(one + one));
        for c in [two, last] {
            assert_eq!(challenge(B256::from(to_be(&c))), Ok(c));
        }
    }
}
