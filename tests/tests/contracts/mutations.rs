//! Whatever is changed in an answer, contract and Rust come to the same verdict.

use crate::verifier::{Contract, d0};
use alloy_primitives::{Address, B256};
use ark_bn254::{Fr, G1Affine, G2Affine};
use ark_ec::AffineRepr;
use ark_ff::{Field, UniformRand};
use ark_std::rand::{Rng, SeedableRng, rngs::StdRng};
use nectar_testkit::{
    queries,
    world::{World, accepted, attested},
};
use nectar_verifier::{
    bundle::{Bundle, VerifyError},
    column::Kind,
    header::purposes_digest,
    policy::{Policy, Rounding},
    query::Query,
    solidity,
    trust::{Head, LogView},
};

/// Changes of each of the four answers.
const CHANGES: usize = 120;

/// What Rust says of a bundle whose root is attested and the head.
fn judge(bundle: &Bundle, now: i64) -> Result<(), VerifyError> {
    let root = bundle.root();
    let head = Head {
        dataset: bundle.core.dataset,
        sequence: bundle.core.sequence,
        root,
        since: bundle.core.as_of,
    };
    let log = LogView {
        heads: vec![head],
        entries: vec![],
    };
    let verdict = bundle.verify(&attested(root), &accepted(), &log, now);
    verdict.map(|_| ())
}

fn bit(hash: &mut B256, rng: &mut StdRng) {
    hash.0[rng.gen_range(0..32)] ^= 1 << rng.gen_range(0..8);
}

fn scalar(x: &mut Fr, rng: &mut StdRng) {
    *x = match rng.gen_range(0..5) {
        0 => Fr::from(0u8),
        1 => *x + Fr::from(1u8),
        2 => -*x,
        3 => *x + *x,
        _ => Fr::rand(rng),
    };
}

fn point(p: &mut G1Affine, rng: &mut StdRng) {
    *p = match rng.gen_range(0..5) {
        0 => G1Affine::zero(),
        1 => -*p,
        2 => G1Affine::generator(),
        3 => (*p + *p).into(),
        _ => G1Affine::rand(rng),
    };
}

fn of<T>(list: &mut [T], rng: &mut StdRng) -> usize {
    rng.gen_range(0..list.len().max(1))
}

fn cells(b: &mut Bundle, rng: &mut StdRng) {
    let i = of(&mut b.cells, rng);
    match rng.gen_range(0..6) {
        0 => b.cells[i] = u64::MAX,
        1 => b.cells[i] = 0,
        2 => b.cells[i] ^= 1 << rng.gen_range(0..64),
        3 => _ = b.cells.pop(),
        4 => b.cells.push(0),
        _ => b.cells[i] = rng.r#gen(),
    }
}

fn proof(b: &mut Bundle, rng: &mut StdRng) {
    let e = &mut b.proof.evaluation;
    match rng.gen_range(0..13) {
        0 => scalar(&mut b.proof.com_n, rng),
        1 => scalar(&mut e.com_v, rng),
        2 => point(&mut e.m, rng),
        3 => {
            let i = of(&mut e.r, rng);
            scalar(&mut e.r[i], rng);
        }
        4 => scalar(&mut e.l, rng),
        5 => point(&mut e.opening.s, rng),
        6 => scalar(&mut e.opening.values[rng.gen_range(0..4)], rng),
        7 => point(&mut e.opening.q, rng),
        8 => point(&mut e.opening.v, rng),
        9 => point(&mut e.groth16.a, rng),
        10 => e.groth16.b = G2Affine::rand(rng),
        11 => point(&mut e.groth16.c, rng),
        _ => _ = e.r.pop(),
    }
}

/// Another proof of the same: A and B times a scalar and its inverse.
fn rerandomise(b: &mut Bundle, rng: &mut StdRng) {
    let proof = &mut b.proof.evaluation.groth16;
    let by = Fr::rand(rng);
    let inverse = by.inverse().expect("not 0");
    (proof.a, proof.b) = ((proof.a * by).into(), (proof.b * inverse).into());
}

