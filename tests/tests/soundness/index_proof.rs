//! Index proofs of one statement held against another, with an element changed, or by a prover who departs from one
//! step.

use alloy_primitives::B256;
use ark_bn254::{Bn254, Fr, G1Affine, G2Affine};
use ark_ec::CurveGroup;
use ark_ff::One;
use ark_groth16::VerifyingKey;
use nectar_engine::{
    dishonest::{Step, forge_index},
    index_statement, prove_index,
};
use nectar_testkit::{
    keys::keys,
    published::{Published, at, commit_after, toy_cohort, vectors, verifier_keys, verify_column},
};
use nectar_verifier::{
    circuit::Circuit,
    column::{Column, Kind, Leaf},
    evaluation::{Commitments, EvaluationProof, ProofError},
    header::Core,
    index::{IndexProof, IndexStatement},
    keys::{Keys, VerifierKey},
    opening::OpeningError,
    shape::Shape,
    transcript::TranscriptError,
};
use std::sync::LazyLock;

const IDENTITY: ProofError = ProofError::Opening(OpeningError::Identity);
const PAIRING: ProofError = ProofError::Opening(OpeningError::Pairing);
const NO_POINT: ProofError = ProofError::Transcript(TranscriptError::Identity);

/// All that the verifier of one column's proof is given.
#[derive(Clone)]
struct Claim {
    core: Core,
    place: u16,
    column: Column,
    leaves_root: B256,
    vectors: Commitments,
    keys: Keys,
    proof: IndexProof,
}

impl Claim {
    /// The toy's, as it was published.
    fn honest(place: u16) -> Self {
        let toy = Published::toy();
        let statement = index_statement(&toy.snapshot, place).expect("a coded column");
        let proof = toy.proofs[usize::from(place)].clone();
        Claim {
            core: statement.core.clone(),
            place,
            column: statement.column.clone(),
            leaves_root: statement.leaves_root,
            vectors: vectors(&toy.snapshot, &statement),
            keys: verifier_keys(),
            proof: proof.expect("a proof"),
        }
    }

    fn verify(&self) -> Result<(), ProofError> {
        let statement = IndexStatement {
            core: &self.core,
            place: self.place,
            column: &self.column,
            leaves_root: self.leaves_root,
        };
        self.proof.verify(&statement, &self.vectors, &self.keys)
    }

    /// The same column at another place.
    fn moved(&mut self, place: u16) {
        let vectors = std::mem::take(&mut self.vectors);
        let moved = vectors.into_iter().map(|((_, leaf), v)| ((place, leaf), v));
        (self.place, self.vectors) = (place, moved.collect());
    }

    /// An index key with one element changed, as if it were trusted.
    fn bend_key(&mut self, change: fn(&mut VerifyingKey<Bn254>)) {
        let mut key = self.keys.circuit.groth16().clone();
        change(&mut key);
        self.keys.circuit = VerifierKey::new(Circuit::Index, key).expect("well formed");
    }

    /// Another SRS of the same secret.
    fn bend_srs(&mut self) {
        self.keys.srs.powers.0[0] ^= 1;
    }
}

type Change = fn(&mut Claim);

/// Shows the honest proof of a column accepted, and each change of it rejected.
fn rejected(cases: &[(&str, Change, ProofError)]) {
    let honest = Claim::honest(at::AGE);
    assert_eq!(honest.verify(), Ok(()));
    for (name, change, want) in cases {
        let mut claim = honest.clone();
        change(&mut claim);
        assert_eq!(claim.verify().as_ref(), Err(want), "{name}");
    }
}

/// The commitments are the same in each, so only the digest tells.
#[test]
fn everything_in_the_digest() {
    rejected(&[
        ("dataset", |c| c.core.dataset.0[0] ^= 1, IDENTITY),
        ("a row more", |c| c.core.rows += 1, IDENTITY),
        ("a row less", |c| c.core.rows -= 1, IDENTITY),
        ("place", |c| c.moved(at::SITE), IDENTITY),
        ("name", |c| c.column.name = "years".into(), IDENTITY),
        ("root of the vectors", |c| c.leaves_root.0[0] ^= 1, IDENTITY),
        (
            "codebook",
            |c| {
                if let Kind::Number { min, .. } = &mut c.column.kind {
                    *min += 1
                }
            },
            IDENTITY,
        ),
        (
            "circuit key",
            |c| c.bend_key(|k| k.alpha_g1 = (k.alpha_g1 + k.alpha_g1).into()),
            IDENTITY,
        ),
        (
            "SRS",
            |c| {
                c.bend_srs();
                c.core.srs = c.keys.srs.digest();
            },
            IDENTITY,
        ),
    ]);
}

