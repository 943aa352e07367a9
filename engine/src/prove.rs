//! A query's proof, step by step (docs/protocol.md, section 4).

use super::{
    blinding::Attempt,
    evaluate::{Evaluated, Evaluator},
    rows::Rows,
    scan::{Scan, scan},
    snapshot::Snapshot,
    statement::SnapshotStatement,
    strategy::{Honest, Step, Strategy},
    table::table,
};
use alloy_primitives::B256;
use ark_bn254::Fr;
use ark_ff::{AdditiveGroup, UniformRand};
use nectar_circuits::{
    poseidon::PoseidonTranscript,
    release::{
        Instance, Mismatch, Salts, Witness, assign, evaluation_commitment, table_commitment,
    },
};
use nectar_params::{ParamsError, ProverKeys};
use nectar_verifier::{
    bundle::{Bundle, LeafOpening},
    column::LeafRef,
    disclosure::{DisclosureError, release},
    evaluation::{Commitments, ProofError},
    keys::Keys,
    opened::OpenedColumns,
    proof::QueryProof,
    statement::{Statement, StatementError},
    transcript::{Transcript, TranscriptError},
};
use std::{borrow::Cow, collections::BTreeSet};

/// Stages of a proof, in order. Progress is told by stage and never by row: the scan's pace depends on the data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Stage {
    /// The true table and its commitment.
    Table,
    /// The sumcheck over the rows.
    Scan,
    /// Mask and evaluations.
    Mask,
    /// The opening of the masked combination.
    Opening,
    /// The release circuit's proof.
    Circuit,
    /// The prover's own verification.
    Check,
}

impl Stage {
    /// All stages in order.
    pub const ALL: [Stage; 6] = [
        Stage::Table,
        Stage::Scan,
        Stage::Mask,
        Stage::Opening,
        Stage::Circuit,
        Stage::Check,
    ];
}

/// Follows a proof from outside and may cancel it between stages.
pub trait Observer: Sync {
    /// A stage begins.
    fn stage(&self, stage: Stage);

    /// Whether the work is to be cancelled.
    fn cancelled(&self) -> bool {
        false
    }
}

/// An observer who looks away.
pub struct Unobserved;

impl Observer for Unobserved {
    fn stage(&self, _: Stage) {}
}

