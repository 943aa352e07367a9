//! The elements of a query's proof, each replaced.

use crate::bundle::{IDENTITY, PAIRING, groth16, rejected};
use ark_bn254::{Fr, G1Affine};
use ark_ec::AffineRepr;
use ark_ff::{Field, One};
use nectar_testkit::{
    queries, weak_transcripts,
    world::{World, trusted},
};
use nectar_verifier::{
    bundle::{Bundle, VerifyError},
    evaluation::ProofError,
    transcript::TranscriptError,
};

const NO_POINT: VerifyError = VerifyError::Proof(ProofError::Transcript(TranscriptError::Identity));

/// Replaces a point by its negative.
fn negate(p: &mut G1Affine) {
    *p = -*p;
}

/// Every element enters the transcript, so a change moves all challenges after it; the message says what fails
/// first.
#[test]
fn every_element_of_the_proof_replaced() {
    rejected(&[
        ("com_N", |b| b.proof.com_n += Fr::one(), IDENTITY),
        ("com_v", |b| b.proof.evaluation.com_v += Fr::one(), IDENTITY),
        (
            "M",
            |b| b.proof.evaluation.m = (b.proof.evaluation.m + G1Affine::generator()).into(),
            IDENTITY,
        ),
        ("M negated", |b| negate(&mut b.proof.evaluation.m), IDENTITY),
        ("r low", |b| b.proof.evaluation.r[0] += Fr::one(), IDENTITY),
        (
            "r high",
            |b| b.proof.evaluation.r[23] += Fr::one(),
            IDENTITY,
        ),
        ("L", |b| b.proof.evaluation.l += Fr::one(), IDENTITY),
        (
            "[S]",
            |b| b.proof.evaluation.opening.s = G1Affine::generator(),
            IDENTITY,
        ),
        (
            "[S] negated",
            |b| negate(&mut b.proof.evaluation.opening.s),
            IDENTITY,
        ),
        (
            "F(z)",
            |b| b.proof.evaluation.opening.values[0] += Fr::one(),
            IDENTITY,
        ),
        (
            "F(1/z)",
            |b| b.proof.evaluation.opening.values[1] += Fr::one(),
            IDENTITY,
        ),
        (
            "S(z)",
            |b| b.proof.evaluation.opening.values[2] += Fr::one(),
            IDENTITY,
        ),
        (
            "S(1/z)",
            |b| b.proof.evaluation.opening.values[3] += Fr::one(),
            IDENTITY,
        ),
        (
            "[Q]",
            |b| b.proof.evaluation.opening.q = G1Affine::generator(),
            PAIRING,
        ),
        (
            "[Q] negated",
            |b| negate(&mut b.proof.evaluation.opening.q),
            PAIRING,
        ),
        (
            "[V]",
            |b| b.proof.evaluation.opening.v = G1Affine::generator(),
            PAIRING,
        ),
        (
            "[V] negated",
            |b| negate(&mut b.proof.evaluation.opening.v),
            PAIRING,
        ),
        (
            "A",
            |b| b.proof.evaluation.groth16.a = G1Affine::generator(),
            groth16(),
        ),
        (
            "A negated",
            |b| negate(&mut b.proof.evaluation.groth16.a),
            groth16(),
        ),
        (
            "B",
            |b| b.proof.evaluation.groth16.b = AffineRepr::generator(),
            groth16(),
        ),
        (
            "B negated",
            |b| b.proof.evaluation.groth16.b = -b.proof.evaluation.groth16.b,
            groth16(),
        ),
        (
            "C",
            |b| b.proof.evaluation.groth16.c = G1Affine::generator(),
            groth16(),
        ),
        (
            "C negated",
            |b| negate(&mut b.proof.evaluation.groth16.c),
            groth16(),
        ),
    ]);
}

#[test]
fn every_point_of_the_proof_the_identity() {
    rejected(&[
        ("M", |b| b.proof.evaluation.m = G1Affine::zero(), NO_POINT),
        (
            "[S]",
            |b| b.proof.evaluation.opening.s = G1Affine::zero(),
            NO_POINT,
        ),
        (
            "[Q]",
            |b| b.proof.evaluation.opening.q = G1Affine::zero(),
            NO_POINT,
        ),
        (
            "[V]",
            |b| b.proof.evaluation.opening.v = G1Affine::zero(),
            NO_POINT,
        ),
        (
            "A",
            |b| b.proof.evaluation.groth16.a = G1Affine::zero(),
            NO_POINT,
        ),
        (
            "B",
            |b| b.proof.evaluation.groth16.b = AffineRepr::zero(),
            NO_POINT,
        ),
        (
            "C",
            |b| b.proof.evaluation.groth16.c = G1Affine::zero(),
            NO_POINT,
        ),
    ]);
}

/// The identity at z holds for these, so that only the pairing tells.
#[test]
fn opening_values_that_keep_the_identity() {
    let honest = World::clinic().honest(&queries::counts());
    let mut bundle = honest;
    // S(z) and S(1/z) enter the identity as z S(z) + S(1/z) / z; the challenge z does not depend on them.
    let z = challenge_z(&bundle);
    bundle.proof.evaluation.opening.values[2] += Fr::one();
    bundle.proof.evaluation.opening.values[3] -= z.square();
    assert_eq!(World::clinic().judge(&bundle), Err(PAIRING));
}

fn challenge_z(b: &Bundle) -> Fr {
    let d0 = b
        .statement()
        .expect("a statement")
        .digest(&b.core, b.root());
    let mut t = nectar_verifier::transcript::Transcript::new(d0);
    t.table(&b.proof.com_n).expect("rho");
    t.evaluations(
        &b.proof.evaluation.com_v,
        &b.proof.evaluation.m,
        &b.proof.evaluation.r,
        &b.cells,
    )
    .expect("lambda");
    t.symmetric(&b.proof.evaluation.l, &b.proof.evaluation.opening.s)
        .expect("z")
}

#[test]
fn another_number_of_challenges() {
    let want = |got| {
        VerifyError::Proof(ProofError::Length {
            what: "coordinates of the sumcheck point",
            got,
            want: 24,
        })
    };
    rejected(&[
        ("one less", |b| b.proof.evaluation.r.truncate(23), want(23)),
        (
            "one more",
            |b| b.proof.evaluation.r.push(Fr::one()),
            want(25),
        ),
        ("none", |b| b.proof.evaluation.r.clear(), want(0)),
    ]);
}

/// chi is drawn from all of message 6: from less, an error of the circuit's proof that vanishes at psi is made up for by
/// [V].
#[test]
fn every_part_of_the_last_message_moves_chi() {
    let world = World::clinic();
    let honest = world.honest(&queries::counts());
    let statement = honest.statement().expect("a statement");
    let d0 = statement.digest(&honest.core, honest.root());
    let keys = trusted(&honest).expect("development keys");
    for (absorbed, bundle) in weak_transcripts::forgeries(&honest, d0, keys.keys()) {
        assert_eq!(world.judge(&bundle), Err(PAIRING), "{absorbed:?}");
    }
}
