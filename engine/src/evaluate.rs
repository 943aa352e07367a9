//! The part that query and index proofs share on the prover's side: mask, commitment to the evaluations, linear
//! check and opening (docs/protocol.md, section 4, steps 4 to 8).

use super::{
    blinding::Attempt,
    combine::{column_weights, combine},
    opening::{Mask, open},
    scan::Scan,
    snapshot::Snapshot,
    strategy::{Step, Strategy},
};
use ark_bn254::{Bn254, Fr, G1Affine};
use ark_ff::UniformRand;
use ark_groth16::Proof;
use nectar_circuits::sumcheck::combination;
use nectar_verifier::{
    evaluation::{EvaluationProof, Powers, leaf_weights},
    opening::{Opening, eq_table},
    statement::Slot,
    transcript::{Transcript, TranscriptError},
};
use zeroize::Zeroizing;

/// What a proof is made over and with.
pub(super) struct Evaluator<'a, S> {
    pub(super) snapshot: &'a Snapshot,
    pub(super) powers: &'a [G1Affine],
    pub(super) attempt: &'a Attempt,
    pub(super) strategy: &'a S,
}

/// What is evaluated where, and the cells that go with it.
pub(super) struct Evaluated<'a> {
    pub(super) scan: &'a Scan,
    /// Slots in the circuit's order over the columns in `codes`.
    pub(super) slots: &'a [Option<Slot>],
    pub(super) codes: &'a [Vec<u16>],
    /// The cells that are absorbed, and all that are in the linear check.
    pub(super) released: &'a [u64],
    pub(super) cells: &'a [u64],
}

/// The mask with its commitment M and its evaluation mu.
pub(super) struct Masked {
    mask: Mask,
    m: G1Affine,
    pub(super) mu: Fr,
}

/// Evaluations bound and opened; the circuit's proof is still to come.
pub(super) struct Opened {
    com_v: Fr,
    m: G1Affine,
    pub(super) lambda: Fr,
    pub(super) l: Fr,
    opening: Opening,
}

impl<S: Strategy> Evaluator<'_, S> {
    /// Draws the mask for a point.
    pub(super) fn mask(&self, point: &[Fr]) -> Masked {
        let mask = Mask::draw(self.attempt, self.powers);
        let m = mask.commit(self.powers);
        let mut mu = mask.evaluate(&eq_table(self.low(point)));
        self.strategy.step(Step::Mu(&mut mu));
        Masked { mask, m, mu }
    }

    /// Binds the evaluations under `com_v` and opens their combination.
    ///
    /// # Errors
    /// A challenge of 0 or +-1 or an identity point.
    pub(super) fn open(
        &self,
        e: &Evaluated<'_>,
        masked: &Masked,
        com_v: Fr,
        transcript: &mut Transcript,
    ) -> Result<Opened, TranscriptError> {
        let (point, values) = (&e.scan.point, &e.scan.evaluations);
        let mut lambda = transcript.evaluations(&com_v, &masked.m, point, e.released)?;
        self.strategy.step(Step::Lambda(&mut lambda));
        let mut l = combination(lambda, values, masked.mu, point, e.cells);
        self.strategy.step(Step::Linear(&mut l));
        let powers = Powers::new(values.len(), point.len(), e.cells.len(), lambda);
        let columns = &self.snapshot.header().columns;
        let weights = column_weights(columns, leaf_weights(e.slots, &powers));
        let mut f = Zeroizing::new(combine(self.snapshot, e.codes, &weights, point));
        masked.mask.add_to(&mut f, powers.mask());
        self.strategy.step(Step::Combination(&mut f));
        let opening = open(self.powers, &f, self.low(point), Some(&l), transcript)?;
        Ok(Opened {
            com_v,
            m: masked.m,
            lambda,
            l,
            opening,
        })
    }

    /// Groth16's r and s, of their own stream.
    pub(super) fn blinders(&self) -> Zeroizing<[Fr; 2]> {
        let mut stream = self.attempt.stream("groth16");
        Zeroizing::new([Fr::rand(&mut stream), Fr::rand(&mut stream)])
    }

    fn low<'b>(&self, point: &'b [Fr]) -> &'b [Fr] {
        &point[..usize::from(self.snapshot.header().core.segment_bits)]
    }
}

impl Opened {
    /// Joins the circuit's proof.
    pub(super) fn proof(self, point: Vec<Fr>, groth16: Proof<Bn254>) -> EvaluationProof {
        EvaluationProof {
            com_v: self.com_v,
            m: self.m,
            r: point,
            l: self.l,
            opening: self.opening,
            groth16,
        }
    }
}
