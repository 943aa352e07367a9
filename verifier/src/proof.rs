//! The query proof and its verification, step by step (docs/protocol.md, section 4).

use crate::{
    abi,
    circuit::Circuit,
    field::{self, PointError},
    header::Core,
    keys::{VerifierKey, VerifierSrs},
    opening::{Opening, OpeningError, eq_table, prefix},
    statement::{LeafRef, Statement, StatementError},
    transcript::{Transcript, TranscriptError},
    trust::KeyTriple,
};
use alloy_primitives::B256;
use ark_bn254::{Bn254, Fr, G1Affine, G1Projective, G2Affine};
use ark_ec::{AffineRepr, CurveGroup, VariableBaseMSM, pairing::Pairing};
use ark_ff::{AdditiveGroup, One, Zero};
use ark_groth16::Proof as Groth16Proof;
use std::collections::BTreeMap;

/// A proof that released cells answer a query over a committed snapshot.
#[derive(Debug, Clone, PartialEq)]
pub struct QueryProof {
    /// Poseidon commitment to the table.
    pub com_n: Fr,
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
    /// The release circuit's proof.
    pub groth16: Groth16Proof<Bn254>,
}

/// Commitments of the vectors a statement reads: all segments of each.
pub type Commitments = BTreeMap<LeafRef, Vec<G1Affine>>;

/// The keys of one circuit.
#[derive(Debug, Clone)]
pub struct Keys {
    /// The opening's key.
    pub srs: VerifierSrs,
    /// The circuit's key.
    pub circuit: VerifierKey,
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
    /// The Groth16 proof fails: table, sumcheck or disclosure rule does not hold.
    #[error("the release circuit's proof is not valid for these public inputs")]
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
    /// The key is for another circuit than the query's.
    #[error("the circuit key is for another circuit than the query's")]
    Circuit,
    /// The header names other keys.
    #[error("the snapshot header names other keys than these")]
    Keys,
    /// The SRS is smaller than the segments.
    #[error("the SRS does not serve segments of this size")]
    Srs,
}

