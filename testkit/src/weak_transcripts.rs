//! Forgeries for verifiers whose chi leaves out part of message 6 (docs/protocol.md, section 4).
//!
//! An error P tau - psi P in C is one that \[V\] may answer, as what is left of an opening vanishes at psi: with D =
//! delta P and V' = V + D / chi, the two residuals cancel. Whoever knows chi before either of the two can make them so,
//! under any key and without its secrets.

use crate::keys::delta_g1;
use alloy_primitives::{B256, keccak256};
use ark_bn254::{Bn254, Fr, G1Affine, G1Projective, G2Affine};
use ark_ec::{AffineRepr, CurveGroup, pairing::Pairing};
use ark_ff::{Field, Zero};
use nectar_verifier::{
    bundle::Bundle,
    field::{g1_to_be, g2_to_be, reduce, to_be},
    keys::Keys,
};

/// What a weak transcript absorbs, as places in the list \[Q\], \[V\], A, B, C. Ours absorbs 1 to 4.
const ABSORBED: [&[usize]; 11] = [
    &[],
    &[1],
    &[2],
    &[3],
    &[4],
    &[1, 2],
    &[2, 3],
    &[3, 4],
    &[1, 2, 3],
    &[2, 3, 4],
    &[0, 2, 3, 4],
];

/// The forgeries from an honest bundle, each with what a verifier absorbs who is deceived by it.
///
/// # Panics
/// The bundle is not honest, or a forgery would not pass.
pub fn forgeries(honest: &Bundle, d0: B256, keys: &Keys) -> Vec<(&'static [usize], Bundle)> {
    let challenges = honest.proof.challenges(d0, &honest.cells);
    let c = challenges.expect("challenges").1.opening;
    let state = after_quotient(honest, d0);
    assert_eq!(reduce(&state.0), c.psi, "the state that gives psi");
    let forge = |absorbed| {
        let (bundle, chi) = forge(honest, &state, c.psi, absorbed, keys);
        assert!(cancel(honest, &bundle, c.psi, chi, keys), "{absorbed:?}");
        (absorbed, bundle)
    };
    ABSORBED.map(forge).into()
}

/// What is absorbed up to message 5.
fn after_quotient(bundle: &Bundle, d0: B256) -> B256 {
    let e = &bundle.proof.evaluation;
    let scalars = |s: &[Fr]| s.iter().flat_map(to_be).collect::<Vec<u8>>();
    let cells: Vec<Fr> = bundle.cells.iter().map(|c| Fr::from(*c)).collect();
    let messages = [
        scalars(&[bundle.proof.com_n]),
        [
            &to_be(&e.com_v)[..],
            &g1_to_be(&e.m),
            &scalars(&e.r),
            &scalars(&cells),
        ]
        .concat(),
        [&to_be(&e.l)[..], &g1_to_be(&e.opening.s)].concat(),
        scalars(&e.opening.values),
        g1_to_be(&e.opening.q).to_vec(),
    ];
    let absorb =
        |state: B256, (id, m): (u8, &Vec<u8>)| keccak256([&state[..], &[id], &m[..]].concat());
    (1..).zip(&messages).fold(d0, absorb)
}

/// Of \[V\] and C, what is not absorbed is made once chi is known. Gives chi, too.
fn forge(honest: &Bundle, state: &B256, psi: Fr, absorbed: &[usize], keys: &Keys) -> (Bundle, Fr) {
    let mut bundle = honest.clone();
    let answer = G1Projective::from(delta_g1(keys.circuit.circuit()));
    let error = keys.srs.tau_g1 - G1Affine::generator() * psi;
    let chi;
    if absorbed.contains(&1) {
        shift(&mut bundle.proof.evaluation.opening.v, answer);
        chi = weak_chi(&bundle, state, absorbed);
        shift(&mut bundle.proof.evaluation.groth16.c, error * chi);
    } else {
        shift(&mut bundle.proof.evaluation.groth16.c, error);
        chi = weak_chi(&bundle, state, absorbed);
        let weight = chi.inverse().expect("not zero");
        shift(&mut bundle.proof.evaluation.opening.v, answer * weight);
    }
    (bundle, chi)
}

fn shift(p: &mut G1Affine, by: G1Projective) {
    *p = (*p + by).into_affine();
}

fn weak_chi(bundle: &Bundle, state: &B256, absorbed: &[usize]) -> Fr {
    let (opening, proof) = (
        &bundle.proof.evaluation.opening,
        &bundle.proof.evaluation.groth16,
    );
    let parts: [&[u8]; 5] = [
        &g1_to_be(&opening.q),
        &g1_to_be(&opening.v),
        &g1_to_be(&proof.a),
        &g2_to_be(&proof.b),
        &g1_to_be(&proof.c),
    ];
    let payload = absorbed.iter().flat_map(|i| parts[*i]).copied();
    let message: Vec<u8> = state.iter().copied().chain([6]).chain(payload).collect();
    reduce(&keccak256(message).0)
}

/// Whether what [V] and C are off by leaves the product of an honest answer as it is, with this weight.
fn cancel(honest: &Bundle, forged: &Bundle, psi: Fr, chi: Fr, keys: &Keys) -> bool {
    let [was, is] = [honest, forged].map(|b| &b.proof.evaluation);
    let v = is.opening.v - was.opening.v;
    let error = is.groth16.c - was.groth16.c;
    let g1 = [v * (chi * psi), -v * chi, error];
    let key = keys.circuit.groth16();
    let g2 = [G2Affine::generator(), keys.srs.tau_g2, key.delta_g2];
    !error.is_zero() && Bn254::multi_pairing(G1Projective::normalize_batch(&g1), g2).is_zero()
}
