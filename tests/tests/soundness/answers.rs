//! Honest bundles as answers to another question, of another snapshot, under other keys, and rerandomised.

use ark_bn254::Fr;
use ark_ec::CurveGroup;
use ark_ff::{Field, UniformRand};
use ark_std::rand::{SeedableRng, rngs::StdRng};
use nectar_prover::engine::{self, Unobserved};
use nectar_tests::{
    cohort::{Cohort, at},
    keys::keys,
    queries::{self, begins},
    world::{World, attested},
};
use nectar_verifier::{
    bundle::{Bundle, VerifyError},
    column::purpose_id,
    evaluation::ProofError,
    opening::OpeningError,
    query::CodeSet,
    statement::StatementError,
    trust::entry_id,
    verified::Verdict,
};

const IDENTITY: VerifyError = VerifyError::Proof(ProofError::Opening(OpeningError::Identity));

/// A bundle answers its own query, date and snapshot.
#[test]
fn the_proof_of_another_question() {
    let world = World::clinic();
    let honest = world.honest(&queries::counts());
    let mut other = queries::counts();
    other.literals = vec![begins(at::AGE, CodeSet::run(2, 10))];
    let mut bundle = world.honest(&other);
    bundle.proof = honest.proof.clone();
    bundle.cells = honest.cells.clone();
    assert_eq!(world.judge(&bundle), Err(IDENTITY));
    let mut bundle = honest.clone();
    bundle.query.purpose = purpose_id("care");
    let no_consent = VerifyError::Statement(StatementError::Purpose);
    assert_eq!(world.judge(&bundle), Err(no_consent));
    // Axes of equal meaning, another table.
    let mut bundle = honest;
    bundle.query.axes.swap(0, 1);
    assert_eq!(world.judge(&bundle), Err(IDENTITY));
}

#[test]
fn a_stale_or_foreign_snapshot() {
    let world = World::clinic();
    let honest = world.honest(&queries::counts());
    let next = World::of(Cohort::clinic().commit(Some(&world.snapshot)));
    next.honest(&queries::counts());
    let trusted = next.trusted(&honest).expect("keys");
    let verify = |bundle: &Bundle, root| {
        bundle
            .verify(&attested(root), &trusted, &next.log, next.now)
            .map(|_| ())
    };
    assert_eq!(
        verify(&honest, next.snapshot.root()),
        Err(VerifyError::Root)
    );
    // Its proof under the next snapshot's header and openings.
    let mut moved = next.honest(&queries::counts());
    moved.proof = honest.proof.clone();
    moved.cells = honest.cells.clone();
    assert_eq!(verify(&moved, next.snapshot.root()), Err(IDENTITY));
    let foreign = Cohort {
        name: "elsewhere",
        ..Cohort::clinic()
    }
    .commit(None);
    assert_eq!(verify(&honest, foreign.root()), Err(VerifyError::Root));
}

/// A custodian may name any keys in a header; the verifier's own list decides.
#[test]
fn a_header_that_names_other_keys() {
    let cohort = Cohort::clinic();
    let changes: [fn(&mut nectar_verifier::header::Core); 2] =
        [|c| c.srs.0[0] ^= 1, |c| c.compact_key.0[0] ^= 1];
    for change in changes {
        let mut header = cohort.header(None);
        change(&mut header.core);
        let world = World::of(cohort.commit_under(header, None));
        let bundle = engine::forge(
            |_: engine::strategy::Step<'_, '_>| {},
            &world.snapshot,
            keys(),
            &queries::counts(),
            &Unobserved,
        );
        assert_eq!(
            world.judge(&bundle.expect("a bundle")),
            Err(VerifyError::Proof(ProofError::Keys))
        );
    }
}

/// Anybody can rerandomise a Groth16 proof: the result verifies, and is the same entry of the log.
#[test]
fn a_rerandomised_proof_is_the_same_answer() {
    let world = World::clinic();
    let mut bundle = world.honest(&queries::counts());
    let id = |b: &Bundle| {
        let statement = b.statement().expect("a statement");
        entry_id(statement.digest(&b.core, b.root()), &b.cells)
    };
    let before = (id(&bundle), bundle.proof.evaluation.groth16.clone());
    let mut rng = StdRng::seed_from_u64(1);
    let (r, s) = (Fr::rand(&mut rng), Fr::rand(&mut rng));
    let delta = world
        .trusted(&bundle)
        .expect("keys")
        .keys()
        .circuit
        .groth16()
        .delta_g2;
    let p = &mut bundle.proof.evaluation.groth16;
    let a = p.a;
    p.a = (a * r.inverse().expect("not zero")).into_affine();
    p.b = (p.b * r + delta * (r * s)).into_affine();
    p.c = (p.c + a * s).into_affine();
    assert_ne!(bundle.proof.evaluation.groth16, before.1);
    assert_eq!(id(&bundle), before.0);
    assert!(matches!(world.verify(&bundle), Ok(Verdict::Verified(_))));
}