/// A column that has not changed keeps its proof in the next snapshot, under other policies and keys of queries.
#[test]
fn nothing_else_in_the_digest() {
    let mut claim = Claim::honest(at::AGE);
    assert_eq!(claim.verify(), Ok(()));
    claim.core.sequence += 1;
    claim.core.parent.0[0] ^= 1;
    claim.core.as_of += 86_400;
    claim.core.lag = 31;
    claim.core.compact_key.0[0] ^= 1;
    assert_eq!(claim.verify(), Ok(()));
}

#[test]
fn other_keys_and_lengths() {
    let length = |what, got, want| ProofError::Length { what, got, want };
    let (point, opened) = ("coordinates of the sumcheck point", "opened vectors");
    let segments = "segments of a vector";
    rejected(&[
        (
            "a release key",
            |c| {
                let compact = keys().circuit(Shape::Compact).expect("a key");
                c.keys.circuit = compact.verifier().clone();
            },
            ProofError::Circuit,
        ),
        ("an SRS of others", Claim::bend_srs, ProofError::Keys),
        (
            "segments past the SRS",
            |c| {
                c.keys.srs.bits = 4;
                c.core.srs = c.keys.srs.digest();
                c.core.segment_bits = 5;
            },
            ProofError::Srs,
        ),
        (
            "segments of 32 rows",
            |c| c.core.segment_bits = 5,
            length(segments, 2, 1),
        ),
        (
            "a segment more",
            |c| c.core.rows = 33,
            length(segments, 2, 3),
        ),
        (
            "a vector less",
            |c| drop(c.vectors.remove(&(at::AGE, Leaf::Code(1)))),
            length(opened, 7, 8),
        ),
        (
            "a code more",
            |c| {
                if let Kind::Number { count, .. } = &mut c.column.kind {
                    *count += 1
                }
            },
            length(opened, 8, 9),
        ),
        (
            "a round less",
            |c| c.proof.evaluation.r.truncate(25),
            length(point, 25, 26),
        ),
        (
            "a round more",
            |c| c.proof.evaluation.r.push(Fr::one()),
            length(point, 27, 26),
        ),
    ]);
}

#[test]
fn the_proof_of_another_column() {
    let (sex, site) = (Claim::honest(at::SEX), Claim::honest(at::SITE));
    assert_eq!((sex.verify(), site.verify()), (Ok(()), Ok(())));
    let codes = Published::toy().snapshot.codes();
    assert_eq!(codes[usize::from(at::SEX)], codes[usize::from(at::SITE)]);
    let exchanged = Claim {
        proof: sex.proof,
        ..site
    };
    assert_eq!(exchanged.verify(), Err(IDENTITY));
}

#[test]
fn the_proof_of_another_snapshot() {
    let (toy, place) = (Published::toy(), usize::from(at::SEX));
    let old = toy.proofs[place].as_ref().expect("a proof");
    assert_eq!(verify_column(&toy.snapshot, at::SEX, old), Ok(()));
    let mut cohort = toy_cohort();
    let code = &mut cohort.codes[place][3];
    *code = 2 - *code / 2;
    let changed = commit_after(&cohort, Some(&toy.snapshot));
    assert_eq!(verify_column(&changed, at::SEX, old), Err(IDENTITY));
    let own = prove_index(&changed, keys(), at::SEX).expect("a proof");
    assert_eq!(verify_column(&changed, at::SEX, &own), Ok(()));
    // The column next to it has not changed.
    let site = toy.proofs[usize::from(at::SITE)].as_ref().expect("a proof");
    assert_eq!(verify_column(&changed, at::SITE, site), Ok(()));
}

type Bend = fn(&mut EvaluationProof);

/// Shows each change of the honest proof rejected.
fn elements(want: &ProofError, cases: &[(&str, Bend)]) {
    let honest = Claim::honest(at::AGE);
    assert_eq!(honest.verify(), Ok(()));
    for (name, bend) in cases {
        let mut claim = honest.clone();
        bend(&mut claim.proof.evaluation);
        assert_eq!(claim.verify().as_ref(), Err(want), "{name}");
    }
}

fn twice(p: &mut G1Affine) {
    *p = (*p + *p).into_affine();
}

fn negate(p: &mut G1Affine) {
    *p = -*p;
}

