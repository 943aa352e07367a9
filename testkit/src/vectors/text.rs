//! How vectors are written: JSON with what fits on one line there, and large integers as text.

use alloy_primitives::{B256, Bytes};
use ark_bn254::{Fr, G1Affine, G2Affine};
use ark_ec::AffineRepr;
use nectar_verifier::field::{from_be, g1_from_be, g1_to_be, g2_from_be, g2_to_be, to_be};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};
use serde_json::Value;

/// Longest value written on one line.
const WIDTH: usize = 160;

/// JSON, broken into lines only where a value is too long for one.
pub fn pretty(value: &Value, depth: usize) -> String {
    let line = value.to_string();
    if line.len() <= WIDTH {
        return line;
    }
    let (open, close, items): (_, _, Vec<String>) = match value {
        Value::Array(list) => (
            '[',
            ']',
            list.iter().map(|v| pretty(v, depth + 1)).collect(),
        ),
        Value::Object(map) => {
            let item = |(k, v)| format!("{}: {}", Value::from(k as &str), pretty(v, depth + 1));
            ('{', '}', map.iter().map(|(k, v)| item((k, v))).collect())
        }
        _ => return line,
    };
    let (inner, outer) = ("  ".repeat(depth + 1), "  ".repeat(depth));
    let body = items.join(&format!(",\n{inner}"));
    format!("{open}\n{inner}{body}\n{outer}{close}")
}

/// An integer of 64 bits as decimal text, 2^64 - 1 (the mark) as `max`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Number(pub u64);

impl Serialize for Number {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            u64::MAX => s.serialize_str("max"),
            n => s.collect_str(&n),
        }
    }
}

impl<'de> Deserialize<'de> for Number {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let text = String::deserialize(d)?;
        match text.as_str() {
            "max" => Ok(Number(u64::MAX)),
            n => n.parse().map(Number).map_err(D::Error::custom),
        }
    }
}

/// Numbers to write.
pub fn numbers(list: &[u64]) -> Vec<Number> {
    list.iter().copied().map(Number).collect()
}

/// Numbers read.
pub fn values(list: &[Number]) -> Vec<u64> {
    list.iter().map(|n| n.0).collect()
}

/// A scalar to write.
pub fn scalar(x: &Fr) -> B256 {
    to_be(x).into()
}

/// A scalar read.
///
/// # Panics
/// It is not canonical.
pub fn fr(x: &B256) -> Fr {
    from_be(&x.0).expect("a scalar")
}

/// A point to write, the identity as zeros.
pub fn point(p: &G1Affine) -> Bytes {
    g1_to_be(p).to_vec().into()
}

/// A point of the twist to write, the identity as zeros.
pub fn twist(p: &G2Affine) -> Bytes {
    g2_to_be(p).to_vec().into()
}

fn is_zero(bytes: &Bytes) -> bool {
    bytes.iter().all(|b| *b == 0)
}

/// A point read, zeros as the identity.
///
/// # Panics
/// It is none.
pub fn g1(bytes: &Bytes) -> G1Affine {
    match is_zero(bytes) {
        true => G1Affine::zero(),
        false => g1_from_be(bytes).expect("a point"),
    }
}

/// A point of the twist read, zeros as the identity.
///
/// # Panics
/// It is none.
pub fn g2(bytes: &Bytes) -> G2Affine {
    match is_zero(bytes) {
        true => G2Affine::zero(),
        false => g2_from_be(bytes).expect("a point"),
    }
}
