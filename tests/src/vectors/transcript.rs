//! The transcript's messages and challenges.

use super::{
    Vectors,
    edit::{Changes, changes, replaced},
    refused,
    text::{Number, fr, g1, g2, numbers, point, scalar, twist, values},
};
use alloy_primitives::{B256, Bytes, keccak256};
use ark_bn254::{Fr, G1Affine, G2Affine};
use ark_ec::{AffineRepr, CurveGroup};
use ark_groth16::Proof;
use nectar_verifier::transcript::{Transcript, TranscriptError, d0};
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

/// The file.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Transcripts {
    starts: Vec<Start>,
    runs: Vec<Run>,
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
        let z = t.quotient(&fr(&self.l), &g1(&self.s))?;
        let nu = t.values(&self.values.map(|v| fr(&v)))?;
        let chi = t.proof(&g1(&self.q), &proof)?;
        let [rho, lambda, z, nu, chi] = [rho, lambda, z, nu, chi].map(|c| scalar(&c));
        Ok(Challenges {
            rho,
            lambda,
            z,
            nu,
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
        a: multiple(11),
        b: twist(&(G2Affine::generator() * Fr::from(12)).into_affine()),
        c: multiple(13),
    }
}

fn first() -> Messages {
    messages(24, &[0, 5, 10, u64::MAX])
}

type Field = fn(&mut Messages) -> &mut Bytes;

fn bad() -> Vec<Bad> {
    let cases: [(&str, Field); 6] = [
        ("M the identity", |m| &mut m.m),
        ("[S] the identity", |m| &mut m.s),
        ("[Q] the identity", |m| &mut m.q),
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

impl Vectors for Transcripts {
    const FILE: &'static str = "transcript.json";

    fn make() -> Self {
        let run = |messages: Messages| Run {
            challenges: messages.replay().expect("challenges"),
            messages,
        };
        let query = crate::queries::plain().encode();
        Transcripts {
            starts: vec![start(B256::ZERO, &query), start(keccak256(b"key"), &query)],
            runs: vec![run(first()), run(messages(26, &[15]))],
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
        for b in &self.refused {
            refused(
                &b.name,
                replaced(&self.runs[0].messages, &b.changes).replay(),
                &b.error,
            );
        }
    }
}
