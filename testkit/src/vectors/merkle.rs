//! Trees and paths.

use super::{
    Case, Vectors, refused,
    text::{g1, point},
};
use alloy_primitives::{B256, Bytes, keccak256};
use ark_bn254::G1Affine;
use ark_ec::{AffineRepr, CurveGroup};
use nectar_verifier::merkle::{self, Tree};
use serde::{Deserialize, Serialize};

/// A tree with the path of each entry.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Whole {
    entries: Vec<B256>,
    root: B256,
    paths: Vec<Vec<B256>>,
}

/// A path that is refused.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Bad {
    name: String,
    root: B256,
    entry: B256,
    position: usize,
    count: usize,
    path: Vec<B256>,
    error: String,
}

/// Points with their nodes and the root over them.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Vector {
    points: Vec<Bytes>,
    nodes: Vec<B256>,
    root: B256,
}

/// The file.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Merkle {
    empty: B256,
    trees: Vec<Whole>,
    vectors: Vec<Vector>,
    refused: Vec<Bad>,
}

fn entries(count: u8) -> Vec<B256> {
    (0..count).map(|i| keccak256([i])).collect()
}

fn whole(entries: Vec<B256>) -> Whole {
    let tree = Tree::new(entries.clone());
    Whole {
        paths: (0..entries.len()).map(|i| tree.path(i)).collect(),
        root: tree.root(),
        entries,
    }
}

fn vector(points: Vec<G1Affine>) -> Vector {
    Vector {
        nodes: points.iter().map(merkle::commitment).collect(),
        root: merkle::vector(&points),
        points: points.iter().map(point).collect(),
    }
}

fn bad() -> Vec<Bad> {
    let tree = whole(entries(5));
    let honest = Bad {
        name: String::new(),
        root: tree.root,
        entry: tree.entries[2],
        position: 2,
        count: 5,
        path: tree.paths[2].clone(),
        error: String::new(),
    };
    let leads = "does not lead to the root";
    let cases: [Case<Bad>; 11] = [
        ("another entry", |b| b.entry.0[31] ^= 1, leads),
        ("another root", |b| b.root.0[0] ^= 1, leads),
        ("another position", |b| b.position = 3, leads),
        ("first sibling bent", |b| b.path[0].0[0] ^= 1, leads),
        ("last sibling bent", |b| b.path[2].0[31] ^= 1, leads),
        ("siblings from the top", |b| b.path.reverse(), leads),
        ("cut", |b| b.path.truncate(2), "has 2 nodes, want 3"),
        ("longer", |b| b.path.push(b.root), "has 4 nodes, want 3"),
        ("position 5 of 5", |b| b.position = 5, "outside the tree"),
        (
            "position past the depth",
            |b| b.position = 10,
            "outside the tree",
        ),
        (
            "an inner node as an entry",
            |b| (b.count, b.position, b.path) = (3, 1, b.path[1..].to_vec()),
            leads,
        ),
    ];
    let change = |(name, change, error): Case<Bad>| {
        let mut b = honest.clone();
        change(&mut b);
        (b.name, b.error) = (name.into(), error.into());
        b
    };
    cases.map(change).into()
}

impl Vectors for Merkle {
    const FILE: &'static str = "merkle.json";

    fn make() -> Self {
        let g = G1Affine::generator();
        let points = vec![g, (g + g).into_affine(), -g];
        Merkle {
            empty: merkle::empty(),
            trees: [1, 2, 3, 5].map(entries).map(whole).into(),
            vectors: vec![vector(vec![g]), vector(points)],
            refused: bad(),
        }
    }

    fn check(&self) {
        assert_eq!(self.empty, merkle::empty());
        for t in &self.trees {
            let count = t.entries.len();
            assert_eq!(
                (t.paths.len(), t.root),
                (count, Tree::new(t.entries.clone()).root())
            );
            for (i, (entry, path)) in t.entries.iter().zip(&t.paths).enumerate() {
                assert_eq!(merkle::verify(t.root, *entry, i, count, path), Ok(()));
            }
        }
        for v in &self.vectors {
            assert_eq!(v, &vector(v.points.iter().map(g1).collect()));
        }
        for b in &self.refused {
            let got = merkle::verify(b.root, b.entry, b.position, b.count, &b.path);
            refused(&b.name, got, &b.error);
        }
    }
}
