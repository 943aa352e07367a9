//! What is changed in the whole bundle, and the reason for which it is then refused.

use super::{
    Case,
    encodings::{bytes, keys, wire},
};
use alloy_primitives::B256;
use alloy_sol_types::SolValue;
use ark_bn254::{Fr, G1Affine};
use ark_ec::AffineRepr;
use ark_ff::One;
use nectar_verifier::{
    abi,
    bundle::{Bundle, MAGIC},
    disclosure::SUPPRESSED,
    header::dataset_id,
    query::CodeSet,
};

const IDENTITY: &str = "identity does not hold";
const PAIRING: &str = "not those of the commitments";
const GROTH16: &str = "circuit's proof is not valid";
const ROOT: &str = "does not lead to the accepted snapshot root";
const PATH: &str = "does not lead to the root";
const OTHER: &str = "opens other columns or vectors";

fn proof() -> [Case<Bundle>; 24] {
    [
        ("com_N", |b| b.proof.com_n += Fr::one(), IDENTITY),
        ("com_v", |b| b.proof.evaluation.com_v += Fr::one(), IDENTITY),
        (
            "M the generator",
            |b| b.proof.evaluation.m = G1Affine::generator(),
            IDENTITY,
        ),
        (
            "M negated",
            |b| b.proof.evaluation.m = -b.proof.evaluation.m,
            IDENTITY,
        ),
        ("r_1", |b| b.proof.evaluation.r[0] += Fr::one(), IDENTITY),
        ("r_24", |b| b.proof.evaluation.r[23] += Fr::one(), IDENTITY),
        (
            "r a coordinate less",
            |b| b.proof.evaluation.r.truncate(23),
            "got 23, want 24",
        ),
        (
            "r a coordinate more",
            |b| b.proof.evaluation.r.push(Fr::one()),
            "got 25, want 24",
        ),
        ("L", |b| b.proof.evaluation.l += Fr::one(), IDENTITY),
        (
            "[S] the generator",
            |b| b.proof.evaluation.opening.s = G1Affine::generator(),
            IDENTITY,
        ),
        (
            "[S] negated",
            |b| b.proof.evaluation.opening.s = -b.proof.evaluation.opening.s,
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
            "[Q] negated",
            |b| b.proof.evaluation.opening.q = -b.proof.evaluation.opening.q,
            PAIRING,
        ),
        (
            "[Q] the generator",
            |b| b.proof.evaluation.opening.q = G1Affine::generator(),
            PAIRING,
        ),
        (
            "[V] negated",
            |b| b.proof.evaluation.opening.v = -b.proof.evaluation.opening.v,
            PAIRING,
        ),
        (
            "[V] the generator",
            |b| b.proof.evaluation.opening.v = G1Affine::generator(),
            PAIRING,
        ),
        (
            "A negated",
            |b| b.proof.evaluation.groth16.a = -b.proof.evaluation.groth16.a,
            GROTH16,
        ),
        (
            "B negated",
            |b| b.proof.evaluation.groth16.b = -b.proof.evaluation.groth16.b,
            GROTH16,
        ),
        (
            "B the generator",
            |b| b.proof.evaluation.groth16.b = AffineRepr::generator(),
            GROTH16,
        ),
        (
            "C negated",
            |b| b.proof.evaluation.groth16.c = -b.proof.evaluation.groth16.c,
            GROTH16,
        ),
        (
            "A and C swapped",
            |b| {
                std::mem::swap(
                    &mut b.proof.evaluation.groth16.a,
                    &mut b.proof.evaluation.groth16.c,
                )
            },
            GROTH16,
        ),
    ]
}

