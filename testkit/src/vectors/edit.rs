//! Changes of bytes, found and applied word by word.

use alloy_primitives::Bytes;
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::{Map, Value};

/// At `offset` of the original, `remove` bytes give way to `insert`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Edit {
    /// Place in the original.
    pub offset: usize,
    /// Bytes to leave out.
    pub remove: usize,
    /// Bytes to put there.
    pub insert: Bytes,
}

/// Applies edits, which rise by offset and do not overlap.
pub fn apply(original: &[u8], edits: &[Edit]) -> Vec<u8> {
    let mut out = original.to_vec();
    for e in edits.iter().rev() {
        out.splice(e.offset..e.offset + e.remove, e.insert.iter().copied());
    }
    out
}

/// The words of a file after a start of `head` bytes.
fn words(bytes: &[u8], head: usize) -> Vec<&[u8]> {
    let (first, rest) = bytes.split_at(head.min(bytes.len()));
    let first = (!first.is_empty()).then_some(first);
    first.into_iter().chain(rest.chunks(32)).collect()
}

/// lengths[i][j]: the longest common subsequence of a[i..] and b[j..].
fn common(a: &[&[u8]], b: &[&[u8]]) -> Vec<Vec<usize>> {
    let mut lengths = vec![vec![0; b.len() + 1]; a.len() + 1];
    for i in (0..a.len()).rev() {
        for j in (0..b.len()).rev() {
            lengths[i][j] = match a[i] == b[j] {
                true => lengths[i + 1][j + 1] + 1,
                false => lengths[i + 1][j].max(lengths[i][j + 1]),
            };
        }
    }
    lengths
}

/// Edits that make `b` of `a`; words begin after `head` bytes.
pub fn between(a: &[u8], b: &[u8], head: usize) -> Vec<Edit> {
    let (a, b) = (words(a, head), words(b, head));
    let lengths = common(&a, &b);
    let (mut i, mut j, mut offset) = (0, 0, 0);
    let mut edits: Vec<Edit> = vec![];
    while i < a.len() || j < b.len() {
        if i < a.len() && j < b.len() && a[i] == b[j] {
            offset += a[i].len();
            (i, j) = (i + 1, j + 1);
            continue;
        }
        let removes = i < a.len() && (j == b.len() || lengths[i + 1][j] >= lengths[i][j + 1]);
        let (removed, inserted) = match removes {
            true => (a[i].len(), &[][..]),
            false => (0, b[j]),
        };
        push(&mut edits, offset, removed, inserted);
        offset += removed;
        (i, j) = (i + usize::from(removes), j + usize::from(!removes));
    }
    edits
}

/// Adds to the last edit where it ends here.
fn push(edits: &mut Vec<Edit>, offset: usize, remove: usize, insert: &[u8]) {
    match edits.last_mut().filter(|e| e.offset + e.remove == offset) {
        Some(e) => {
            e.remove += remove;
            e.insert = [&e.insert, insert].concat().into();
        }
        None => edits.push(Edit {
            offset,
            remove,
            insert: insert.to_vec().into(),
        }),
    }
}

/// Fields that replace those of another entry.
pub type Changes = Map<String, Value>;

fn fields<T: Serialize>(entry: &T) -> Changes {
    match serde_json::to_value(entry) {
        Ok(Value::Object(fields)) => fields,
        other => panic!("no fields: {other:?}"),
    }
}

/// The fields of `changed` that differ from those of `base`.
pub fn changes<T: Serialize>(base: &T, changed: &T) -> Changes {
    let base = fields(base);
    let differs = |(name, value): &(String, Value)| base.get(name) != Some(value);
    fields(changed).into_iter().filter(differs).collect()
}

/// `base` with fields replaced.
///
/// # Panics
/// It has no such fields.
pub fn replaced<T: Serialize + DeserializeOwned>(base: &T, changes: &Changes) -> T {
    let mut all = fields(base);
    all.extend(changes.clone());
    serde_json::from_value(Value::Object(all)).expect("fields of the base")
}
