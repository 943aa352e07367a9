//! Bytes that are not a query: edits of the first canonical query's encoding.

use super::edit::{Edit, apply};
use nectar_verifier::query::{MAX_QUERY_BYTES, Query};
use serde::{Deserialize, Serialize};

/// Edits of the encoding, then zeros appended.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Malformed {
    name: String,
    edits: Vec<Edit>,
    append_zeros: usize,
    error: String,
}

impl Malformed {
    /// The bytes are refused for the reason given.
    ///
    /// # Panics
    /// Otherwise.
    pub fn check(&self, honest: &[u8]) {
        let mut bytes = apply(honest, &self.edits);
        bytes.resize(bytes.len() + self.append_zeros, 0);
        super::refused(&self.name, Query::decode(&bytes), &self.error);
    }
}

/// One word replaced.
fn word(index: usize, value: &[u8]) -> Vec<Edit> {
    let mut insert = vec![0; 32 - value.len()];
    insert.extend(value);
    vec![Edit {
        offset: index * 32,
        remove: 32,
        insert: insert.into(),
    }]
}

fn cut(offset: usize, remove: usize) -> Vec<Edit> {
    vec![Edit {
        offset,
        remove,
        insert: vec![].into(),
    }]
}

/// All of them. Words of the encoding: 0 offset, 1 variant, 2 purpose, 3 day, 4 literals, 5 axes, 6 x, 7 number of
/// literals, 8 offset of the first, 9 its column, 10 joins, 11 set, 12 missing, 13 runs, 14 their length, 15 bytes,
/// 16 number of axes, 17 and 18 offsets of the two.
pub fn all(honest: &Query) -> Vec<Malformed> {
    let (length, any) = (honest.encode().len(), "canonical ABI encoding of a query");
    let cases = [
        ("nothing", cut(0, length), 0, any),
        ("truncated by a word", cut(length - 32, 32), 0, any),
        ("truncated by a byte", cut(length - 1, 1), 0, any),
        ("the first word alone", cut(32, length - 32), 0, any),
        ("a leftover byte", vec![], 1, any),
        ("a leftover word", vec![], 32, any),
        ("a first offset of 64", word(0, &[64]), 0, any),
        ("dirt before the variant", word(1, &[1, 0]), 0, any),
        (
            "a variant of 3",
            word(1, &[3]),
            0,
            "encoding of a query variant",
        ),
        ("a day past 32 bits", word(3, &[1, 0, 0, 0, 0]), 0, any),
        ("literals at offset 0", word(4, &[]), 0, any),
        ("a list of 2^32 literals", word(7, &[1, 0, 0, 0, 0]), 0, any),
        ("a column past 16 bits", word(9, &[1, 0, 0]), 0, any),
        ("joins of 2", word(10, &[2]), 0, any),
        ("dirt after the runs", dirty(), 0, any),
        ("runs of three bytes", word(14, &[3]), 0, any),
        ("both axes one", same_axis(honest), 0, any),
        (
            "an axis of kind 2",
            second_kind(honest),
            0,
            "encoding of a kind of axis",
        ),
        (
            "more than 64 KiB",
            vec![],
            MAX_QUERY_BYTES,
            "query of at most 64 KiB",
        ),
    ];
    let entry = |(name, edits, append_zeros, error): (&str, _, _, &str)| Malformed {
        name: name.into(),
        edits,
        append_zeros,
        error: error.into(),
    };
    cases.map(entry).into()
}

/// The run 2 .. 11 with a one in the padding.
fn dirty() -> Vec<Edit> {
    let mut word = [0; 32];
    word[..4].copy_from_slice(&[0, 2, 0, 11]);
    word[31] = 1;
    self::word(15, &word)
}

/// The second axis' offset replaced by the first's: axes overlap.
fn same_axis(honest: &Query) -> Vec<Edit> {
    let bytes = honest.encode();
    vec![Edit {
        offset: 18 * 32,
        remove: 32,
        insert: bytes[17 * 32..18 * 32].to_vec().into(),
    }]
}

/// The kind of the first axis, the second word of its place.
fn second_kind(honest: &Query) -> Vec<Edit> {
    let bytes = honest.encode();
    let offset = usize::from(bytes[17 * 32 + 31]) + 256 * usize::from(bytes[17 * 32 + 30]);
    word(17 + offset / 32 + 1, &[2])
}
