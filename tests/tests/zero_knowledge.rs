//! What bundles must not tell: everything in them is public, the released table, or fresh randomness.

#![cfg(test)]

use ark_bn254::G1Projective;
use ark_ec::{CurveGroup, VariableBaseMSM};
use nectar_engine::{Unobserved, prove_index, snapshot::Snapshot};
use nectar_testkit::{
    cohort::{Cohort, at, points},
    keys::keys,
    published::{Published, commit, toy_cohort, verify, verify_column},
    queries,
    world::World,
};
use nectar_verifier::{
    bundle::Bundle,
    column::Leaf,
    evaluation::EvaluationProof,
    field::{g1_to_be, to_be},
    opening::Opening,
    query::Query,
    receipt::Receipt,
};
use std::collections::BTreeSet;

/// Every value of an evaluation proof, as bytes.
fn evaluation_values(p: &EvaluationProof) -> Vec<Vec<u8>> {
    let abi = p.to_abi();
    let scalars = [p.com_v, p.l].into_iter();
    let scalars = scalars.chain(p.r.iter().copied()).chain(p.opening.values);
    let points = [abi.m, abi.s, abi.q, abi.v, abi.a, abi.b[0], abi.b[1], abi.c];
    scalars
        .map(|x| to_be(&x).to_vec())
        .chain(points.map(|p| p.to_vec()))
        .collect()
}

/// Every value of a query's proof, as bytes.
fn values(bundle: &Bundle) -> Vec<Vec<u8>> {
    let com_n = to_be(&bundle.proof.com_n).to_vec();
    [vec![com_n], evaluation_values(&bundle.proof.evaluation)].concat()
}

/// Shows that no value occurs twice in all of these.
fn distinct(values: &[Vec<u8>]) {
    let distinct: BTreeSet<_> = values.iter().collect();
    assert_eq!(distinct.len(), values.len());
}

/// Shows that no value occurs twice in all of these proofs.
fn share_nothing(bundles: &[Bundle]) {
    distinct(&bundles.iter().flat_map(values).collect::<Vec<_>>());
}

fn queries() -> [Query; 3] {
    [queries::plain(), queries::counts(), queries::moments()]
}

#[test]
fn a_query_asked_twice() {
    for query in queries() {
        let world = World::clinic();
        share_nothing(&[
            world.honest(&query),
            world.prove(&query),
            world.prove(&query),
        ]);
    }
}

/// A job that was started again, under the same number or the next.
#[test]
fn attempts_of_one_job() {
    let world = World::clinic();
    let statement = nectar_engine::statement(&world.snapshot, &queries::counts()).expect("one");
    let attempt = |number| {
        nectar_engine::prove(&world.snapshot, keys(), &statement, number, &Unobserved)
            .expect("an answer")
    };
    share_nothing(&[attempt(0), attempt(0), attempt(1)]);
}

/// Other people, the same table: all that is not commitment or proof is the same, and so is every length.
#[test]
fn datasets_with_one_released_table() {
    let one = Cohort::clinic();
    let mut other = one.clone();
    other.secret = [2; 32];
    other.codes.iter_mut().for_each(|c| c.rotate_left(7));
    // Somebody who has withdrawn is another person altogether.
    let research = usize::from(at::RESEARCH);
    for row in 0..other.codes[0].len() {
        if other.codes[research][row] == 0 {
            let change = |code: &mut u16| *code = 1 - (*code).min(1);
            other.codes[..research]
                .iter_mut()
                .for_each(|c| change(&mut c[row]));
        }
    }
    assert_ne!(one.codes, other.codes);
    let [one, other] = [one, other].map(|c| World::of(c.commit(None)));
    for query in queries() {
        let (a, b) = (one.honest(&query), other.honest(&query));
        assert_eq!(a.encode().len(), b.encode().len());
        assert_eq!(a.core, b.core);
        assert_eq!(a.cells, b.cells);
        assert_eq!((&a.dataset, &a.purposes), (&b.dataset, &b.purposes));
        assert_eq!((&a.query, &a.srs, &a.key), (&b.query, &b.srs, &b.key));
        let columns = |b: &Bundle| {
            b.columns
                .values()
                .map(|c| c.column.clone())
                .collect::<Vec<_>>()
        };
        assert_eq!(columns(&a), columns(&b));
        let open: BTreeSet<_> = a
            .leaves
            .iter()
            .flat_map(|l| &l.points)
            .map(|p| p.x)
            .collect();
        let shared = b
            .leaves
            .iter()
            .flat_map(|l| &l.points)
            .any(|p| open.contains(&p.x));
        assert!(!shared, "a commitment of both");
        share_nothing(&[a, b]);
    }
}

/// Every value of a receipt's proof, as bytes.
fn receipt_values(receipt: &Receipt) -> Vec<Vec<u8>> {
    let Opening { s, values, q, v } = &receipt.opening;
    let points = [receipt.m, *s, *q, *v].map(|p| g1_to_be(&p).to_vec());
    let scalars = values.iter().chain([&receipt.mu]);
    let scalars = scalars.map(|x| to_be(x).to_vec());
    points.into_iter().chain(scalars).collect()
}

/// Receipts of one row, with the same columns or others, agree in the record and share no random value.
#[test]
fn receipts_of_one_row() {
    let world = World::tagged();
    let one = [at::CARE, at::DX];
    let receipts = [&one[..], &one, &one, &[], &[]].map(|columns| world.receipt(20, columns));
    assert_eq!(receipts[0].record, receipts[1].record);
    assert_eq!(receipts[3].record, receipts[4].record);
    distinct(&receipts.iter().flat_map(receipt_values).collect::<Vec<_>>());
}