fn statement() -> [Case<Bundle>; 26] {
    [
        ("a cell changed", |b| b.cells[1] += 5, IDENTITY),
        ("a cell marked", |b| b.cells[1] = SUPPRESSED, IDENTITY),
        ("a mark revealed", |b| b.cells[0] = 0, IDENTITY),
        (
            "a cell less",
            |b| _ = b.cells.pop(),
            "the table has 2 cells, want 3",
        ),
        (
            "a cell more",
            |b| b.cells.push(0),
            "the table has 4 cells, want 3",
        ),
        ("rows", |b| b.core.rows -= 1, ROOT),
        (
            "sequence",
            |b| (b.core.sequence, b.core.parent) = (2, b.columns_root),
            ROOT,
        ),
        ("as of", |b| b.core.as_of -= 86_400, ROOT),
        ("offset", |b| b.core.utc_offset = 60, ROOT),
        ("lag", |b| b.core.lag = 31, ROOT),
        ("custodian", |b| b.core.custodian.0[0] ^= 1, ROOT),
        ("segments", |b| b.core.segment_bits = 5, ROOT),
        (
            "policy",
            |b| b.core.policy = crate::cohort::nearest(2, 1),
            ROOT,
        ),
        ("the SRS' digest", |b| b.core.srs.0[0] ^= 1, ROOT),
        (
            "the compact key's digest",
            |b| b.core.compact_key.0[0] ^= 1,
            ROOT,
        ),
        ("the wide key's digest", |b| b.core.wide_key.0[0] ^= 1, ROOT),
        ("the columns root", |b| b.columns_root.0[0] ^= 1, ROOT),
        (
            "the dataset's name",
            |b| b.dataset = "other".into(),
            "dataset's name is not the one",
        ),
        (
            "name and digest",
            |b| {
                b.dataset = "other".into();
                b.core.dataset = dataset_id("other");
            },
            ROOT,
        ),
        (
            "the purpose's column",
            |b| b.purposes[0].column = 1,
            "knows no consent",
        ),
        (
            "a purpose more",
            |b| {
                let more = abi::PurposeColumn {
                    purpose: B256::ZERO,
                    column: 2,
                };
                b.purposes.push(more);
            },
            "purpose map is not the one",
        ),
        (
            "a group of the query gone",
            |b| _ = b.query.axes[0].groups.pop(),
            "the table has 3 cells, want 2",
        ),
        (
            "the query's day",
            |b| b.query.day -= 1,
            "date is outside the window",
        ),
        (
            "the query's set",
            |b| b.query.axes[0].groups.reverse(),
            "groups rise by their least code",
        ),
        (
            "the query's purpose",
            |b| b.query.purpose.0[0] ^= 1,
            "knows no consent",
        ),
        (
            "the query's axis gone",
            |b| b.query.axes.clear(),
            "opens other columns",
        ),
    ]
}

fn openings() -> [Case<Bundle>; 17] {
    [
        (
            "a literal's set",
            |b| b.query.literals[0].set = CodeSet::run(2, 10),
            PATH,
        ),
        (
            "a vector's path bent",
            |b| b.leaves[0].path[0].0[0] ^= 1,
            PATH,
        ),
        (
            "a vector's path cut",
            |b| _ = b.leaves[0].path.pop(),
            "nodes, want",
        ),
        (
            "a vector's path longer",
            |b| b.leaves[0].path.push(B256::ZERO),
            "nodes, want",
        ),
        (
            "a commitment replaced",
            |b| b.leaves[0].points[0] = G1Affine::generator(),
            PATH,
        ),
        (
            "a commitment negated",
            |b| b.leaves[1].points[1] = -b.leaves[1].points[1],
            PATH,
        ),
        ("segments swapped", |b| b.leaves[0].points.swap(0, 1), PATH),
        ("a segment less", |b| _ = b.leaves[0].points.pop(), OTHER),
        (
            "a segment more",
            |b| b.leaves[0].points.push(G1Affine::generator()),
            OTHER,
        ),
        ("vectors swapped", |b| b.leaves.swap(0, 1), PATH),
        ("a vector less", |b| drop(b.leaves.pop()), OTHER),
        (
            "a vector more",
            |b| b.leaves.push(b.leaves[0].clone()),
            OTHER,
        ),
        (
            "a column's path bent",
            |b| column(b).path[0].0[0] ^= 1,
            PATH,
        ),
        (
            "a column's path cut",
            |b| _ = column(b).path.pop(),
            "nodes, want",
        ),
        (
            "a column's leaves root",
            |b| column(b).leaves_root.0[0] ^= 1,
            PATH,
        ),
        (
            "a column renamed",
            |b| column(b).column.name = "older".into(),
            PATH,
        ),
        (
            "a column less",
            |b| drop(b.columns.remove(&1)),
            "column 1 is unknown",
        ),
    ]
}

fn column(b: &mut Bundle) -> &mut nectar_verifier::opened::ColumnOpening {
    b.columns.get_mut(&0).expect("the first column")
}

/// All of them: name, changed bytes, reason.
pub fn all(honest: &[u8]) -> Vec<(&'static str, Vec<u8>, &'static str)> {
    let bundle = Bundle::decode(honest).expect("a bundle");
    let value = |(name, change, error): Case<Bundle>| {
        let mut b = bundle.clone();
        change(&mut b);
        (name, b.encode(), error)
    };
    let wired = |(name, change, error): Case<abi::Bundle>| {
        let mut b: abi::Bundle = abi::decode(&honest[MAGIC.len()..], "bundle").expect("a bundle");
        change(&mut b);
        (name, [MAGIC.as_slice(), &b.abi_encode()].concat(), error)
    };
    let raw = |(name, change, error): Case<Vec<u8>>| {
        let mut b = honest.to_vec();
        change(&mut b);
        (name, b, error)
    };
    let values = proof()
        .into_iter()
        .chain(statement())
        .chain(openings())
        .map(value);
    let wires = wire().into_iter().chain(keys()).map(wired);
    values.chain(wires).chain(bytes().map(raw)).collect()
}
