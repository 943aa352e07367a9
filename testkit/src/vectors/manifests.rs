//! One whole manifest with its index proofs. It is made once, with randomness of the system.

use super::{
    Vectors,
    anchors::Bent,
    edit::{Edit, apply},
    path, refused,
    text::scalar,
};
use crate::{
    cohort::{Cohort, labels, nearest, number},
    published::{Published, commit, verifier_keys, verify},
    world::accepted,
};
use alloy_primitives::B256;
use nectar_verifier::{
    column::{Column, Kind},
    field::{G1_BYTES, g1_from_be},
    header::{Header, column_node},
    index::{IndexChallenges, IndexStatement},
    manifest::ManifestVerifier,
    merkle::{Tree, vector},
};
use serde::{Deserialize, Serialize};
use std::fs;

/// Name of the manifest's file.
const MANIFEST: &str = "manifest.nectar";
/// Bytes of magic, and of a part's length.
const MAGIC: usize = 8;
const LENGTH: usize = 4;

// Reasons.
const ROOT: &str = "not under the header's root";
const DERIVED: &str = "not the sum of the index vectors";
const IDENTITY: &str = "identity does not hold";

/// A column's part, and what the transcript of its proof begins with.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Part {
    name: String,
    offset: usize,
    points: usize,
    leaves_root: B256,
    node: B256,
    start: Option<Start>,
}

/// Digest and challenges of an index proof.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Start {
    digest: B256,
    code: B256,
    zero: B256,
    batch: B256,
}

/// The file.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifests {
    file: String,
    srs: B256,
    index_key: B256,
    root: B256,
    columns: Vec<Part>,
    refused: Vec<Bent>,
}

fn bytes() -> Vec<u8> {
    fs::read(path(MANIFEST)).expect("the manifest is kept")
}

/// Makes the manifest where there is none: 20 rows in two segments, three codes, two codes, and tags.
///
/// # Panics
/// The folder cannot be written.
pub fn ensure() {
    if path(MANIFEST).exists() {
        return;
    }
    let columns = vec![number("dose", 2), labels("seen", 1)];
    let mut cohort = Cohort {
        name: "example",
        ..Cohort::random(columns, 20, 4, nearest(3, 5), 1)
    };
    cohort.columns.push(Column {
        name: "receipt".into(),
        kind: Kind::Tag,
    });
    let published = Published::of(commit(&cohort));
    fs::write(path(MANIFEST), published.encode()).expect("the folder can be written");
}

/// The header, as a verifier has it after the first part.
fn header(bytes: &[u8]) -> Header {
    let accepted = accepted();
    let mut verifier = ManifestVerifier::new(&accepted);
    verifier.push(bytes).expect("a sound manifest");
    verifier.header().expect("a header").clone()
}

/// Where each part begins, its length included; the head first, and the end of all last.
fn offsets(bytes: &[u8]) -> Vec<usize> {
    let mut offsets = vec![MAGIC];
    while let Some(length) = bytes[offsets[offsets.len() - 1]..].first_chunk::<LENGTH>() {
        let length = usize::try_from(u32::from_be_bytes(*length)).expect("64 bits");
        offsets.push(offsets[offsets.len() - 1] + LENGTH + length);
    }
    offsets
}

fn part(header: &Header, place: usize, offset: usize) -> Part {
    let (column, leaves_root) = (&header.columns[place], header.leaves_roots[place]);
    let statement = IndexStatement {
        core: &header.core,
        place: u16::try_from(place).expect("few columns"),
        column,
        leaves_root,
    };
    let keys = verifier_keys();
    let start = || {
        let (_, IndexChallenges { code, zero, batch }) =
            statement.start(&keys).expect("challenges");
        Start {
            digest: statement.digest(&keys),
            code: scalar(&code),
            zero: scalar(&zero),
            batch: scalar(&batch),
        }
    };
    Part {
        name: column.name.clone(),
        offset,
        points: column.leaf_count() * header.core.segments(),
        leaves_root,
        node: column_node(column, leaves_root),
        start: (column.kind != Kind::Tag).then(start),
    }
}

/// What the changes are made of.
struct Original {
    bytes: Vec<u8>,
    offsets: Vec<usize>,
    columns: Vec<Part>,
}

impl Original {
    /// `insert` in place of as many bytes.
    fn over(&self, offset: usize, insert: &[u8]) -> Vec<Edit> {
        self.splice(offset, insert.len(), insert)
    }

    fn splice(&self, offset: usize, remove: usize, insert: &[u8]) -> Vec<Edit> {
        vec![Edit {
            offset,
            remove,
            insert: insert.to_vec().into(),
        }]
    }

    /// Copies a part of the file over another.
    fn copy(&self, from: usize, to: usize, length: usize) -> Vec<Edit> {
        self.over(to, &self.bytes[from..from + length])
    }

    /// The byte at an offset, changed.
    fn flip(&self, offset: usize) -> Vec<Edit> {
        self.over(offset, &[self.bytes[offset] ^ 1])
    }

    fn point(&self, column: usize, point: usize) -> usize {
        self.columns[column].offset + LENGTH + point * G1_BYTES
    }

