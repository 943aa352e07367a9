//! An honest bundle with one thing changed on the way.

use ark_bn254::{Fr, G1Affine};
use ark_ec::AffineRepr;
use ark_ff::{Field, One};
use nectar_tests::{
    cohort::{Cohort, at, nearest},
    queries,
    world::{World, attested},
};
use nectar_verifier::{
    abi::PurposeColumn,
    bundle::{Bundle, VerifyError},
    column::purpose_id,
    disclosure::MARK,
    evaluation::ProofError,
    header::purposes_digest,
    merkle::PathError,
    opening::OpeningError,
    statement::StatementError,
    transcript::TranscriptError,
};

const IDENTITY: VerifyError = VerifyError::Proof(ProofError::Opening(OpeningError::Identity));
const PAIRING: VerifyError = VerifyError::Proof(ProofError::Opening(OpeningError::Pairing));
const NO_POINT: VerifyError = VerifyError::Proof(ProofError::Transcript(TranscriptError::Identity));

type Change = fn(&mut Bundle);

/// Shows the honest answer to [`queries::counts`] accepted, and each change of it rejected.
fn rejected(cases: &[(&str, Change, VerifyError)]) {
    let honest = World::clinic().honest(&queries::counts());
    for (name, change, want) in cases {
        let mut bundle = honest.clone();
        change(&mut bundle);
        assert_eq!(World::clinic().judge(&bundle).as_ref(), Err(want), "{name}");
    }
}

fn groth16() -> VerifyError {
    VerifyError::Proof(ProofError::Groth16)
}

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
    t.quotient(&b.proof.evaluation.l, &b.proof.evaluation.opening.s)
        .expect("z")
}

