//! The files in which snarkjs takes and gives proofs.

use ark_bn254::{Bn254, Fq2, Fr, G1Affine, G2Affine};
use ark_ff::{BigInteger, PrimeField};
use ark_groth16::Proof;
use serde_json::{Value, json};

/// The only version of a witness there is.
const WITNESS_VERSION: u32 = 2;

/// `proof.json`.
pub fn proof(proof: &Proof<Bn254>) -> String {
    let Proof { a, b, c } = proof;
    let pair = |x: Fq2| json!([decimal(x.c0), decimal(x.c1)]);
    let point = |p: &G1Affine| json!([decimal(p.x), decimal(p.y), "1"]);
    let value = json!({
        "pi_a": point(a),
        "pi_b": [pair(b.x), pair(b.y), ["1", "0"]],
        "pi_c": point(c),
        "protocol": "groth16",
        "curve": "bn128",
    });
    value.to_string()
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
    parsed.unwrap_or_else(|_| panic!("{text} is no element of the field"))
}
