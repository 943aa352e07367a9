//! Forgeries that work on a verifier with one rule less, built on the opening alone with a small SRS, and are
//! rejected by ours.

use alloy_primitives::keccak256;
use ark_bn254::{Bn254, Fr, G1Affine, G1Projective, G2Affine};
use ark_ec::{AffineRepr, CurveGroup, VariableBaseMSM, pairing::Pairing};
use ark_ff::{AdditiveGroup, Field, UniformRand};
use ark_std::rand::{SeedableRng, rngs::StdRng};
use nectar_params::{dev::insecure_srs, srs::Srs};
use nectar_verifier::{
    field::{reduce, to_be},
    opening::{Opening, OpeningChallenges, OpeningError, eq_poly, eq_table},
    transcript::Transcript,
};

const BITS: u8 = 4;

/// A polynomial, least coefficient first.
type Poly = Vec<Fr>;

fn at(poly: &[Fr], x: Fr) -> Fr {
    poly.iter().rev().fold(Fr::ZERO, |sum, c| sum * x + c)
}

/// Quotient by X - root of what vanishes there.
fn divide(poly: &[Fr], root: Fr) -> Poly {
    let mut rest = Fr::ZERO;
    let mut quotient: Poly = poly
        .iter()
        .rev()
        .map(|c| {
            rest = *c + rest * root;
            rest
        })
        .collect();
    assert_eq!(quotient.pop(), Some(Fr::ZERO), "the root is one");
    quotient.reverse();
    quotient
}

/// G += weight * H.
fn add(g: &mut [Fr], weight: Fr, h: &[Fr]) {
    g.iter_mut().zip(h).for_each(|(g, h)| *g += weight * h);
}

/// The line through two values at z and 1/z.
fn line(z: Fr, [g, g_inv]: [Fr; 2]) -> [Fr; 2] {
    let slope = (g - g_inv) / (z - z.inverse().expect("not zero"));
    [g - slope * z, slope]
}

/// The line I through G's own values, and Q with G = I + T Q.
fn split(g: &[Fr], z: Fr) -> ([Fr; 2], Poly) {
    let inverse = z.inverse().expect("not zero");
    let line = line(z, [at(g, z), at(g, inverse)]);
    let mut rest = g.to_vec();
    add(&mut rest, -Fr::ONE, &line);
    (line, divide(&divide(&rest, z), inverse))
}

/// T(psi).
fn divisor(c: &OpeningChallenges) -> Fr {
    (c.psi - c.z) * (c.psi - c.z.inverse().expect("not zero"))
}

/// A committed vector with a claim on its inner product with eq(r).
struct Setting {
    srs: Srs,
    r: Vec<Fr>,
    f: Poly,
    s: Poly,
    y: Fr,
    l: Fr,
}

impl Setting {
    fn new() -> Self {
        let mut rng = StdRng::seed_from_u64(5);
        let n = 1usize << BITS;
        let r: Vec<Fr> = (0..BITS).map(|_| Fr::rand(&mut rng)).collect();
        let f: Poly = (0..=n).map(|_| Fr::rand(&mut rng)).collect();
        let eq = eq_table(&r);
        let y = f.iter().zip(&eq).map(|(f, e)| *f * e).sum();
        // S_{d-1} = P_d + P_{-d} with P = F(X) e(1/X), coefficient by coefficient.
        let product = |d: isize| -> Fr {
            let partner = |(i, e): (usize, &Fr)| {
                let j = isize::try_from(i).ok()?.checked_add(d)?;
                Some(*f.get(usize::try_from(j).ok()?)? * e)
            };
            eq.iter().enumerate().filter_map(partner).sum()
        };
        let s = (1..=n as isize).map(|d| product(d) + product(-d)).collect();
        let l = Fr::rand(&mut rng);
        Setting {
            srs: insecure_srs(6),
            r,
            f,
            s,
            y,
            l,
        }
    }

    fn commit(&self, poly: &[Fr]) -> G1Projective {
        let powers = self.srs.powers(6).expect("64 rows");
        G1Projective::msm(&powers[..poly.len()], poly).expect("equal lengths")
    }

    fn s_point(&self) -> G1Affine {
        self.commit(&self.s).into_affine()
    }

    /// The transcript of ours up to z.
    fn z(&self) -> (Transcript, Fr) {
        let mut transcript = Transcript::new(Default::default());
        let z = transcript.symmetric(&self.l, &self.s_point());
        (transcript, z.expect("a challenge"))
    }

