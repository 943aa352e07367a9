//! Words that are no scalars, coordinates that are no points, and lists that are no answer's.

use crate::verifier::Contract;
use alloy_primitives::{B256, U256, uint};
use ark_bn254::{Fq, Fq2, G1Affine, G2Affine};
use ark_ec::AffineRepr;
use nectar_testkit::{queries, world::World};
use nectar_verifier::{
    abi::Answer,
    field::{g1_to_be, g2_to_be},
    solidity,
};

/// Modulus of scalars.
const P: U256 =
    uint!(21888242871839275222246405745257275088548364400416034343698204186575808495617_U256);
/// Modulus of coordinates.
pub const Q: U256 =
    uint!(21888242871839275222246405745257275088696311157297823662689037894645226208583_U256);

/// Places of the points of a compact proof: M, [S], [Q], [V], A and C in G1.
const IN_G1: [usize; 6] = [2, 29, 35, 37, 39, 45];
/// B.
const IN_G2: usize = 41;
/// The inverse that no transcript sees.
const HINT: usize = 47;

/// The error for a point that a precompile is the first to read: [Q] and [V] are multiplied, A and C paired.
const BY_PRECOMPILE: [(usize, &str); 4] = [
    (35, "NotOnCurve"),
    (37, "NotOnCurve"),
    (39, "NotInGroup"),
    (45, "NotInGroup"),
];

/// An answer, and a verifier to give others to.
struct Asked {
    contract: Contract,
    root: B256,
    honest: Answer,
}

impl Asked {
    fn new() -> Self {
        let bundle = World::clinic().honest(&queries::plain());
        Asked {
            contract: Contract::of(&bundle),
            root: bundle.root(),
            honest: solidity::answer(&bundle).expect("an answer"),
        }
    }

    /// The error for the answer changed.
    fn refuse(&mut self, change: impl FnOnce(&mut Answer)) -> String {
        let mut answer = self.honest.clone();
        change(&mut answer);
        let outcome = self.contract.call(solidity::verify(self.root, answer));
        outcome.error().expect("a refusal").into()
    }
}

fn words(bytes: &[u8]) -> Vec<U256> {
    bytes.chunks(32).map(U256::from_be_slice).collect()
}

/// A point with the wrong y.
fn off_curve() -> [U256; 2] {
    [U256::from(1), U256::from(3)]
}

/// A point of the twist that is not one of G2, whose order is a small part of the twist's.
pub fn outside_subgroup() -> Vec<U256> {
    let at = |x: u64| {
        let x = Fq2::new(Fq::from(x), Fq::from(0));
        let p = G2Affine::get_point_from_x_unchecked(x, false)?;
        (!p.is_in_correct_subgroup_assuming_on_curve()).then_some(p)
    };
    let found = (1..).find_map(at).expect("most points");
    assert!(found.is_on_curve());
    words(&g2_to_be(&found))
}

/// Where a precompile is the first to read a point, its refusal has a name; before that the transcript has moved.
#[test]
fn no_point_of_g1_lies_off_the_curve() {
    let mut asked = Asked::new();
    // A change of M and [S] moves z first.
    for (place, error) in BY_PRECOMPILE {
        let bad = off_curve();
        let got = asked.refuse(|a| a.proof[place..place + 2].copy_from_slice(&bad));
        assert_eq!(got, error, "the point at {place}");
    }
    for place in [2, 29] {
        let bad = off_curve();
        let got = asked.refuse(|a| a.proof[place..place + 2].copy_from_slice(&bad));
        assert!(["InverseHint", "OpeningIdentity"].contains(&&*got), "{got}");
    }
    assert_eq!(
        asked.refuse(|a| a.points[..2].copy_from_slice(&off_curve())),
        "Root"
    );
}

/// A coordinate has one form: x + Q and y + Q are refused where they are read, and -y of an A whose y is Q or more.
#[test]
fn coordinates_are_canonical() {
    let mut asked = Asked::new();
    for place in IN_G1.iter().flat_map(|i| [*i, i + 1]) {
        let got = asked.refuse(|a| a.proof[place] += Q);
        let want: &[&str] = match place {
            0..35 => &["InverseHint", "OpeningIdentity"],
            35..39 => &["NotOnCurve"],
            _ => &["NotInGroup"],
        };
        assert!(want.contains(&&*got), "word {place}: {got}");
    }
    for place in IN_G2..IN_G2 + 4 {
        assert_eq!(asked.refuse(|a| a.proof[place] += Q), "NotInGroup");
    }
    assert_eq!(asked.refuse(|a| a.proof[40] = U256::MAX), "NotInGroup");
    // The other forms of the identity.
    for x_y in [[Q, U256::ZERO], [U256::ZERO, Q], [Q, Q]] {
        for (place, error) in BY_PRECOMPILE {
            let got = asked.refuse(|a| a.proof[place..place + 2].copy_from_slice(&x_y));
            assert_eq!(got, error, "the point at {place}");
        }
    }
}

