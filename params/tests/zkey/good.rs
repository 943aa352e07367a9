//! Right files prove, and what is kept of them is what snarkjs showed.

use crate::{
    circuit::{CIRCUIT_HASH, assignment, bytes, check_for, circuit, cut, data, powers, whole},
    file::section,
};
use alloy_primitives::{B512, Bytes, fixed_bytes};
use ark_bn254::{Bn254, Fr};
use ark_groth16::{Groth16, ProvingKey, prepare_verifying_key};
use blake2::{Blake2b512, Digest};
use nectar_params::{
    ptau::{self, PtauError},
    qap::OddCoset,
    zkey::{self, Beacon, Contribution, Phase2},
};
use std::fs;

/// Whether a key proves the circuit, and only with its public inputs.
fn proves(key: &ProvingKey<Bn254>) -> bool {
    let (r1cs, z) = (circuit(), assignment());
    let proof = Groth16::<Bn254, OddCoset>::create_proof_with_reduction_and_matrices(
        key,
        Fr::from(29u8),
        Fr::from(31u8),
        &r1cs.matrices,
        r1cs.num_inputs,
        r1cs.num_constraints,
        &z,
    );
    let (proof, key) = (proof.unwrap(), prepare_verifying_key(&key.vk));
    let verify = |inputs: &[Fr]| Groth16::<Bn254>::verify_proof(&key, &proof, inputs).unwrap();
    let mut wrong = z[1..8].to_vec();
    wrong[6] += Fr::from(1u8);
    verify(&z[1..8]) && !verify(&wrong)
}

#[test]
fn a_key_proves() {
    let zkey = check_for(&bytes(), &circuit()).unwrap();
    assert!(proves(zkey.key()));
    assert_eq!(zkey.key().h_query.len(), 16);
}

/// Of a file prepared as it is, snarkjs leaves out the last power; the size of the file that checks does not matter.
#[test]
fn a_key_for_the_largest_domain_of_its_file_proves() {
    let largest = fs::read(data("small_04.zkey")).unwrap();
    for key in [largest, bytes()] {
        for ptau in [cut(), whole()] {
            let raw = zkey::read(&key).unwrap();
            let zkey = raw
                .check(&circuit(), &powers(&ptau, 4), CIRCUIT_HASH)
                .unwrap();
            assert!(proves(zkey.key()));
        }
    }
}

#[test]
fn a_file_serves_domains_up_to_its_power() {
    assert_eq!(powers(&whole(), 8).bits(), 8);
    for bits in [9, 28, 64, 255] {
        let error = ptau::read_for_phase2(&*whole(), bits, &|_| {}).unwrap_err();
        assert!(
            matches!(error, PtauError::Domain { got: 8, want } if want == bits),
            "{error}"
        );
    }
}

fn contribution(name: &str, hash: B512, beacon: Option<Beacon>) -> Contribution {
    let name = name.into();
    Contribution { name, hash, beacon }
}

/// The hashes are those of snarkjs's own output.
#[test]
fn contributions_are_recorded() {
    let beacon = Beacon {
        hash: Bytes::from_iter(1..=32),
        exponent: 10,
    };
    let want = Phase2 {
        blake2b: B512::from_slice(&Blake2b512::digest(bytes())),
        circuit_hash: CIRCUIT_HASH,
        contributions: vec![
            contribution(
                "first",
                fixed_bytes!(
                    "13db6e2e9428e992235053ccccc7d607deb72068305b2b4f777cf95aa80584d220553aec5274e0cb22726abc75138c46baadec826c37e3d85bb9c6af51d859c6"
                ),
                None,
            ),
            contribution(
                "zweite Mitwirkende ü",
                fixed_bytes!(
                    "31dca9d37eae6c47c05c777b4f8bb5c668c97f4a7d95cff70e8f8bb2d6466fa66e05a6377d6ff1fb3d504e5378aaeb680fe48aee849e587587d7719e69b06881"
                ),
                None,
            ),
            contribution(
                "beacon",
                fixed_bytes!(
                    "ac92793f3a60795b8a0e31ac3bc9ce337f6541fa14fc6dee515b753856ababe57117e288d79318394acf697c4e4700a4e0b2148ecfc5deea5aea7e2f60fcba2b"
                ),
                Some(beacon),
            ),
        ],
    };
    let zkey = check_for(&bytes(), &circuit()).unwrap();
    assert_eq!(zkey.record(), &want);
    let text = toml::to_string(&want).unwrap();
    assert_eq!(toml::from_str::<Phase2>(&text).unwrap(), want);
    assert!(text.contains("exponent = 10") && text.contains("hash = \"0x010203"));
    let (_, again) = zkey.into_parts();
    assert_eq!(again, want);
    for part in ["blake2b", "hash", "exponent"] {
        let changed = text.replacen(&format!("{part} ="), "other =", 1);
        assert!(toml::from_str::<Phase2>(&changed).is_err(), "{part}");
    }
}

#[test]
fn sections_come_in_any_order() {
    let whole = bytes();
    let mut turned = whole[..12].to_vec();
    for id in (1..=10).rev() {
        let at = section(&whole, id);
        turned.extend(&whole[at.start - 12..at.end]);
    }
    let zkey = check_for(&turned, &circuit()).unwrap();
    assert!(proves(zkey.key()));
}