    fn true_values(&self, z: Fr) -> [Fr; 4] {
        let inverse = z.inverse().expect("not zero");
        [
            at(&self.f, z),
            at(&self.f, inverse),
            at(&self.s, z),
            at(&self.s, inverse),
        ]
    }

    /// G = F + nu S.
    fn joined(&self, nu: Fr) -> Poly {
        let mut g = self.f.clone();
        add(&mut g, nu, &self.s);
        g
    }

    /// Opens a G to its own values, which are said to come from `values`; the transcript stands before [Q].
    fn open(
        &self,
        transcript: &mut Transcript,
        g: &[Fr],
        values: [Fr; 4],
        [z, nu]: [Fr; 2],
    ) -> (Opening, OpeningChallenges) {
        let (line, quotient) = split(g, z);
        let (s, q) = (self.s_point(), self.commit(&quotient).into_affine());
        let psi = transcript.quotient(&q).expect("a challenge");
        let c = OpeningChallenges { z, nu, psi };
        let v = self.last(g, &line, &quotient, &c);
        (Opening { s, values, q, v }, c)
    }

    /// [V], where G - I - T Q vanishes at psi.
    fn last(&self, g: &[Fr], line: &[Fr], quotient: &[Fr], c: &OpeningChallenges) -> G1Affine {
        let mut rest = g.to_vec();
        rest[0] -= at(line, c.psi);
        add(&mut rest, -divisor(c), quotient);
        self.commit(&divide(&rest, c.psi)).into_affine()
    }

    fn honest(&self) -> (Opening, OpeningChallenges) {
        let (mut transcript, z) = self.z();
        let values = self.true_values(z);
        let nu = transcript.values(&values).expect("a challenge");
        self.open(&mut transcript, &self.joined(nu), values, [z, nu])
    }

    fn check(&self, opening: &Opening, y: Fr, c: &OpeningChallenges) -> Result<(), OpeningError> {
        opening.check_identity(&self.r, y, c.z)?;
        opening.check_pairing(self.srs.verifier(), self.commit(&self.f), c)
    }

    /// The verdict under the challenges of ours.
    fn judge(&self, opening: &Opening, y: Fr) -> Result<(), OpeningError> {
        let mut transcript = Transcript::new(Default::default());
        let challenges = opening.challenges(Some(&self.l), &mut transcript);
        self.check(opening, y, &challenges.expect("challenges"))
    }
}

/// nu of a verifier that absorbs only some of the four values.
fn weak_nu(z: Fr, values: &[Fr; 4], absorbed: [bool; 4]) -> Fr {
    let kept = values.iter().zip(absorbed).filter(|(_, a)| *a);
    let bytes: Vec<u8> = kept.flat_map(|(v, _)| to_be(v)).chain(to_be(&z)).collect();
    reduce(&keccak256(bytes).0)
}

#[test]
fn honest_openings_pass() {
    let setting = Setting::new();
    let (opening, c) = setting.honest();
    assert_eq!(setting.check(&opening, setting.y, &c), Ok(()));
    assert_eq!(setting.judge(&opening, setting.y), Ok(()));
    let wrong = setting.y + Fr::ONE;
    assert_eq!(setting.judge(&opening, wrong), Err(OpeningError::Identity));
}

/// Values that satisfy the identity for a wrong y, and keep F + nu S at both points, when two of them may depend on
/// nu. Which two decides whether they can.
///
/// Unknown are the errors (a, a') of F and (b, b') of S with a + nu b = a' + nu b' = 0 and
/// a e(1/z) + a' e(z) - z b - b'/z = 2 (y' - y).
fn errors(setting: &Setting, z: Fr, gap: Fr, free: [bool; 4]) -> impl Fn(Fr) -> [Fr; 4] + use<> {
    let inverse = z.inverse().expect("not zero");
    let (e, e_inv) = (eq_poly(&setting.r, z), eq_poly(&setting.r, inverse));
    let double = gap.double();
    move |nu| match free {
        // F at both points: b, b' are fixed with b e(1/z) + b' e(z) = 0, which takes nu out.
        [true, true, false, false] => {
            let b = -double / (z - e_inv / e * inverse);
            let b_inv = -b * e_inv / e;
            [-nu * b, -nu * b_inv, b, b_inv]
        }
        // S at both points: a, a' are fixed with z a + a'/z = 0.
        [false, false, true, true] => {
            let a = double / (e_inv - z.square() * e);
            let a_inv = -z.square() * a;
            [a, a_inv, -a / nu, -a_inv / nu]
        }
        // F and S at one point: nothing is fixed.
        [true, false, true, false] => {
            let b = -double / (nu * e_inv + z);
            [-nu * b, Fr::ZERO, b, Fr::ZERO]
        }
        [false, true, false, true] => {
            let b = -double / (nu * e + inverse);
            [Fr::ZERO, -nu * b, Fr::ZERO, b]
        }
        _ => [Fr::ZERO; 4],
    }
}