#[test]
fn b_is_in_its_group() {
    let mut asked = Asked::new();
    let mut off = words(&g2_to_be(&G2Affine::generator()));
    off[3] ^= U256::from(1);
    for bad in [off, outside_subgroup()] {
        let got = asked.refuse(|a| a.proof[IN_G2..IN_G2 + 4].copy_from_slice(&bad));
        assert_eq!(got, "NotInGroup");
    }
    // The precompile takes the identity for a point.
    let got = asked.refuse(|a| a.proof[IN_G2..IN_G2 + 4].fill(U256::ZERO));
    assert_eq!(got, "Identity");
}

/// Every scalar, r among them, has one form.
#[test]
fn scalars_are_canonical() {
    let mut asked = Asked::new();
    let scalars = [0, 1, 28].into_iter().chain(31..35);
    for i in scalars {
        for bad in [P, asked.honest.proof[i] + P, U256::MAX] {
            assert_eq!(asked.refuse(|a| a.proof[i] = bad), "NotCanonical");
        }
    }
    // The hint is below P too; the transcript does not see it.
    let hint = asked.honest.proof[HINT];
    for bad in [P, hint + P, U256::MAX] {
        assert_eq!(asked.refuse(|a| a.proof[HINT] = bad), "NotCanonical");
    }
    assert_eq!(asked.refuse(|a| a.proof[HINT] = U256::ZERO), "InverseHint");
    for i in 4..28 {
        for bad in [P, asked.honest.proof[i] + P, U256::MAX] {
            assert_eq!(asked.refuse(|a| a.proof[i] = bad), "NotCanonical");
        }
    }
    let past = U256::from(1) << 64;
    assert_eq!(asked.refuse(|a| a.cells[0] = past), "Cell");
    assert_eq!(asked.refuse(|a| a.cells[0] += past), "Cell");
}

#[test]
fn lists_have_their_lengths() {
    type Change = fn(&mut Answer);
    let mut asked = Asked::new();
    let empty: [(&str, Change); 7] = [
        ("Purposes", |a| a.purposes.clear()),
        ("UnknownColumn", |a| a.columns.clear()),
        ("SiblingCount", |a| a.siblings.clear()),
        ("Openings", |a| a.points.clear()),
        ("QueryEncoding", |a| a.query = vec![].into()),
        ("CellCount", |a| a.cells.clear()),
        ("ProofLength", |a| a.proof.clear()),
    ];
    let long: [(&str, Change); 7] = [
        ("Purposes", |a| a.purposes.push(a.purposes[0].clone())),
        ("Openings", |a| {
            let last = a.columns[a.columns.len() - 1].clone();
            a.columns.resize(1000, last);
        }),
        ("SiblingCount", |a| a.siblings.resize(1000, B256::ZERO)),
        ("Openings", |a| a.points.resize(1000, U256::ZERO)),
        ("QueryLimit", |a| a.query = vec![0; (64 << 10) + 1].into()),
        ("CellCount", |a| a.cells.resize(1000, U256::ZERO)),
        ("ProofLength", |a| a.proof.resize(1000, U256::ZERO)),
    ];
    for (i, (error, change)) in empty.into_iter().chain(long).enumerate() {
        assert_eq!(asked.refuse(change), error, "list {i}");
    }
}

/// A length that calldata cannot hold, an offset past its end, or calldata cut short: the decoder refuses these and
/// has no names.
#[test]
fn lists_lie_within_calldata() {
    let mut asked = Asked::new();
    let data = solidity::verify(asked.root, asked.honest.clone());
    // Root and offset of the answer, core, then offsets of the seven lists, from the answer's beginning.
    let start = 4 + 64;
    for list in 0..7 {
        let offset = start + 32 * (20 + list);
        let length = start + usize::try_from(words(&data[offset..offset + 32])[0]).expect("small");
        for (place, bad) in [
            (offset, U256::from(data.len())),
            (offset, U256::MAX),
            (length, U256::from(1u64 << 40)),
            (length, U256::MAX),
        ] {
            let mut bent = data.clone();
            bent[place..place + 32].copy_from_slice(&bad.to_be_bytes::<32>());
            let outcome = asked.contract.call(bent);
            assert_eq!(outcome.error(), Some(""), "list {list}: {outcome:?}");
        }
    }
    for cut in [0, 3, 4, 36, 68, 400, data.len() - 32, data.len() - 1] {
        let outcome = asked.contract.call(data[..cut].to_vec());
        assert!(outcome.error().is_some(), "cut to {cut}");
    }
}

/// The points meant are those of the layout.
#[test]
fn places_are_those_of_the_proof() {
    let bundle = World::clinic().honest(&queries::plain());
    let proof = solidity::answer(&bundle).expect("an answer").proof;
    let e = &bundle.proof.evaluation;
    let (opening, groth16) = (&e.opening, &e.groth16);
    let points: [&G1Affine; 6] = [
        &e.m, &opening.s, &opening.q, &opening.v, &groth16.a, &groth16.c,
    ];
    for (place, point) in IN_G1.into_iter().zip(points) {
        assert_eq!(proof[place..place + 2], words(&g1_to_be(point)));
    }
    assert_eq!(proof[IN_G2..IN_G2 + 4], words(&g2_to_be(&groth16.b)));
}
