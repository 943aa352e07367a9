//! The compact release circuit through the whole path, over a file whose tau is known: no published file of its power
//! is small enough to be kept.

use crate::{
    Context,
    phase2::{CONTRIBUTORS, Phase2},
    ptau, read, write,
};
use ark_bn254::Bn254;
use ark_groth16::Proof;
use nectar_circuits::compiled::Compiled;
use nectar_engine::{Unobserved, blinding::BlindingKey, snapshot::Snapshot};
use nectar_params::{
    ParamsError, ProverKeys,
    ceremony::{Ceremony, blake2b},
    lock::{KeySource, LOCK, Lock, LockError, SrsSource},
    phase2,
    set::Set,
    zkey::ZkeyError,
};
use nectar_testkit::{
    cohort::Cohort,
    exchange::public_inputs,
    queries,
    world::{World, attested},
};
use nectar_verifier::{
    bundle::{Bundle, VerifyError},
    circuit::Circuit,
    evaluation::ProofError,
    shape::Shape,
    trust::{AcceptedKeys, TrustError},
    verified::Verdict,
};
use std::path::{Path, PathBuf};

const COMPACT: Circuit = Circuit::Release(Shape::Compact);

/// The key of the compact release circuit, and an answer proven under it.
pub struct Release {
    phase2: Phase2,
    ptau: PathBuf,
    /// The parameters that come out of the ceremony.
    set: Set,
    accepted: AcceptedKeys,
    world: World,
    bundle: Bundle,
}

impl Release {
    fn new(context: &Context) -> Self {
        let r1cs = Compiled::new(COMPACT).expect("a circuit").r1cs;
        let ptau = ptau::insecure(context).to_path_buf();
        let phase2 = Phase2::run(context, "release", &r1cs, &ptau);
        let set = import(&phase2, &ptau, &context.subfolder("set"));
        let keys = set.clone().prover_keys();
        let accepted = set.lock().triples();
        let accepted = accepted.fold(AcceptedKeys::compiled_in(), AcceptedKeys::with);
        let world = World::of(commit(&keys));
        let statement = nectar_engine::statement(&world.snapshot, &queries::counts());
        let statement = statement.expect("a statement");
        let bundle = nectar_engine::prove(&world.snapshot, &keys, &statement, 0, &Unobserved);
        Release {
            phase2,
            ptau,
            set,
            accepted,
            world,
            bundle: bundle.expect("an answer"),
        }
    }

    fn of(context: &Context) -> &Self {
        context.release.get_or_init(|| Release::new(context))
    }

    fn verify(&self, bundle: &Bundle) -> Result<Verdict, VerifyError> {
        let World { snapshot, log, now } = &self.world;
        let opened = bundle.open(snapshot.root())?;
        let keys = opened.keys(&self.accepted)?;
        assert!(!keys.are_insecure_dev_keys());
        opened.verify(&attested(snapshot.root()), &keys, log, *now)
    }
}

/// What a custodian does after the ceremony; the set is the one that is read again.
fn import(phase2: &Phase2, ptau: &Path, folder: &Path) -> Set {
    let digest = Some(blake2b(ptau).expect("the file can be read"));
    let ceremony = Ceremony::import(ptau, digest, &|_| {}).expect("a phase-1 file");
    let (srs, provenance) = ceremony.into_parts();
    let mut set = Set::create(folder, srs, SrsSource::Ptau(provenance)).expect("a set");
    let imported = phase2::import(COMPACT, phase2.files(ptau, digest), &|_| {});
    let (key, source) = imported.expect("snarkjs accepts the key");
    set.add(&key, KeySource::Zkey(source.into()))
        .expect("a set");
    let again = Set::open(folder).expect("a set");
    assert_eq!(again.id(), set.id());
    again
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

fn groth16(bundle: &Bundle) -> &Proof<Bn254> {
    &bundle.proof.evaluation.groth16
}

pub fn the_record_is_what_snarkjs_prints(context: &Context) {
    let release = Release::of(context);
    let entry = release.set.lock().circuit(COMPACT).expect("a key");
    let KeySource::Zkey(source) = &entry.source else {
        panic!("not a ceremony's: {entry:?}");
    };
    release.phase2.check_record(&source.phase2);
}

/// All that an import does is done again; a key on the way to the last one is another key.
pub fn the_set_comes_out_of_its_files(context: &Context) {
    let Release {
        phase2, ptau, set, ..
    } = Release::of(context);
    assert!(!set.lock().is_insecure());
    set.compare_srs(ptau, &|_| {}).expect("the same SRS");
    set.verify_circuit(COMPACT).expect("the circuit's key");
    let compare = |key: &Path| set.compare_key(COMPACT, key, ptau, &|_| {});
    compare(&phase2.key).expect("the same key");
    let other = compare(&phase2.folder().join("2.zkey")).expect_err("another key");
    assert!(
        other.to_string().contains("is not that of these files"),
        "{other}"
    );
    let first = compare(&phase2.folder().join("0.zkey")).expect_err("nobody contributed");
    let none = |e: &ParamsError| {
        matches!(
            e,
            ParamsError::Zkey {
                error: ZkeyError::NoContribution,
                ..
            }
        )
    };
    assert!(none(&first), "{first}");
}

/// Who writes another name or hash into the lock changes its id, and a file that is exchanged is not the lock's.
pub fn an_edited_set_is_refused(context: &Context) {
    let Release { set, .. } = Release::of(context);
    let path = set.folder().join(LOCK);
    let text = String::from_utf8(read(&path)).expect("a lock is text");
    let changed = text.replace(CONTRIBUTORS[0].0, "somebody famous");
    assert_ne!(changed, text);
    let refused = Lock::decode(changed.as_bytes()).expect_err("edited");
    assert!(matches!(refused, LockError::Id { .. }), "{refused}");

    let folder = context.subfolder("exchanged");
    for name in [LOCK, "srs.bin", "compact.pk"] {
        write(&folder.join(name), read(&set.folder().join(name)));
    }
    let mut key = read(&folder.join("compact.pk"));
    let middle = key.len() / 2;
    key[middle] ^= 1;
    write(&folder.join("compact.pk"), key);
    let copy = Set::open(&folder).expect("keys are read when they are used");
    let refused = copy.circuit(COMPACT).map(|_| ()).expect_err("exchanged");
    assert!(
        refused.to_string().contains("the digest of the file is"),
        "{refused}"
    );
}

pub fn an_answer_under_the_key_is_verified_by_both(context: &Context) {
    let release = Release::of(context);
    let bundle = &release.bundle;
    let opened = bundle.open(bundle.root()).expect("openings");
    let refused = opened.keys(&AcceptedKeys::compiled_in()).map(|_| ());
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

/// Neither is the file imported for another circuit, nor its key taken for one.
pub fn the_key_is_for_no_other_circuit(context: &Context) {
    let Release {
        phase2, ptau, set, ..
    } = Release::of(context);
    let digest = Some(blake2b(ptau).expect("the file can be read"));
    let refused = phase2::import(Circuit::Index, phase2.files(ptau, digest), &|_| {});
    let refused = refused.map(|_| ()).expect_err("for another circuit");
    let variables = |e: &ParamsError| {
        matches!(
            e,
            ParamsError::Zkey {
                error: ZkeyError::Variables { .. },
                ..
            }
        )
    };
    assert!(variables(&refused), "{refused}");
    let missing = set.circuit(Circuit::Index).map(|_| ()).expect_err("no key");
    assert!(matches!(missing, ParamsError::NoKey { .. }), "{missing}");
}
