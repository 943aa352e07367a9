//! Test vectors of the protocol, from which a second verifier can be tested: `tests/vectors/v1`.
//!
//! All but the bundle are functions of nothing, and a test compares them with the files. A bundle is made of fresh
//! randomness: one is checked in, with the trust anchors it verifies under and changes of it that must be refused.

use crate::{
    cohort::{Cohort, TODAY, at, day, noon},
    queries::{self, begins, or},
    world::{World, accepted, attested, attestor, head},
};
use alloy_primitives::{B256, hex, keccak256};
use ark_bn254::{Fr, G1Affine};
use ark_ec::{AffineRepr, CurveGroup};
use nectar_circuits::poseidon::{PoseidonTranscript, Use, hash};
use nectar_verifier::{
    bundle::Bundle,
    disclosure::release,
    field::{g1_to_be, to_be},
    header::Header,
    layout::Layout,
    merkle::{self, Tree},
    opening::{eq_poly, eq_table, prefix},
    policy::{Policy, Rounding},
    query::{CodeSet, Query},
    shape::Shape,
    statement::Statement,
    transcript::Transcript,
    trust::{Head, LogView},
};
use serde_json::{Value, json};

fn scalar(x: &Fr) -> String {
    hex::encode(to_be(x))
}

fn number(n: u64) -> Fr {
    Fr::from(n)
}

fn scalars(all: &[Fr]) -> Vec<String> {
    all.iter().map(scalar).collect()
}

/// The header queries are compiled against; its roots stand for commitments nobody made.
fn header() -> Header {
    let mut header = Cohort::clinic().header(None);
    let root = |i: usize| keccak256(i.to_be_bytes());
    header.leaves_roots = (0..header.columns.len()).map(root).collect();
    header
}

