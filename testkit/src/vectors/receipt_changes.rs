//! What is changed in the whole receipt, and the message with which that is then refused.

use super::{
    Case,
    encodings::{IDENTITY_POINT, ONES, bend, order, set},
};
use crate::cohort::{nearest, subject};
use alloy_primitives::B256;
use alloy_sol_types::SolValue;
use ark_bn254::{Fr, G1Affine};
use ark_ec::AffineRepr;
use ark_ff::{AdditiveGroup, One};
use nectar_verifier::{
    abi,
    column::Kind,
    field::g1_to_be,
    opened::ColumnOpening,
    receipt::{MAGIC, Receipt, tag},
    transcript::Transcript,
};

/// Another snapshot.
pub const ROOT: &str = "the receipt's header does not lead to the accepted snapshot root";

const IDENTITY: &str = "the opening's identity does not hold at the challenge point";
const PAIRING: &str = "the opening's values are not those of the commitments";
const OPENINGS: &str = "the receipt opens other vectors than it claims values of";
const TAG: &str = "the receipt does not open the tag column, the last of the schema";
const SEX: &str = "column 1: a Merkle path does not lead to the root";
const CANONICAL: &str = "a field element is not canonical: want a value below the field order";
const GROUP: &str = "a point is not on the curve or not in its prime-order subgroup";
const ZERO: &str = "a point is the identity";
const KEYS: &str = "the keys are not among those this verifier accepts";
const FILE: &str = "not a Nectar receipt of version 1";
const ENCODING: &str = "not the canonical ABI encoding of a receipt";

/// Where the word of the row stands: after an offset, the core, and five more of the head.
const ROW_WORD: usize = MAGIC.len() + (1 + 20 + 5) * 32;

fn claim() -> [Case<Receipt>; 12] {
    [
        (
            "another row of the segment",
            |r| r.record.row += 1,
            IDENTITY,
        ),
        ("a row of the other segment", |r| r.record.row -= 16, SEX),
        (
            "the first row past the last",
            |r| r.record.row = 30,
            "row 30 does not exist: the snapshot has 30 rows",
        ),
        (
            "the row 2^32 - 1",
            |r| r.record.row = u32::MAX,
            "row 4294967295 does not exist: the snapshot has 30 rows",
        ),
        (
            "another subject's tag",
            |r| r.record.tag = tag(&subject(0), r.record.core.dataset),
            IDENTITY,
        ),
        ("no tag", |r| r.record.tag = Fr::ZERO, IDENTITY),
        (
            "another code",
            |r| r.record.codes[0] = (r.record.codes[0] + 1) % 3,
            IDENTITY,
        ),
        (
            "another consent",
            |r| r.record.codes[1] = (r.record.codes[1] + 1) % 25,
            IDENTITY,
        ),
        (
            "the code T",
            |r| r.record.codes[0] = 3,
            "column 1: code 3 is claimed of 3 codes",
        ),
        (
            "a code with more digits than the column has",
            |r| r.record.codes[0] = 4,
            "column 1: code 4 is claimed of 3 codes",
        ),
        ("a code less", |r| _ = r.record.codes.pop(), OPENINGS),
        ("a code more", |r| r.record.codes.push(0), OPENINGS),
    ]
}

fn vectors() -> [Case<Receipt>; 8] {
    [
        (
            "another vector's commitment with its paths",
            |r| r.record.vectors[0] = r.record.vectors[1].clone(),
            SEX,
        ),
        ("two vectors swapped", |r| r.record.vectors.swap(0, 1), SEX),
        (
            "a commitment negated",
            |r| r.record.vectors[0].point = -r.record.vectors[0].point,
            SEX,
        ),
        ("a vector less", |r| _ = r.record.vectors.pop(), OPENINGS),
        (
            "a vector more",
            |r| r.record.vectors.push(r.record.vectors[0].clone()),
            OPENINGS,
        ),
        (
            "a short path over segments",
            |r| r.record.vectors[0].segments.clear(),
            "column 1: a Merkle path has 0 nodes, want 1",
        ),
        (
            "a long path over vectors",
            |r| r.record.vectors[0].leaves.push(B256::ZERO),
            "column 1: a Merkle path has 3 nodes, want 2",
        ),
        (
            "a sibling of the tag's segment",
            |r| r.record.vectors[7].segments[0] = B256::ZERO,
            "column 3: a Merkle path does not lead to the root",
        ),
    ]
}

fn column(r: &mut Receipt, place: u16) -> &mut ColumnOpening {
    r.record.columns.get_mut(&place).expect("an opened column")
}