/// A receipt names one row's values and commitments of its segment: other rows of the segment, and all rows of others,
/// may hold anything.
#[test]
fn receipts_do_not_depend_on_other_rows() {
    let one = Cohort::clinic().tagged();
    let mut other = one.clone();
    for codes in &mut other.codes {
        let kept = codes[20];
        codes.rotate_left(7);
        codes[20] = kept;
    }
    let [one, other] = [one, other].map(|c| World::of(c.commit(None)));
    let columns = [at::AGE, at::RESEARCH];
    let (a, b) = (one.receipt(20, &columns), other.receipt(20, &columns));
    assert_eq!(a.encode().len(), b.encode().len());
    let open = |r: &Receipt| {
        (
            r.record.core.clone(),
            r.record.claims(),
            r.record.srs.clone(),
        )
    };
    assert_eq!(open(&a), open(&b));
    distinct(&[a, b].map(|r| receipt_values(&r)).concat());
}

/// A column proven again shares no value with its first proof.
#[test]
fn a_column_proven_twice() {
    let toy = Published::toy();
    let first = toy.proofs[0].clone().expect("a proof");
    let again = || prove_index(&toy.snapshot, keys(), 0).expect("a proof");
    let proofs = [first, again(), again()];
    for proof in &proofs {
        assert_eq!(verify_column(&toy.snapshot, 0, proof), Ok(()));
    }
    let values = proofs.iter().flat_map(|p| evaluation_values(&p.evaluation));
    distinct(&values.collect::<Vec<_>>());
}

/// Other people under the same schema: the manifests agree in what the header says and in every length, and in no
/// commitment and no value of a proof.
#[test]
fn datasets_of_one_shape() {
    let toy = Published::toy();
    let mut cohort = toy_cohort();
    cohort.secret = [2; 32];
    cohort.codes.iter_mut().for_each(|c| c.rotate_left(7));
    cohort.codes[0].fill(0);
    let other = Published::of(commit(&cohort));
    assert!(verify(&other.encode()).is_ok());
    assert_ne!(toy.snapshot.codes(), other.snapshot.codes());

    let lengths = |p: &Published| p.parts().iter().map(Vec::len).collect::<Vec<_>>();
    assert_eq!(lengths(toy), lengths(&other));
    let header = |p: &Published| {
        let header = p.snapshot.header().clone();
        (header.core, header.dataset, header.columns)
    };
    assert_eq!(header(toy), header(&other));
    let values = |p: &Published| {
        let segments = p.snapshot.manifest().columns().iter().flatten();
        let points = segments.flat_map(|s| &s.points);
        let proofs = p.proofs.iter().flatten();
        let proofs = proofs.flat_map(|p| evaluation_values(&p.evaluation));
        proofs.chain(points.map(|p| g1_to_be(p).to_vec())).collect()
    };
    let both: [Vec<_>; 2] = [values(toy), values(&other)];
    distinct(&both.concat());
}

/// Consent is committed afresh in every snapshot, so that nobody sees whose changed; what was not touched keeps its
/// commitments.
#[test]
fn consent_is_blinded_anew_and_untouched_columns_are_not() {
    let cohort = Cohort::clinic();
    let first = cohort.commit(None);
    let second = cohort.commit(Some(&first));
    for (place, column) in (0..).zip(&cohort.columns) {
        for leaf in column.leaves() {
            let (old, new) = (points(&first, place, leaf), points(&second, place, leaf));
            for (old, new) in old.into_iter().zip(new) {
                let kept = place < at::RESEARCH;
                assert_eq!(old == new, kept, "{leaf:?} of {}", column.name);
            }
        }
    }
}

/// Two versions of a segment do not subtract to what changed between them.
#[test]
fn versions_of_a_segment_do_not_subtract() {
    let mut cohort = Cohort::clinic();
    cohort.codes[usize::from(at::SEX)][3] = 1;
    let first = cohort.commit(None);
    cohort.codes[usize::from(at::SEX)][3] = 2;
    let second = cohort.commit(Some(&first));
    let powers = keys().srs().powers(4).expect("powers");
    let row: G1Projective = powers[3].into();
    for leaf in [Leaf::Code(1), Leaf::Code(2), Leaf::Bit(0), Leaf::Bit(1)] {
        let (old, new) = (
            points(&first, at::SEX, leaf)[0],
            points(&second, at::SEX, leaf)[0],
        );
        let difference = (new - old).into_affine();
        assert_ne!(old, new, "{leaf:?}");
        assert!(
            ![row, -row]
                .map(CurveGroup::into_affine)
                .contains(&difference),
            "{leaf:?}"
        );
    }
    // Bare commitments without a blinding would.
    let bare = |bits: [u8; 4]| {
        let scalars: Vec<_> = bits.map(ark_bn254::Fr::from).to_vec();
        G1Projective::msm(&powers[..4], &scalars).expect("equal lengths")
    };
    assert_eq!(bare([1, 0, 1, 1]) - bare([1, 0, 1, 0]), row);
}

/// The same rows committed again under one key and one sequence number, as after a restored copy: nobody can see that
/// they are the same.
#[test]
fn a_snapshot_committed_twice() {
    let cohort = Cohort::clinic().tagged();
    let points = |snapshot: Snapshot| {
        let segments = snapshot.manifest().columns().concat();
        let points = segments.into_iter().flat_map(|s| s.points);
        points.map(|p| g1_to_be(&p).to_vec()).collect::<Vec<_>>()
    };
    let both = [cohort.commit(None), cohort.commit(None)].map(points);
    let shared = both[0].iter().filter(|p| both[1].contains(p)).count();
    assert_eq!(shared, 0);
}
