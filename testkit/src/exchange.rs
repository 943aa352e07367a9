//! What snarkjs takes and gives: keys, proofs and their public inputs.

use ark_bn254::{Bn254, Fq2, Fr, G1Affine, G2Affine};
use ark_ff::{BigInteger, PrimeField};
use ark_groth16::{Proof, VerifyingKey};
use nectar_verifier::{bundle::Bundle, circuit::PUBLIC_INPUTS};
use serde_json::{Value, json};

/// The only version of a witness there is.
const WITNESS_VERSION: u32 = 2;

/// The circuit's public inputs as everybody computes them from a bundle.
///
/// # Panics
/// There are none: the bundle is malformed.
pub fn public_inputs(bundle: &Bundle) -> [Fr; PUBLIC_INPUTS] {
    let (statement, proof) = (bundle.statement().expect("a statement"), &bundle.proof);
    let d0 = statement.digest(&bundle.core, bundle.root());
    let (rho, c) = proof.challenges(d0, &bundle.cells).expect("challenges");
    // Written out once more, so that an order changed in the verifier is noticed.
    let (com_v, l) = (proof.evaluation.com_v, proof.evaluation.l);
    let flags = Fr::from(statement.flags());
    let policy = Fr::from(statement.policy_word());
    [rho, proof.com_n, com_v, c.lambda, l, flags, policy]
}

/// `verification_key.json`, without the pairing of alpha and beta, which follows from the rest.
pub fn verification_key(key: &VerifyingKey<Bn254>) -> String {
    let ic = &key.gamma_abc_g1;
    let value = json!({
        "protocol": "groth16",
        "curve": "bn128",
        "nPublic": ic.len() - 1,
        "vk_alpha_1": low(&key.alpha_g1),
        "vk_beta_2": high(&key.beta_g2),
        "vk_gamma_2": high(&key.gamma_g2),
        "vk_delta_2": high(&key.delta_g2),
        "IC": ic.iter().map(low).collect::<Vec<_>>(),
    });
    value.to_string()
}

/// `proof.json`.
pub fn proof(proof: &Proof<Bn254>) -> String {
    let value = json!({
        "pi_a": low(&proof.a),
        "pi_b": high(&proof.b),
        "pi_c": low(&proof.c),
        "protocol": "groth16",
        "curve": "bn128",
    });
    value.to_string()
}

fn low(p: &G1Affine) -> Value {
    json!([decimal(p.x), decimal(p.y), "1"])
}

fn high(p: &G2Affine) -> Value {
    let pair = |x: Fq2| json!([decimal(x.c0), decimal(x.c1)]);
    json!([pair(p.x), pair(p.y), ["1", "0"]])
}

/// Reads `proof.json`.
pub fn read_proof(text: &[u8]) -> Proof<Bn254> {
    let value: Value = serde_json::from_slice(text).expect("a proof is JSON");
    let low = |v: &Value| G1Affine::new(number(&v[0]), number(&v[1]));
    let pair = |v: &Value| Fq2::new(number(&v[0]), number(&v[1]));
    let b = &value["pi_b"];
    Proof {
        a: low(&value["pi_a"]),
        b: G2Affine::new(pair(&b[0]), pair(&b[1])),
        c: low(&value["pi_c"]),
    }
}

/// `public.json`.
pub fn public(inputs: &[Fr]) -> String {
    let inputs: Vec<String> = inputs.iter().map(|x| decimal(*x)).collect();
    json!(inputs).to_string()
}

/// Reads `public.json`.
pub fn read_public(text: &[u8]) -> Vec<Fr> {
    let value: Vec<Value> = serde_json::from_slice(text).expect("public inputs are JSON");
    value.iter().map(number).collect()
}

/// A `.wtns` file: "wtns", version, two sections with field and count, and with the assignment; integers are
/// little-endian, elements not in Montgomery form.
pub fn witness(assignment: &[Fr]) -> Vec<u8> {
    let mut head = 32u32.to_le_bytes().to_vec();
    head.extend(Fr::MODULUS.to_bytes_le());
    head.extend((assignment.len() as u32).to_le_bytes());
    let elements = assignment
        .iter()
        .flat_map(|x| x.into_bigint().to_bytes_le())
        .collect();
    let mut out = b"wtns".to_vec();
    out.extend(WITNESS_VERSION.to_le_bytes());
    out.extend(2u32.to_le_bytes());
    for (id, content) in [(1u32, head), (2, elements)] {
        out.extend(id.to_le_bytes());
        out.extend((content.len() as u64).to_le_bytes());
        out.extend(content);
    }
    out
}

fn decimal(x: impl PrimeField) -> String {
    x.into_bigint().to_string()
}

fn number<F: PrimeField>(value: &Value) -> F {
    let text = value.as_str().expect("numbers are written as strings");
    let parsed = F::from_str(text);
    parsed.unwrap_or_else(|_| panic!("{text} is not an element of the field"))
}