fn columns() -> [Case<Receipt>; 10] {
    [
        (
            "a column left out with all that is its",
            |r| {
                r.record.columns.remove(&1);
                r.record.codes.remove(0);
                r.record.vectors.drain(..2);
            },
            IDENTITY,
        ),
        (
            "a column left out alone",
            |r| _ = r.record.columns.remove(&1),
            OPENINGS,
        ),
        (
            "the tags left out",
            |r| _ = r.record.columns.remove(&3),
            TAG,
        ),
        (
            "tags called a boolean",
            |r| column(r, 3).column.kind = Kind::Boolean,
            TAG,
        ),
        (
            "codes called tags",
            |r| column(r, 1).column.kind = Kind::Tag,
            "column 1: code 2 is claimed of 0 codes",
        ),
        ("another name", |r| column(r, 1).column.name.push('s'), SEX),
        (
            "labels swapped",
            |r| match &mut column(r, 1).column.kind {
                Kind::Categorical { labels } => labels.swap(0, 1),
                other => panic!("{other:?}"),
            },
            SEX,
        ),
        (
            "another leaves root",
            |r| column(r, 1).leaves_root = B256::ZERO,
            SEX,
        ),
        (
            "another place",
            |r| {
                let sex = r.record.columns.remove(&1).expect("an opened column");
                r.record.columns.insert(0, sex);
            },
            "column 0: a Merkle path does not lead to the root",
        ),
        (
            "a short path",
            |r| column(r, 2).path.truncate(1),
            "column 2: a Merkle path has 1 nodes, want 2",
        ),
    ]
}

fn snapshot() -> [Case<Receipt>; 11] {
    [
        ("rows", |r| r.record.core.rows += 1, ROOT),
        ("policy", |r| r.record.core.policy = nearest(2, 1), ROOT),
        ("columns", |r| r.record.core.columns -= 1, ROOT),
        ("segments", |r| r.record.core.segment_bits = 5, ROOT),
        ("as of", |r| r.record.core.as_of -= 86_400, ROOT),
        ("columns root", |r| r.record.columns_root = B256::ZERO, ROOT),
        (
            "the dataset's name",
            |r| r.record.dataset.push('s'),
            "the dataset's name is not the one the header binds",
        ),
        (
            "a purpose left out",
            |r| {
                r.record.purposes.pop();
            },
            "the purpose map is not the one the header binds",
        ),
        (
            "no SRS",
            |r| r.record.srs.clear(),
            "a key has 0 bytes, want 225",
        ),
        (
            "an SRS whose [tau]_1 is the generator",
            |r| r.record.srs[33..97].copy_from_slice(&g1_to_be(&G1Affine::generator())),
            "the SRS is inconsistent: its powers are not those of one secret",
        ),
        ("another SRS", |r| r.record.srs[0] ^= 1, KEYS),
    ]
}

/// S(z) one more and S(1/z) less by z^2: the identity still holds.
fn balanced(r: &mut Receipt) {
    let (record, opening) = (&r.record, &mut r.opening);
    let claims = record.claims();
    let start = Transcript::receipt(record.root(), record.row, &claims, &r.m, &r.mu);
    let z = start
        .expect("lambda")
        .0
        .symmetric(None, &opening.s)
        .expect("z");
    opening.values[2] += Fr::one();
    opening.values[3] -= z * z;
}

fn proof() -> [Case<Receipt>; 15] {
    [
        ("M the generator", |r| r.m = G1Affine::generator(), IDENTITY),
        ("M negated", |r| r.m = -r.m, IDENTITY),
        ("mu", |r| r.mu += Fr::one(), IDENTITY),
        (
            "[S] the generator",
            |r| r.opening.s = G1Affine::generator(),
            IDENTITY,
        ),
        ("[S] negated", |r| r.opening.s = -r.opening.s, IDENTITY),
        ("F(z)", |r| r.opening.values[0] += Fr::one(), IDENTITY),
        ("F(1/z)", |r| r.opening.values[1] += Fr::one(), IDENTITY),
        ("S(z)", |r| r.opening.values[2] += Fr::one(), IDENTITY),
        ("S(1/z)", |r| r.opening.values[3] += Fr::one(), IDENTITY),
        ("values that keep the identity", balanced, PAIRING),
        ("[Q] negated", |r| r.opening.q = -r.opening.q, PAIRING),
        (
            "[Q] the generator",
            |r| r.opening.q = G1Affine::generator(),
            PAIRING,
        ),
        ("[V] negated", |r| r.opening.v = -r.opening.v, PAIRING),
        (
            "[V] the generator",
            |r| r.opening.v = G1Affine::generator(),
            PAIRING,
        ),
        (
            "M and [S] swapped",
            |r| std::mem::swap(&mut r.m, &mut r.opening.s),
            IDENTITY,
        ),
    ]
}