/// With two of the four values left out of the transcript any y is proven, to a verifier like ours in all else.
#[test]
fn values_that_are_not_absorbed() {
    let setting = Setting::new();
    let (transcript, z) = setting.z();
    let lie = setting.y + Fr::from(1_000u64);
    for free in [
        [true, true, false, false],
        [false, false, true, true],
        [true, false, true, false],
        [false, true, false, true],
    ] {
        let errors = errors(&setting, z, lie - setting.y, free);
        let truth = setting.true_values(z);
        let bent = |nu: Fr| {
            let mut values = truth;
            values.iter_mut().zip(errors(nu)).for_each(|(v, e)| *v += e);
            values
        };
        // What is absorbed does not depend on nu, so any nu gives it.
        let absorbed = free.map(|f| !f);
        let nu = weak_nu(z, &bent(Fr::ONE), absorbed);
        let values = bent(nu);
        assert_eq!(nu, weak_nu(z, &values, absorbed), "{free:?}");
        let open = |mut transcript: Transcript, nu: Fr| {
            setting.open(&mut transcript, &setting.joined(nu), values, [z, nu])
        };
        let (forged, c) = open(transcript.clone(), nu);
        assert_eq!(setting.check(&forged, lie, &c), Ok(()), "{free:?}: forged");
        let mut ours = transcript.clone();
        let nu = ours.values(&values).expect("a challenge");
        for opening in [forged, open(ours, nu).0] {
            assert_eq!(
                setting.judge(&opening, lie),
                Err(OpeningError::Pairing),
                "{free:?}"
            );
        }
    }
}

/// Where z and 1/z are one point or z has no inverse, there is no line through two values.
#[test]
fn points_that_have_no_line() {
    let setting = Setting::new();
    let (opening, c) = setting.honest();
    for z in [Fr::ZERO, Fr::ONE, -Fr::ONE] {
        let c = OpeningChallenges { z, ..c };
        let pairing = opening.check_pairing(setting.srs.verifier(), setting.commit(&setting.f), &c);
        assert_eq!(pairing, Err(OpeningError::Identity));
    }
}

/// With psi known before [Q], a constant for Q makes up at that one point for any values.
#[test]
fn a_quotient_that_is_not_absorbed() {
    let setting = Setting::new();
    let (mut transcript, z) = setting.z();
    let lie = setting.y + Fr::from(1_000u64);
    let e_inv = eq_poly(&setting.r, z.inverse().expect("not zero"));
    let mut values = setting.true_values(z);
    values[0] += (lie - setting.y).double() / e_inv;
    let nu = transcript.values(&values).expect("a challenge");
    let psi = reduce(&keccak256(to_be(&nu)).0);
    let weak = OpeningChallenges { z, nu, psi };
    let g = setting.joined(nu);
    let line = line(z, [values[0] + nu * values[2], values[1] + nu * values[3]]);
    let q = [(at(&g, psi) - at(&line, psi)) / divisor(&weak)];
    let opening = Opening {
        s: setting.s_point(),
        values,
        q: setting.commit(&q).into_affine(),
        v: setting.last(&g, &line, &q, &weak),
    };
    assert_eq!(setting.check(&opening, lie, &weak), Ok(()), "forged");
    assert_eq!(setting.judge(&opening, lie), Err(OpeningError::Pairing));
}

/// [V] of the honest Q, at another psi than is drawn from it.
#[test]
fn a_last_quotient_at_another_point() {
    let setting = Setting::new();
    let (mut opening, c) = setting.honest();
    let g = setting.joined(c.nu);
    let (line, quotient) = split(&g, c.z);
    let other = OpeningChallenges {
        psi: c.psi + Fr::ONE,
        ..c
    };
    opening.v = setting.last(&g, &line, &quotient, &other);
    assert_eq!(setting.check(&opening, setting.y, &other), Ok(()));
    assert_eq!(
        setting.judge(&opening, setting.y),
        Err(OpeningError::Pairing)
    );
}

