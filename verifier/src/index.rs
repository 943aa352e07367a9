//! Index proofs: a column's commitments give every existing row exactly one code and no other row any
//! (docs/protocol.md, section 7).
//!
//! With R drawn after the commitments, W = sum_t R^t (A_t - A_{t+1}) is R^code where the index vectors are
//! thermometers, and prod_b (1 + beta_b (R^{2^b} - 1)) is R^code where the digits are. A zero-check over all rows
//! shows the two equal on the public prefix of N rows, W zero past it, and every digit 0 or 1.

use crate::{
    abi,
    circuit::{
        Circuit,
        index::{Instance, ROUNDS, SLOTS},
    },
    column::{Column, Leaf, LeafRef},
    evaluation::{Commitments, Evaluated, EvaluationProof, ProofError},
    field::PointError,
    header::{Core, Header, column_node},
    keys::Keys,
    opening::row_presence_at,
    statement::Slot,
    transcript::{Transcript, TranscriptError},
};
use alloy_primitives::{B256, keccak256};
use alloy_sol_types::SolValue;
use ark_bn254::Fr;
use ark_ff::{Field, One};
use std::collections::BTreeSet;

/// Most bytes of an encoded proof.
pub const MAX_BYTES: usize = 1 << 12;

/// What an index proof is about: one coded column under its root.
#[derive(Debug, Clone, Copy)]
pub struct IndexStatement<'a> {
    /// Header of the snapshot. Only dataset, N and s enter, so that an unchanged column keeps its proof.
    pub core: &'a Core,
    /// Place of the column in the schema.
    pub place: u16,
    /// The column.
    pub column: &'a Column,
    /// Root over its committed vectors.
    pub leaves_root: B256,
}

/// Challenges drawn after the commitments.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IndexChallenges {
    /// R, whose powers stand for codes.
    pub code: Fr,
    /// theta: the zero-check's point is theta, theta^2, theta^4, ..
    pub zero: Fr,
    /// Joins the rules for the digits to the one for the codes.
    pub batch: Fr,
}

/// The zero-check's point: theta^(2^j) for j = 0 .. 25.
pub fn zero_point(theta: Fr) -> Vec<Fr> {
    let squares = std::iter::successors(Some(theta), |t| Some(t.square()));
    squares.take(ROUNDS).collect()
}

/// eq(theta, r): the zero-check's weight at the sumcheck's point.
fn zero_weight(theta: Fr, r: &[Fr]) -> Fr {
    let factor = |(t, r): (Fr, &Fr)| {
        let both = t * r;
        both + both + Fr::one() - t - r
    };
    zero_point(theta).into_iter().zip(r).map(factor).product()
}

impl<'a> IndexStatement<'a> {
    /// The statement about a column of a snapshot; nothing for a tag column or a place that is none.
    pub fn of(header: &'a Header, place: u16) -> Option<Self> {
        let at = usize::from(place);
        Some(IndexStatement {
            core: &header.core,
            place,
            column: header.columns.get(at).filter(|c| c.codes() > 0)?,
            leaves_root: *header.leaves_roots.get(at)?,
        })
    }

    /// The digest a proof starts from: keccak256 of tag, SRS and circuit-key digests, dataset, N (u32), s (u8),
    /// place of the column (u16), and the column's node, which binds codebook and all commitments.
    pub fn digest(&self, keys: &Keys) -> B256 {
        let node = column_node(self.column, self.leaves_root);
        keccak256(
            [
                b"nectar/v1/index".as_slice(),
                keys.srs.digest().as_slice(),
                keys.circuit.digest().as_slice(),
                self.core.dataset.as_slice(),
                &self.core.rows.to_be_bytes(),
                &[self.core.segment_bits],
                &self.place.to_be_bytes(),
                node.as_slice(),
            ]
            .concat(),
        )
    }

    /// The transcript after its first three challenges.
    ///
    /// # Errors
    /// A challenge of 0 or +-1: these commitments cannot be proven, commit them again.
    pub fn start(&self, keys: &Keys) -> Result<(Transcript, IndexChallenges), TranscriptError> {
        let mut t = Transcript::new(self.digest(keys));
        let [code, zero, batch] = t.index()?;
        Ok((t, IndexChallenges { code, zero, batch }))
    }

    /// The committed vectors: A_t and the digits.
    pub fn leaves(&self) -> BTreeSet<LeafRef> {
        let leaves = self.column.leaves().into_iter();
        leaves
            .filter(|l| matches!(l, Leaf::Code(_) | Leaf::Bit(_)))
            .map(|l| (self.place, l))
            .collect()
    }

