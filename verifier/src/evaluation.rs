//! Hidden evaluations of committed vectors at one point, and what a circuit says of them: the part that query and
//! index proofs share (docs/protocol.md, section 4, steps 4 to 9).
//!
//! A prover commits to evaluations v_* and to a mask, opens one random combination under that mask, and proves by
//! Groth16 what the hidden evaluations satisfy.

use crate::{
    abi,
    circuit::PUBLIC_INPUTS,
    column::LeafRef,
    field::{self, PointError},
    header::Core,
    keys::Keys,
    opening::{Opening, OpeningChallenges, OpeningError, eq_table, row_presence_at},
    statement::{Slot, StatementError},
    transcript::{Transcript, TranscriptError},
};
use alloy_primitives::B256;
use ark_bn254::{Bn254, Fr, G1Affine, G1Projective, G2Affine};
use ark_ec::{AffineRepr, CurveGroup, VariableBaseMSM, pairing::Pairing};
use ark_ff::{AdditiveGroup, One, Zero};
use ark_groth16::Proof as Groth16Proof;
use std::collections::{BTreeMap, BTreeSet};

/// The argument about evaluations at r.
#[derive(Debug, Clone, PartialEq)]
pub struct EvaluationProof {
    /// Poseidon commitment to evaluations, mask evaluation and challenges.
    pub com_v: Fr,
    /// Commitment to the mask.
    pub m: G1Affine,
    /// The sumcheck's point r_1 .. r_K.
    pub r: Vec<Fr>,
    /// The one linear check's value L.
    pub l: Fr,
    /// The opening of the masked combination.
    pub opening: Opening,
    /// The circuit's proof.
    pub groth16: Groth16Proof<Bn254>,
}

/// Commitments of the vectors a statement reads: all segments of each.
pub type Commitments = BTreeMap<LeafRef, Vec<G1Affine>>;

/// What is evaluated: the slots over the vectors of a snapshot, and the public cells in the linear check.
#[derive(Debug, Clone, Copy)]
pub struct Evaluated<'a> {
    /// Header of the snapshot.
    pub core: &'a Core,
    /// Every slot of the circuit in order; `None` where unused.
    pub slots: &'a [Option<Slot>],
    /// All cells of the shape; none where the statement releases nothing.
    pub cells: &'a [u64],
    /// The commitments of exactly the vectors the slots read.
    pub vectors: &'a Commitments,
}

