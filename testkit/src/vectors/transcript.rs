//! The transcript's messages and challenges.

use super::{
    Vectors,
    edit::{Changes, changes, replaced},
    refused,
    text::{Number, fr, g1, g2, numbers, point, scalar, twist, values},
};
use crate::{fuzz::fixtures, published::verifier_keys};
use alloy_primitives::{B256, Bytes, keccak256};
use ark_bn254::{Fr, G1Affine, G2Affine};
use ark_ec::{AffineRepr, CurveGroup};
use ark_groth16::Proof;
use nectar_verifier::{
    column::{Leaf, LeafRef},
    header::{Header, column_node},
    index::IndexStatement,
    transcript::{Transcript, TranscriptError, d0},
};
use serde::{Deserialize, Serialize};

/// All that is absorbed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Messages {
    d0: B256,
    com_n: B256,
    com_v: B256,
    m: Bytes,
    r: Vec<B256>,
    cells: Vec<Number>,
    l: B256,
    s: Bytes,
    values: [B256; 4],
    q: Bytes,
    v: Bytes,
    a: Bytes,
    b: Bytes,
    c: Bytes,
}

/// What is drawn.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Challenges {
    rho: B256,
    lambda: B256,
    z: B256,
    nu: B256,
    psi: B256,
    chi: B256,
}

/// A whole transcript.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Run {
    messages: Messages,
    challenges: Challenges,
}

/// A transcript that is refused: messages with one field replaced.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Bad {
    name: String,
    changes: Changes,
    error: String,
}

/// How a transcript begins.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Start {
    key: B256,
    root: B256,
    query: Bytes,
    d0: B256,
}

/// A value that a receipt claims of a vector.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Claim {
    column: u16,
    kind: u8,
    index: u16,
    value: B256,
}

/// A receipt's transcript.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Receipt {
    root: B256,
    row: u32,
    claims: Vec<Claim>,
    m: Bytes,
    mu: B256,
    s: Bytes,
    values: [B256; 4],
    q: Bytes,
    lambda: B256,
    z: B256,
    nu: B256,
    psi: B256,
}

/// How an index proof begins.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Index {
    srs: B256,
    key: B256,
    dataset: B256,
    rows: u32,
    segment_bits: u8,
    column: u16,
    node: B256,
    d0: B256,
    code: B256,
    zero: B256,
    batch: B256,
}

/// The file.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Transcripts {
    starts: Vec<Start>,
    runs: Vec<Run>,
    receipts: Vec<Receipt>,
    indexes: Vec<Index>,
    refused: Vec<Bad>,
}

impl Messages {
    fn replay(&self) -> Result<Challenges, TranscriptError> {
        let mut t = Transcript::new(self.d0);
        let r: Vec<Fr> = self.r.iter().map(fr).collect();
        let proof = Proof {
            a: g1(&self.a),
            b: g2(&self.b),
            c: g1(&self.c),
        };
        let rho = t.table(&fr(&self.com_n))?;
        let lambda = t.evaluations(&fr(&self.com_v), &g1(&self.m), &r, &values(&self.cells))?;
        let z = t.symmetric(&fr(&self.l), &g1(&self.s))?;
        let nu = t.values(&self.values.map(|v| fr(&v)))?;
        let psi = t.quotient(&g1(&self.q))?;
        let chi = t.proof(&g1(&self.v), &proof)?;
        let drawn = [rho, lambda, z, nu, psi, chi];
        let [rho, lambda, z, nu, psi, chi] = drawn.map(|c| scalar(&c));
        Ok(Challenges {
            rho,
            lambda,
            z,
            nu,
            psi,
            chi,
        })
    }
}

/// Messages of small numbers and small multiples of the generators.
fn messages(rounds: u64, cells: &[u64]) -> Messages {
    let number = |n: u64| scalar(&Fr::from(n));
    let multiple = |n: u64| point(&(G1Affine::generator() * Fr::from(n)).into_affine());
    Messages {
        d0: keccak256(b"statement"),
        com_n: number(1),
        com_v: number(2),
        m: multiple(3),
        r: (0..rounds).map(|i| number(1000 + i)).collect(),
        cells: numbers(cells),
        l: scalar(&-Fr::from(4)),
        s: multiple(5),
        values: [6, 7, 8, 9].map(number),
        q: multiple(10),
        v: multiple(11),
        a: multiple(12),
        b: twist(&(G2Affine::generator() * Fr::from(13)).into_affine()),
        c: multiple(14),
    }
}

fn first() -> Messages {
    messages(24, &[0, 5, 10, u64::MAX])
}

type Field = fn(&mut Messages) -> &mut Bytes;

fn bad() -> Vec<Bad> {
    let cases: [(&str, Field); 7] = [
        ("M the identity", |m| &mut m.m),
        ("[S] the identity", |m| &mut m.s),
        ("[Q] the identity", |m| &mut m.q),
        ("[V] the identity", |m| &mut m.v),
        ("A the identity", |m| &mut m.a),
        ("B the identity", |m| &mut m.b),
        ("C the identity", |m| &mut m.c),
    ];
    let change = |(name, field): (&str, Field)| {
        let honest = first();
        let mut messages = first();
        let length = field(&mut messages).len();
        *field(&mut messages) = vec![0; length].into();
        Bad {
            name: name.into(),
            changes: changes(&honest, &messages),
            error: "is the identity".into(),
        }
    };
    cases.map(change).into()
}

