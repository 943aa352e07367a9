//! What is changed in the whole bundle, and the reason for which it is then refused.

use alloy_primitives::B256;
use alloy_sol_types::SolValue;
use ark_bn254::{Fr, G1Affine};
use ark_ec::AffineRepr;
use ark_ff::One;
use nectar_verifier::{
    abi,
    bundle::{Bundle, MAGIC},
    disclosure::MARK,
    header::dataset_id,
    query::CodeSet,
};

const IDENTITY: &str = "identity does not hold";
const PAIRING: &str = "not those of the commitments";
const GROTH16: &str = "release circuit's proof is not valid";
const ROOT: &str = "does not lead to the accepted snapshot root";
const PATH: &str = "does not lead to the root";
const OTHER: &str = "opens other columns or vectors";
const CANONICAL: &str = "a field element is not canonical";
const GROUP: &str = "not on the curve";
const ZERO: &str = "a point is the identity";
const KEYS: &str = "not among those this verifier accepts";
const ENCODING: &str = "not the canonical ABI encoding of a bundle";

type Values = (&'static str, fn(&mut Bundle), &'static str);
type Wire = (&'static str, fn(&mut abi::Bundle), &'static str);
type Bytes = (&'static str, fn(&mut Vec<u8>), &'static str);

fn proof() -> [Values; 22] {
    [
        ("com_N", |b| b.proof.com_n += Fr::one(), IDENTITY),
        ("com_v", |b| b.proof.com_v += Fr::one(), IDENTITY),
        (
            "M the generator",
            |b| b.proof.m = G1Affine::generator(),
            IDENTITY,
        ),
        ("M negated", |b| b.proof.m = -b.proof.m, IDENTITY),
        ("r_1", |b| b.proof.r[0] += Fr::one(), IDENTITY),
        ("r_24", |b| b.proof.r[23] += Fr::one(), IDENTITY),
        (
            "r a coordinate less",
            |b| b.proof.r.truncate(23),
            "got 23, want 24",
        ),
        (
            "r a coordinate more",
            |b| b.proof.r.push(Fr::one()),
            "got 25, want 24",
        ),
        ("L", |b| b.proof.l += Fr::one(), IDENTITY),
        (
            "[S] the generator",
            |b| b.proof.opening.s = G1Affine::generator(),
            IDENTITY,
        ),
        (
            "[S] negated",
            |b| b.proof.opening.s = -b.proof.opening.s,
            IDENTITY,
        ),
        ("F(z)", |b| b.proof.opening.values[0] += Fr::one(), IDENTITY),
        (
            "F(1/z)",
            |b| b.proof.opening.values[1] += Fr::one(),
            IDENTITY,
        ),
        ("S(z)", |b| b.proof.opening.values[2] += Fr::one(), IDENTITY),
        (
            "S(1/z)",
            |b| b.proof.opening.values[3] += Fr::one(),
            IDENTITY,
        ),
        (
            "[Q] negated",
            |b| b.proof.opening.q = -b.proof.opening.q,
            PAIRING,
        ),
        (
            "[Q] the generator",
            |b| b.proof.opening.q = G1Affine::generator(),
            PAIRING,
        ),
        (
            "A negated",
            |b| b.proof.groth16.a = -b.proof.groth16.a,
            GROTH16,
        ),
        (
            "B negated",
            |b| b.proof.groth16.b = -b.proof.groth16.b,
            GROTH16,
        ),
        (
            "B the generator",
            |b| b.proof.groth16.b = AffineRepr::generator(),
            GROTH16,
        ),
        (
            "C negated",
            |b| b.proof.groth16.c = -b.proof.groth16.c,
            GROTH16,
        ),
        (
            "A and C swapped",
            |b| std::mem::swap(&mut b.proof.groth16.a, &mut b.proof.groth16.c),
            GROTH16,
        ),
    ]
}