    /// A word of a column's proof: 1 com_v, 2 M, 4 L, 5 \[S\], 6 to 9 values, 10 \[Q\], 11 \[V\], 12 A, 13 and 14 B,
    /// 15 C, 16 the number of coordinates.
    fn word(&self, column: usize, word: usize) -> usize {
        self.point(column, self.columns[column].points) + word * 32
    }

    /// Where a column's root stands in the head.
    fn root(&self, column: usize) -> usize {
        let root = self.columns[column].leaves_root;
        let found = self.bytes.windows(32).position(|w| w == root.as_slice());
        found.expect("the head has the roots")
    }

    /// A commitment replaced by another, and the column's root by one that fits.
    fn fits(&self, column: usize, to: usize, from: usize) -> Vec<Edit> {
        let copied = self.copy(self.point(column, from), self.point(column, to), G1_BYTES);
        let bent = apply(&self.bytes, &copied);
        let points = bent[self.point(column, 0)..].as_chunks::<G1_BYTES>().0;
        let points = points.iter().take(self.columns[column].points);
        let points: Vec<_> = points.map(|p| g1_from_be(p).expect("a point")).collect();
        let vectors = points.chunks(2).map(vector);
        let root = Tree::new(vectors.collect()).root();
        [self.over(self.root(column), root.as_slice()), copied].concat()
    }

    fn changes(&self) -> Vec<(&'static str, Vec<Edit>, &'static str)> {
        let (end, tag) = (self.bytes.len(), self.offsets[3]);
        let tagged = u32::try_from(end - tag - LENGTH + 1).expect("small");
        let longer = [
            self.over(tag, &tagged.to_be_bytes()),
            self.splice(end, 0, &[0]),
        ];
        vec![
            (
                "another version",
                self.over(7, &[2]),
                "not a Nectar manifest",
            ),
            ("cut", self.splice(end - 1, 1, &[]), "2 of 3 columns"),
            (
                "a column left out",
                self.splice(tag, end - tag, &[]),
                "2 of 3 columns",
            ),
            ("a byte left over", self.splice(end, 0, &[0]), "left over"),
            (
                "a length of 4 GiB",
                self.over(tag, &[0xff; 4]),
                "4294967295 bytes",
            ),
            (
                "a byte after tags",
                longer.concat(),
                "a tag column has no index proof",
            ),
            (
                "off the curve",
                self.flip(self.point(0, 0) + 63),
                "not on the curve",
            ),
            (
                "an identity",
                self.over(self.point(0, 3), &[0; G1_BYTES]),
                "the identity",
            ),
            ("another root", self.flip(self.root(0)), ROOT),
            (
                "a segment's A_1 for another's",
                self.copy(self.point(0, 0), self.point(0, 1), 64),
                ROOT,
            ),
            (
                "X of another segment, the root fits",
                self.fits(0, 8, 9),
                DERIVED,
            ),
            (
                "X2 of another segment, the root fits",
                self.fits(0, 11, 10),
                DERIVED,
            ),
            (
                "a digit of another segment, the root fits",
                self.fits(0, 4, 5),
                IDENTITY,
            ),
            (
                "A_1 of another segment, the root fits",
                self.fits(1, 0, 1),
                IDENTITY,
            ),
            ("com_v", self.flip(self.word(0, 1) + 31), IDENTITY),
            (
                "S for M",
                self.copy(self.word(0, 5), self.word(0, 2), 32),
                IDENTITY,
            ),
            ("L", self.flip(self.word(0, 4) + 31), IDENTITY),
            (
                "A for Q",
                self.copy(self.word(0, 12), self.word(0, 10), 32),
                "not those of the commitments",
            ),
            (
                "A for V",
                self.copy(self.word(0, 12), self.word(0, 11), 32),
                "not those of the commitments",
            ),
            (
                "C for A",
                self.copy(self.word(0, 15), self.word(0, 12), 32),
                "circuit's proof",
            ),
            (
                "25 coordinates",
                self.over(self.word(0, 16) + 31, &[25]),
                "canonical ABI encoding",
            ),
        ]
    }
}

impl Vectors for Manifests {
    const FILE: &'static str = "manifest.json";

    fn make() -> Self {
        let (bytes, keys) = (bytes(), verifier_keys());
        let (header, offsets) = (header(&bytes), offsets(&bytes));
        let places = 0..header.columns.len();
        let original = Original {
            columns: places.map(|i| part(&header, i, offsets[i + 1])).collect(),
            offsets,
            bytes,
        };
        let bent = |(name, edits, error): (&str, _, &str)| Bent {
            name: name.into(),
            edits,
            error: error.into(),
        };
        Manifests {
            file: MANIFEST.into(),
            srs: keys.srs.digest(),
            index_key: keys.circuit.digest(),
            root: header.root(),
            refused: original.changes().into_iter().map(bent).collect(),
            columns: original.columns,
        }
    }

    fn check(&self) {
        let bytes = bytes();
        let accepted = verify(&bytes).map(|s| s.root());
        assert_eq!(accepted, Ok(self.root));
        for b in &self.refused {
            refused(&b.name, verify(&apply(&bytes, &b.edits)), &b.error);
        }
    }
}
