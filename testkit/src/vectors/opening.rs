//! An opening over sixteen rows, proven here term by term.

use super::{
    Case, Vectors,
    edit::{Changes, changes, replaced},
    text::{fr, g1, point, scalar},
};
use alloy_primitives::{B256, Bytes};
use ark_bn254::{Fr, G1Affine, G1Projective};
use ark_ec::{AffineRepr, CurveGroup, VariableBaseMSM};
use ark_ff::{AdditiveGroup, Field};
use nectar_params::dev::insecure_srs;
use nectar_verifier::{
    keys::VerifierSrs,
    opening::{Opening, OpeningChallenges, OpeningError, eq_table},
    transcript::Transcript,
};
use serde::{Deserialize, Serialize};

/// What a verifier of the opening has.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Claim {
    r: Vec<B256>,
    y: B256,
    commitment: Bytes,
    z: B256,
    nu: B256,
    psi: B256,
    s: Bytes,
    values: [B256; 4],
    q: Bytes,
    v: Bytes,
}

/// A claim that is refused.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Bad {
    name: String,
    changes: Changes,
    error: String,
}

/// The file.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Openings {
    srs: Bytes,
    powers: Vec<Bytes>,
    f: Vec<B256>,
    s: Vec<B256>,
    eq: Vec<B256>,
    start: B256,
    l: B256,
    accepted: Claim,
    refused: Vec<Bad>,
}

fn evaluate(poly: &[Fr], x: Fr) -> Fr {
    poly.iter().rev().fold(Fr::ZERO, |sum, c| sum * x + c)
}

fn commit(powers: &[G1Affine], poly: &[Fr]) -> G1Affine {
    G1Projective::msm_unchecked(&powers[..poly.len()], poly).into_affine()
}

/// S_{d-1}: the coefficients of F(X) e(1/X) at d and at -d.
fn symmetric(f: &[Fr], eq: &[Fr]) -> Vec<Fr> {
    let at = |i: usize| f.get(i).copied().unwrap_or_default();
    let pair = |d: usize| {
        let up: Fr = eq.iter().enumerate().map(|(i, e)| *e * at(i + d)).sum();
        let down: Fr = (d..eq.len()).map(|i| eq[i] * at(i - d)).sum();
        up + down
    };
    (1..=eq.len()).map(pair).collect()
}

/// The quotient by X^2 - a X + 1, from the highest coefficient down.
fn quotient(g: &[Fr], a: Fr) -> Vec<Fr> {
    let mut out = vec![Fr::ZERO; g.len() - 2];
    let at = |out: &[Fr], i: usize| out.get(i).copied().unwrap_or_default();
    for i in (0..out.len()).rev() {
        out[i] = g[i + 2] + a * at(&out, i + 1) - at(&out, i + 2);
    }
    out
}

/// The quotient by X - x: Horner's sums.
fn below(g: &[Fr], x: Fr) -> Vec<Fr> {
    let sums = g.iter().rev().scan(Fr::ZERO, |sum, c| {
        *sum = *sum * x + c;
        Some(*sum)
    });
    let mut sums: Vec<Fr> = sums.collect();
    sums.pop();
    sums.reverse();
    sums
}

/// Proves for F with coefficients 3, 10, 17, .. at r = 5, 6, 7, 8.
fn accepted() -> Openings {
    let srs = insecure_srs(4);
    let powers = srs.powers(4).expect("17 powers");
    let f: Vec<Fr> = (0..17u64).map(|i| Fr::from(3 + 7 * i)).collect();
    let r = [5u64, 6, 7, 8].map(Fr::from);
    let eq = eq_table(&r);
    let y: Fr = f.iter().zip(&eq).map(|(f, e)| *f * e).sum();
    let s = symmetric(&f, &eq);
    let (start, l, s_point) = (B256::repeat_byte(7), Fr::from(9), commit(powers, &s));
    let mut transcript = Transcript::new(start);
    let z = transcript.symmetric(&l, &s_point).expect("z");
    let inverse = z.inverse().expect("not zero");
    let values = [(&f, z), (&f, inverse), (&s, z), (&s, inverse)].map(|(p, x)| evaluate(p, x));
    let nu = transcript.values(&values).expect("nu");
    let term = |(i, f): (usize, &Fr)| *f + s.get(i).map_or(Fr::ZERO, |s| nu * s);
    let g: Vec<Fr> = f.iter().enumerate().map(term).collect();
    let q = quotient(&g, z + inverse);
    let q_point = commit(powers, &q);
    let psi = transcript.quotient(&q_point).expect("psi");
    let t = (psi - z) * (psi - inverse);
    let less = |(i, g): (usize, &Fr)| *g - q.get(i).map_or(Fr::ZERO, |q| t * q);
    let rest: Vec<Fr> = g.iter().enumerate().map(less).collect();
    let scalars = |list: &[Fr]| list.iter().map(scalar).collect::<Vec<_>>();
    let accepted = Claim {
        r: scalars(&r),
        y: scalar(&y),
        commitment: point(&commit(powers, &f)),
        z: scalar(&z),
        nu: scalar(&nu),
        psi: scalar(&psi),
        s: point(&s_point),
        values: values.map(|v| scalar(&v)),
        q: point(&q_point),
        v: point(&commit(powers, &below(&rest, psi))),
    };
    Openings {
        srs: srs.verifier().encode().into(),
        powers: powers.iter().map(point).collect(),
        f: scalars(&f),
        s: scalars(&s),
        eq: scalars(&eq),
        start,
        l: scalar(&l),
        refused: bad(&accepted),
        accepted,
    }
}