/// The challenges of a transcript.
#[derive(Debug, Clone, Copy)]
struct Challenges {
    rho: Fr,
    lambda: Fr,
    z: Fr,
    nu: Fr,
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
    /// All powers a statement's shape needs.
    pub fn new(statement: &Statement, lambda: Fr) -> Self {
        let shape = statement.shape();
        let (slots, rounds) = (shape.slots(), shape.rounds());
        let count = [slots, 1, rounds, shape.cells()]
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
pub fn leaf_weights(statement: &Statement, rho: Fr, powers: &Powers) -> BTreeMap<LeafRef, Fr> {
    let mut weights = BTreeMap::new();
    for (slot, power) in statement.slots(rho).into_iter().zip(powers.slots()) {
        for (leaf, weight) in slot.into_iter().flat_map(|s| s.terms) {
            *weights.entry(leaf).or_insert(Fr::ZERO) += weight * power;
        }
    }
    weights
}

impl QueryProof {
    /// Replays the transcript.
    fn challenges(&self, d0: B256, released: &[u64]) -> Result<Challenges, TranscriptError> {
        let mut t = Transcript::new(d0);
        Ok(Challenges {
            rho: t.table(&self.com_n)?,
            lambda: t.evaluations(&self.com_v, &self.m, &self.r, released)?,
            z: t.quotient(&self.l, &self.opening.s)?,
            nu: t.values(&self.opening.values)?,
            chi: t.proof(&self.opening.q, &self.groth16)?,
        })
    }

    /// Y: what is left of L when everything public is subtracted (section 4, step 7).
    fn masked_evaluation(
        &self,
        statement: &Statement,
        core: &Core,
        c: &Challenges,
        cells: &[u64],
    ) -> Fr {
        let powers = Powers::new(statement, c.lambda);
        let kappas = statement
            .slots(c.rho)
            .into_iter()
            .map(|s| s.map_or(Fr::ZERO, |s| s.kappa));
        let present = prefix(&self.r, u64::from(core.rows));
        self.l
            - dot(powers.rounds(), self.r.iter().copied())
            - dot(powers.cells(), cells.iter().map(|c| Fr::from(*c)))
            - dot(powers.slots(), kappas) * present
    }

    /// \[F\] = sum_k eq(r_hi, k) sum_c lambda^{i_c} C_{c,k} + lambda^{i_mu} M (section 4, step 8).
    fn commitment(
        &self,
        statement: &Statement,
        core: &Core,
        c: &Challenges,
        vectors: &Commitments,
    ) -> G1Projective {
        let powers = Powers::new(statement, c.lambda);
        let segments = segment_weights(core, &self.r);
        let (mut bases, mut scalars) = (vec![self.m], vec![powers.mask()]);
        for (leaf, weight) in leaf_weights(statement, c.rho, &powers) {
            bases.extend(vectors.get(&leaf).into_iter().flatten());
            scalars.extend(segments.iter().map(|e| *e * weight));
        }
        G1Projective::msm_unchecked(&bases, &scalars)
    }

    fn check_lengths(
        &self,
        statement: &Statement,
        core: &Core,
        keys: &Keys,
        vectors: &Commitments,
    ) -> Result<(), ProofError> {
        let shape = statement.shape();
        if keys.circuit.circuit() != Circuit::Release(shape) {
            return Err(ProofError::Circuit);
        }
        if core.key(shape) != keys.circuit.digest() || core.srs != keys.srs.digest() {
            return Err(ProofError::Keys);
        }
        if core.segment_bits > keys.srs.bits {
            return Err(ProofError::Srs);
        }
        length(
            "coordinates of the sumcheck point",
            self.r.len(),
            shape.rounds(),
        )?;
        let leaves = statement.leaves();
        length("opened vectors", vectors.len(), leaves.len())?;
        leaves.iter().try_for_each(|leaf| {
            length(
                "segments of a vector",
                vectors.get(leaf).map_or(0, Vec::len),
                core.segments(),
            )
        })
    }

    /// Checks the proof against a statement, the snapshot's root and the opened commitments.
    ///
    /// The commitments have to be those under `root`; [`crate::bundle::Bundle`] checks their paths.
    ///
    /// # Errors
    /// The first check that fails.
    pub fn verify(
        &self,
        statement: &Statement,
        core: &Core,
        root: B256,
        vectors: &Commitments,
        released: &[u64],
        keys: &Keys,
    ) -> Result<(), ProofError> {
        self.check_lengths(statement, core, keys, vectors)?;
        let cells = statement.fill(released)?;
        let c = self.challenges(statement.digest(core, root), released)?;
        let low = self
            .r
            .get(..usize::from(core.segment_bits))
            .unwrap_or_default();
        let y = self.masked_evaluation(statement, core, &c, &cells);
        self.opening.check_identity(low, y, c.z)?;
        let commitment = self.commitment(statement, core, &c, vectors);
        self.check_pairings(statement, keys, commitment, &c)
    }

    /// The public inputs in the circuit's order: rho, com_N, com_v, lambda, L, flags, policy.
    fn public_inputs(
        &self,
        statement: &Statement,
        c: &Challenges,
    ) -> [Fr; crate::keys::PUBLIC_INPUTS] {
        let (flags, policy) = (
            Fr::from(statement.flags()),
            Fr::from(statement.policy_word()),
        );
        [
            c.rho, self.com_n, self.com_v, c.lambda, self.l, flags, policy,
        ]
    }

    /// Both pairing equations in one product, the opening's weighted by chi. Unweighted, a residual of one
    /// could cancel a residual of the other (section 5).
    fn check_pairings(
        &self,
        statement: &Statement,
        keys: &Keys,
        commitment: G1Projective,
        c: &Challenges,
    ) -> Result<(), ProofError> {
        let opening = self.opening.pairing_arguments(commitment, c.z, c.nu)?;
        let key = keys.circuit.groth16();
        let (constant, rest) = key.gamma_abc_g1.split_first().ok_or(ProofError::Groth16)?;
        let inputs =
            G1Projective::msm_unchecked(rest, &self.public_inputs(statement, c)) + constant;
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
            keys.srs.tau2_g2,
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
            .check_pairing(&keys.srs, commitment, c.z, c.nu)?;
        Err(ProofError::Groth16)
    }

    /// The wire form.
    pub fn to_abi(&self) -> abi::Proof {
        let b: [u8; 64] = field::compress(&self.groth16.b);
        let (lo, hi) = b.split_at(32);
        let scalar = |x: &Fr| B256::from(field::to_be(x));
        let point = |p: &G1Affine| B256::from(field::compress::<32, _>(p));
        abi::Proof {
            comN: scalar(&self.com_n),
            comV: scalar(&self.com_v),
            m: point(&self.m),
            r: self.r.iter().map(scalar).collect(),
            l: scalar(&self.l),
            s: point(&self.opening.s),
            values: self.opening.values.map(|v| scalar(&v)),
            q: point(&self.opening.q),
            a: point(&self.groth16.a),
            b: [B256::from_slice(lo), B256::from_slice(hi)],
            c: point(&self.groth16.c),
        }
    }

    /// Reads the wire form: canonical scalars, points in their groups and not the identity.
    ///
    /// # Errors
    /// The first value that is not what it should be.
    pub fn from_abi(p: &abi::Proof) -> Result<Self, PointError> {
        let point = |b: &B256| field::decompress::<32, G1Affine>(&b.0);
        let scalar = |b: &B256| field::from_be::<Fr>(&b.0);
        let mut b = [0; 64];
        let words = p.b.iter().flat_map(|w| w.0);
        b.iter_mut().zip(words).for_each(|(o, w)| *o = w);
        let [v0, v1, v2, v3] = &p.values;
        Ok(QueryProof {
            com_n: scalar(&p.comN)?,
            com_v: scalar(&p.comV)?,
            m: point(&p.m)?,
            r: p.r.iter().map(scalar).collect::<Result<_, _>>()?,
            l: scalar(&p.l)?,
            opening: Opening {
                s: point(&p.s)?,
                q: point(&p.q)?,
                values: [scalar(v0)?, scalar(v1)?, scalar(v2)?, scalar(v3)?],
            },
            groth16: Groth16Proof {
                a: point(&p.a)?,
                b: field::decompress::<64, G2Affine>(&b)?,
                c: point(&p.c)?,
            },
        })
    }

    /// Bytes of the proof proper: every scalar and compressed point once, without framing.
    pub fn size(&self) -> usize {
        // com_N, com_v, M, L, [S], four values, [Q], A, B (two words), C; and r.
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
