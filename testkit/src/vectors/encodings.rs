//! Changes of the bundle's encoding: values no structure of this crate can hold.

use super::Case;
use alloy_primitives::B256;
use ark_bn254::Fr;
use ark_ff::One;
use nectar_verifier::abi::Bundle;

const CANONICAL: &str = "a field element is not canonical";
const GROUP: &str = "not on the curve";
const ZERO: &str = "a point is the identity";
const KEYS: &str = "not among those this verifier accepts";
const ENCODING: &str = "not the canonical ABI encoding of a bundle";

/// A compressed identity.
pub(super) const IDENTITY_POINT: [u8; 32] = {
    let mut bytes = [0; 32];
    bytes[31] = 0x40;
    bytes
};

/// Fields that are no algebra, no header, or no key.
pub fn wire() -> [Case<Bundle>; 25] {
    [
        ("com_N all ones", |b| b.proof.comN = ONES, CANONICAL),
        (
            "com_v all ones",
            |b| b.proof.evaluation.comV = ONES,
            CANONICAL,
        ),
        (
            "r_1 all ones",
            |b| b.proof.evaluation.r[0] = ONES,
            CANONICAL,
        ),
        ("L all ones", |b| b.proof.evaluation.l = ONES, CANONICAL),
        (
            "F(z) all ones",
            |b| b.proof.evaluation.values[0] = ONES,
            CANONICAL,
        ),
        (
            "S(1/z) all ones",
            |b| b.proof.evaluation.values[3] = ONES,
            CANONICAL,
        ),
        ("com_N the order", |b| b.proof.comN = order(), CANONICAL),
        (
            "M the identity",
            |b| b.proof.evaluation.m = IDENTITY_POINT.into(),
            ZERO,
        ),
        (
            "[S] the identity",
            |b| b.proof.evaluation.s = IDENTITY_POINT.into(),
            ZERO,
        ),
        (
            "[Q] the identity",
            |b| b.proof.evaluation.q = IDENTITY_POINT.into(),
            ZERO,
        ),
        (
            "[V] the identity",
            |b| b.proof.evaluation.v = IDENTITY_POINT.into(),
            ZERO,
        ),
        (
            "A the identity",
            |b| b.proof.evaluation.a = IDENTITY_POINT.into(),
            ZERO,
        ),
        (
            "B the identity",
            |b| b.proof.evaluation.b = [B256::ZERO, IDENTITY_POINT.into()],
            ZERO,
        ),
        (
            "C the identity",
            |b| b.proof.evaluation.c = IDENTITY_POINT.into(),
            ZERO,
        ),
        ("M all ones", |b| b.proof.evaluation.m = ONES, GROUP),
        (
            "A off the curve",
            |b| b.proof.evaluation.a = B256::ZERO,
            GROUP,
        ),
        (
            "B outside the subgroup",
            |b| b.proof.evaluation.b = outside(),
            GROUP,
        ),
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
            |b| b.srs = b.srs.slice(..224),
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
pub fn keys() -> [Case<Bundle>; 4] {
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

/// Files cut, or with something more.
pub fn bytes() -> [Case<Vec<u8>>; 8] {
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

/// No scalar, and no point.
pub(super) const ONES: B256 = B256::repeat_byte(0xff);

/// The order of the field: the least that is no scalar.
pub(super) fn order() -> B256 {
    let mut order = crate::vectors::text::scalar(&-Fr::one());
    order.0[31] += 1;
    order
}

/// Overwrites bytes.
pub(super) fn set(bytes: &mut alloy_primitives::Bytes, at: usize, new: &[u8]) {
    let mut all = bytes.to_vec();
    all[at..at + new.len()].copy_from_slice(new);
    *bytes = all.into();
}

/// Changes a byte.
pub(super) fn bend(bytes: &mut alloy_primitives::Bytes, at: usize) {
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
