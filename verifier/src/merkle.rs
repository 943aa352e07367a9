//! Merkle trees over keccak256 with distinct prefixes for every kind of node (docs/protocol.md, section 2).
//!
//! A tree over c entries has the least depth d with 2^d >= c; empty places hold a fixed constant. Depth and
//! position follow from counts the verifier knows, never from a path's own length.

use crate::field::g1_to_be;
use alloy_primitives::{B256, keccak256};
use ark_bn254::G1Affine;

/// Prefix of a commitment.
const LEAF: u8 = 0x00;
/// Prefix of an inner node.
const NODE: u8 = 0x01;
/// Prefix of a snapshot root.
pub const ROOT: u8 = 0x02;
/// Prefix of a column.
const COLUMN: u8 = 0x03;

/// A path that does not lead to the root.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PathError {
    /// The path has another length than the tree's depth.
    #[error("a Merkle path has {got} nodes, want {want}")]
    Depth {
        /// Nodes present.
        got: usize,
        /// Nodes wanted.
        want: u32,
    },
    /// The position is not one of the tree's entries.
    #[error("a Merkle position is outside the tree")]
    Position,
    /// The path leads elsewhere.
    #[error("a Merkle path does not lead to the root")]
    Root,
}

/// What stands in a place past the last entry.
pub fn empty() -> B256 {
    keccak256(b"nectar/v1/empty")
}

/// The node of one segment's commitment.
pub fn commitment(point: &G1Affine) -> B256 {
    keccak256([&[LEAF], g1_to_be(point).as_slice()].concat())
}

/// The node of a column.
pub fn column(descriptor: B256, leaves_root: B256) -> B256 {
    keccak256([&[COLUMN], descriptor.as_slice(), leaves_root.as_slice()].concat())
}

fn node(left: B256, right: B256) -> B256 {
    keccak256([&[NODE], left.as_slice(), right.as_slice()].concat())
}

/// Depth of a tree over `count` entries.
pub fn depth(count: usize) -> u32 {
    count.max(1).next_power_of_two().trailing_zeros()
}

/// The root over all segments of one committed vector.
pub fn vector(points: &[G1Affine]) -> B256 {
    Tree::new(points.iter().map(commitment).collect()).root()
}

/// A Merkle tree kept whole, entries first.
#[derive(Debug, Clone)]
pub struct Tree {
    levels: Vec<Vec<B256>>,
}

impl Tree {
    /// The tree over these entries; no entries make a tree of one empty place.
    pub fn new(mut entries: Vec<B256>) -> Self {
        entries.resize(entries.len().max(1).next_power_of_two(), empty());
        let mut levels = vec![entries];
        while let Some(last) = levels.last().filter(|l| l.len() > 1) {
            let (pairs, _) = last.as_chunks::<2>();
            let above = pairs.iter().map(|[l, r]| node(*l, *r)).collect();
            levels.push(above);
        }
        Tree { levels }
    }

    /// The root.
    pub fn root(&self) -> B256 {
        self.levels
            .last()
            .and_then(|l| l.first())
            .copied()
            .unwrap_or_default()
    }

    /// The path of an entry, from the bottom; empty outside the tree.
    pub fn path(&self, position: usize) -> Vec<B256> {
        let inner = self.levels.split_last().map_or(&[][..], |(_, inner)| inner);
        inner
            .iter()
            .enumerate()
            .filter_map(|(d, level)| level.get((position >> d) ^ 1).copied())
            .collect()
    }
}

/// The root to which `path` leads from `entry` at `position` of a tree over `count` entries.
///
/// # Errors
/// Wrong length or position outside.
pub fn root_from_path(
    entry: B256,
    position: usize,
    count: usize,
    path: &[B256],
) -> Result<B256, PathError> {
    let want = depth(count);
    if u32::try_from(path.len()) != Ok(want) {
        return Err(PathError::Depth {
            got: path.len(),
            want,
        });
    }
    if position >= count {
        return Err(PathError::Position);
    }
    let step = |(at, place): (B256, usize), sibling: &B256| {
        let up = if place & 1 == 0 {
            node(at, *sibling)
        } else {
            node(*sibling, at)
        };
        (up, place >> 1)
    };
    Ok(path.iter().fold((entry, position), step).0)
}

/// Checks that `entry` stands at `position` of the tree over `count` entries under `root`.
///
/// # Errors
/// Wrong length, position outside, or another root.
pub fn verify(
    root: B256,
    entry: B256,
    position: usize,
    count: usize,
    path: &[B256],
) -> Result<(), PathError> {
    if root_from_path(entry, position, count, path)? == root {
        Ok(())
    } else {
        Err(PathError::Root)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn paths_verify_and_nothing_else_does(count in 1usize..40, at in 0usize..40, flip in 0usize..6) {
            let at = at % count;
            let entries: Vec<_> = (0..count).map(|i| keccak256(i.to_be_bytes())).collect();
            let tree = Tree::new(entries.clone());
            let path = tree.path(at);
            prop_assert_eq!(verify(tree.root(), entries[at], at, count, &path), Ok(()));
            let other = (at + 1) % count;
            if other != at {
                prop_assert_eq!(verify(tree.root(), entries[at], other, count, &path), Err(PathError::Root));
            }
            if flip < path.len() {
                let mut bent = path.clone();
                bent[flip].0[0] ^= 1;
                prop_assert_eq!(verify(tree.root(), entries[at], at, count, &bent), Err(PathError::Root));
                bent.pop();
                let short = verify(tree.root(), entries[at], at, count, &bent);
                prop_assert!(matches!(short, Err(PathError::Depth { .. })), "{:?}", short);
            }
            let past = verify(tree.root(), empty(), count, count, &path);
            prop_assert_eq!(past, Err(PathError::Position));
        }
    }
}