fn leaves(b: &mut Bundle, rng: &mut StdRng) {
    let (i, j) = (of(&mut b.leaves, rng), of(&mut b.leaves, rng));
    match rng.gen_range(0..7) {
        0 => b.leaves.swap(i, j),
        1 => _ = b.leaves.pop(),
        2 => b.leaves.push(b.leaves[i].clone()),
        3 => _ = b.leaves[i].points.pop(),
        4 => b.leaves[i].points.reverse(),
        5 => {
            let k = of(&mut b.leaves[i].points, rng);
            point(&mut b.leaves[i].points[k], rng);
        }
        _ => path(&mut b.leaves[i].path, rng),
    }
}

fn path(path: &mut Vec<B256>, rng: &mut StdRng) {
    let i = of(path, rng);
    match rng.gen_range(0..4) {
        0 => _ = path.pop(),
        1 => path.push(B256::ZERO),
        2 => path.reverse(),
        _ => path.iter_mut().skip(i).take(1).for_each(|h| bit(h, rng)),
    }
}

fn columns(b: &mut Bundle, rng: &mut StdRng) {
    let places: Vec<u16> = b.columns.keys().copied().collect();
    let place = places[rng.gen_range(0..places.len())];
    let column = b.columns.get_mut(&place).expect("a column");
    match rng.gen_range(0..7) {
        0 => path(&mut column.path, rng),
        1 => bit(&mut column.leaves_root, rng),
        2 => column.column.name.push('x'),
        3 => column.column.kind = Kind::Boolean,
        4 => _ = b.columns.remove(&place),
        5 => {
            let moved = b.columns.remove(&place).expect("a column");
            b.columns.insert(rng.gen_range(0..12), moved);
        }
        _ => grow(&mut column.column.kind),
    }
}

/// One more code.
fn grow(kind: &mut Kind) {
    match kind {
        Kind::Number { count, .. } | Kind::Date { count, .. } | Kind::Consent { count, .. } => {
            *count += 1;
        }
        Kind::Categorical { labels } => labels.push("more".into()),
        Kind::Boolean | Kind::Tag => *kind = Kind::Tag,
    }
}

