//! The query proof and its verification, step by step (docs/protocol.md, section 4).

use crate::{
    abi,
    circuit::{Circuit, release::Instance},
    evaluation::{Challenges, Commitments, Evaluated, EvaluationProof, ProofError},
    field::{self, PointError},
    header::Core,
    keys::Keys,
    statement::Statement,
    transcript::{Transcript, TranscriptError},
};
use alloy_primitives::B256;
use ark_bn254::Fr;

/// A proof that released cells answer a query over a committed snapshot.
#[derive(Debug, Clone, PartialEq)]
pub struct QueryProof {
    /// Poseidon commitment to the table.
    pub com_n: Fr,
    /// What the rows' combined table comes to at a point, hidden.
    pub evaluation: EvaluationProof,
}

impl QueryProof {
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
        let shape = statement.shape();
        if keys.circuit.circuit() != Circuit::Release(shape) {
            return Err(ProofError::Circuit);
        }
        if core.key(shape) != keys.circuit.digest() {
            return Err(ProofError::Keys);
        }
        let (rounds, leaves) = (shape.rounds(), statement.leaves());
        self.evaluation
            .check_lengths(core, rounds, &leaves, vectors, keys)?;
        let cells = statement.fill(released)?;
        let (rho, c) = self.challenges(statement.digest(core, root), released)?;
        let slots = statement.slots(rho);
        let evaluated = Evaluated {
            core,
            slots: &slots,
            cells: &cells,
            vectors,
        };
        let inputs = self.instance(statement, rho, c.lambda).inputs();
        self.evaluation.verify(&evaluated, &c, &inputs, keys)
    }

    /// All challenges of the transcript that begins at `d0`: rho, and those from the evaluations on.
    ///
    /// # Errors
    /// A challenge of 0 or +-1, or an identity point.
    pub fn challenges(
        &self,
        d0: B256,
        released: &[u64],
    ) -> Result<(Fr, Challenges), TranscriptError> {
        let mut t = Transcript::new(d0);
        let rho = t.table(&self.com_n)?;
        Ok((rho, self.evaluation.challenges(&mut t, released)?))
    }

    /// The circuit's public inputs: those of the proof, the challenges rho and lambda, and what the statement says.
    pub fn instance(&self, statement: &Statement, rho: Fr, lambda: Fr) -> Instance {
        Instance {
            rho,
            com_n: self.com_n,
            com_v: self.evaluation.com_v,
            lambda,
            l: self.evaluation.l,
            flags: Fr::from(statement.flags()),
            policy: Fr::from(statement.policy_word()),
        }
    }

    /// The wire form.
    pub fn to_abi(&self) -> abi::Proof {
        abi::Proof {
            comN: B256::from(field::to_be(&self.com_n)),
            evaluation: self.evaluation.to_abi(),
        }
    }

    /// Reads the wire form: canonical scalars, points in their groups and not the identity.
    ///
    /// # Errors
    /// The first value that is not what it should be.
    pub fn from_abi(p: &abi::Proof) -> Result<Self, PointError> {
        Ok(QueryProof {
            com_n: field::from_be(&p.comN.0)?,
            evaluation: EvaluationProof::from_abi(&p.evaluation)?,
        })
    }

    /// Bytes of the proof proper: every scalar and compressed point once, without framing.
    pub fn size(&self) -> usize {
        self.evaluation.size().saturating_add(32)
    }
}