/// What enters the transcript before the opening moves its challenges; what comes after is told by the pairings.
#[test]
fn every_element_replaced_or_negated() {
    elements(
        &IDENTITY,
        &[
            ("com_v", |p| p.com_v += Fr::one()),
            ("M", |p| twice(&mut p.m)),
            ("M negated", |p| negate(&mut p.m)),
            ("r low", |p| p.r[0] += Fr::one()),
            ("r of segments", |p| p.r[4] += Fr::one()),
            ("r past the rows", |p| p.r[25] += Fr::one()),
            ("L", |p| p.l += Fr::one()),
            ("[S]", |p| twice(&mut p.opening.s)),
            ("[S] negated", |p| negate(&mut p.opening.s)),
            ("F(z)", |p| p.opening.values[0] += Fr::one()),
            ("F(1/z)", |p| p.opening.values[1] += Fr::one()),
            ("S(z)", |p| p.opening.values[2] += Fr::one()),
            ("S(1/z)", |p| p.opening.values[3] += Fr::one()),
        ],
    );
    elements(
        &PAIRING,
        &[
            ("[Q]", |p| twice(&mut p.opening.q)),
            ("[Q] negated", |p| negate(&mut p.opening.q)),
            ("[V]", |p| twice(&mut p.opening.v)),
            ("[V] negated", |p| negate(&mut p.opening.v)),
        ],
    );
    elements(
        &ProofError::Groth16,
        &[
            ("A", |p| twice(&mut p.groth16.a)),
            ("A negated", |p| negate(&mut p.groth16.a)),
            ("B", |p| p.groth16.b = (p.groth16.b + p.groth16.b).into()),
            ("B negated", |p| p.groth16.b = -p.groth16.b),
            ("C", |p| twice(&mut p.groth16.c)),
            ("C negated", |p| negate(&mut p.groth16.c)),
        ],
    );
}

#[test]
fn every_point_the_identity() {
    elements(
        &NO_POINT,
        &[
            ("M", |p| p.m = G1Affine::identity()),
            ("[S]", |p| p.opening.s = G1Affine::identity()),
            ("[Q]", |p| p.opening.q = G1Affine::identity()),
            ("[V]", |p| p.opening.v = G1Affine::identity()),
            ("A", |p| p.groth16.a = G1Affine::identity()),
            ("B", |p| p.groth16.b = G2Affine::identity()),
            ("C", |p| p.groth16.c = G1Affine::identity()),
        ],
    );
}

type Departure = fn(Step<'_, '_>);

/// What becomes of the proof of a prover who departs from one step.
fn departed(departure: Departure) -> Result<(), ProofError> {
    let snapshot = &Published::toy().snapshot;
    let proof = forge_index(departure, snapshot, keys(), at::SEX).expect("a proof");
    verify_column(snapshot, at::SEX, &proof)
}

/// Shows one who does not depart accepted, and each who does rejected.
fn provers(want: &ProofError, cases: &[(&str, Departure)]) {
    static HONEST: LazyLock<Result<(), ProofError>> = LazyLock::new(|| departed(|_| {}));
    assert_eq!(*HONEST, Ok(()));
    for (name, departure) in cases {
        assert_eq!(departed(*departure).as_ref(), Err(want), "{name}");
    }
}

/// Departures that add one to a field of a step.
macro_rules! add_one {
    ($step:ident, $($field:ident),*) => {
        &[$((stringify!($field), |step| {
            if let Step::$step(values, ..) = step {
                values.$field += Fr::one();
            }
        })),*]
    };
}

/// Departures that add one to what a step made.
macro_rules! raise {
    ($($step:ident),*) => {
        &[$((stringify!($step), |step| {
            if let Step::$step(value) = step {
                *value += Fr::one();
            }
        })),*]
    };
}

#[test]
fn challenges_of_the_provers_own() {
    provers(&PAIRING, add_one!(Challenges, code));
    provers(&ProofError::Groth16, add_one!(Challenges, zero, batch));
}

#[test]
fn folds_of_the_provers_own() {
    provers(&IDENTITY, raise!(Mu, Lambda, Linear));
}

#[test]
fn another_combination_than_the_commitments() {
    provers(
        &IDENTITY,
        &[("F", |step| {
            if let Step::Combination(f) = step {
                f[3] += Fr::one();
            }
        })],
    );
    provers(
        &PAIRING,
        &[("F past n", |step| {
            if let Step::Combination(f) = step {
                f[16] += Fr::one();
            }
        })],
    );
}

/// Public inputs of the circuit are the verifier's, to the last.
#[test]
fn the_circuit_is_told_another_story() {
    provers(
        &ProofError::Groth16,
        add_one!(IndexCircuit, com_v, lambda, l),
    );
}

#[test]
fn rounds_that_do_not_sum_and_points_they_do_not_draw() {
    provers(
        &ProofError::Groth16,
        &[("a message", |step| {
            if let Step::ZeroCheck(_, _, scan) = step {
                scan.messages[6][2] += Fr::one();
            }
        })],
    );
    provers(
        &IDENTITY,
        &[
            ("a coordinate", |step| {
                if let Step::ZeroCheck(_, _, scan) = step {
                    scan.point[1] += Fr::one();
                }
            }),
            ("a digit the column does not have", |step| {
                if let Step::ZeroCheck(_, _, scan) = step {
                    scan.evaluations[12] += Fr::one();
                }
            }),
        ],
    );
}
