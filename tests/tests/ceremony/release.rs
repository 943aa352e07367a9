//! The compact release circuit through the whole path, over a file whose tau is known: no published file of its power
//! is small enough to be kept.

use crate::{
    Context,
    phase2::{Imported, Phase2},
    ptau,
};
use ark_bn254::{Bn254, Fr};
use ark_groth16::Proof;
use nectar_circuits::compiled::Compiled;
use nectar_params::{
    ParamsError, ProverKeys, circuit::CircuitKey, phase1::Powers, srs::Srs, zkey::ZkeyError,
};
use nectar_prover::engine::{self, Unobserved, blinding::BlindingKey, snapshot::Snapshot};
use nectar_tests::{
    cohort::Cohort,
    queries,
    world::{World, attested},
};
use nectar_verifier::{
    bundle::{Bundle, VerifyError},
    circuit::Circuit,
    evaluation::ProofError,
    keys::{Keys, PUBLIC_INPUTS},
    shape::Shape,
    transcript::Transcript,
    trust::{AcceptedKeys, TrustError},
    verified::Verdict,
};

const COMPACT: Circuit = Circuit::Release(Shape::Compact);
/// Power of the size of its domain.
const BITS: u8 = 15;

/// The key of the compact release circuit, and an answer proven under it.
pub struct Release {
    phase2: Phase2,
    imported: Imported,
    powers: Powers,
    accepted: AcceptedKeys,
    world: World,
    bundle: Bundle,
}

impl Release {
    fn new(context: &Context) -> Self {
        let r1cs = Compiled::new(COMPACT).expect("a circuit").r1cs;
        let path = ptau::insecure(context);
        let phase2 = Phase2::run(context, "release", &r1cs, path);
        let (srs, powers) = ptau::powers(path, BITS);
        let imported = phase2
            .import(&r1cs, &powers)
            .expect("snarkjs accepts the key");
        let keys = prover_keys(srs, &imported);
        let verifier = keys.circuit(COMPACT).expect("a key").verifier().clone();
        let triple = Keys {
            srs: *keys.srs().verifier(),
            circuit: verifier,
        }
        .triple();
        let world = World::of(commit(&keys));
        let query = queries::counts();
        let bundle = engine::prove(&world.snapshot, &keys, &query, 0, &Unobserved);
        Release {
            phase2,
            imported,
            powers,
            accepted: AcceptedKeys::compiled_in().with(triple),
            world,
            bundle: bundle.expect("an answer"),
        }
    }

    fn of(context: &Context) -> &Self {
        context.release.get_or_init(|| Release::new(context))
    }

    fn verify(&self, bundle: &Bundle) -> Result<Verdict, VerifyError> {
        let World { snapshot, log, now } = &self.world;
        let keys = bundle.keys(&self.accepted)?;
        assert!(!keys.are_insecure_dev_keys());
        bundle.verify(&attested(snapshot.root()), &keys, log, *now)
    }
}

/// What a prover has after the ceremony.
fn prover_keys(srs: Srs, imported: &Imported) -> ProverKeys {
    let key = imported.key().clone();
    ProverKeys::new(srs, move |circuit| match circuit {
        COMPACT => CircuitKey::new(circuit, key.clone()),
        _ => Err(ParamsError::Circuit {
            circuit,
            what: "it has no ceremony here".into(),
        }),
    })
}

/// The clinic under these keys.
fn commit(keys: &ProverKeys) -> Snapshot {
    let cohort = Cohort::clinic();
    let mut header = cohort.header(None);
    let key = keys.circuit(COMPACT).expect("a key");
    header.core.srs = keys.srs().verifier().digest();
    header.core.compact_key = key.verifier().digest();
    let secret = BlindingKey::from_bytes(cohort.secret);
    Snapshot::commit(header, cohort.records(), None, keys.srs(), secret, &|_| {})
        .expect("a snapshot")
}

/// The circuit's public inputs as everybody computes them from a bundle: rho, com_N, com_v, lambda, L, flags, policy.
fn public_inputs(bundle: &Bundle) -> [Fr; PUBLIC_INPUTS] {
    let (statement, proof) = (bundle.statement().expect("a statement"), &bundle.proof);
    let mut t = Transcript::new(statement.digest(&bundle.core, bundle.root()));
    let rho = t.table(&proof.com_n).expect("a challenge");
    let evaluation = &proof.evaluation;
    let c = evaluation
        .challenges(&mut t, &bundle.cells)
        .expect("challenges");
    let (flags, policy) = (statement.flags().into(), statement.policy_word().into());
    [
        rho,
        proof.com_n,
        evaluation.com_v,
        c.lambda,
        evaluation.l,
        flags,
        policy,
    ]
}

fn groth16(bundle: &Bundle) -> &Proof<Bn254> {
    &bundle.proof.evaluation.groth16
}

pub fn the_record_is_what_snarkjs_prints(context: &Context) {
    let release = Release::of(context);
    release.phase2.check_record(release.imported.record());
}

pub fn an_answer_under_the_key_is_verified_by_both(context: &Context) {
    let release = Release::of(context);
    let bundle = &release.bundle;
    let refused = bundle.keys(&AcceptedKeys::compiled_in()).map(|_| ());
    assert_eq!(refused, Err(VerifyError::Trust(TrustError::Keys)));
    let verdict = release.verify(bundle).expect("the answer is right");
    assert!(matches!(verdict, Verdict::Verified(_)));
    let inputs = public_inputs(bundle);
    release
        .phase2
        .accepts(&context.snarkjs, &inputs, groth16(bundle));
}

/// A released cell that is one more changes lambda; another point of the proof, the proof alone.
pub fn a_changed_answer_is_refused_by_both(context: &Context) {
    let release = Release::of(context);
    let mut cell = release.bundle.clone();
    cell.cells[0] += 5;
    assert_ne!(public_inputs(&cell), public_inputs(&release.bundle));
    let mut point = release.bundle.clone();
    let proof = &mut point.proof.evaluation.groth16;
    proof.c = proof.a;
    for (bundle, want) in [(&cell, None), (&point, Some(ProofError::Groth16))] {
        let error = release
            .verify(bundle)
            .map(|_| ())
            .expect_err("it was changed");
        assert!(
            matches!(&error, VerifyError::Proof(e) if want.as_ref().is_none_or(|w| w == e)),
            "{error}"
        );
        let inputs = public_inputs(bundle);
        release
            .phase2
            .refuses(&context.snarkjs, &inputs, groth16(bundle));
    }
}

/// Neither is the file imported for another circuit, nor its key taken for one; and without a contribution it is no key.
pub fn the_key_is_for_no_other_circuit(context: &Context) {
    let release = Release::of(context);
    for circuit in [Circuit::Release(Shape::Wide), Circuit::Index] {
        let r1cs = Compiled::new(circuit).expect("a circuit").r1cs;
        let (got, want) = (release.imported.key().a_query.len(), r1cs.variables());
        let refused = release.phase2.import(&r1cs, &release.powers).map(|_| ());
        assert_eq!(
            refused,
            Err(ZkeyError::Variables { got, want }),
            "{circuit}"
        );
        let key = CircuitKey::new(circuit, release.imported.key().clone()).map(|_| ());
        let message = key.expect_err("for another circuit").to_string();
        assert!(message.contains("for another circuit"), "{message}");
    }
}