fn start(key: B256, query: &[u8]) -> Start {
    let root = keccak256(b"root");
    Start {
        key,
        root,
        d0: d0(key, root, query),
        query: query.to_vec().into(),
    }
}

impl From<&(LeafRef, Fr)> for Claim {
    fn from(((column, leaf), value): &(LeafRef, Fr)) -> Self {
        let (kind, index) = leaf.id();
        Claim {
            column: *column,
            kind,
            index,
            value: scalar(value),
        }
    }
}

impl Claim {
    fn read(&self) -> (LeafRef, Fr) {
        let leaf = match self.kind {
            1 => Leaf::Bit(u8::try_from(self.index).expect("a digit")),
            2 => Leaf::Tag,
            kind => panic!("a receipt opens no vector of kind {kind}"),
        };
        ((self.column, leaf), fr(&self.value))
    }
}

impl Receipt {
    /// Messages of small numbers and small multiples of the generator.
    fn new(row: u32, claims: &[(LeafRef, Fr)]) -> Self {
        let messages = first();
        let mut receipt = Receipt {
            root: keccak256(b"root"),
            row,
            claims: claims.iter().map(Claim::from).collect(),
            m: messages.m,
            mu: scalar(&Fr::from(4)),
            s: messages.s,
            values: messages.values,
            q: messages.q,
            lambda: B256::ZERO,
            z: B256::ZERO,
            nu: B256::ZERO,
            psi: B256::ZERO,
        };
        let drawn = receipt.replay().expect("challenges");
        [receipt.lambda, receipt.z, receipt.nu, receipt.psi] = drawn;
        receipt
    }

    fn replay(&self) -> Result<[B256; 4], TranscriptError> {
        let claims: Vec<_> = self.claims.iter().map(Claim::read).collect();
        let (m, mu) = (g1(&self.m), fr(&self.mu));
        let (mut t, lambda) = Transcript::receipt(self.root, self.row, &claims, &m, &mu)?;
        let z = t.symmetric(None, &g1(&self.s))?;
        let nu = t.values(&self.values.map(|v| fr(&v)))?;
        let psi = t.quotient(&g1(&self.q))?;
        Ok([lambda, z, nu, psi].map(|c| scalar(&c)))
    }
}

/// The tag alone; and digits of two columns before it.
fn receipts() -> Vec<Receipt> {
    let digit = |column, b: u8, value: u64| ((column, Leaf::Bit(b)), Fr::from(value));
    let tag = |column| ((column, Leaf::Tag), -Fr::from(5));
    let all = [digit(1, 0, 1), digit(1, 1, 0), digit(258, 0, 0), tag(1023)];
    vec![Receipt::new(0, &[tag(0)]), Receipt::new(66_051, &all)]
}

impl Index {
    fn new(header: &Header, place: u16) -> Self {
        let (statement, keys) = (
            IndexStatement::of(header, place).expect("a coded column"),
            verifier_keys(),
        );
        let (_, challenges) = statement.start(&keys).expect("challenges");
        Index {
            srs: keys.srs.digest(),
            key: keys.circuit.digest(),
            dataset: header.core.dataset,
            rows: header.core.rows,
            segment_bits: header.core.segment_bits,
            column: place,
            node: column_node(statement.column, statement.leaves_root),
            d0: statement.digest(&keys),
            code: scalar(&challenges.code),
            zero: scalar(&challenges.zero),
            batch: scalar(&challenges.batch),
        }
    }

    /// The digest is that of the fields in the protocol's order.
    fn check(&self) {
        let parts: [&[u8]; 8] = [
            b"nectar/v1/index",
            self.srs.as_slice(),
            self.key.as_slice(),
            self.dataset.as_slice(),
            &self.rows.to_be_bytes(),
            &[self.segment_bits],
            &self.column.to_be_bytes(),
            self.node.as_slice(),
        ];
        assert_eq!(keccak256(parts.concat()), self.d0);
        let drawn = Transcript::new(self.d0).index().expect("challenges");
        let drawn = drawn.map(|c| scalar(&c));
        assert_eq!(drawn, [self.code, self.zero, self.batch]);
    }
}

impl Vectors for Transcripts {
    const FILE: &'static str = "transcript.json";

    fn make() -> Self {
        let run = |messages: Messages| Run {
            challenges: messages.replay().expect("challenges"),
            messages,
        };
        let query = crate::queries::plain().encode();
        let header = fixtures::header(fixtures::clinic());
        Transcripts {
            starts: vec![start(B256::ZERO, &query), start(keccak256(b"key"), &query)],
            runs: vec![run(first()), run(messages(26, &[15]))],
            receipts: receipts(),
            indexes: [0, 8].map(|place| Index::new(&header, place)).into(),
            refused: bad(),
        }
    }

    fn check(&self) {
        for s in &self.starts {
            assert_eq!(s.d0, d0(s.key, s.root, &s.query));
        }
        for r in &self.runs {
            assert_eq!(r.messages.replay().as_ref(), Ok(&r.challenges));
        }
        for r in &self.receipts {
            assert_eq!(r.replay(), Ok([r.lambda, r.z, r.nu, r.psi]));
        }
        self.indexes.iter().for_each(Index::check);
        for b in &self.refused {
            refused(
                &b.name,
                replaced(&self.runs[0].messages, &b.changes).replay(),
                &b.error,
            );
        }
    }
}
