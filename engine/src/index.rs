//! Index proofs: that a column's commitments give every row exactly one code (docs/protocol.md, section 7).

use super::{
    evaluate::{Evaluated, Evaluator},
    manifest::Manifest,
    prove::ProveError,
    scan::Scan,
    snapshot::Snapshot,
    strategy::{Honest, Step, Strategy},
    zero_check::zero_check,
};
use ark_bn254::Fr;
use ark_ff::UniformRand;
use nectar_circuits::{
    index::{Instance, Salts, Witness, assign, evaluation_commitment},
    poseidon::PoseidonTranscript,
};
use nectar_params::ProverKeys;
use nectar_verifier::{
    circuit::Circuit,
    column::Leaf,
    evaluation::{Commitments, ProofError},
    index::{IndexChallenges, IndexProof, IndexStatement},
    keys::Keys,
};

/// Proves that a coded column is well formed, and verifies the proof before it is given.
///
/// # Errors
/// No such column, or a tag column; keys; no randomness; a fault.
pub fn prove_index(
    snapshot: &Snapshot,
    keys: &ProverKeys,
    column: u16,
) -> Result<IndexProof, ProveError> {
    let prover = IndexProver::new(snapshot, keys, column, Honest)?;
    let proof = prover.run()?;
    let keys = index_keys(prover.keys)?;
    check_index(snapshot.manifest(), &prover.statement, &proof, &keys)?;
    Ok(proof)
}

/// Checks an index proof against the commitments of its column.
///
/// # Errors
/// The first check that fails.
pub fn check_index(
    manifest: &Manifest,
    statement: &IndexStatement<'_>,
    proof: &IndexProof,
    keys: &Keys,
) -> Result<(), ProofError> {
    let vector = |leaf: (u16, Leaf)| Some((leaf, manifest.vector(leaf.0, leaf.1)?));
    let vectors: Commitments = statement.leaves().into_iter().filter_map(vector).collect();
    proof.verify(statement, &vectors, keys)
}

/// Proves as `strategy` would and checks nothing, as [`super::dishonest::forge`] does.
///
/// # Errors
/// As [`prove_index`], but for the check.
#[cfg(feature = "test-util")]
pub fn forge_index(
    strategy: impl Strategy,
    snapshot: &Snapshot,
    keys: &ProverKeys,
    column: u16,
) -> Result<IndexProof, ProveError> {
    IndexProver::new(snapshot, keys, column, strategy)?.run()
}

/// What an index proof of a snapshot's column is about; nothing for a tag column or a place that is none.
pub fn index_statement(snapshot: &Snapshot, column: u16) -> Option<IndexStatement<'_>> {
    IndexStatement::of(snapshot.header(), column)
}

/// The keys that index proofs verify under.
///
/// # Errors
/// They cannot be loaded.
pub fn index_keys(keys: &ProverKeys) -> Result<Keys, nectar_params::ParamsError> {
    Ok(Keys {
        srs: *keys.srs().verifier(),
        circuit: keys.circuit(Circuit::Index)?.verifier().clone(),
    })
}

struct IndexProver<'a, S> {
    snapshot: &'a Snapshot,
    keys: &'a ProverKeys,
    statement: IndexStatement<'a>,
    strategy: S,
}

impl<'a, S: Strategy> IndexProver<'a, S> {
    fn new(
        snapshot: &'a Snapshot,
        keys: &'a ProverKeys,
        column: u16,
        strategy: S,
    ) -> Result<Self, ProveError> {
        let none = ProveError::Fault("only coded columns have index proofs");
        Ok(IndexProver {
            snapshot,
            keys,
            statement: index_statement(snapshot, column).ok_or(none)?,
            strategy,
        })
    }

    fn run(&self) -> Result<IndexProof, ProveError> {
        let keys = index_keys(self.keys)?;
        let digest = self.statement.digest(&keys);
        let attempt = self.snapshot.key().attempt(digest, 0)?;
        let (mut transcript, mut challenges) = self.statement.start(&keys)?;
        self.strategy.step(Step::Challenges(&mut challenges));
        let mut stream = attempt.stream("salts");
        let salts = Salts {
            rounds: Fr::rand(&mut stream),
            evaluations: Fr::rand(&mut stream),
        };

        let scan = self.scan(&challenges, salts.rounds);
        let segment_bits = self.statement.core.segment_bits;
        let evaluator = Evaluator {
            snapshot: self.snapshot,
            powers: self.keys.srs().powers(segment_bits)?,
            attempt: &attempt,
            strategy: &self.strategy,
        };
        let masked = evaluator.mask(&scan.point);
        let (values, point) = (&scan.evaluations, &scan.point);
        let com_v = evaluation_commitment(salts.evaluations, values, masked.mu, point);
        let evaluated = Evaluated {
            scan: &scan,
            slots: &self.statement.slots(challenges.code),
            codes: self.snapshot.codes(),
            released: &[],
            cells: &[],
        };
        let opened = evaluator.open(&evaluated, &masked, com_v, &mut transcript)?;

        let mut instance = Instance {
            com_v,
            lambda: opened.lambda,
            l: opened.l,
            ..self.statement.instance_at(&challenges, &scan.point)
        };
        let witness = Witness::new(salts, scan.messages, scan.evaluations, masked.mu)?;
        self.strategy
            .step(Step::IndexCircuit(&mut instance, &witness));
        let circuit = self.keys.circuit(Circuit::Index)?;
        let groth16 = circuit.prove(&assign(&instance, &witness), &evaluator.blinders())?;
        Ok(IndexProof {
            evaluation: opened.proof(scan.point, groth16),
        })
    }

    fn scan(&self, challenges: &IndexChallenges, salt: Fr) -> Scan {
        let IndexStatement {
            core,
            place,
            column,
            ..
        } = self.statement;
        let sponge = PoseidonTranscript::new(Circuit::Index, challenges.code, salt);
        let codes = &self.snapshot.codes()[usize::from(place)];
        let row_bits = usize::try_from(core.row_bits()).unwrap_or(usize::MAX);
        let bits = usize::from(column.bits());
        let mut scan = zero_check(codes, bits, row_bits, challenges, sponge.clone());
        let step = Step::ZeroCheck(challenges, &sponge, &mut scan);
        self.strategy.step(step);
        scan
    }
}
