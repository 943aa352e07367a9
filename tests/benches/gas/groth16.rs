//! The Groth16 proof of the answer over one segment, alone: in our library, and in the contract that snarkjs exports for
//! the same key.

use crate::{
    report::Cost,
    segments::{ONE, deployed},
};
use alloy_primitives::{Address, B256, hex, keccak256};
use ark_bn254::Fr;
use ark_ff::One;
use nectar_testkit::{
    exchange::{public_inputs, verification_key},
    npm::{self, Missing},
    world::trusted,
};
use nectar_tests::evm::{Chain, selector};
use nectar_verifier::{
    circuit::release::RHO,
    field::{g1_to_be, g2_to_be, to_be},
};
use std::{io::Write, path::Path, process::Command};
use tempfile::NamedTempFile;

/// Renders and compiles the contract of snarkjs.
const SCRIPT: &str = "tests/snarkjs/verifier.mjs";
const SNARKJS_VERIFY: &str = "verifyProof(uint256[2],uint256[2][2],uint256[2],uint256[7])";

/// Our library behind a contract that only calls it.
pub fn ours() -> Cost {
    let (chain, contract) = deployed("Groth16Only", &ONE);
    measure(chain, contract, &selector("Groth16Only", "verify"))
}

/// The contract that snarkjs exports.
///
/// # Errors
/// No node, no npm, no registry; or packages that are not the pinned ones.
pub fn snarkjs() -> Result<Cost, Missing> {
    let packages = npm::installed("tests/snarkjs", Path::new(env!("CARGO_TARGET_TMPDIR")))?;
    let code = exported(&packages).map_err(Missing::Broken)?;
    let mut chain = Chain::new(ONE.core.as_of);
    let contract = chain.deploy_code(code).expect("a verifier");
    let selector = keccak256(SNARKJS_VERIFY);
    Ok(measure(chain, contract, &selector[..4]))
}

/// Verifies the proof. Both contracts take A, B, C and the seven inputs, and give 1 or 0.
fn measure(mut chain: Chain, contract: Address, selector: &[u8]) -> Cost {
    let mut inputs = public_inputs(&ONE);
    let mut verify = |inputs: &[Fr]| {
        let calldata = [selector, &words(inputs)].concat();
        let outcome = chain.call(Address::ZERO, contract, calldata.clone());
        let cost = Cost {
            gas: outcome.gas,
            calldata,
        };
        (outcome.word(), cost)
    };
    let (accepted, cost) = verify(&inputs);
    assert_eq!(accepted, Some(B256::with_last_byte(1)), "the proof");
    inputs[RHO] += Fr::one();
    let (refused, _) = verify(&inputs);
    assert_eq!(refused, Some(B256::ZERO), "the proof with another input");
    cost
}

/// A, B and C, and the inputs.
fn words(inputs: &[Fr]) -> Vec<u8> {
    let proof = &ONE.proof.evaluation.groth16;
    let [a, c] = [&proof.a, &proof.c].map(g1_to_be);
    let inputs: Vec<u8> = inputs.iter().flat_map(to_be).collect();
    [&a[..], &g2_to_be(&proof.b), &c, &inputs].concat()
}

/// The bytecode of the contract that snarkjs exports for the circuit's key.
fn exported(packages: &Path) -> Result<Vec<u8>, String> {
    let keys = trusted(&ONE).expect("development keys");
    let failed = |e: std::io::Error| format!("{SCRIPT}: {e}");
    let mut key = NamedTempFile::new().map_err(failed)?;
    let text = verification_key(keys.keys().circuit.groth16());
    key.write_all(text.as_bytes()).map_err(failed)?;
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let output = Command::new("node")
        .arg(root.join(SCRIPT))
        .arg(packages)
        .arg(root.join("contracts/artifacts/Groth16Only.json"))
        .arg(key.path())
        .output()
        .map_err(failed)?;
    if !output.status.success() {
        let errors = String::from_utf8_lossy(&output.stderr);
        return Err(format!("{SCRIPT} has failed:\n{errors}"));
    }
    let code = String::from_utf8_lossy(&output.stdout);
    hex::decode(code.trim()).map_err(|e| format!("{SCRIPT}: {e}"))
}