    /// The circuit's slots: W = A_0 + sum_{t>=1} (R^t - R^{t-1}) A_t, and the digits the column has.
    pub fn slots(&self, code: Fr) -> Vec<Option<Slot>> {
        let powers = std::iter::successors(Some(Fr::one()), |p| Some(*p * code));
        let steps = powers.map(|p| p * (code - Fr::one()));
        let terms = (1..self.column.codes())
            .zip(steps)
            .map(|(t, step)| ((self.place, Leaf::Code(t)), step));
        let codes = Slot {
            kappa: Fr::one(),
            terms: terms.collect(),
        };
        let digit = |b: u8| Slot {
            terms: [((self.place, Leaf::Bit(b)), Fr::one())].into(),
            ..Slot::default()
        };
        let mut slots: Vec<_> = [codes]
            .into_iter()
            .chain((0..self.column.bits()).map(digit))
            .map(Some)
            .collect();
        slots.resize(SLOTS, None);
        slots
    }

    /// The circuit's public inputs, as far as they follow from the challenges and the sumcheck's point r_1 .. r_26:
    /// com_v, lambda and L are those of the proof, and 0 here.
    pub fn instance_at(&self, challenges: &IndexChallenges, r: &[Fr]) -> Instance {
        let IndexChallenges { code, batch, zero } = *challenges;
        Instance {
            code,
            batch,
            presence: row_presence_at(r, u64::from(self.core.rows)),
            weight: zero_weight(zero, r),
            ..Instance::default()
        }
    }
}

/// A proof that one column is well formed.
#[derive(Debug, Clone, PartialEq)]
pub struct IndexProof {
    /// What W and the digits come to at a point, hidden.
    pub evaluation: EvaluationProof,
}

impl IndexProof {
    /// Checks the proof. `vectors` have to be the commitments under the statement's root.
    ///
    /// # Errors
    /// The first check that fails.
    pub fn verify(
        &self,
        statement: &IndexStatement<'_>,
        vectors: &Commitments,
        keys: &Keys,
    ) -> Result<(), ProofError> {
        if keys.circuit.circuit() != Circuit::Index {
            return Err(ProofError::Circuit);
        }
        let (core, p) = (statement.core, &self.evaluation);
        p.check_lengths(core, ROUNDS, &statement.leaves(), vectors, keys)?;
        let (mut t, challenges) = statement.start(keys)?;
        let c = p.challenges(&mut t, &[])?;
        let slots = statement.slots(challenges.code);
        let evaluated = Evaluated {
            core,
            slots: &slots,
            cells: &[],
            vectors,
        };
        let instance = Instance {
            com_v: p.com_v,
            lambda: c.lambda,
            l: p.l,
            ..statement.instance_at(&challenges, &p.r)
        };
        p.verify(&evaluated, &c, &instance.inputs(), keys)
    }

    /// The ABI encoding.
    pub fn encode(&self) -> Vec<u8> {
        self.evaluation.to_abi().abi_encode()
    }

    /// Reads the encoding: canonical, at most [`MAX_BYTES`].
    ///
    /// # Errors
    /// [`IndexProofError`].
    pub fn decode(bytes: &[u8]) -> Result<Self, IndexProofError> {
        if bytes.len() > MAX_BYTES {
            return Err(IndexProofError::Size(bytes.len()));
        }
        let evaluation: abi::Evaluation = abi::decode(bytes, "index proof")?;
        Ok(IndexProof {
            evaluation: EvaluationProof::from_abi(&evaluation)?,
        })
    }
}

/// Why bytes are not an index proof.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum IndexProofError {
    /// Too large.
    #[error("an index proof has at most {MAX_BYTES} bytes, got {0}")]
    Size(usize),
    /// Not the one encoding.
    #[error(transparent)]
    Decode(#[from] abi::DecodeError),
    /// A scalar or point is not valid.
    #[error(transparent)]
    Point(#[from] PointError),
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::opening::eq_table;
    use ark_ff::UniformRand;
    use ark_std::rand::{SeedableRng, rngs::StdRng};

    /// eq(theta, r) is the inner product of the two tables.
    #[test]
    fn the_weight_is_eq_of_both_points() {
        let mut rng = StdRng::seed_from_u64(1);
        let theta = Fr::rand(&mut rng);
        let r: Vec<Fr> = (0..5).map(|_| Fr::rand(&mut rng)).collect();
        let tables = eq_table(&zero_point(theta)[..5])
            .into_iter()
            .zip(eq_table(&r));
        let want: Fr = tables.map(|(a, b)| a * b).sum();
        assert_eq!(zero_weight(theta, &r), want);
    }
}