#[test]
fn other_cells_than_were_proven() {
    let cells = |got| VerifyError::Proof(StatementError::Cells { got, want: 15 }.into());
    rejected(&[
        ("changed", |b| b.cells[0] += 5, IDENTITY),
        ("marked", |b| b.cells[0] = MARK, IDENTITY),
        ("swapped", |b| b.cells.reverse(), IDENTITY),
        ("missing", |b| b.cells.truncate(14), cells(14)),
        ("additional", |b| b.cells.push(0), cells(16)),
    ]);
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

/// The header is bound by the root, and the root by the attestor.
#[test]
fn a_header_changed() {
    rejected(&[
        (
            "policy",
            |b| b.core.policy = nearest(2, 1),
            VerifyError::Root,
        ),
        ("rows", |b| b.core.rows -= 1, VerifyError::Root),
        ("segments", |b| b.core.segment_bits += 1, VerifyError::Root),
        ("sequence", |b| b.core.sequence += 1, VerifyError::Root),
        ("lag", |b| b.core.lag = 31, VerifyError::Root),
        ("as of", |b| b.core.as_of -= 86_400, VerifyError::Root),
        ("offset", |b| b.core.utc_offset = 60, VerifyError::Root),
        ("columns", |b| b.core.columns += 1, VerifyError::Root),
        ("SRS", |b| b.core.srs.0[0] ^= 1, VerifyError::Root),
        ("key", |b| b.core.compact_key.0[0] ^= 1, VerifyError::Root),
        (
            "columns root",
            |b| b.columns_root.0[0] ^= 1,
            VerifyError::Root,
        ),
        ("name", |b| b.dataset.push('x'), VerifyError::Dataset),
        ("map", |b| b.purposes.swap(0, 1), VerifyError::Purposes),
    ]);
}

#[test]
fn purposes_exchanged() {
    let exchange: Change = |b| {
        let (one, other) = (b.purposes[0].column, b.purposes[1].column);
        b.purposes[0].column = other;
        b.purposes[1].column = one;
    };
    let mut bundle = World::clinic().honest(&queries::counts());
    exchange(&mut bundle);
    // Keys are not loaded for a query without a statement; the verifier proper says what is wrong first.
    let trusted = World::clinic().trusted(&World::clinic().honest(&queries::counts()));
    let world = World::clinic();
    let verdict = bundle.verify(
        &attested(world.snapshot.root()),
        &trusted.expect("keys"),
        &world.log,
        world.now,
    );
    assert_eq!(verdict.map(|_| ()), Err(VerifyError::Purposes));
}

/// A custodian whose header maps research to the care column, and an attestor who did not look.
#[test]
fn a_purpose_mapped_to_another_column() {
    let cohort = Cohort::clinic();
    let mut header = cohort.header(None);
    let map = vec![PurposeColumn {
        purpose: purpose_id("research"),
        column: at::CARE,
    }];
    header.core.purposes = purposes_digest(&map);
    let mut bundle = World::clinic().honest(&queries::counts());
    bundle.core = header.core;
    bundle.purposes = map;
    assert_eq!(
        World::clinic().judge(&bundle),
        Err(VerifyError::Statement(StatementError::Purpose))
    );
}

#[test]
fn openings_of_other_places() {
    rejected(&[
        (
            "vectors swapped",
            |b| b.leaves.swap(0, 1),
            VerifyError::Path {
                column: 0,
                error: PathError::Root,
            },
        ),
        (
            "a vector missing",
            |b| drop(b.leaves.pop()),
            VerifyError::Openings,
        ),
        (
            "a vector more",
            |b| b.leaves.push(b.leaves[0].clone()),
            VerifyError::Openings,
        ),
        (
            "a segment missing",
            |b| b.leaves[0].points.truncate(3),
            VerifyError::Openings,
        ),
        (
            "a segment more",
            |b| b.leaves[0].points.push(G1Affine::generator()),
            VerifyError::Openings,
        ),
        (
            "segments swapped",
            |b| b.leaves[0].points.swap(0, 1),
            VerifyError::Path {
                column: 0,
                error: PathError::Root,
            },
        ),
        (
            "a commitment replaced",
            |b| b.leaves[0].points[3] = G1Affine::generator(),
            VerifyError::Path {
                column: 0,
                error: PathError::Root,
            },
        ),
        (
            "a path cut",
            |b| b.leaves[0].path.truncate(4),
            VerifyError::Path {
                column: 0,
                error: PathError::Depth { got: 4, want: 5 },
            },
        ),
        (
            "a path longer",
            |b| b.leaves[0].path.push(b.columns_root),
            VerifyError::Path {
                column: 0,
                error: PathError::Depth { got: 6, want: 5 },
            },
        ),
        (
            "a path bent",
            |b| b.leaves[0].path[0].0[0] ^= 1,
            VerifyError::Path {
                column: 0,
                error: PathError::Root,
            },
        ),
        (
            "a column's path cut",
            |b| {
                if let Some(c) = b.columns.get_mut(&0) {
                    c.path.truncate(3);
                }
            },
            VerifyError::Path {
                column: 0,
                error: PathError::Depth { got: 3, want: 4 },
            },
        ),
        (
            "a column's root",
            |b| {
                if let Some(c) = b.columns.get_mut(&0) {
                    c.leaves_root.0[0] ^= 1
                }
            },
            VerifyError::Path {
                column: 0,
                error: PathError::Root,
            },
        ),
        (
            "a column renamed",
            |b| {
                if let Some(c) = b.columns.get_mut(&4) {
                    c.column.name = "ward".into()
                }
            },
            VerifyError::Path {
                column: 4,
                error: PathError::Root,
            },
        ),
        (
            "a column more",
            |b| {
                let c = b.columns[&0].clone();
                b.columns.insert(2, c);
            },
            VerifyError::Openings,
        ),
        (
            "a column moved",
            |b| {
                if let Some(c) = b.columns.remove(&1) {
                    b.columns.insert(2, c);
                }
            },
            VerifyError::Statement(StatementError::Query(
                nectar_verifier::query::QueryError::UnknownColumn(1),
            )),
        ),
    ]);
}