/// Every deterministic file by name.
pub fn all() -> [(&'static str, Value); 7] {
    [
        ("headers", headers()),
        ("queries", queries()),
        ("merkle", merkle_paths()),
        ("transcript", transcript()),
        ("multilinear", multilinear()),
        ("poseidon", poseidon()),
        ("disclosure", disclosure()),
    ]
}

fn headers() -> Value {
    let good = header();
    let bytes = good.encode();
    type Change = fn(&mut Header);
    let changes: [(&str, Change); 8] = [
        ("no rows", |h| h.core.rows = 0),
        ("too many rows", |h| h.core.rows = (1 << 26) + 1),
        ("segments too small", |h| h.core.segment_bits = 3),
        ("segments too large", |h| h.core.segment_bits = 17),
        ("lag of 32 days", |h| h.core.lag = 32),
        ("offset of 19 hours", |h| h.core.utc_offset = 19 * 60),
        ("a first snapshot with a parent", |h| {
            h.core.parent = B256::repeat_byte(1)
        }),
        ("a name used twice", |h| h.columns[0].name = "sex".into()),
    ];
    let refused = changes.map(|(name, change)| {
        let mut header = good.clone();
        change(&mut header);
        let bytes = header.encode();
        let error = Header::decode(&bytes).expect_err("refused");
        json!({ "name": name, "bytes": hex::encode(bytes), "error": error.to_string() })
    });
    let descriptors: Vec<_> = good.columns.iter().map(|c| c.descriptor()).collect();
    json!({
        "accepted": [{
            "bytes": hex::encode(bytes),
            "descriptors": descriptors,
            "columns_root": good.columns_root(),
            "root": good.root(),
        }],
        "refused": refused,
    })
}

fn queries() -> Value {
    let header = header();
    let consent = |q: &Query| header.consent(q.purpose).map(|(place, _)| place);
    let compile = |q: &Query| {
        Statement::new(
            q.clone(),
            &header.core,
            consent(q),
            header.columns.as_slice(),
        )
    };
    let good = [
        ("plain", queries::plain()),
        ("counts", queries::counts()),
        ("moments", queries::moments()),
        ("gram", queries::gram()),
    ];
    let accepted = good.map(|(name, query)| {
        let s = compile(&query).expect("a statement");
        let rho = number(3);
        let slots: Vec<_> = s
            .slots(rho)
            .into_iter()
            .map(|slot| {
                slot.map(|slot| {
                    let terms: Vec<_> = slot.terms.iter().map(|((column, leaf), weight)| {
                json!({ "column": column, "vector": format!("{leaf:?}"), "weight": scalar(weight) })
            }).collect();
                    json!({ "kappa": scalar(&slot.kappa), "terms": terms })
                })
            })
            .collect();
        json!({
            "name": name,
            "bytes": hex::encode(query.encode()),
            "d0": s.digest(&header.core, header.root()),
            "shape": s.shape().name(),
            "flags": s.flags(),
            "policy": s.policy_word().to_string(),
            "slots_at_rho_3": slots,
        })
    });
    let run = CodeSet::run;
    let runs = |runs: &[(u16, u16)]| CodeSet {
        missing: false,
        runs: runs.to_vec(),
    };
    type Change = Box<dyn Fn(&mut Query)>;
    let on_age = |set: CodeSet| -> Change {
        Box::new(move |q| q.literals = vec![begins(at::AGE, set.clone())])
    };
    let changes: Vec<(&str, Change)> = vec![
        ("overlapping runs", on_age(runs(&[(1, 4), (3, 6)]))),
        ("touching runs", on_age(runs(&[(1, 4), (5, 6)]))),
        ("falling runs", on_age(runs(&[(5, 6), (1, 2)]))),
        ("a reversed run", on_age(run(4, 3))),
        ("a run out of range", on_age(run(1, 13))),
        ("code 0 in a run", on_age(run(0, 3))),
        ("an empty set", on_age(runs(&[]))),
        (
            "everything",
            on_age(CodeSet {
                missing: true,
                runs: vec![(1, 12)],
            }),
        ),
        (
            "the first literal joins",
            Box::new(move |q| q.literals = vec![or(at::SEX, run(1, 1))]),
        ),
        (
            "a column twice in a clause",
            Box::new(move |q| {
                q.literals = vec![begins(at::SEX, run(1, 1)), or(at::SEX, run(2, 2))];
            }),
        ),
        (
            "a consent column",
            Box::new(move |q| q.literals = vec![begins(at::CARE, run(1, 1))]),
        ),
        (
            "an unknown column",
            Box::new(move |q| q.literals = vec![begins(77, run(1, 1))]),
        ),
        (
            "an axis without groups",
            Box::new(|q| q.axes[0].groups.clear()),
        ),
        ("falling groups", Box::new(|q| q.axes[0].groups.reverse())),
        ("a sum in counts", Box::new(|q| q.x = vec![at::AGE])),
        (
            "a date without a period",
            Box::new(|q| q.day = day("2024-12-31")),
        ),
        (
            "a purpose without consent",
            Box::new(|q| q.purpose = B256::ZERO),
        ),
    ];
    let refused: Vec<_> = changes.iter().map(|(name, change)| {
        let mut query = queries::counts();
        change(&mut query);
        let error = compile(&query).expect_err(name);
        json!({ "name": name, "bytes": hex::encode(query.encode()), "error": error.to_string() })
    }).collect();
    json!({ "header": hex::encode(header.encode()), "accepted": accepted, "refused": refused })
}

fn merkle_paths() -> Value {
    let tree = |count: usize| {
        let entries: Vec<B256> = (0..count)
            .map(|i| keccak256((i as u64).to_be_bytes()))
            .collect();
        let tree = Tree::new(entries.clone());
        let paths: Vec<_> = (0..count).map(|i| tree.path(i)).collect();
        for (i, path) in paths.iter().enumerate() {
            assert_eq!(
                merkle::verify(tree.root(), entries[i], i, count, path),
                Ok(())
            );
        }
        json!({ "entries": entries, "root": tree.root(), "paths": paths })
    };
    let points: Vec<G1Affine> = (1..4u64)
        .map(|i| (G1Affine::generator() * number(i)).into_affine())
        .collect();
    let trees = [1, 2, 3, 5, 8].map(tree);
    json!({
        "empty": merkle::empty(),
        "trees": trees,
        "vector": {
            "points": points.iter().map(|p| hex::encode(g1_to_be(p))).collect::<Vec<_>>(),
            "root": merkle::vector(&points),
        },
    })
}

fn transcript() -> Value {
    let point = |i: u64| (G1Affine::generator() * number(i)).into_affine();
    let d0 = B256::repeat_byte(0xd0);
    let mut t = Transcript::new(d0);
    let r: Vec<Fr> = (10..34).map(number).collect();
    let values = [number(40), number(41), number(42), number(43)];
    let proof = ark_groth16::Proof {
        a: point(4),
        b: ark_bn254::G2Affine::generator(),
        c: point(5),
    };
    let cells = [15, u64::MAX, 0];
    let rho = t.table(&number(1)).expect("rho");
    let lambda = t
        .evaluations(&number(2), &point(1), &r, &cells)
        .expect("lambda");
    let z = t.quotient(&number(3), &point(2)).expect("z");
    let nu = t.values(&values).expect("nu");
    let chi = t.proof(&point(3), &proof).expect("chi");
    json!({
        "d0": d0,
        "comN": scalar(&number(1)), "rho": scalar(&rho),
        "comV": scalar(&number(2)), "m": hex::encode(g1_to_be(&point(1))), "r": scalars(&r), "cells": cells.map(|c| c.to_string()),
        "lambda": scalar(&lambda),
        "l": scalar(&number(3)), "s": hex::encode(g1_to_be(&point(2))), "z": scalar(&z),
        "values": scalars(&values), "nu": scalar(&nu),
        "q": hex::encode(g1_to_be(&point(3))), "a": hex::encode(g1_to_be(&proof.a)),
        "b": hex::encode(nectar_verifier::field::g2_to_be(&proof.b)), "c": hex::encode(g1_to_be(&proof.c)),
        "chi": scalar(&chi),
    })
}

fn multilinear() -> Value {
    let r: Vec<Fr> = (2..5).map(number).collect();
    let presence: Vec<_> = (0..=8).map(|n| scalar(&prefix(&r, n))).collect();
    json!({
        "r": scalars(&r),
        "eq": scalars(&eq_table(&r)),
        "e_at_7": scalar(&eq_poly(&r, number(7))),
        "presence_of_0_to_8_rows": presence,
    })
}

fn poseidon() -> Value {
    let of = |shape: Shape| {
        let inputs: Vec<Fr> = (1..=shape.degree() as u64 + 1).map(number).collect();
        let mut transcript = PoseidonTranscript::new(shape, number(5), number(6));
        let message: Vec<Fr> = (0..shape.degree() as u64).map(number).collect();
        let challenges = [(); 2].map(|()| transcript.challenge(&message));
        json!({
            "shape": shape.name(),
            "rate": shape.degree(),
            "inputs": scalars(&inputs),
            "table": scalar(&hash(shape, Use::Table, &inputs)),
            "evaluations": scalar(&hash(shape, Use::Evaluations, &inputs)),
            "rounds": { "rho": scalar(&number(5)), "salt": scalar(&number(6)),
                "message": scalars(&message), "challenges": scalars(&challenges) },
        })
    };
    json!(Shape::ALL.map(of))
}

fn disclosure() -> Value {
    let policies = [
        (3, 5, Rounding::Nearest, true),
        (3, 5, Rounding::Nearest, false),
        (2, 1, Rounding::Nearest, true),
        (7, 6, Rounding::Midpoint6, true),
    ];
    let moments = vec![
        0, 0, 0, 0, 10, 55, 385, 10, 10, 55, 385, 12, 9, 40, 300, 14, 1, 2, 4, 1,
    ];
    let mut gram = vec![20, 90, 7, 0, 90, 500, 33, 0, 7, 33, 70, 0, 0, 0, 0, 0];
    gram.extend([2; 16]);
    let tables = [
        (Layout::Counts, vec![0, 1, 2, 3, 6, 7, 8, 12, 13, 100]),
        (Layout::Moments, moments),
        (Layout::Gram4, gram),
    ];
    let widths = [4, 3, 0, 0, 0, 0, 0];
    let one = |(k, base, mode, zeros): (u32, u8, Rounding, bool),
               (layout, cells): &(Layout, Vec<u64>)| {
        let policy = Policy::new(k, base, mode, zeros, 12).expect("valid");
        let released = release(&policy, *layout, &widths, cells).expect("in range");
        json!({
            "k": k, "base": base, "midpoint": mode == Rounding::Midpoint6, "zeros": zeros,
            "layout": layout.id(), "widths": widths, "cells": cells,
            "released": released.iter().map(u64::to_string).collect::<Vec<_>>(),
        })
    };
    let all: Vec<_> = policies
        .iter()
        .flat_map(|p| tables.iter().map(|t| one(*p, t)))
        .collect();
    json!(all)
}

/// Verifies the bytes of a bundle under the anchors of a vector; says what is wrong.
pub fn judge(anchors: &Value, bytes: &[u8]) -> Result<(), String> {
    let text = |name: &str| anchors[name].as_str().expect("text").to_owned();
    let bundle = Bundle::decode(bytes).map_err(|e| e.to_string())?;
    let keys = bundle.keys(&accepted()).map_err(|e| e.to_string())?;
    let root: B256 = text("root").parse().expect("32 bytes");
    let head = Head {
        dataset: text("dataset").parse().expect("32 bytes"),
        sequence: anchors["sequence"].as_u64().expect("a number"),
        root,
        since: anchors["since"].as_i64().expect("a number"),
    };
    let log = LogView {
        heads: vec![head],
        entries: vec![],
    };
    let now = anchors["now"].as_i64().expect("a number");
    let verdict = bundle.verify(&attested(root), &keys, &log, now);
    verdict.map(|_| ()).map_err(|e| e.to_string())
}

/// Applies `{at, xor}`, `{cut}` or `{append}` to bytes.
pub fn change(edit: &Value, bytes: &[u8]) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    let number = |name: &str| edit[name].as_u64().and_then(|n| usize::try_from(n).ok());
    if let (Some(at), Some(xor)) = (number("at"), edit["xor"].as_str()) {
        let mask = hex::decode(xor).expect("hex");
        bytes[at..].iter_mut().zip(mask).for_each(|(b, m)| *b ^= m);
    }
    if let Some(length) = number("cut") {
        bytes.truncate(length);
    }
    if let Some(more) = edit["append"].as_str() {
        bytes.extend(hex::decode(more).expect("hex"));
    }
    bytes
}