fn raise(x: &mut B256) {
    *x = scalar(&(fr(x) + Fr::from(1)));
}

/// S(z) one more and S(1/z) less by z^2: the identity still holds.
fn balanced(c: &mut Claim) {
    let z = fr(&c.z);
    raise(&mut c.values[2]);
    c.values[3] = scalar(&(fr(&c.values[3]) - z * z));
}

fn negate(bytes: &mut Bytes) {
    *bytes = point(&-g1(bytes));
}

fn bad(honest: &Claim) -> Vec<Bad> {
    const IDENTITY: &str = "identity does not hold";
    const PAIRING: &str = "not those of the commitments";
    let cases: [Case<Claim>; 20] = [
        ("y", |c| raise(&mut c.y), IDENTITY),
        ("F(z)", |c| raise(&mut c.values[0]), IDENTITY),
        ("F(1/z)", |c| raise(&mut c.values[1]), IDENTITY),
        ("S(z)", |c| raise(&mut c.values[2]), IDENTITY),
        ("S(1/z)", |c| raise(&mut c.values[3]), IDENTITY),
        ("F(z) and F(1/z) swapped", |c| c.values.swap(0, 1), IDENTITY),
        ("r", |c| raise(&mut c.r[0]), IDENTITY),
        ("r reversed", |c| c.r.reverse(), IDENTITY),
        ("z", |c| raise(&mut c.z), IDENTITY),
        ("z zero", |c| c.z = B256::ZERO, IDENTITY),
        ("nu", |c| raise(&mut c.nu), PAIRING),
        ("psi", |c| raise(&mut c.psi), PAIRING),
        ("values that keep the identity", balanced, PAIRING),
        (
            "another commitment",
            |c| c.commitment = point(&G1Affine::generator()),
            PAIRING,
        ),
        ("[S] negated", |c| negate(&mut c.s), PAIRING),
        ("[Q] negated", |c| negate(&mut c.q), PAIRING),
        (
            "[Q] the generator",
            |c| c.q = point(&G1Affine::generator()),
            PAIRING,
        ),
        ("[V] negated", |c| negate(&mut c.v), PAIRING),
        (
            "[V] the generator",
            |c| c.v = point(&G1Affine::generator()),
            PAIRING,
        ),
        (
            "[Q] and [V] swapped",
            |c| std::mem::swap(&mut c.q, &mut c.v),
            PAIRING,
        ),
    ];
    let change = |(name, change, error): Case<Claim>| {
        let mut claim = honest.clone();
        change(&mut claim);
        Bad {
            name: name.into(),
            changes: changes(honest, &claim),
            error: error.into(),
        }
    };
    cases.map(change).into()
}

impl Claim {
    fn verify(&self, srs: &VerifierSrs) -> Result<(), OpeningError> {
        let opening = Opening {
            s: g1(&self.s),
            values: self.values.map(|v| fr(&v)),
            q: g1(&self.q),
            v: g1(&self.v),
        };
        let challenges = OpeningChallenges {
            z: fr(&self.z),
            nu: fr(&self.nu),
            psi: fr(&self.psi),
        };
        let r: Vec<Fr> = self.r.iter().map(fr).collect();
        opening.check_identity(&r, fr(&self.y), challenges.z)?;
        let commitment = g1(&self.commitment).into_group();
        opening.check_pairing(srs, commitment, &challenges)
    }
}

impl Vectors for Openings {
    const FILE: &'static str = "opening.json";

    fn make() -> Self {
        accepted()
    }

    fn check(&self) {
        let srs = VerifierSrs::decode(&self.srs).expect("an SRS");
        let powers: Vec<_> = self.powers.iter().map(g1).collect();
        let f: Vec<_> = self.f.iter().map(fr).collect();
        let s: Vec<_> = self.s.iter().map(fr).collect();
        assert_eq!(commit(&powers, &f), g1(&self.accepted.commitment));
        assert_eq!(commit(&powers, &s), g1(&self.accepted.s));
        let r: Vec<_> = self.accepted.r.iter().map(fr).collect();
        assert_eq!(self.eq, eq_table(&r).iter().map(scalar).collect::<Vec<_>>());
        let mut t = Transcript::new(self.start);
        let z = t.symmetric(&fr(&self.l), &g1(&self.accepted.s)).expect("z");
        assert_eq!(scalar(&z), self.accepted.z);
        let nu = t.values(&self.accepted.values.map(|v| fr(&v))).expect("nu");
        assert_eq!(scalar(&nu), self.accepted.nu);
        let psi = t.quotient(&g1(&self.accepted.q)).expect("psi");
        assert_eq!(scalar(&psi), self.accepted.psi);
        assert_eq!(self.accepted.verify(&srs), Ok(()));
        for b in &self.refused {
            super::refused(
                &b.name,
                replaced(&self.accepted, &b.changes).verify(&srs),
                &b.error,
            );
        }
    }
}
