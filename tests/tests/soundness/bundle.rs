//! An honest bundle with one thing changed on the way.

use ark_bn254::{Fr, G1Affine};
use ark_ec::{AffineRepr, CurveGroup};
use ark_ff::{Field, UniformRand};
use ark_std::rand::{SeedableRng, rngs::StdRng};
use nectar_engine::Unobserved;
use nectar_testkit::{
    cohort::{Cohort, at, nearest},
    keys::keys,
    queries::{self, begins},
    world::{World, accepted, attested, trusted},
};
use nectar_verifier::{
    abi::PurposeColumn,
    bundle::{Bundle, VerifyError},
    column::purpose_id,
    disclosure::SUPPRESSED,
    evaluation::ProofError,
    header::purposes_digest,
    merkle::PathError,
    opening::OpeningError,
    query::CodeSet,
    statement::StatementError,
    trust::entry_id,
    verified::Verdict,
};

pub const IDENTITY: VerifyError = VerifyError::Proof(ProofError::Opening(OpeningError::Identity));
pub const PAIRING: VerifyError = VerifyError::Proof(ProofError::Opening(OpeningError::Pairing));

/// One thing changed.
pub type Change = fn(&mut Bundle);

/// Shows the honest answer to [`queries::counts`] accepted, and each change of it rejected.
pub fn rejected(cases: &[(&str, Change, VerifyError)]) {
    let honest = World::clinic().honest(&queries::counts());
    for (name, change, want) in cases {
        let mut bundle = honest.clone();
        change(&mut bundle);
        assert_eq!(World::clinic().judge(&bundle).as_ref(), Err(want), "{name}");
    }
}

/// What is said when the circuit rejects.
pub fn groth16() -> VerifyError {
    VerifyError::Proof(ProofError::Groth16)
}

#[test]
fn other_cells_than_were_proven() {
    let cells = |got| VerifyError::Proof(StatementError::Cells { got, want: 15 }.into());
    rejected(&[
        ("changed", |b| b.cells[0] += 5, IDENTITY),
        ("marked", |b| b.cells[0] = SUPPRESSED, IDENTITY),
        ("swapped", |b| b.cells.reverse(), IDENTITY),
        ("missing", |b| b.cells.truncate(14), cells(14)),
        ("additional", |b| b.cells.push(0), cells(16)),
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
    let honest = World::clinic().honest(&queries::counts());
    let mut exchanged = honest.clone();
    let (one, other) = (honest.purposes[0].column, honest.purposes[1].column);
    exchanged.purposes[0].column = other;
    exchanged.purposes[1].column = one;
    // Each column says of which purpose it is.
    let refused = VerifyError::Statement(StatementError::Purpose);
    assert_eq!(World::clinic().judge(&exchanged), Err(refused));
    // A purpose that is not asked for, mapped elsewhere: the header binds the whole map.
    let mut mapped = honest.clone();
    let unasked = mapped.purposes.iter_mut();
    for purpose in unasked.filter(|p| p.purpose != honest.query.purpose) {
        purpose.column = 0;
    }
    assert_eq!(World::clinic().judge(&mapped), Err(VerifyError::Purposes));
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
    let (snapshot, world) = (attested(bundle.root()), World::clinic());
    let verdict = bundle.verify(&snapshot, &accepted(), &world.log, world.now);
    assert_eq!(
        verdict.map(|_| ()),
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
    let verify = |bundle: &Bundle, root| {
        bundle
            .verify(&attested(root), &accepted(), &next.log, next.now)
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
        let bundle = nectar_engine::dishonest::forge(
            |_: nectar_engine::dishonest::Step<'_, '_>| {},
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
    let delta = trusted(&bundle)
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