fn core(b: &mut Bundle, rng: &mut StdRng) {
    let core = &mut b.core;
    match rng.gen_range(0..19) {
        0 => bit(&mut core.dataset, rng),
        1 => core.sequence = rng.gen_range(0..3),
        2 => bit(&mut core.parent, rng),
        3 => core.as_of ^= 1 << rng.gen_range(0..14),
        4 => core.utc_offset ^= 1 << rng.gen_range(0..12),
        5 => core.lag ^= 1 << rng.gen_range(0..8),
        6 => core.custodian = Address::repeat_byte(rng.r#gen()),
        7 => core.rows = rng.gen_range(0..40),
        8 => core.rows ^= 1 << rng.gen_range(0..32),
        9 => core.segment_bits = rng.gen_range(0..18),
        10 => core.columns = rng.gen_range(0..20),
        11 => bit(&mut core.purposes, rng),
        12 => core.policy = Policy::new(8, 5, Rounding::Nearest, true, 12).expect("a policy"),
        13 => bit(&mut core.srs, rng),
        14 => bit(&mut core.compact_key, rng),
        15 => bit(&mut core.wide_key, rng),
        16 => bit(&mut b.columns_root, rng),
        17 => b.dataset.push('x'),
        _ => {
            b.purposes.reverse();
            b.core.purposes = purposes_digest(&b.purposes);
        }
    }
}

/// Bytes of the query; none where these are a query no more.
fn query(b: &mut Bundle, rng: &mut StdRng) -> Option<Vec<u8>> {
    let mut bytes = b.query.encode();
    // Words are small numbers, bits of a word's end mean something.
    let word = 32 * rng.gen_range(0..bytes.len() / 32);
    match rng.gen_range(0..4) {
        0 => bytes[word + 31] ^= 1 << rng.gen_range(0..8),
        1 => bytes[word + 31] = rng.gen_range(0..4),
        2 => {
            let i = rng.gen_range(0..bytes.len());
            bytes[i] ^= 1 << rng.gen_range(0..8);
        }
        _ => bytes[word + rng.gen_range(0..8)] = rng.r#gen(),
    }
    match Query::decode(&bytes) {
        Ok(query) => b.query = query,
        Err(_) => return Some(bytes),
    }
    None
}

/// Changes a bundle; bytes are such as no bundle holds in place of its query.
fn change(b: &mut Bundle, rng: &mut StdRng) -> Option<Vec<u8>> {
    match rng.gen_range(0..16) {
        0..2 => cells(b, rng),
        2..5 => proof(b, rng),
        5..7 => rerandomise(b, rng),
        7..9 => leaves(b, rng),
        9..11 => columns(b, rng),
        11..13 => core(b, rng),
        _ => return query(b, rng),
    }
    None
}

/// Shows both verdicts the same, and says what it is.
fn agree(contract: &mut Contract, bundle: &Bundle, now: i64, name: &str) -> bool {
    let said = judge(bundle, now);
    // What has no form as calldata is refused by having none.
    let Ok(data) = solidity::calldata(bundle) else {
        assert!(said.is_err(), "{name}: no calldata of an accepted bundle");
        return false;
    };
    let outcome = contract.call(data);
    match &said {
        Ok(()) => assert_eq!(outcome.word(), Some(d0(bundle)), "{name}: {outcome:?}"),
        Err(e) => assert!(outcome.error().is_some(), "{name}: accepted despite {e}"),
    }
    said.is_ok()
}

fn fuzz(asked: &Query, seed: u64) {
    let world = World::clinic();
    let honest = world.honest(asked);
    let mut contract = Contract::of(&honest);
    let answer = solidity::answer(&honest).expect("an answer");
    let mut rng = StdRng::seed_from_u64(seed);
    let mut accepted = 0;
    for i in 0..CHANGES {
        let mut bundle = honest.clone();
        if let Some(bytes) = change(&mut bundle, &mut rng) {
            let mut bent = answer.clone();
            bent.query = bytes.into();
            let outcome = contract.verify(&honest, bent);
            assert!(outcome.error().is_some(), "change {i}: no query");
        } else if agree(&mut contract, &bundle, world.now, &format!("change {i}")) {
            accepted += 1;
        }
    }
    // Rerandomised proofs, and changes that change nothing.
    assert!((1..CHANGES / 2).contains(&accepted), "{accepted} accepted");
}

#[test]
fn plain_counts() {
    fuzz(&queries::plain(), 1);
}

#[test]
fn counts_by_two_axes() {
    fuzz(&queries::counts(), 2);
}

#[test]
fn moments() {
    fuzz(&queries::moments(), 3);
}

#[test]
fn gram() {
    fuzz(&queries::gram(), 4);
}

/// Any byte or word of calldata changed: refused, or a part of it that no check needs.
#[test]
fn calldata() {
    let bundle = World::clinic().honest(&queries::plain());
    let mut contract = Contract::of(&bundle);
    let data = solidity::calldata(&bundle).expect("calldata");
    let mut rng = StdRng::seed_from_u64(5);
    for _ in 0..3 * CHANGES {
        let mut bent = data.clone();
        let i = rng.gen_range(4..bent.len());
        match rng.gen_range(0..3) {
            0 => bent[i] ^= 1 << rng.gen_range(0..8),
            1 => rng.fill(&mut bent[i..(i + 32).min(data.len())]),
            _ => bent.truncate(i),
        }
        let outcome = contract.call(bent);
        // Zero bytes at the end are there for the ABI alone.
        assert!(
            outcome.error().is_some() || i + 32 > data.len(),
            "{i}: {outcome:?}"
        );
    }
}