/// Why a proof is rejected.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ProofError {
    /// A challenge of 0 or +-1, or an identity point.
    #[error(transparent)]
    Transcript(#[from] TranscriptError),
    /// The released cells do not fit the statement.
    #[error(transparent)]
    Statement(#[from] StatementError),
    /// The opening fails: the evaluations are not those of the committed vectors.
    #[error(transparent)]
    Opening(#[from] OpeningError),
    /// The Groth16 proof fails: what the circuit says of table, sumcheck or evaluations does not hold.
    #[error("the circuit's proof is not valid for these public inputs")]
    Groth16,
    /// A list has the wrong length.
    #[error("{what}: got {got}, want {want}")]
    Length {
        /// What is counted.
        what: &'static str,
        /// How many there are.
        got: usize,
        /// How many are wanted.
        want: usize,
    },
    /// The circuit key is another statement's.
    #[error("the circuit key is for another shape or statement")]
    Circuit,
    /// The header names other keys.
    #[error("the snapshot header names other keys than these")]
    Keys,
    /// The SRS is smaller than the segments.
    #[error("the SRS does not serve segments of this size")]
    Srs,
}

/// The challenges from the evaluations on.
#[derive(Debug, Clone, Copy)]
pub struct Challenges {
    /// Folds all long public values.
    pub lambda: Fr,
    /// The opening's.
    pub opening: OpeningChallenges,
    chi: Fr,
}

/// Exponents of lambda in the one linear check, from 1: slots, mu, r, cells (section 4, step 7).
#[derive(Debug, Clone)]
pub struct Powers {
    powers: Vec<Fr>,
    slots: usize,
    rounds: usize,
}

impl Powers {
    /// The powers for `slots` evaluations, `rounds` coordinates and `cells` cells.
    pub fn new(slots: usize, rounds: usize, cells: usize, lambda: Fr) -> Self {
        let count = [slots, 1, rounds, cells]
            .into_iter()
            .fold(0, usize::saturating_add);
        let powers = std::iter::successors(Some(lambda), |p| Some(*p * lambda))
            .take(count)
            .collect();
        Powers {
            powers,
            slots,
            rounds,
        }
    }

    fn from(&self, start: usize) -> &[Fr] {
        self.powers.get(start..).unwrap_or_default()
    }

    /// Weights of the slots.
    pub fn slots(&self) -> &[Fr] {
        self.powers.get(..self.slots).unwrap_or_default()
    }

    /// Weight of the mask's evaluation.
    pub fn mask(&self) -> Fr {
        self.powers.get(self.slots).copied().unwrap_or(Fr::ZERO)
    }

    /// Weights of r_1 .. r_K, and after them those of the cells.
    pub fn rounds(&self) -> &[Fr] {
        self.from(self.slots.saturating_add(1))
    }

    /// Weights of the cells.
    pub fn cells(&self) -> &[Fr] {
        self.from(self.slots.saturating_add(1).saturating_add(self.rounds))
    }
}

fn dot(a: &[Fr], b: impl IntoIterator<Item = Fr>) -> Fr {
    a.iter().zip(b).map(|(a, b)| *a * b).sum()
}

/// Weights of segments: eq(r_hi, k) for the segments that exist.
pub fn segment_weights(core: &Core, r: &[Fr]) -> Vec<Fr> {
    let low = usize::from(core.segment_bits);
    let high = usize::try_from(core.row_bits())
        .unwrap_or(usize::MAX)
        .min(r.len());
    let beyond: Fr = r
        .get(high..)
        .unwrap_or_default()
        .iter()
        .map(|r| Fr::one() - r)
        .product();
    let mut table = eq_table(r.get(low..high).unwrap_or_default());
    table.truncate(core.segments());
    table.into_iter().map(|e| e * beyond).collect()
}

/// Weights of committed vectors in F: sum over slots of lambda^i times the slot's weight.
pub fn leaf_weights(slots: &[Option<Slot>], powers: &Powers) -> BTreeMap<LeafRef, Fr> {
    let mut weights = BTreeMap::new();
    for (slot, power) in slots.iter().zip(powers.slots()) {
        for (leaf, weight) in slot.iter().flat_map(|s| &s.terms) {
            *weights.entry(*leaf).or_insert(Fr::ZERO) += *weight * power;
        }
    }
    weights
}

impl Evaluated<'_> {
    fn powers(&self, rounds: usize, lambda: Fr) -> Powers {
        Powers::new(self.slots.len(), rounds, self.cells.len(), lambda)
    }
}

impl EvaluationProof {
    /// Replays the transcript from message 2 on; `released` are the cells that are absorbed.
    ///
    /// # Errors
    /// A challenge of 0 or +-1, or an identity point.
    pub fn challenges(
        &self,
        t: &mut Transcript,
        released: &[u64],
    ) -> Result<Challenges, TranscriptError> {
        Ok(Challenges {
            lambda: t.evaluations(&self.com_v, &self.m, &self.r, released)?,
            opening: self.opening.challenges(Some(&self.l), t)?,
            chi: t.proof(&self.opening.v, &self.groth16)?,
        })
    }

    /// Checks counts of coordinates, vectors and segments, and that the SRS serves the segments.
    ///
    /// # Errors
    /// The first count that is wrong.
    pub fn check_lengths(
        &self,
        core: &Core,
        rounds: usize,
        leaves: &BTreeSet<LeafRef>,
        vectors: &Commitments,
        keys: &Keys,
    ) -> Result<(), ProofError> {
        if core.srs != keys.srs.digest() {
            return Err(ProofError::Keys);
        }
        if core.segment_bits > keys.srs.bits {
            return Err(ProofError::Srs);
        }
        length("coordinates of the sumcheck point", self.r.len(), rounds)?;
        length("opened vectors", vectors.len(), leaves.len())?;
        leaves.iter().try_for_each(|leaf| {
            let got = vectors.get(leaf).map_or(0, Vec::len);
            length("segments of a vector", got, core.segments())
        })
    }

    /// Checks opening and circuit. `inputs` are the circuit's public inputs, all of them computed by the verifier
    /// or absorbed.
    ///
    /// # Errors
    /// The first check that fails.
    pub fn verify(
        &self,
        evaluated: &Evaluated<'_>,
        c: &Challenges,
        inputs: &[Fr; PUBLIC_INPUTS],
        keys: &Keys,
    ) -> Result<(), ProofError> {
        let low = usize::from(evaluated.core.segment_bits);
        let low = self.r.get(..low).unwrap_or_default();
        let y = self.masked_evaluation(evaluated, c);
        self.opening.check_identity(low, y, c.opening.z)?;
        self.check_pairings(inputs, keys, self.commitment(evaluated, c), c)
    }

    /// Y: what is left of L when everything public is subtracted (section 4, step 7).
    fn masked_evaluation(&self, e: &Evaluated<'_>, c: &Challenges) -> Fr {
        let powers = e.powers(self.r.len(), c.lambda);
        let kappas = e
            .slots
            .iter()
            .map(|s| s.as_ref().map_or(Fr::ZERO, |s| s.kappa));
        let present = row_presence_at(&self.r, u64::from(e.core.rows));
        self.l
            - dot(powers.rounds(), self.r.iter().copied())
            - dot(powers.cells(), e.cells.iter().map(|c| Fr::from(*c)))
            - dot(powers.slots(), kappas) * present
    }

    /// \[F\] = sum_k eq(r_hi, k) sum_c lambda^{i_c} C_{c,k} + lambda^{i_mu} M (section 4, step 8).
    fn commitment(&self, e: &Evaluated<'_>, c: &Challenges) -> G1Projective {
        let powers = e.powers(self.r.len(), c.lambda);
        let segments = segment_weights(e.core, &self.r);
        let (mut bases, mut scalars) = (vec![self.m], vec![powers.mask()]);
        for (leaf, weight) in leaf_weights(e.slots, &powers) {
            bases.extend(e.vectors.get(&leaf).into_iter().flatten());
            scalars.extend(segments.iter().map(|e| *e * weight));
        }
        G1Projective::msm_unchecked(&bases, &scalars)
    }

    /// Both pairing equations in one product, the opening's weighted by chi. Unweighted, a residual of one
    /// could cancel a residual of the other (section 5).
    fn check_pairings(
        &self,
        inputs: &[Fr; PUBLIC_INPUTS],
        keys: &Keys,
        commitment: G1Projective,
        c: &Challenges,
    ) -> Result<(), ProofError> {
        let opening = self.opening.pairing_arguments(commitment, &c.opening)?;
        let key = keys.circuit.groth16();
        let (constant, rest) = key.gamma_abc_g1.split_first().ok_or(ProofError::Groth16)?;
        let inputs = G1Projective::msm_unchecked(rest, inputs) + constant;
        let mut g1 = opening.map(|p| p * c.chi).to_vec();
        g1.extend([
            -self.groth16.a.into_group(),
            key.alpha_g1.into(),
            inputs,
            self.groth16.c.into(),
        ]);
        let g2 = [
            G2Affine::generator(),
            keys.srs.tau_g2,
            self.groth16.b,
            key.beta_g2,
            key.gamma_g2,
            key.delta_g2,
        ];
        if Bn254::multi_pairing(G1Projective::normalize_batch(&g1), g2).is_zero() {
            return Ok(());
        }
        // Rejected already; the second look only says which of the two failed.
        self.opening
            .check_pairing(&keys.srs, commitment, &c.opening)?;
        Err(ProofError::Groth16)
    }

    /// The wire form.
    pub fn to_abi(&self) -> abi::Evaluation {
        let b: [u8; 64] = field::compress(&self.groth16.b);
        let (lo, hi) = b.split_at(32);
        let scalar = |x: &Fr| B256::from(field::to_be(x));
        let point = |p: &G1Affine| B256::from(field::compress::<32, _>(p));
        abi::Evaluation {
            comV: scalar(&self.com_v),
            m: point(&self.m),
            r: self.r.iter().map(scalar).collect(),
            l: scalar(&self.l),
            s: point(&self.opening.s),
            values: self.opening.values.map(|v| scalar(&v)),
            q: point(&self.opening.q),
            v: point(&self.opening.v),
            a: point(&self.groth16.a),
            b: [B256::from_slice(lo), B256::from_slice(hi)],
            c: point(&self.groth16.c),
        }
    }

    /// Reads the wire form: canonical scalars, points in their groups and not the identity.
    ///
    /// # Errors
    /// The first value that is not what it should be.
    pub fn from_abi(p: &abi::Evaluation) -> Result<Self, PointError> {
        let point = |b: &B256| field::decompress::<32, G1Affine>(&b.0);
        let scalar = |b: &B256| field::from_be::<Fr>(&b.0);
        let mut b = [0; 64];
        let words = p.b.iter().flat_map(|w| w.0);
        b.iter_mut().zip(words).for_each(|(o, w)| *o = w);
        let [v0, v1, v2, v3] = &p.values;
        Ok(EvaluationProof {
            com_v: scalar(&p.comV)?,
            m: point(&p.m)?,
            r: p.r.iter().map(scalar).collect::<Result<_, _>>()?,
            l: scalar(&p.l)?,
            opening: Opening {
                s: point(&p.s)?,
                values: [scalar(v0)?, scalar(v1)?, scalar(v2)?, scalar(v3)?],
                q: point(&p.q)?,
                v: point(&p.v)?,
            },
            groth16: Groth16Proof {
                a: point(&p.a)?,
                b: field::decompress::<64, G2Affine>(&b)?,
                c: point(&p.c)?,
            },
        })
    }

    /// Bytes of every scalar and compressed point once, without framing.
    pub fn size(&self) -> usize {
        // com_v, M, L, [S], four values, [Q], [V], A, B (two words), C; and r.
        self.r.len().saturating_add(14).saturating_mul(32)
    }
}

fn length(what: &'static str, got: usize, want: usize) -> Result<(), ProofError> {
    if got == want {
        Ok(())
    } else {
        Err(ProofError::Length { what, got, want })
    }
}