/// A Groth16 key in which everything is known but its tau is that of the SRS, as after a shared ceremony.
struct SharedTau {
    delta: Fr,
    /// [t(tau) / delta]_1, the first element of h_query.
    h: G1Affine,
    vanishing: Poly,
}

impl SharedTau {
    fn new(setting: &Setting) -> Self {
        let delta = Fr::from(77u64);
        // The vanishing polynomial X^8 - 1 of a domain of eight.
        let mut vanishing = vec![Fr::ZERO; 9];
        (vanishing[0], vanishing[8]) = (-Fr::ONE, Fr::ONE);
        let t = setting.commit(&vanishing);
        let h = (t * delta.inverse().expect("not zero")).into_affine();
        SharedTau {
            delta,
            h,
            vanishing,
        }
    }

    /// The Groth16 equation of A = \[a\], B = \[b\], alpha beta = 1, no inputs: e(A, B) = e(1, 1) e(C, delta).
    fn arguments(&self, c: G1Projective) -> [(G1Projective, G2Affine); 3] {
        let (g1, g2) = (
            G1Projective::from(G1Affine::generator()),
            G2Affine::generator(),
        );
        let delta = (g2 * self.delta).into_affine();
        [(-(g1 * Fr::from(6u64)), g2), (g1, g2), (c, delta)]
    }

    fn proof(&self) -> G1Projective {
        G1Affine::generator() * (Fr::from(5u64) * self.delta.inverse().expect("not zero"))
    }
}

fn product(arguments: impl IntoIterator<Item = (G1Projective, G2Affine)>) -> bool {
    let (g1, g2): (Vec<_>, Vec<_>) = arguments.into_iter().unzip();
    Bn254::multi_pairing(G1Projective::normalize_batch(&g1), g2) == Default::default()
}

/// An opening off by l t(tau) and a Groth16 proof off by -l t(tau): right in one unweighted product, wrong once the
/// opening is weighted by chi, which is drawn after both.
#[test]
fn residuals_that_cancel() {
    let setting = Setting::new();
    let key = SharedTau::new(&setting);
    let srs = setting.srs.verifier();
    let (mut transcript, z) = setting.z();
    let lie = setting.y + Fr::from(1_000u64);
    // F(z) - l t(z) and F(1/z) - l t(1/z) satisfy the identity for the lie.
    let inverse = z.inverse().expect("not zero");
    let t = [at(&key.vanishing, z), at(&key.vanishing, inverse)];
    let (e, e_inv) = (eq_poly(&setting.r, z), eq_poly(&setting.r, inverse));
    let l = -(lie - setting.y).double() / (t[0] * e_inv + t[1] * e);
    let mut values = setting.true_values(z);
    values[0] -= l * t[0];
    values[1] -= l * t[1];
    let nu = transcript.values(&values).expect("a challenge");
    // G - l t does open to these values: the equation is off by l t(tau).
    let mut shifted = setting.joined(nu);
    add(&mut shifted, -l, &key.vanishing);
    let (opening, c) = setting.open(&mut transcript, &shifted, values, [z, nu]);
    assert_eq!(opening.check_identity(&setting.r, lie, z), Ok(()));

    let honest = key.proof();
    assert!(product(key.arguments(honest)), "the honest proof alone");
    let forged = honest - key.h * l;
    let g2 = [G2Affine::generator(), srs.tau_g2];
    let arguments = opening
        .pairing_arguments(setting.commit(&setting.f), &c)
        .expect("arguments");
    let joined = |chi: Fr| {
        let opening = arguments
            .iter()
            .zip(g2)
            .map(|(p, g2)| (*p * chi, g2))
            .collect::<Vec<_>>();
        product(opening.into_iter().chain(key.arguments(forged)))
    };
    assert!(joined(Fr::ONE), "the unweighted product is a forgery");
    let proof = ark_groth16::Proof {
        a: (G1Affine::generator() * Fr::from(6u64)).into_affine(),
        b: G2Affine::generator(),
        c: forged.into_affine(),
    };
    let chi = transcript.proof(&opening.v, &proof).expect("a challenge");
    assert!(!joined(chi), "weighted by chi it is not");
    let alone = opening.check_pairing(srs, setting.commit(&setting.f), &c);
    assert_eq!(alone, Err(OpeningError::Pairing));
    assert!(!product(key.arguments(forged)));
}