fn statement() -> [Values; 26] {
    [
        ("a cell changed", |b| b.cells[1] += 5, IDENTITY),
        ("a cell marked", |b| b.cells[1] = MARK, IDENTITY),
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

fn openings() -> [Values; 17] {
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

fn column(b: &mut Bundle) -> &mut nectar_verifier::bundle::ColumnOpening {
    b.columns.get_mut(&0).expect("the first column")
}

/// A compressed identity.
const IDENTITY_POINT: [u8; 32] = {
    let mut bytes = [0; 32];
    bytes[31] = 0x40;
    bytes
};

fn wire() -> [Wire; 24] {
    [
        ("com_N all ones", |b| b.proof.comN = ONES, CANONICAL),
        ("com_v all ones", |b| b.proof.comV = ONES, CANONICAL),
        ("r_1 all ones", |b| b.proof.r[0] = ONES, CANONICAL),
        ("L all ones", |b| b.proof.l = ONES, CANONICAL),
        ("F(z) all ones", |b| b.proof.values[0] = ONES, CANONICAL),
        ("S(1/z) all ones", |b| b.proof.values[3] = ONES, CANONICAL),
        ("com_N the order", |b| b.proof.comN = order(), CANONICAL),
        (
            "M the identity",
            |b| b.proof.m = IDENTITY_POINT.into(),
            ZERO,
        ),
        (
            "[S] the identity",
            |b| b.proof.s = IDENTITY_POINT.into(),
            ZERO,
        ),
        (
            "[Q] the identity",
            |b| b.proof.q = IDENTITY_POINT.into(),
            ZERO,
        ),
        (
            "A the identity",
            |b| b.proof.a = IDENTITY_POINT.into(),
            ZERO,
        ),
        (
            "B the identity",
            |b| b.proof.b = [B256::ZERO, IDENTITY_POINT.into()],
            ZERO,
        ),
        (
            "C the identity",
            |b| b.proof.c = IDENTITY_POINT.into(),
            ZERO,
        ),
        ("M all ones", |b| b.proof.m = ONES, GROUP),
        ("A off the curve", |b| b.proof.a = B256::ZERO, GROUP),
        ("B outside the subgroup", |b| b.proof.b = outside(), GROUP),
        (
            "version 2",
            |b| b.core.version = 2,
            "the format version is not 1",
        ),
        ("rows none", |b| b.core.rows = 0, "rows are 1 to 2^26"),
        (
            "k within a class",
            |b| b.core.k += 1,
            "does not begin a rounding class",
        ),
        ("a byte of the key's alpha", |b| bend(&mut b.key, 63), GROUP),
        (
            "a key cut",
            |b| b.key = b.key.slice(..959),
            "a key has 959 bytes, want 960",
        ),
        (
            "an SRS cut",
            |b| b.srs = b.srs.slice(..352),
            "a point or scalar has 127 bytes",
        ),
        ("the SRS' powers digest", |b| bend(&mut b.srs, 0), KEYS),
        (
            "columns swapped",
            |b| b.columns.swap(0, 1),
            "columns do not rise",
        ),
    ]
}

/// Keys of one's own, which are consistent and not on the list.
fn keys() -> [Wire; 4] {
    [
        ("the SRS' bits 4", |b| set(&mut b.srs, 32, &[4]), KEYS),
        (
            "the SRS' bits 17",
            |b| set(&mut b.srs, 32, &[17]),
            "no range for segments",
        ),
        (
            "delta made gamma",
            |b| {
                let gamma = b.key[64 + 128..64 + 256].to_vec();
                set(&mut b.key, 64 + 256, &gamma);
            },
            "without a phase-2 contribution",
        ),
        (
            "IC_0 and IC_1 swapped",
            |b| {
                let (zero, one) = (b.key[448..512].to_vec(), b.key[512..576].to_vec());
                set(&mut b.key, 448, &[one, zero].concat());
            },
            KEYS,
        ),
    ]
}

fn bytes() -> [Bytes; 8] {
    [
        ("magic", |b| b[0] ^= 1, "not a Nectar bundle of version 1"),
        (
            "format version 2",
            |b| b[7] = 2,
            "not a Nectar bundle of version 1",
        ),
        ("nothing", Vec::clear, "not a Nectar bundle of version 1"),
        ("magic alone", |b| b.truncate(8), ENCODING),
        ("truncated by a byte", |b| _ = b.pop(), ENCODING),
        (
            "truncated by a word",
            |b| b.truncate(b.len() - 32),
            ENCODING,
        ),
        ("a leftover byte", |b| b.push(0), ENCODING),
        ("a leftover word", |b| b.extend([0; 32]), ENCODING),
    ]
}

const ONES: B256 = B256::repeat_byte(0xff);

fn order() -> B256 {
    let mut order = crate::vectors::text::scalar(&-Fr::one());
    order.0[31] += 1;
    order
}

fn set(bytes: &mut alloy_primitives::Bytes, at: usize, new: &[u8]) {
    let mut all = bytes.to_vec();
    all[at..at + new.len()].copy_from_slice(new);
    *bytes = all.into();
}

fn bend(bytes: &mut alloy_primitives::Bytes, at: usize) {
    let byte = bytes[at] ^ 1;
    set(bytes, at, &[byte]);
}

/// A point of the twist outside the subgroup of prime order.
fn outside() -> [B256; 2] {
    use ark_bn254::{Fq, Fq2, G2Affine};
    let point = (0u64..)
        .filter_map(|x| {
            G2Affine::get_point_from_x_unchecked(Fq2::new(Fq::from(x), Fq::one()), true)
        })
        .find(|p| !p.is_in_correct_subgroup_assuming_on_curve())
        .expect("most points of the twist are");
    let bytes: [u8; 64] = nectar_verifier::field::compress(&point);
    [&bytes[..32], &bytes[32..]].map(B256::from_slice)
}

/// All of them: name, changed bytes, reason.
pub fn all(honest: &[u8]) -> Vec<(&'static str, Vec<u8>, &'static str)> {
    let bundle = Bundle::decode(honest).expect("a bundle");
    let value = |(name, change, error): Values| {
        let mut b = bundle.clone();
        change(&mut b);
        (name, b.encode(), error)
    };
    let wired = |(name, change, error): Wire| {
        let mut b: abi::Bundle = abi::decode(&honest[MAGIC.len()..], "bundle").expect("a bundle");
        change(&mut b);
        (name, [MAGIC.as_slice(), &b.abi_encode()].concat(), error)
    };
    let raw = |(name, change, error): Bytes| {
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