/// Changes the commitment of the first vector.
fn first(r: &mut abi::Receipt, point: [B256; 2]) {
    let bytes = &r.vectors[0];
    let mut vector: abi::SegmentOpening = abi::decode(bytes, "opening").expect("an opening");
    vector.point = point;
    r.vectors[0] = vector.abi_encode().into();
}

/// Fields that are no algebra, no header, or no list.
fn wire() -> [Case<abi::Receipt>; 19] {
    [
        ("tag all ones", |r| r.tag = ONES, CANONICAL),
        ("tag the order", |r| r.tag = order(), CANONICAL),
        ("mu all ones", |r| r.mu = ONES, CANONICAL),
        ("F(z) the order", |r| r.values[0] = order(), CANONICAL),
        ("S(1/z) all ones", |r| r.values[3] = ONES, CANONICAL),
        ("M the identity", |r| r.m = IDENTITY_POINT.into(), ZERO),
        ("[S] the identity", |r| r.s = IDENTITY_POINT.into(), ZERO),
        ("[Q] the identity", |r| r.q = IDENTITY_POINT.into(), ZERO),
        ("[V] the identity", |r| r.v = IDENTITY_POINT.into(), ZERO),
        ("M all ones", |r| r.m = ONES, GROUP),
        ("[Q] off the curve", |r| r.q = B256::ZERO, GROUP),
        (
            "a commitment off the curve",
            |r| first(r, [B256::with_last_byte(1); 2]),
            GROUP,
        ),
        (
            "a commitment the identity",
            |r| first(r, [B256::ZERO; 2]),
            ZERO,
        ),
        (
            "a commitment's x all ones",
            |r| first(r, [ONES, B256::with_last_byte(1)]),
            CANONICAL,
        ),
        (
            "header version 2",
            |r| r.core.version = 2,
            "snapshot header: the format version is not 1",
        ),
        (
            "columns out of order",
            |r| r.columns.swap(0, 1),
            "the opened columns do not rise",
        ),
        (
            "a column twice",
            |r| r.columns.insert(1, r.columns[0].clone()),
            "the opened columns do not rise",
        ),
        (
            "dirt before a column's place",
            |r| bend(&mut r.columns[0], 32),
            "not the canonical ABI encoding of a column opening",
        ),
        (
            "another offset within a vector's opening",
            |r| set(&mut r.vectors[0], 31, &[64]),
            "not the canonical ABI encoding of a segment opening",
        ),
    ]
}

/// Files cut, or with something more.
fn bytes() -> [Case<Vec<u8>>; 9] {
    [
        ("magic", |b| b[0] ^= 1, FILE),
        ("format version 2", |b| b[7] = 2, FILE),
        ("nothing", Vec::clear, FILE),
        ("magic alone", |b| b.truncate(8), ENCODING),
        ("truncated by a byte", |b| _ = b.pop(), ENCODING),
        (
            "truncated by a word",
            |b| b.truncate(b.len() - 32),
            ENCODING,
        ),
        ("a leftover byte", |b| b.push(0), ENCODING),
        ("a leftover word", |b| b.extend([0; 32]), ENCODING),
        ("a row past 32 bits", |b| b[ROW_WORD + 27] = 1, ENCODING),
    ]
}

/// Every change: its name, the changed file, and the message.
pub fn all(honest: &Receipt) -> Vec<(&'static str, Vec<u8>, &'static str)> {
    let file = honest.encode();
    let wired: abi::Receipt = abi::decode(&file[MAGIC.len()..], "receipt").expect("a receipt");
    let encode = |w: abi::Receipt| [MAGIC.as_slice(), &w.abi_encode()].concat();
    let values = claim().into_iter().chain(vectors()).chain(columns());
    let values = values.chain(snapshot()).chain(proof());
    values
        .map(|c| changed(honest, c, |r| r.encode()))
        .chain(wire().map(|c| changed(&wired, c, encode)))
        .chain(bytes().map(|c| changed(&file, c, |b| b)))
        .collect()
}

fn changed<T: Clone>(
    honest: &T,
    (name, change, error): Case<T>,
    encode: impl Fn(T) -> Vec<u8>,
) -> (&'static str, Vec<u8>, &'static str) {
    let mut value = honest.clone();
    change(&mut value);
    (name, encode(value), error)
}