/// Why there is no proof.
#[derive(Debug, thiserror::Error)]
pub enum ProveError {
    /// The query is refused.
    #[error(transparent)]
    Statement(#[from] StatementError),
    /// The statement was compiled over another snapshot.
    #[error("the statement is over the snapshot with root {got}, want {want}")]
    Snapshot {
        /// Root of the statement's snapshot.
        got: B256,
        /// Root of the snapshot to be proven over.
        want: B256,
    },
    /// The keys do not serve the snapshot.
    #[error(transparent)]
    Params(#[from] ParamsError),
    /// The observer cancelled the work.
    #[error("the job was cancelled")]
    Cancelled,
    /// A fault of this program: the table or witness is none.
    #[error("internal fault while proving: {0}")]
    Fault(&'static str),
    /// A challenge was 0 or +-1: try again with new randomness.
    #[error(transparent)]
    Transcript(#[from] TranscriptError),
    /// The proof made does not verify; it is destroyed.
    #[error("the proof made does not verify and was destroyed: {0}")]
    Check(#[from] ProofError),
    /// No randomness.
    #[error("the operating system has no randomness to give: {0}")]
    Randomness(#[from] getrandom::Error),
}

impl From<Mismatch> for ProveError {
    fn from(_: Mismatch) -> Self {
        ProveError::Fault("a list of the witness has the wrong length")
    }
}

impl From<DisclosureError> for ProveError {
    fn from(_: DisclosureError) -> Self {
        ProveError::Fault("the table is out of range")
    }
}

/// Answers a statement over this snapshot with a bundle. `attempt` numbers the attempts at one job; each draws new
/// randomness.
///
/// # Errors
/// [`ProveError`]; nothing of a failed attempt is kept.
pub fn prove(
    snapshot: &Snapshot,
    keys: &ProverKeys,
    statement: &SnapshotStatement,
    attempt: u32,
    observer: &dyn Observer,
) -> Result<Bundle, ProveError> {
    let (got, want) = (statement.root(), snapshot.root());
    if got != want {
        return Err(ProveError::Snapshot { got, want });
    }
    let prover = Prover::new(snapshot, keys, statement, observer, Honest);
    let bundle = prover.run(&prover.attempt(attempt)?)?;
    prover.check(&bundle)?;
    Ok(bundle)
}

/// Answers a query as `strategy` would, and checks nothing: what a prover can send who does not follow the protocol.
/// Soundness tests show that such bundles are rejected.
///
/// # Errors
/// As [`prove`], but for the check.
#[cfg(feature = "test-util")]
pub fn forge(
    strategy: impl Strategy,
    snapshot: &Snapshot,
    keys: &ProverKeys,
    query: &nectar_verifier::query::Query,
    observer: &dyn Observer,
) -> Result<Bundle, ProveError> {
    let statement = super::statement(snapshot, query)?;
    let prover = Prover::new(snapshot, keys, &statement, observer, strategy);
    prover.run(&prover.attempt(0)?)
}

struct Prover<'a, S> {
    snapshot: &'a Snapshot,
    keys: &'a ProverKeys,
    statement: &'a Statement,
    /// The committed vectors the statement reads.
    vectors: Commitments,
    observer: &'a dyn Observer,
    strategy: S,
}

/// What the prover reads: the statement and the rows. An honest one reads those it is asked about.
struct Source<'a> {
    statement: Cow<'a, Statement>,
    codes: Cow<'a, [Vec<u16>]>,
}

impl<'a, S: Strategy> Prover<'a, S> {
    fn new(
        snapshot: &'a Snapshot,
        keys: &'a ProverKeys,
        statement: &'a Statement,
        observer: &'a dyn Observer,
        strategy: S,
    ) -> Self {
        let vector = |leaf: LeafRef| Some((leaf, snapshot.manifest().vector(leaf.0, leaf.1)?));
        Prover {
            snapshot,
            keys,
            statement,
            vectors: statement.leaves().into_iter().filter_map(vector).collect(),
            observer,
            strategy,
        }
    }

    fn attempt(&self, number: u32) -> Result<Attempt, ProveError> {
        let d0 = self
            .statement
            .digest(&self.snapshot.header().core, self.snapshot.root());
        Ok(self.snapshot.key().attempt(d0, number)?)
    }

    fn source(&self) -> Source<'_> {
        let mut source = Source {
            statement: Cow::Borrowed(self.statement),
            codes: Cow::Borrowed(self.snapshot.codes()),
        };
        self.strategy
            .step(Step::Source(&mut source.statement, &mut source.codes));
        source
    }

    fn enter(&self, stage: Stage) -> Result<(), ProveError> {
        if self.observer.cancelled() {
            return Err(ProveError::Cancelled);
        }
        self.observer.stage(stage);
        Ok(())
    }

    fn run(&self, attempt: &Attempt) -> Result<Bundle, ProveError> {
        let (s, core) = (self.statement, &self.snapshot.header().core);
        let (source, strategy) = (self.source(), &self.strategy);
        let shape = s.shape();
        let powers = self.keys.srs().powers(core.segment_bits)?;
        let mut transcript = Transcript::new(s.digest(core, self.snapshot.root()));
        let salts = draw_salts(attempt);

        self.enter(Stage::Table)?;
        let rows = Rows::new(&source.statement, &source.codes);
        let mut table = table(&source.statement, &rows);
        strategy.step(Step::Table(&mut table));
        let mut all = release(s.policy(), s.layout(), s.widths(), &table)?;
        strategy.step(Step::Released(&mut all));
        let released: Vec<u64> = s.used_cells().into_iter().map(|j| all[j]).collect();
        let com_n = table_commitment(shape, salts.table, &table);
        let mut rho = transcript.table(&com_n)?;
        strategy.step(Step::Rho(&mut rho));

        self.enter(Stage::Scan)?;
        let claim = table
            .iter()
            .rev()
            .fold(Fr::ZERO, |acc, n| acc * rho + Fr::from(*n));
        let mut scan = scan(
            &source.statement,
            &rows,
            rho,
            claim,
            PoseidonTranscript::new(shape, rho, salts.rounds),
        );
        strategy.step(Step::Scan(&mut scan));

        self.enter(Stage::Mask)?;
        let evaluator = Evaluator {
            snapshot: self.snapshot,
            powers,
            attempt,
            strategy,
        };
        let masked = evaluator.mask(&scan.point);
        let (values, point) = (&scan.evaluations, &scan.point);
        let com_v = evaluation_commitment(shape, salts.evaluations, values, masked.mu, point);

        self.enter(Stage::Opening)?;
        let evaluated = Evaluated {
            scan: &scan,
            slots: &source.statement.slots(rho),
            codes: &source.codes,
            released: &released,
            cells: &all,
        };
        let opened = evaluator.open(&evaluated, &masked, com_v, &mut transcript)?;

        let mut instance = Instance {
            rho,
            com_n,
            com_v,
            lambda: opened.lambda,
            l: opened.l,
            flags: Fr::from(s.flags()),
            policy: Fr::from(s.policy_word()),
        };
        let Scan {
            messages,
            point,
            evaluations,
        } = scan;
        let witness = Witness::new(shape, table, salts, messages, evaluations, masked.mu)?;
        strategy.step(Step::Circuit(&mut instance, &witness));
        self.enter(Stage::Circuit)?;
        let assignment = assign(&instance, &witness);
        let circuit = self.keys.circuit(shape)?;
        let groth16 = circuit.prove(&assignment, &evaluator.blinders())?;
        let proof = QueryProof {
            com_n,
            evaluation: opened.proof(point, groth16),
        };
        self.bundle(proof, released)
    }

    fn keys(&self) -> Result<Keys, ProveError> {
        Ok(Keys {
            srs: *self.keys.srs().verifier(),
            circuit: self
                .keys
                .circuit(self.statement.shape())?
                .verifier()
                .clone(),
        })
    }

    /// Verifies the proof as anybody would; what fails never leaves.
    fn check(&self, bundle: &Bundle) -> Result<(), ProveError> {
        self.enter(Stage::Check)?;
        let (core, root) = (&self.snapshot.header().core, self.snapshot.root());
        let (proof, cells) = (&bundle.proof, &bundle.cells);
        Ok(proof.verify(
            self.statement,
            core,
            root,
            &self.vectors,
            cells,
            &self.keys()?,
        )?)
    }

    /// Packs a proof with everything but the trust anchors.
    fn bundle(&self, proof: QueryProof, cells: Vec<u64>) -> Result<Bundle, ProveError> {
        let (s, header, keys) = (self.statement, self.snapshot.header(), self.keys()?);
        let (columns, leaves) = self.openings();
        Ok(Bundle {
            core: header.core.clone(),
            dataset: header.dataset.clone(),
            purposes: header.purposes(),
            columns_root: self.snapshot.manifest().columns_root(),
            columns,
            leaves,
            query: s.query().clone(),
            cells,
            srs: keys.srs.encode(),
            key: keys.circuit.encode(),
            proof,
        })
    }

    fn openings(&self) -> (OpenedColumns, Vec<LeafOpening>) {
        let manifest = self.snapshot.manifest();
        let places: BTreeSet<u16> = self.vectors.keys().map(|(place, _)| *place).collect();
        let column = |place| Some((place, manifest.column(place)?));
        let leaf = |((place, leaf), points): (&LeafRef, &Vec<_>)| {
            let path = manifest.leaf_path(*place, *leaf)?;
            let points = points.clone();
            Some(LeafOpening { points, path })
        };
        (
            places.into_iter().filter_map(column).collect(),
            self.vectors.iter().filter_map(leaf).collect(),
        )
    }
}

fn draw_salts(attempt: &Attempt) -> Salts {
    let mut stream = attempt.stream("salts");
    let mut salt = || Fr::rand(&mut stream);
    Salts {
        table: salt(),
        rounds: salt(),
        evaluations: salt(),
    }
}
