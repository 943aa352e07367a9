//! Keys nobody should trust.

use ark_bn254::{Bn254, Fr, G1Affine, G2Affine};
use ark_ec::{AffineRepr, CurveGroup};
use ark_groth16::VerifyingKey;
use nectar_params::dev;
use nectar_testkit::{keys::keys, queries, world::World};
use nectar_verifier::{
    bundle::{Bundle, VerifyError},
    circuit::Circuit,
    evaluation::{Commitments, ProofError},
    field::PointError,
    keys::{KeyError, Keys, VerifierKey, VerifierSrs},
    shape::Shape,
    trust::{AcceptedKeys, TrustError},
};

fn key() -> VerifyingKey<Bn254> {
    let circuit = keys().circuit(Shape::Compact).expect("a key");
    circuit.verifier().groth16().clone()
}

#[test]
fn development_keys_without_the_flag() {
    let world = World::clinic();
    let bundle = world.honest(&queries::counts());
    let refused = bundle
        .open(bundle.root())
        .and_then(|opened| opened.keys(&AcceptedKeys::compiled_in()))
        .map(|_| ());
    assert_eq!(refused, Err(VerifyError::Trust(TrustError::DevKeys)));
    assert!(
        world
            .answer(&queries::counts())
            .caveats()
            .iter()
            .any(|c| { matches!(c, nectar_verifier::verified::Caveat::InsecureKeys) })
    );
}

#[test]
fn keys_of_the_provers_own() {
    let world = World::clinic();
    let honest = world.honest(&queries::counts());
    let refused = |bundle: &Bundle| world.judge(bundle);
    let mut own = key();
    own.alpha_g1 = (own.alpha_g1 * Fr::from(2)).into_affine();
    let own = VerifierKey::new(Shape::Compact, own).expect("well formed");
    let bundle = Bundle {
        key: own.encode(),
        ..honest.clone()
    };
    assert_eq!(refused(&bundle), Err(VerifyError::Trust(TrustError::Keys)));

    let tau = Fr::from(3);
    let srs = VerifierSrs {
        tau_g1: (G1Affine::generator() * tau).into_affine(),
        tau_g2: (G2Affine::generator() * tau).into_affine(),
        ..*keys().srs().verifier()
    };
    assert_eq!(VerifierSrs::decode(&srs.encode()), Ok(srs));
    let bundle = Bundle {
        srs: srs.encode(),
        ..honest.clone()
    };
    assert_eq!(refused(&bundle), Err(VerifyError::Trust(TrustError::Keys)));

    for circuit in [Shape::Wide.into(), Circuit::Index] {
        let key = keys().circuit(circuit).expect("a key").verifier().encode();
        let bundle = Bundle {
            key,
            ..honest.clone()
        };
        assert_eq!(refused(&bundle), Err(VerifyError::Trust(TrustError::Keys)));
    }
}

/// Keys that are trusted, but for another circuit than the query's.
#[test]
fn keys_of_another_circuit() {
    let honest = World::clinic().honest(&queries::counts());
    let statement = honest.statement().expect("a statement");
    for circuit in [Shape::Wide.into(), Circuit::Index] {
        let keys = Keys {
            srs: *keys().srs().verifier(),
            circuit: keys().circuit(circuit).expect("a key").verifier().clone(),
        };
        let (core, root, cells) = (&honest.core, honest.root(), &honest.cells);
        let nothing = Commitments::new();
        let verdict = honest
            .proof
            .verify(&statement, core, root, &nothing, cells, &keys);
        assert_eq!(verdict, Err(ProofError::Circuit));
    }
}

#[test]
fn circuit_keys_that_let_anybody_forge() {
    assert!(VerifierKey::new(Shape::Compact, key()).is_ok());
    type Change = fn(&mut VerifyingKey<Bn254>);
    let length = |got| KeyError::Length { got, want: 8 };
    let identity = KeyError::Point(PointError::Identity);
    let cases: [(&str, Change, KeyError); 11] = [
        (
            "gamma = delta",
            |k| k.delta_g2 = k.gamma_g2,
            KeyError::NoContribution,
        ),
        (
            "delta = 1",
            |k| {
                k.gamma_g2 = k.beta_g2;
                k.delta_g2 = G2Affine::generator()
            },
            KeyError::NoContribution,
        ),
        (
            "delta = -1",
            |k| k.delta_g2 = -G2Affine::generator(),
            KeyError::NoContribution,
        ),
        ("alpha", |k| k.alpha_g1 = G1Affine::zero(), identity),
        ("beta", |k| k.beta_g2 = G2Affine::zero(), identity),
        ("gamma", |k| k.gamma_g2 = G2Affine::zero(), identity),
        ("delta", |k| k.delta_g2 = G2Affine::zero(), identity),
        ("IC", |k| k.gamma_abc_g1[3] = G1Affine::zero(), identity),
        ("an input less", |k| k.gamma_abc_g1.truncate(7), length(7)),
        (
            "an input more",
            |k| k.gamma_abc_g1.push(G1Affine::generator()),
            length(9),
        ),
        ("no inputs", |k| k.gamma_abc_g1.clear(), length(0)),
    ];
    for (name, change, want) in cases {
        let mut key = key();
        change(&mut key);
        assert_eq!(VerifierKey::new(Shape::Compact, key), Err(want), "{name}");
    }
}

#[test]
fn powers_that_are_not_of_one_secret() {
    let good = *dev::insecure_srs(4).verifier();
    assert_eq!(VerifierSrs::decode(&good.encode()), Ok(good));
    type Change = fn(&mut VerifierSrs);
    let cases: [(&str, Change, KeyError); 5] = [
        (
            "[tau]_1",
            |s| s.tau_g1 = (s.tau_g1 + s.tau_g1).into(),
            KeyError::Inconsistent,
        ),
        (
            "[tau]_2",
            |s| s.tau_g2 = (s.tau_g2 + s.tau_g2).into(),
            KeyError::Inconsistent,
        ),
        (
            "tau = 1",
            |s| {
                s.tau_g1 = G1Affine::generator();
                s.tau_g2 = G2Affine::generator();
            },
            KeyError::Inconsistent,
        ),
        ("too small", |s| s.bits = 3, KeyError::Power),
        ("too large", |s| s.bits = 17, KeyError::Power),
    ];
    for (name, change, want) in cases {
        let mut srs = good;
        change(&mut srs);
        assert_eq!(VerifierSrs::decode(&srs.encode()), Err(want), "{name}");
    }
    let bytes = good.encode();
    for cut in [0, 32, 33, bytes.len() - 1] {
        assert!(VerifierSrs::decode(&bytes[..cut]).is_err());
    }
    assert!(VerifierSrs::decode(&[bytes.as_slice(), &[0]].concat()).is_err());
}