/// A bundle with its anchors and refused changes. Fresh at every call.
pub fn bundle() -> Value {
    let world = World::clinic();
    let good = world.prove(&queries::plain());
    let bytes = good.encode();
    let (core, head) = (&good.core, head(&world.snapshot));
    let anchors = json!({
        "root": good.root(),
        "dataset": core.dataset, "sequence": core.sequence, "since": head.since, "now": noon(TODAY),
        "srs": core.srs, "compact_key": core.compact_key,
        "attestor": attestor().address(),
        "attestation": hex::encode(attestor().attest(good.root())),
    });
    let edits = edits(&good, &bytes).into_iter().map(|(name, edit)| {
        let error = judge(&anchors, &change(&edit, &bytes)).expect_err(name);
        json!({ "name": name, "edit": edit, "error": error })
    });
    json!({
        "anchors": anchors,
        "cells": good.cells.iter().map(u64::to_string).collect::<Vec<_>>(),
        "refused": edits.collect::<Vec<_>>(),
        "bytes": hex::encode(&bytes),
    })
}

/// Places of values are found by what they hold.
fn edits(good: &Bundle, bytes: &[u8]) -> Vec<(&'static str, Value)> {
    let find = |word: &[u8]| {
        let at = bytes.windows(word.len()).position(|w| w == word);
        at.expect("the bundle holds it")
    };
    let flip = |at: usize| json!({ "at": at, "xor": "01" });
    let proof = good.proof.to_abi();
    let scalars = [
        ("com_N", proof.comN),
        ("com_v", proof.comV),
        ("r_1", proof.r[0]),
        ("r_24", proof.r[23]),
        ("L", proof.l),
        ("F(z)", proof.values[0]),
        ("F(1/z)", proof.values[1]),
        ("S(z)", proof.values[2]),
        ("S(1/z)", proof.values[3]),
    ];
    let mut all: Vec<(&str, Value)> = scalars
        .map(|(name, value)| (name, flip(find(value.as_slice()) + 31)))
        .into();
    // The sign of a compressed point: another point, on the curve.
    let points = [
        ("M negated", proof.m),
        ("[S] negated", proof.s),
        ("[Q] negated", proof.q),
        ("A negated", proof.a),
        ("C negated", proof.c),
    ];
    let negate = |at: usize| json!({ "at": at + 31, "xor": "80" });
    all.extend(points.map(|(name, value)| (name, negate(find(value.as_slice())))));
    all.extend([
        ("not a bundle", flip(0)),
        ("another version", flip(7)),
        ("truncated", json!({ "cut": bytes.len() - 32 })),
        ("padded", json!({ "append": "00".repeat(32) })),
        (
            "another root over columns",
            flip(find(good.columns_root.as_slice())),
        ),
        ("another dataset's name", flip(find(b"clinic"))),
        ("another circuit key", flip(find(&good.key) + 63)),
        (
            "another commitment",
            flip(find(&g1_to_be(&good.leaves[0].points[0])) + 63),
        ),
        (
            "another path",
            flip(find(good.leaves[0].path[0].as_slice())),
        ),
    ]);
    all
}
